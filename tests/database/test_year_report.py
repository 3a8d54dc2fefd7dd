"""The year's report counts what the rows hold, the same each time, whatever order they were written in."""

import json
from collections.abc import Iterator
from datetime import date

from small_country import Country, on
from sqlalchemy import insert, select

from sekaps.domain.allocation import Stage
from sekaps.domain.year_report import (
    CurvePoint,
    GapsYear,
    Handover,
    PapersYear,
    RefusalYear,
    RemindersYear,
    VacancyYear,
    YearReport,
)
from sekaps.models.contracts import Protocol
from sekaps.models.mail import OutboxMessage, ReminderClaim
from sekaps.services.allocations import propose, settle, transfer_resources
from sekaps.services.decision_work import open_records
from sekaps.services.decisions import decide
from sekaps.services.extensions import extend
from sekaps.services.phases import close_when_due, open_when_due
from sekaps.services.protocols import prepare_protocols, record_protocols
from sekaps.services.registry import end_mandates
from sekaps.services.requests import ConcludeRequest, DecideRequest, ExtensionOrder, SignRequest
from sekaps.services.signing import sign
from sekaps.services.unfinished import count_undecided, count_unrecorded
from sekaps.services.year_phases import year_phase
from sekaps.services.year_report import tell_gaps, year_report

NEED_CHAIN = ("military officer", "military head", "ministry approver")
MAY, JULY, SEPTEMBER, OCTOBER = on(2023, 5, 2), on(2023, 7, 3), on(2023, 9, 4), on(2023, 10, 2)


def sign_forms(country: Country) -> None:
    """Two forms: one signed through on the first days of March, one half; then the ministry's approver leaves."""
    for number, signers in enumerate((3, 2)):
        form = country.document(f"IBC-{number}", "military", country.chains["need"])
        for day, who in enumerate(NEED_CHAIN[:signers], start=1):
            [outcome] = sign(
                country.session, country.edition, [SignRequest(form, country.people[who])], on(2023, 3, day)
            )
            assert outcome.done


def report(country: Country, day: date = date(2023, 5, 5)) -> YearReport:
    return year_report(country.session, country.edition, on(day.year, day.month, day.day))


def test_a_year_nobody_worked_in_has_every_phase_and_no_work(country: Country) -> None:
    told = report(country, date(2023, 1, 2))
    assert [(phase.state, phase.owed) for phase in told.phases] == [("planned", 0)] * 9
    assert (told.synthetic, told.revision, told.day) == (True, 1, date(2023, 1, 2))
    assert told.gaps == GapsYear(0, {}, {}, {}, {}, {}, (), 0)
    assert told.curves == told.refusals == told.extensions == told.vacancies == ()
    assert told.cascade.conserved


def test_special_days_are_the_nations_in_the_year_and_no_weekend(country: Country) -> None:
    days = [(special.day, special.layer, special.half) for special in report(country).special_days]
    assert (date(2023, 6, 27), "statutory", True) in days
    assert (date(2023, 6, 30), "statutory", False) in days
    assert {layer for _, layer, _ in days} == {"statutory", "leave"}
    assert min(days)[0] >= date(2023, 1, 9)


def test_phases_and_steps_count_what_is_owed_done_and_refused(country: Country) -> None:
    sign_forms(country)
    late = country.document("IBC-9", "military", country.chains["need"])
    sign(country.session, country.edition, [SignRequest(late, country.people["military officer"])], MAY)
    phase = next(phase for phase in report(country).phases if phase.code == "needs_entry")
    assert (phase.owed, phase.done, phase.open, phase.refused, phase.late) == (3, 1, 2, 1, 0)
    assert phase == year_phase(country.session, country.edition, country.edition.phase("needs_entry"))
    assert [(step.step, step.owed) for step in phase.steps] == [("4.a", 3), ("4.b", 0), ("4.c", 0), ("4.ç", 0)]
    assert report(country).refusals == (RefusalYear("needs_entry", "4.a", "too_late", 1, 1),)


def test_a_phase_tells_when_it_opened_and_closed_and_with_how_many_gaps(country: Country) -> None:
    edition, session = country.edition, country.session
    phase = edition.phase("needs_entry")
    open_when_due(session, edition, phase, on(2023, 2, 1))
    close_when_due(session, edition, phase, MAY, 7)
    told = year_phase(session, edition, phase)
    assert (told.state, told.opened_on, told.closed_on, told.gaps_at_close) == (
        "closed_with_gaps",
        date(2023, 2, 1),
        date(2023, 5, 2),
        7,
    )
    assert told.signed


def test_an_extension_is_counted_and_what_it_allowed_is_late(country: Country) -> None:
    order = ExtensionOrder("needs_entry", "4.a", "nation", "", date(2023, 5, 8), "koordinatör", "sertifika", "MGK-1")
    extend(country.session, country.edition, order, on(2023, 4, 28))
    form = country.document("IBC-1", "military", country.chains["need"])
    for who in NEED_CHAIN:
        assert sign(country.session, country.edition, [SignRequest(form, country.people[who])], MAY)[0].done
    told = report(country)
    phase = next(phase for phase in told.phases if phase.code == "needs_entry")
    assert (phase.extended, phase.late) == (1, 1)
    assert [(one.letter_number, one.until, one.revoked) for one in told.extensions] == [
        ("MGK-1", date(2023, 5, 8), False)
    ]


def test_gaps_are_counted_by_every_side_and_listed_up_to_a_limit(country: Country) -> None:
    sign_forms(country)
    end_mandates(country.session, country.edition, [country.mandates["ministry approver"]], on(2023, 4, 1))
    told = report(country)
    assert (told.gaps.total, told.gaps.by_cause, told.gaps.by_ministry) == (1, {"post_vacant": 1}, {"ministry": 1})
    assert [(gap.document, gap.slot, gap.since) for gap in told.gaps.listed] == [("IBC-1", 3, date(2023, 3, 2))]
    assert told.vacancies == (VacancyYear(20000002, "ministry", "approver", 1),)
    none = tell_gaps([], listed=1)
    assert (none.gaps.total, none.gaps.more, none.vacancies) == (0, 0, ())


def test_the_curve_grows_week_by_week_to_the_day_itself(country: Country) -> None:
    sign_forms(country)
    [curve] = report(country, date(2023, 3, 7)).curves
    assert (curve.activity, curve.owed) == ("needs_entry", 2)
    assert curve.weeks[0] == CurvePoint(date(2023, 1, 15), 0, 0)
    assert curve.weeks[-2:] == (CurvePoint(date(2023, 3, 5), 1, 5), CurvePoint(date(2023, 3, 7), 1, 5))
    [earlier] = report(country, date(2023, 3, 1)).curves
    assert earlier.weeks[-1] == CurvePoint(date(2023, 3, 1), 0, 2)


def play_cascade(country: Country) -> None:
    session, edition = country.session, country.edition
    country.signed_need("IBC-1", 100)
    country.signed_resource("KSC-1", 30)
    propose(session, edition, Stage.DISTRICT, MAY)
    chair = country.people["district_commission head"]
    votes = country.votes("district_commission")
    request = DecideRequest(country.units["district_commission"], chair, votes=votes)
    [decided] = decide(session, edition, "5.1", [request], MAY)
    assert decided.done
    settle(session, edition, Stage.DISTRICT, JULY)


def test_the_cascade_adds_up_while_a_remainder_is_on_its_way(country: Country) -> None:
    play_cascade(country)
    cascade = report(country, date(2023, 7, 3)).cascade
    assert (cascade.entered, cascade.allocated, cascade.unmet, cascade.on_its_way) == (100, 30, 0, 70)
    assert cascade.conserved
    assert cascade.handovers[0] == Handover(("district",), "province", passed_on=70, taken_up=0)
    propose(country.session, country.edition, Stage.PROVINCE, JULY)
    cascade = report(country, date(2023, 7, 3)).cascade
    assert (cascade.unmet, cascade.on_its_way, cascade.conserved) == (70, 0, True)


def test_resources_moved_to_central_planning_are_counted(country: Country) -> None:
    country.signed_resource("KSC-1", 30)
    country.signed_resource("KSC-2", 30, scope="central")
    transfer_resources(country.session, country.edition, SEPTEMBER)
    assert report(country, date(2023, 9, 4)).cascade.resources_moved == 1


def test_contracts_are_counted_with_their_reasons(country: Country) -> None:
    session, edition = country.session, country.edition
    country.signed_need("IBC-1", 5, beneficiary="institution")
    country.signed_resource("KSC-1", 30)
    propose(session, edition, Stage.GOVERNOR, JULY)
    assert count_undecided(session, edition, edition.phase("province_allocation")) == 1
    decide(
        session, edition, "5.3", [DecideRequest(country.units["governorate"], country.people["governorate head"])], JULY
    )
    prepare_protocols(session, edition, OCTOBER)
    assert count_unrecorded(session, edition) == 1
    assert report(country, date(2023, 10, 2)).contracts == PapersYear(1, 0, 0, 1, {})
    [work] = open_records(session, edition, OCTOBER)
    assert work.documents == 1
    protocol = ConcludeRequest(_protocol(country), country.people["military officer"], reason="fiyatta anlaşılamadı")
    assert record_protocols(session, edition, [protocol], OCTOBER)[0].done
    told = report(country, date(2023, 10, 2))
    assert told.contracts == PapersYear(1, 0, 1, 0, {"fiyatta anlaşılamadı": 1})
    assert told.notices == PapersYear(0, 0, 0, 0, {})


def test_reminders_are_counted_by_state_rung_and_step(country: Country) -> None:
    for number, state in enumerate(("sent", "sent", "failed", "waiting")):
        _digest(country, number, state, rung=-3 if number else 1)
    told = report(country)
    assert told.reminders == RemindersYear(
        digests=4, sent=2, waiting=1, failed=1, people=2, claims=4, escalations=1, by_rung={-3: 3, 1: 1}
    )
    phase = next(phase for phase in told.phases if phase.code == "needs_entry")
    assert (phase.reminders, phase.escalations) == (3, 1)


def test_the_same_content_is_the_same_bytes_whatever_the_order_of_writing(country: Country) -> None:
    sign_forms(country)
    before = report(country).to_json()
    assert report(country).to_json() == before
    read = json.loads(before)
    assert read["day"] == "2023-05-05"
    assert not {"id", "edition_id", "person_id"} & set(_keys(read))


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def _protocol(country: Country) -> int:
    return country.session.scalars(select(Protocol.id)).one()


def _digest(country: Country, number: int, state: str, *, rung: int) -> None:
    person = list(country.people.values())[number]
    sent_at = on(2023, 4, 25) if state == "sent" else None
    message = {
        "key": f"digest:{country.edition.id}:{person}:{number}",
        "edition_id": country.edition.id,
        "person_id": person,
        "day": date(2023, 4, 25),
        "subject": "-",
        "state": state,
        "next_attempt_at": on(2023, 4, 25),
        "sent_at": sent_at,
    }
    outbox_id = country.session.scalars(insert(OutboxMessage).values(message).returning(OutboxMessage.id)).one()
    claim = {
        "edition_id": country.edition.id,
        "activity": "needs_entry",
        "step": "4.a",
        "closes": date(2023, 4, 28),
        "rung": rung,
        "unit_id": country.units["military"],
        "person_id": person,
        "escalation": rung > 0,
        "open_documents": 1,
        "outbox_id": outbox_id,
        "claimed_at": on(2023, 4, 25),
    }
    country.session.execute(insert(ReminderClaim).values(claim))
