"""Reminding: one digest a day for each person, each rung once, never about work already done, never of others' work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from small_country import CEYHAN, Country, make_country, on
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.errors.editions import ExtensionRefused
from sekaps.models.mail import OutboxLetter, OutboxMessage, ReminderClaim
from sekaps.models.registry import Person
from sekaps.services.allocations import propose
from sekaps.services.decisions import decide
from sekaps.services.edition_work import open_work
from sekaps.services.editions import EditionView
from sekaps.services.extensions import extend
from sekaps.services.notices import prepare_notices
from sekaps.services.phases import due_phases
from sekaps.services.protocols import prepare_protocols
from sekaps.services.registry import end_mandates
from sekaps.services.reminders import DigestCounts, claim_digests
from sekaps.services.requests import DecideRequest, ExtensionOrder, SignRequest
from sekaps.services.signing import sign

MARCH = on(2023, 3, 16)
"""Rung -30 of the steps that close on 28 April."""
THREE_BEFORE, LAST_DAY, LATE, LATER = on(2023, 4, 25), on(2023, 4, 28), on(2023, 5, 2), on(2023, 5, 8)
BOTH_ROWS = {("needs_entry", "4.a"), ("resource_determination", "3.c")}


def remind(session: Session, edition: EditionView, as_of: datetime, *steps: tuple[str, str]) -> DigestCounts:
    work = open_work(session, edition, as_of)
    return claim_digests(session, edition, work, as_of, steps=steps or None)


def tick(country: Country, as_of: datetime, *steps: tuple[str, str]) -> DigestCounts:
    return remind(country.session, country.edition, as_of, *steps)


def told(country: Country, day: datetime | None = None) -> dict[str, str]:
    """Return the text of each person's digest, of one day or of all."""
    query = (
        select(Person.name, OutboxLetter.plain)
        .join(OutboxMessage, OutboxMessage.person_id == Person.id)
        .join(OutboxLetter)
    )
    rows = country.session.execute(query if day is None else query.where(OutboxMessage.day == day.date()))
    return {name: plain for name, plain in rows}


def claims(country: Country) -> list[tuple[str, int, bool, int]]:
    """Return every claim: person, rung, whether it escalates, documents open."""
    columns = (Person.name, ReminderClaim.rung, ReminderClaim.escalation, ReminderClaim.open_documents)
    query = select(*columns).join(Person, Person.id == ReminderClaim.person_id)
    return [
        tuple(row)
        for row in country.session.execute(
            query.order_by(ReminderClaim.rung, Person.name, ReminderClaim.open_documents)
        )
    ]


def form(country: Country, number: str, unit: str = "military", **values: object) -> int:
    return country.document(number, unit, country.chains["need"], **values)


def resource_form(country: Country, number: str) -> int:
    """Make a resource form that the same officer must sign as the need forms."""
    chain = country.chain("military", "resource_form", [("military", "officer")])
    row = {"activity": "resource_determination", "step": "3.c", "kind": "resource_form"}
    return country.document(number, "military", chain, **row)


def test_everything_due_for_a_person_is_one_digest_whichever_step_called(country: Country) -> None:
    form(country, "IBC-1")
    form(country, "IBC-2")
    resource_form(country, "KSC-1")
    assert tick(country, MARCH, ("needs_entry", "4.a")) == DigestCounts(people=1, claims=2)
    assert tick(country, MARCH, ("resource_determination", "3.c")) == DigestCounts()
    assert list(told(country)) == ["military officer"]
    assert "Sizi bekleyen 3 iş var." in told(country)["military officer"]
    assert claims(country) == [("military officer", -30, False, 1), ("military officer", -30, False, 2)]


def test_a_phase_calls_only_those_with_its_own_work_due(country: Country) -> None:
    resource_form(country, "KSC-1")
    assert tick(country, MARCH, ("needs_entry", "4.a")) == DigestCounts()
    assert tick(country, MARCH, *BOTH_ROWS) == DigestCounts(people=1, claims=1)


def test_the_same_tick_twice_writes_nothing_and_each_rung_is_told_once(country: Country) -> None:
    form(country, "IBC-1")
    told_at = (MARCH, MARCH, on(2023, 3, 17), THREE_BEFORE, on(2023, 4, 26), LAST_DAY)
    assert [tick(country, as_of).claims for as_of in told_at] == [1, 0, 0, 1, 0, 1]


@pytest.mark.parametrize("as_of", [on(2023, 4, 22), on(2023, 5, 1), on(2023, 1, 20), on(2023, 3, 15), on(2023, 5, 16)])
def test_nobody_is_told_on_a_day_off_before_the_first_rung_or_long_after_the_last(
    country: Country, as_of: datetime
) -> None:
    form(country, "IBC-1", waiting_since=on(2023, 1, 9))
    assert tick(country, as_of) == DigestCounts()


def test_two_workers_at_once_write_one_digest_for_each_person(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        edition = country.edition
        for unit in ("governorate", "institution", "industry", "afad", "kaymakam"):
            chain = country.chain(unit, "need_form", [(unit, "officer")])
            for number in range(20):
                country.document(f"{unit}-{number}", unit, chain)

    def work(_: int) -> DigestCounts:
        with transaction() as session:
            return remind(session, edition, MARCH)

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(work, range(2)))
    assert sorted(count.people for count in counts) == [0, 5]
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 5
        assert session.scalar(select(func.count()).select_from(ReminderClaim)) == 5


def test_nobody_is_reminded_of_work_already_done(country: Country) -> None:
    officer, head = form(country, "IBC-1"), form(country, "IBC-2")
    person = country.people["military officer"]
    sign(country.session, country.edition, [SignRequest(one, person) for one in (officer, head)], on(2023, 3, 1))
    form(country, "IBC-3", state="complete", next_slot=0)
    form(country, "IBC-4", state="withdrawn")
    assert tick(country, MARCH).people == 1
    assert list(told(country)) == ["military head"]


def test_a_vacant_post_tells_the_head_of_its_unit_then_the_head_above_then_nobody(country: Country) -> None:
    form(country, "IBC-1")
    found = []
    for vacated, as_of in (
        ("military officer", MARCH),
        ("military head", on(2023, 4, 7)),
        ("ministry head", on(2023, 4, 18)),
    ):
        end_mandates(country.session, country.edition, [country.mandates[vacated]], as_of)
        counts = tick(country, as_of)
        found.append((list(told(country, as_of)), counts.claims, counts.unheard))
    assert found == [(["military head"], 1, 0), (["ministry head"], 1, 0), ([], 0, 1)]


def test_documents_nobody_hears_of_are_counted_by_the_phase_they_belong_to(country: Country) -> None:
    form(country, "IBC-1")
    vacated = [country.mandates[who] for who in ("military officer", "military head", "ministry head")]
    end_mandates(country.session, country.edition, vacated, MARCH)
    assert tick(country, MARCH, ("needs_entry", "4.a")).unheard == 1
    assert tick(country, MARCH, ("resource_determination", "3.c")).unheard == 0


def test_late_work_is_told_to_the_head_above_once_for_each_rung_from_the_first_day_after(country: Country) -> None:
    form(country, "IBC-1")
    form(country, "IBC-2")
    assert tick(country, LAST_DAY) == DigestCounts(people=1, claims=1)
    assert tick(country, LATE) == DigestCounts(people=2, claims=2, escalations=1)
    assert tick(country, LATE) == DigestCounts()
    assert "bağlı birimlerde 2 işin süresi dolmuştur" in told(country, LATE)["ministry head"]
    assert claims(country)[1:] == [("military officer", 1, False, 2), ("ministry head", 1, True, 2)]
    assert tick(country, on(2023, 5, 3)) == DigestCounts()


def test_late_work_of_two_people_in_a_unit_is_one_line_of_the_head_above(country: Country) -> None:
    form(country, "IBC-1")
    form(country, "IBC-2", next_slot=2, state="recorded")
    assert tick(country, LATE) == DigestCounts(people=3, claims=3, escalations=1)
    assert ("ministry head", 1, True, 2) in claims(country)


def test_who_heads_the_unit_above_and_holds_the_work_too_is_told_of_it_once(country: Country) -> None:
    form(country, "IBC-1")
    vacated = [country.mandates[who] for who in ("military officer", "military head")]
    end_mandates(country.session, country.edition, vacated, MARCH)
    assert tick(country, LATE) == DigestCounts(people=1, claims=1)
    assert claims(country) == [("ministry head", 1, False, 1)]


def extended(country: Country, until: date, as_of: datetime) -> None:
    number = "20000009"
    order = ExtensionOrder("needs_entry", "4.a", "unit", number, until, "coordinator", "flood", "E-1")
    extend(country.session, country.edition, order, as_of)


def test_an_extension_moves_the_deadline_of_its_unit_only(country: Country) -> None:
    form(country, "IBC-1")
    country.document("IBC-2", "institution", country.chain("institution", "need_form", [("institution", "officer")]))
    extended(country, date(2023, 5, 12), on(2023, 4, 28))
    assert tick(country, LATE).claims == 3  # one late, its escalation, and one seven days ahead
    texts = told(country, LATE)
    assert "12 Mayıs 2023 Cuma - 8 çalışma günü kaldı" in texts["military officer"]
    assert "28 Nisan 2023 Cuma - Süre 1 çalışma günü önce doldu" in texts["institution officer"]
    assert "ministry head" not in texts


def test_a_unit_reminded_of_the_old_deadline_is_reminded_of_the_extended_one_too(country: Country) -> None:
    form(country, "IBC-1")
    for as_of in (LAST_DAY, LATE):
        tick(country, as_of)
    extended(country, date(2023, 5, 12), on(2023, 5, 3))
    days = [on(2023, 5, day) for day in (3, 9, 11, 12, 15)]
    assert [tick(country, day).people for day in days] == [1, 1, 1, 1, 2]
    assert due_phases(country.session, country.edition, on(2023, 5, 12)) != []


def test_an_extension_beyond_the_days_an_edition_knows_is_refused_and_stops_no_reminder(country: Country) -> None:
    form(country, "IBC-1")
    with pytest.raises(ExtensionRefused, match="after 31 December 2024, the last day this edition knows"):
        extended(country, date(2032, 5, 5), LAST_DAY)
    extended(country, date(2024, 12, 31), LAST_DAY)
    assert tick(country, LATE) == DigestCounts()


def test_an_extension_not_yet_issued_moves_nothing(country: Country) -> None:
    form(country, "IBC-1")
    extended(country, date(2023, 5, 12), on(2023, 5, 3))
    tick(country, LATE)
    assert "28 Nisan 2023 Cuma" in told(country)["military officer"]


def test_an_older_day_again_after_documents_moved_on_writes_nothing(country: Country) -> None:
    moved = form(country, "IBC-1")
    form(country, "IBC-2")
    tick(country, THREE_BEFORE)
    person = country.people["military officer"]
    sign(country.session, country.edition, [SignRequest(moved, person)], on(2023, 4, 26))
    assert tick(country, LAST_DAY).people == 2
    before = claims(country)
    for as_of in (MARCH, THREE_BEFORE, on(2023, 4, 27)):
        assert tick(country, as_of) == DigestCounts()
    assert claims(country) == before


def test_work_that_reaches_somebody_between_two_rungs_is_told_on_the_next_tick(country: Country) -> None:
    moved = form(country, "IBC-1")
    tick(country, THREE_BEFORE)
    sign(country.session, country.edition, [SignRequest(moved, country.people["military officer"])], THREE_BEFORE)
    assert tick(country, on(2023, 4, 26)) == DigestCounts(people=1, claims=1)
    assert claims(country) == [("military head", -3, False, 1), ("military officer", -3, False, 1)]


def test_new_work_on_a_day_already_told_waits_for_the_next_office_day(country: Country) -> None:
    form(country, "IBC-1")
    tick(country, LAST_DAY)
    resource_form(country, "KSC-1")
    assert tick(country, LAST_DAY) == DigestCounts()
    assert tick(country, LATE) == DigestCounts(people=2, claims=4, escalations=2)


def test_what_closed_long_ago_is_the_audits_and_stays_out_of_later_digests(country: Country) -> None:
    form(country, "IBC-1")
    row = {"activity": "preparations", "step": "2(1)", "kind": "preparation_record", "waiting_since": on(2023, 1, 9)}
    country.document("OHK-1", "military", country.chains["need"], **row)
    tick(country, THREE_BEFORE)
    assert "Ön hazırlık" not in told(country)["military officer"]
    assert "Sizi bekleyen 1 iş var." in told(country)["military officer"]


def signed_forms(country: Country) -> None:
    """Make needs of the district and of the centre, and resources for them."""
    country.signed_need("IBC-1", 10)
    country.signed_need("IBC-2", 5, beneficiary="institution", district_code=CEYHAN)
    country.signed_need("IBC-3", 7, scope="central")
    country.signed_resource("KSC-1", 30)
    country.signed_resource("KSC-2", 30, scope="central")


def decided(country: Country, stage: Stage, step: str, body: str, as_of: datetime) -> None:
    propose(country.session, country.edition, stage, as_of)
    request = DecideRequest(country.units[body], country.people[f"{body} head"], votes=country.votes(body))
    assert decide(country.session, country.edition, step, [request], as_of)[0].done


def test_proposals_and_approvals_are_in_the_digest_of_those_who_decide(country: Country) -> None:
    signed_forms(country)
    propose(country.session, country.edition, Stage.DISTRICT, on(2023, 5, 2))
    assert tick(country, on(2023, 6, 23), ("allocation", "5.1")).people == 1
    assert "* 5.1 Kaynak tahsis işlemleri (1 iş)" in told(country)["district_commission head"]
    decided(country, Stage.CENTRAL, "5.a", "energy", on(2023, 7, 3))
    assert tick(country, on(2023, 9, 1), ("allocation", "5.b")).people == 1
    assert "* 5.b Kaynak tahsis işlemleri (1 iş)" in told(country, on(2023, 9, 1))["ministry approver"]


def test_contracts_and_notices_are_in_the_digest_of_those_who_record_them(country: Country) -> None:
    signed_forms(country)
    decided(country, Stage.DISTRICT, "5.1", "district_commission", on(2023, 5, 2))
    decided(country, Stage.GOVERNOR, "5.3", "governorate", on(2023, 7, 3))
    prepare_protocols(country.session, country.edition, on(2023, 10, 2))
    prepare_notices(country.session, country.edition, on(2023, 10, 2))
    last_day = on(2024, 3, 1)
    assert tick(country, last_day) == DigestCounts(people=2, claims=2)
    texts = told(country, last_day)
    assert "* 7.a Sözleşme ve tebliğ işlemleri (1 iş)" in texts["military officer"]
    assert "* 7.c Sözleşme ve tebliğ işlemleri (1 iş)" in texts["afad head"]


def test_no_data_of_one_unit_is_shown_to_the_people_of_another(country: Country) -> None:
    chains = {unit: country.chain(unit, "need_form", [(unit, "officer")]) for unit in ("institution", "industry")}
    for unit, chain in chains.items():
        country.document(f"X-{unit}", unit, chain)
    form(country, "IBC-1")
    tick(country, LATE)
    units = ("institution", "industry", "military")
    seen = {who: {unit for unit in units if f"- {unit}: " in plain} for who, plain in told(country).items()}
    assert seen == {
        "institution officer": {"institution"},
        "industry officer": {"industry"},
        "military officer": {"military"},
        "energy head": {"institution"},
        "governorate head": {"industry"},
        "ministry head": {"military"},
    }
