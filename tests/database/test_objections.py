"""Objections and legal terms: what starts them, what meets them, when they lapse, and who is written to."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
from after_allocation import LATER, OCTOBER, allocate, delivery, serve
from small_country import Country, make_country, on
from sqlalchemy import select

from sekaps.calendar.day_orders import DayOrder
from sekaps.calendar.days import Layer, Place
from sekaps.calendar.instants import at
from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.notices import Channel
from sekaps.models.contracts import LegalTerm, Objection
from sekaps.models.mail import OutboxLetter, OutboxMessage
from sekaps.models.trail import Act
from sekaps.services.legal_terms import Swept, count_terms, sweep_terms
from sekaps.services.notices import prepare_notices
from sekaps.services.objections import (
    decide_objections,
    file_objections,
    record_court_actions,
    tell_prices,
    withdraw_objections,
)
from sekaps.services.requests import DecideObjection, EndObjection, FileObjection, TellPrice
from sekaps.services.term_letters import remind_terms

NOVEMBER = on(2023, 11, 20)
FILED = date(2023, 10, 10)


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        country = make_country(session)
        allocate(country)
        yield country


def terms(country: Country) -> dict[str, tuple[str, datetime]]:
    """Return each term's state and last moment."""
    country.session.expire_all()
    rows = country.session.scalars(select(LegalTerm).order_by(LegalTerm.id))
    return {row.code: (row.state, row.due_at) for row in rows}


def file(
    country: Country, *, price: int | None = 100, on: date = FILED, who: str = "afad officer", as_of: object = LATER
) -> int:
    notice = serve(country, delivery())
    request = FileObjection(notice, country.people[who], on, "bedel düşük", price)
    [outcome] = file_objections(country.session, country.edition, [request], as_of)  # type: ignore[arg-type]
    assert outcome.done, outcome.refusal
    return notice


def decision(country: Country, notice: int, *, accepted: bool = False) -> DecideObjection:
    days = (date(2023, 11, 15), date(2023, 11, 17))
    return DecideObjection(notice, country.people["district_commission head"], accepted, *days)


def test_a_prepared_notice_starts_the_twenty_four_hours_to_serve_it(country: Country) -> None:
    prepare_notices(country.session, country.edition, OCTOBER)
    row = country.session.scalars(select(LegalTerm)).one()
    assert (row.code, row.unit_id, row.state) == ("price_service", country.units["kaymakam"], "running")
    assert (row.starts_at, row.due_at) == (OCTOBER, on(2023, 10, 3))


@pytest.mark.parametrize(
    ("channel", "reached", "service", "ends"),
    [
        (Channel.HAND, date(2023, 10, 3), "met", at(date(2023, 10, 18), time(17, 30))),
        (Channel.HAND, date(2023, 10, 4), "lapsed", at(date(2023, 10, 19), time(17, 30))),
        (Channel.UETS, date(2023, 10, 3), "met", at(date(2023, 10, 23), time(17, 30))),
    ],
)
def test_service_ends_the_time_to_serve_and_starts_the_fifteen_days(
    country: Country, channel: Channel, reached: date, service: str, ends: datetime
) -> None:
    serve(country, delivery(channel, reached))
    assert terms(country) == {"price_service": (service, on(2023, 10, 3)), "price_objection": ("running", ends)}


def test_an_objection_in_time_meets_its_term_and_starts_the_commissions_and_the_military_units(
    country: Country,
) -> None:
    file(country)
    found = terms(country)
    assert found["price_objection"][0] == "met"
    assert found["price_decision"] == ("running", at(date(2023, 10, 13), time(17, 30)))
    assert found["commission_inaction"] == ("running", at(date(2024, 1, 10), time(17, 30)))
    units = dict(country.session.execute(select(LegalTerm.code, LegalTerm.unit_id)).all())
    assert units["price_decision"] == country.units["military"]
    assert units["commission_inaction"] == country.units["district_commission"]


def test_an_objection_without_a_price_asks_no_price_of_the_military_unit(country: Country) -> None:
    file(country, price=None)
    assert "price_decision" not in terms(country)


def test_an_objection_filed_in_time_counts_though_it_was_recorded_after_the_term_lapsed(country: Country) -> None:
    notice = serve(country, delivery())
    sweep_terms(country.session, country.edition, NOVEMBER)
    assert terms(country)["price_objection"][0] == "lapsed"
    request = FileObjection(notice, country.people["afad officer"], date(2023, 10, 18), "bedel düşük")
    assert file_objections(country.session, country.edition, [request], NOVEMBER)[0].done
    assert terms(country)["price_objection"][0] == "met"


@pytest.mark.parametrize(
    ("who", "on", "says"),
    [
        ("afad officer", date(2023, 10, 19), "the time to object ended on 18 October 2023"),
        ("military officer", FILED, "only somebody with a post"),
        ("afad officer", date(2023, 10, 2), "nobody objected before"),
    ],
)
def test_an_objection_too_late_or_by_others_is_refused_and_that_is_on_the_trail(
    country: Country, who: str, on: date, says: str
) -> None:
    notice = serve(country, delivery())
    request = FileObjection(notice, country.people[who], on, "bedel düşük")
    [outcome] = file_objections(country.session, country.edition, [request], LATER)
    assert outcome.refusal is not None
    assert says in outcome.refusal.say("en")
    assert country.session.scalars(select(Objection)).all() == []
    verbs = select(Act.outcome).where(Act.verb == "file_objection")
    assert country.session.scalars(verbs).all() == ["refused"]


def test_there_is_one_objection_to_a_notice_and_none_to_one_not_served(country: Country) -> None:
    notice = file(country)
    requests = [FileObjection(one, country.people["afad officer"], FILED, "bedel düşük") for one in (notice, 0)]
    told = [
        str(one.refusal.say("en"))
        for one in file_objections(country.session, country.edition, requests, LATER)
        if one.refusal
    ]
    assert [words.partition(";")[0] for words in told] == [
        "an objection to it is recorded already",
        "the notice was not served",
    ]


def test_the_military_unit_tells_its_price_and_the_commission_decides(country: Country) -> None:
    session, edition = country.session, country.edition
    notice = file(country)
    price = TellPrice(notice, country.people["military officer"], 90)
    assert tell_prices(session, edition, [price], on(2023, 10, 13))[0].done
    assert decide_objections(session, edition, [decision(country, notice)], NOVEMBER)[0].done
    row = session.scalars(select(Objection)).one()
    assert (row.state, row.declared_price, row.set_price, row.decided_on) == ("rejected", 100, 90, date(2023, 11, 15))
    found = terms(country)
    assert {code: state for code, (state, _) in found.items()} == {
        "price_service": "met",
        "price_objection": "met",
        "price_decision": "met",
        "commission_inaction": "met",
        "commission_court_action": "running",
    }
    assert found["commission_court_action"][1] == at(date(2023, 11, 20), time(17, 30))


def test_an_accepted_objection_leaves_nothing_to_take_to_court(country: Country) -> None:
    notice = file(country)
    assert decide_objections(country.session, country.edition, [decision(country, notice, accepted=True)], NOVEMBER)[
        0
    ].done
    assert "commission_court_action" not in terms(country)
    court = EndObjection(notice, country.people["afad officer"], date(2023, 11, 20))
    assert not record_court_actions(country.session, country.edition, [court], NOVEMBER)[0].done


@pytest.mark.parametrize(("on", "done"), [(date(2023, 11, 20), True), (date(2023, 11, 21), False)])
def test_the_court_is_asked_within_three_days(country: Country, on: date, done: bool) -> None:
    session, edition = country.session, country.edition
    notice = file(country)
    decide_objections(session, edition, [decision(country, notice)], NOVEMBER)
    court = EndObjection(notice, country.people["district_commission head"], on)
    as_of = at(date(2023, 11, 21))
    assert record_court_actions(session, edition, [court], as_of)[0].done == done
    sweep_terms(session, edition, as_of)
    assert terms(country)["commission_court_action"][0] == ("met" if done else "lapsed")


def test_an_objection_taken_back_ends_the_commissions_term_and_is_decided_no_more(country: Country) -> None:
    session, edition = country.session, country.edition
    notice = file(country)
    back = EndObjection(notice, country.people["afad officer"], date(2023, 10, 20))
    assert withdraw_objections(session, edition, [back], LATER)[0].done
    assert terms(country)["commission_inaction"][0] == "met"
    assert not decide_objections(session, edition, [decision(country, notice)], NOVEMBER)[0].done
    assert not tell_prices(session, edition, [TellPrice(notice, country.people["military officer"], 1)], LATER)[0].done
    assert not withdraw_objections(session, edition, [back], LATER)[0].done


@pytest.mark.parametrize("who", ["afad officer", "military officer"])
def test_only_the_commission_decides(country: Country, who: str) -> None:
    notice = file(country)
    asked = DecideObjection(notice, country.people[who], True, date(2023, 10, 18), date(2023, 10, 18))
    [outcome] = decide_objections(country.session, country.edition, [asked], LATER)
    assert outcome.refusal is not None
    assert "only somebody with a post" in outcome.refusal.say("en")


def test_a_term_lapses_once_at_its_last_moment_however_late_the_sweep(country: Country) -> None:
    session, edition = country.session, country.edition
    prepare_notices(session, edition, OCTOBER)
    assert sweep_terms(session, edition, on(2023, 10, 3)) == Swept(0, 0)
    assert [sweep_terms(session, edition, NOVEMBER) for _ in range(2)] == [Swept(0, 1), Swept(0, 0)]
    row = session.scalars(select(LegalTerm)).one()
    assert (row.state, row.ended_at) == ("lapsed", on(2023, 10, 3))
    assert count_terms(session, edition) == {("price_service", "lapsed"): 1}


def suspension(since: date, until: date, province: str) -> DayOrder:
    return DayOrder(Layer.SUSPENSION, since, until, (Place(province),), "Cumhurbaşkanlığı", "deprem", "CBK-1")


def test_a_suspension_by_order_stops_the_clock_where_it_holds_and_gives_lapsed_time_again(country: Country) -> None:
    session = country.session
    serve(country, delivery())
    plain, here, elsewhere = (
        country.edition,
        country.edition.under((suspension(date(2023, 10, 10), date(2023, 10, 31), "01"),)),
        country.edition.under((suspension(date(2023, 10, 10), date(2023, 10, 31), "34"),)),
    )
    assert sweep_terms(session, elsewhere, on(2023, 10, 19)) == Swept(0, 1)
    assert sweep_terms(session, here, LATER) == Swept(1, 0)
    assert terms(country)["price_objection"] == ("running", at(date(2023, 11, 9), time(17, 30)))
    assert sweep_terms(session, here, LATER) == Swept(0, 0)
    assert sweep_terms(session, plain, LATER) == Swept(1, 0)
    assert terms(country)["price_objection"] == ("lapsed", at(date(2023, 10, 18), time(17, 30)))


def letters(country: Country) -> list[tuple[str, str]]:
    rows = country.session.execute(select(OutboxMessage.key, OutboxMessage.subject).order_by(OutboxMessage.id))
    return [(key.split(":")[2], subject.rpartition(":")[2].strip()) for key, subject in rows if key.startswith("term:")]


def test_whoever_must_act_is_written_to_before_the_end_and_after_it_once_each(country: Country) -> None:
    session, edition = country.session, country.edition
    prepare_notices(session, edition, OCTOBER)
    assert [remind_terms(session, edition, OCTOBER) for _ in range(2)] == [1, 0]
    sweep_terms(session, edition, on(2023, 10, 4))
    assert [remind_terms(session, edition, on(2023, 10, 4)) for _ in range(2)] == [1, 0]
    assert [code for code, _ in letters(country)] == ["price_service", "price_service"]
    people = session.scalars(select(OutboxMessage.person_id).where(OutboxMessage.key.startswith("term:"))).all()
    assert people == [country.people["kaymakam head"]] * 2


def test_when_an_addressees_time_lapsed_the_commission_is_written_to(country: Country) -> None:
    session, edition = country.session, country.edition
    serve(country, delivery(), as_of=on(2023, 10, 5))
    assert remind_terms(session, edition, on(2023, 10, 17)) == 0
    sweep_terms(session, edition, on(2023, 10, 19))
    assert remind_terms(session, edition, on(2023, 10, 19)) == 1
    assert [remind_terms(session, edition, on(2023, 10, day)) for day in (4, 17, 19)] == [0, 0, 0]
    written = select(OutboxMessage.person_id, OutboxLetter.plain).join(OutboxLetter)
    [message] = session.execute(written.where(OutboxMessage.key.startswith("term:")))
    assert message.person_id == country.people["district_commission head"]
    assert "ödeme listeleri düzenlenir" in message.plain


def test_nobody_is_written_to_on_a_holiday(country: Country) -> None:
    prepare_notices(country.session, country.edition, OCTOBER)
    assert remind_terms(country.session, country.edition, on(2023, 10, 1)) == 0


NUMBER = "TB-IBC-1-KSC-1-district"
ASKED = [NUMBER, "--year", "2023", "--as-of", "2023-11-20"]


@pytest.mark.usefixtures("sqlite_database")
def test_the_verbs_take_an_objection_through_its_life(capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        made = make_country(session)
        allocate(made)
        serve(made, delivery())
        code = {name: str(1000 + place) for place, name in enumerate(made.people)}
    filing = ["--on", "2023-10-10", "--reasons", "bedel düşük", "--price", "12500.50"]
    assert run(["--lang", "en", "objection", "file", *ASKED, "--as", code["afad officer"], *filing]) == 0
    price = ["--as", code["military officer"], "--price", "11000"]
    assert run(["--lang", "en", "objection", "price", *ASKED, *price]) == 0
    decided = ["--as", code["district_commission head"], "--reject", "--on", "2023-11-15", "--served", "2023-11-17"]
    assert run(["--lang", "en", "objection", "decide", *ASKED, *decided]) == 0
    court = ["--as", code["afad officer"], "--on", "2023-11-20"]
    assert run(["--lang", "en", "objection", "court", *ASKED, *court]) == 0
    assert run(["--lang", "en", "objection", "withdraw", *ASKED, *court]) == 1
    capsys.readouterr()
    assert run(["objection", "list", "--year", "2023", "--json"]) == 0
    [one] = json.loads(capsys.readouterr().out)
    assert (one["state"], one["declared_price"], one["set_price"]) == ("rejected", 1250050, 1100000)
    assert run(["--lang", "en", "objection", "list", "--year", "2023"]) == 0
    assert "12,500.50" in capsys.readouterr().out


@pytest.mark.parametrize("price", ["çok", "-1", "12.345", "NaN", "1e400"])
@pytest.mark.usefixtures("sqlite_database")
def test_what_is_no_price_is_refused_in_one_line(capsys: pytest.CaptureFixture[str], price: str) -> None:
    with transaction() as session:
        made = make_country(session)
        allocate(made)
        serve(made, delivery())
    filing = ["--as", "1012", "--on", "2023-10-10", "--reasons", "bedel düşük", f"--price={price}"]
    assert run(["--lang", "en", "objection", "file", *ASKED, *filing]) in (1, 2)
    [line] = capsys.readouterr().err.splitlines()
    assert "price" in line
