"""Orders about days made after publication: what is due moves in their places only, and who was told is told once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from small_country import ADANA, CEYHAN, SEYHAN, Country, make_country, on
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.days import Place, each_day
from sekaps.calendar.instants import at, local_day
from sekaps.database import transaction
from sekaps.errors.editions import OrderRefused
from sekaps.models.documents import Document
from sekaps.models.mail import OutboxLetter, OutboxMessage, ReminderClaim
from sekaps.models.registry import Province, Unit
from sekaps.models.trail import Act
from sekaps.services.edition_work import open_work
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.orders import foresee, issue_order, list_orders, revoke_order
from sekaps.services.phases import due_phases, phase_days
from sekaps.services.reminders import claim_digests
from sekaps.services.requests import DayOrderRequest, SignRequest
from sekaps.services.signing import sign

STRUCK = ("01", "02", "21", "27", "31", "44", "46", "63", "79", "80")
"""The ten provinces of decree 120 (official gazette 32101, 11 February 2023)."""
DECREE_PUBLISHED = on(2023, 2, 11)
EARTHQUAKE = DayOrderRequest(
    kind="suspension",
    since=date(2023, 2, 6),
    until=date(2023, 4, 6),
    places=tuple(("province", code) for code in STRUCK),
    authority="Cumhurbaşkanlığı",
    reason="6 Şubat depremleri",
    letter_number="120 sayılı CBK",
)
SNOW = DayOrderRequest(
    kind="closure",
    since=date(2023, 4, 28),
    until=date(2023, 4, 28),
    places=(("district", SEYHAN),),
    authority="Valilik",
    reason="Kar",
    letter_number="V-7",
)
CLOSES, MOVED_BY_SNOW, MOVED_BY_DECREE = date(2023, 4, 28), date(2023, 5, 2), date(2023, 7, 3)
REMINDED, SNOW_ORDERED = on(2023, 4, 25), on(2023, 4, 26)


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        made = make_country(session)
        others = [{"code": code, "name": f"il {code}"} for code in (*STRUCK[1:], "06")]
        session.execute(insert(Province), others)
        far = {"number": 29999999, "kind": "institution", "name": "far", "province_code": "06", "synthetic": True}
        made.units["far"] = session.scalars(insert(Unit).values(far).returning(Unit.id)).one()
        for number, unit, signer in (("N-1", "military", "military"), ("N-2", "institution", "institution"),
                                     ("N-3", "far", "energy")):  # fmt: skip
            chain = made.chain(unit, "form", [(signer, "officer"), (signer, "head")])
            made.document(number, unit, chain)
        yield made


def remind(session: Session, as_of: datetime) -> int:
    edition = load_edition(session, "sekaps", 2023, as_of)
    return claim_digests(session, edition, open_work(session, edition, as_of), as_of).people


def sent(session: Session) -> None:
    session.execute(OutboxMessage.__table__.update().values(state="sent", sent_at=on(2023, 4, 25), attempts=1))


WRITTEN = select(OutboxMessage.key, OutboxMessage.person_id, OutboxLetter.plain).join(OutboxLetter)


def corrections(session: Session) -> list[Any]:
    found = WRITTEN.where(OutboxMessage.key.startswith("correction:"))
    return list(session.execute(found.order_by(OutboxMessage.id)))


def document_id(session: Session, number: str) -> int:
    return session.scalars(select(Document.id).where(Document.number == number)).one()


def order(country: Country, request: DayOrderRequest, as_of: datetime) -> int:
    return issue_order(country.session, country.edition, request, as_of)[0]


def moved(edition: EditionView) -> set[tuple[str, str, str, date]]:
    return {(terms.step, terms.scope.value, terms.scope_code, terms.until) for terms in edition.moved}


# The earthquake of February 2023


def test_the_earthquake_moves_rows_3_and_4_in_the_ten_provinces_by_the_days_they_lost(country: Country) -> None:
    order(country, EARTHQUAKE, DECREE_PUBLISHED)
    edition = load_edition(country.session, "sekaps", 2023, DECREE_PUBLISHED)
    steps = ("3.a", "3.b", "3.c", "4.a", "4.b", "4.c", "4.ç")
    assert moved(edition) == {(step, "province", code, MOVED_BY_DECREE) for step in steps for code in STRUCK}
    assert edition.windows == country.edition.windows


def test_in_a_struck_province_the_gate_stays_open_until_the_moved_end_and_elsewhere_it_is_shut(
    country: Country,
) -> None:
    order(country, EARTHQUAKE, DECREE_PUBLISHED)
    edition = load_edition(country.session, "sekaps", 2023, on(2023, 5, 15))
    signers = {"N-1": "military officer", "N-3": "energy officer"}
    requests = [
        SignRequest(document_id(country.session, number), country.people[who]) for number, who in signers.items()
    ]
    near, far = sign(country.session, edition, requests, on(2023, 5, 15))
    assert (near.refusal is None, far.refusal is None) == (True, False)


def test_while_the_clocks_stand_nobody_in_a_struck_province_is_reminded(country: Country) -> None:
    order(country, EARTHQUAKE, DECREE_PUBLISHED)
    for day in each_day(date(2023, 2, 13), date(2023, 5, 5)):
        remind(country.session, at(day))
    told = select(ReminderClaim.unit_id, ReminderClaim.closes).distinct()
    assert {tuple(row) for row in country.session.execute(told)} == {(country.units["far"], CLOSES)}


def test_after_the_clocks_run_again_the_ladder_counts_to_the_moved_end(country: Country) -> None:
    order(country, EARTHQUAKE, DECREE_PUBLISHED)
    for day in each_day(date(2023, 5, 8), date(2023, 7, 12)):
        remind(country.session, at(day))
    of_military = ReminderClaim.unit_id == country.units["military"]
    told = select(ReminderClaim.rung, ReminderClaim.claimed_at).where(of_military, ~ReminderClaim.escalation)
    days = {rung: local_day(claimed_at) for rung, claimed_at in country.session.execute(told)}
    assert days[0] == MOVED_BY_DECREE
    assert days[1] == date(2023, 7, 4)
    assert sorted(days) == [-30, -14, -7, -3, -1, 0, 1, 5]


def test_the_phase_is_ticked_on_the_days_that_are_due_in_the_struck_provinces(country: Country) -> None:
    order(country, EARTHQUAKE, DECREE_PUBLISHED)
    as_of = at(MOVED_BY_DECREE)
    edition = load_edition(country.session, "sekaps", 2023, as_of)
    assert "needs_entry" in due_phases(country.session, edition, as_of)
    assert CLOSES in phase_days(edition, edition.phase("needs_entry"))


def test_an_order_published_late_corrects_once_those_already_reminded_in_its_places(country: Country) -> None:
    remind(country.session, on(2023, 3, 20))
    sent(country.session)
    _, [effect] = issue_order(country.session, country.edition, EARTHQUAKE, on(2023, 3, 21))
    letters = corrections(country.session)
    assert effect.corrected.people == len(letters) == 2
    people = {country.people["military officer"], country.people["institution officer"]}
    assert {letter.person_id for letter in letters} == people
    assert "3 Temmuz 2023" in letters[0].plain
    assert "28 Nisan 2023" in letters[0].plain
    assert "120 sayılı CBK" in letters[0].plain


# Closures and leave


def test_a_closure_of_the_closing_day_moves_it_to_the_next_office_day_in_its_district_only(country: Country) -> None:
    order(country, SNOW, SNOW_ORDERED)
    edition = load_edition(country.session, "sekaps", 2023, SNOW_ORDERED)
    assert {until for *_, until in moved(edition)} == {MOVED_BY_SNOW}
    assert {(scope, code) for _, scope, code, _ in moved(edition)} == {("district", SEYHAN)}


def test_a_closure_corrects_those_reminded_in_its_district_and_nobody_else(country: Country) -> None:
    remind(country.session, REMINDED)
    sent(country.session)
    order(country, SNOW, SNOW_ORDERED)
    assert [letter.person_id for letter in corrections(country.session)] == [country.people["military officer"]]


def test_the_same_order_issued_again_is_the_one_that_stands_and_corrects_nobody_twice(country: Country) -> None:
    remind(country.session, REMINDED)
    sent(country.session)
    first = order(country, SNOW, SNOW_ORDERED)
    assert issue_order(country.session, country.edition, SNOW, SNOW_ORDERED) == (first, [])
    assert len(corrections(country.session)) == len(list_orders(country.session)) == 1


def test_a_reminder_that_has_not_left_is_recalled_and_told_anew_with_the_right_day(country: Country) -> None:
    remind(country.session, REMINDED)
    _, [effect] = issue_order(country.session, country.edition, SNOW, REMINDED)
    assert (effect.corrected.recalled, effect.corrected.people) == (1, 0)
    remind(country.session, REMINDED)
    of_military = OutboxMessage.person_id == country.people["military officer"]
    [letter] = country.session.execute(WRITTEN.where(of_military))
    assert "2 Mayıs 2023" in letter.plain


def test_leave_never_moves_a_last_day_but_those_reminded_learn_of_the_last_day_at_work(country: Country) -> None:
    remind(country.session, REMINDED)
    sent(country.session)
    leave = replace(SNOW, kind="leave", places=(("nation", ""),), authority="presidency")
    order(country, leave, SNOW_ORDERED)
    assert load_edition(country.session, "sekaps", 2023).moved == ()
    assert len(corrections(country.session)) == 3
    assert all("27 Nisan 2023" in letter.plain for letter in corrections(country.session))


def test_an_order_for_one_unit_moves_that_unit_alone(country: Country) -> None:
    order(country, replace(SNOW, places=(("unit", "29999999"),), reason="Yangın"), SNOW_ORDERED)
    edition = load_edition(country.session, "sekaps", 2023)
    assert {(scope, code) for _, scope, code, _ in moved(edition)} == {("unit", "29999999")}
    assert not edition.days.is_office_day(CLOSES, Place("06", None, "29999999"))
    assert edition.days.is_office_day(CLOSES, Place("06"))


def test_an_order_for_one_activity_leaves_the_other_rows_as_they_are(country: Country) -> None:
    order(country, replace(EARTHQUAKE, activity="needs_entry"), DECREE_PUBLISHED)
    edition = load_edition(country.session, "sekaps", 2023)
    assert {step for step, *_ in moved(edition)} == {"4.a", "4.b", "4.c", "4.ç"}


def test_revoking_puts_the_days_back_and_tells_those_who_were_corrected(country: Country) -> None:
    remind(country.session, REMINDED)
    sent(country.session)
    order_id = order(country, SNOW, SNOW_ORDERED)
    sent(country.session)
    revoke_order(country.session, country.edition, order_id, "governorate", on(2023, 4, 27))
    assert load_edition(country.session, "sekaps", 2023).moved == ()
    assert [letter.key.split(":")[2] for letter in corrections(country.session)] == ["order", "revoked"]


def test_what_was_in_force_at_an_earlier_instant_can_still_be_asked(country: Country) -> None:
    order_id = order(country, SNOW, SNOW_ORDERED)
    revoke_order(country.session, country.edition, order_id, "Valilik", on(2023, 4, 27))
    instants = (on(2023, 4, 25), SNOW_ORDERED, on(2023, 4, 27))
    assert [bool(load_edition(country.session, "sekaps", 2023, one).moved) for one in instants] == [False, True, False]


def test_foreseeing_an_order_changes_nothing(country: Country) -> None:
    remind(country.session, REMINDED)
    sent(country.session)
    [effect] = foresee(country.session, country.edition, SNOW, SNOW_ORDERED)
    assert effect.corrected.people == 1
    assert effect.moved
    assert list_orders(country.session) == corrections(country.session) == []


def test_each_order_is_on_the_trail_with_its_authority(country: Country) -> None:
    order_id = order(country, SNOW, SNOW_ORDERED)
    revoke_order(country.session, country.edition, order_id, "Valilik", on(2023, 4, 27))
    acts = select(Act.verb, Act.authority).where(Act.verb.like("%_order"))
    assert [tuple(row) for row in country.session.execute(acts.order_by(Act.id))] == [
        ("issue_order", "Valilik"),
        ("revoke_order", "Valilik"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"authority": "Muhtar"}, "Muhtar may not close offices"),
        ({"authority": "Valilik", "kind": "suspension", "places": (("province", ADANA),)}, "may not suspend"),
        ({"places": (("province", ADANA), ("province", "06"))}, "one province only"),
        ({"places": (("nation", ""),)}, "one province only"),
        ({"places": (("district", "9999"),)}, "no district has the code 9999"),
        ({"until": date(2023, 4, 27)}, "before it begins"),
        ({"since": date(2035, 1, 1), "until": date(2035, 1, 2)}, "no published year"),
        ({"activity": "harvest"}, "no activity 'harvest'"),
        ({"letter_number": " "}, "letter number must all be given"),
    ],
)
def test_an_order_that_may_not_be_or_makes_no_sense_is_refused(
    country: Country, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(OrderRefused, match=said):
        issue_order(country.session, country.edition, replace(SNOW, **changes), SNOW_ORDERED)  # type: ignore[arg-type]
    assert country.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_letter_that_ordered_the_same_days_for_other_places_is_refused(country: Country) -> None:
    order(country, SNOW, SNOW_ORDERED)
    with pytest.raises(OrderRefused, match="otherwise"):
        order(country, replace(SNOW, places=(("district", CEYHAN),)), SNOW_ORDERED)
