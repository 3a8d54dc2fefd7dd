"""The life of a phase: every change is made once, whichever tick comes first."""

from datetime import date

import pytest
from small_country import on, publish

from sekaps.calendar.instants import at
from sekaps.database import transaction
from sekaps.services import phases
from sekaps.services.editions import EditionView
from sekaps.services.extensions import extend
from sekaps.services.requests import ExtensionOrder


@pytest.mark.parametrize(
    ("day", "opens", "nears", "closes"),
    [
        (date(2023, 1, 31), False, False, False),
        (date(2023, 2, 1), True, False, False),
        (date(2023, 4, 17), True, False, False),
        (date(2023, 4, 18), True, True, False),
        (date(2023, 4, 28), True, True, False),
        (date(2023, 5, 2), True, False, True),
    ],
)
def test_needs_entry_opens_nears_its_end_and_closes_on_the_published_days(
    database: object, day: date, *, opens: bool, nears: bool, closes: bool
) -> None:
    with transaction() as session:
        edition = publish(session)
        phase, as_of = edition.phase("needs_entry"), at(day)
        assert phases.open_when_due(session, edition, phase, as_of) is opens
        assert phases.mark_near_end(session, edition, phase, as_of) is nears
        assert phases.close_when_due(session, edition, phase, as_of, 0) is closes


def test_a_second_tick_of_the_same_day_changes_nothing(database: object) -> None:
    with transaction() as session:
        edition = publish(session)
        phase, as_of = edition.phase("preparations"), on(2023, 2, 1)
        assert phases.open_when_due(session, edition, phase, as_of)
        assert phases.close_when_due(session, edition, phase, as_of, 3)
        before = phases.phase_status(session, edition, phase.code)
        assert not phases.open_when_due(session, edition, phase, as_of)
        assert not phases.close_when_due(session, edition, phase, as_of, 0)
        assert phases.phase_status(session, edition, phase.code) == before
        assert before.state == "closed_with_gaps"


def due(edition: EditionView, *day: int) -> list[str]:
    with transaction() as session:
        return phases.due_phases(session, edition, on(*day))


def test_a_phase_is_due_until_a_tick_came_and_a_missed_day_is_made_up_for(database: object) -> None:
    with transaction() as session:
        edition = publish(session)
    assert due(edition, 2023, 1, 8) == []
    assert due(edition, 2023, 1, 10) == ["framework_protocols", "preparations", "catalog_signing"]
    with transaction() as session:
        phases.note_tick(session, edition, "preparations", on(2023, 1, 10))
    assert due(edition, 2023, 1, 10) == ["framework_protocols", "catalog_signing"]
    assert due(edition, 2023, 1, 11) == ["framework_protocols", "preparations", "catalog_signing"]


def test_the_days_of_an_extension_are_due_days_of_its_phase(database: object) -> None:
    with transaction() as session:
        edition = publish(session)
        for phase in edition.programme.phases:
            phases.note_tick(session, edition, phase.code, on(2023, 5, 8))
        order = ExtensionOrder("needs_entry", "4.a", "nation", "", date(2023, 5, 12), "coordinator", "flood", "E-1")
        extend(session, edition, order, on(2023, 5, 8))
    assert due(edition, 2023, 5, 8) == []
    assert due(edition, 2023, 5, 9) == ["needs_entry"]
    assert due(edition, 2023, 5, 15) == ["needs_entry", "district_allocation"]
