"""Which term starts by which event, when it ends, what meets it, and when people are reminded of it."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.days import NATION, DayFact, Layer, Place
from sekaps.calendar.instants import at, local_day
from sekaps.calendar.periods import After, Length, Unit
from sekaps.domain.legal_terms import (
    LAPSED_RUNG,
    TERMS,
    TOLD_DAYS,
    Actor,
    TermEvent,
    TermState,
    due_at,
    is_in_time,
    met_by,
    rung_on,
    started_by,
    starts_at,
)
from sekaps.services.periods import find_period, office_hours
from sekaps.services.programmes import days_of_edition
from sekaps.texts import Bilingual

DAYS = days_of_edition(2023)
HATAY = Place("31")
QUAKE = Bilingual("deprem", "earthquake")
HOURS, FIFTEEN, MONTHS = (
    After(Length(24, Unit.HOUR)),
    After(Length(15, Unit.DAY)),
    After(Length(3, Unit.MONTH)),
)


def last(period: After, event: date, place: Place = NATION, *, suspended: tuple[date, ...] = ()) -> datetime:
    facts = [DayFact(day, Layer.SUSPENSION, QUAKE, province="31") for day in suspended]
    return due_at(period, starts_at(period, event), DAYS.with_facts(facts), place, office_hours())


@pytest.mark.parametrize(
    ("event", "codes"),
    [
        (TermEvent.PREPARED, ["price_service"]),
        (TermEvent.SENT, []),
        (TermEvent.SERVED, ["price_objection"]),
        (TermEvent.OBJECTED, ["price_decision", "commission_inaction"]),
        (TermEvent.PRICED, []),
        (TermEvent.ANSWERED, ["commission_court_action"]),
        (TermEvent.SUED, []),
    ],
)
def test_each_event_starts_its_terms(event: TermEvent, codes: list[str]) -> None:
    assert [rule.code for rule in started_by(event)] == codes


@pytest.mark.parametrize(
    ("event", "codes"),
    [
        (TermEvent.PREPARED, ()),
        (TermEvent.SENT, ("price_service",)),
        (TermEvent.SERVED, ()),
        (TermEvent.OBJECTED, ("price_objection",)),
        (TermEvent.PRICED, ("price_decision",)),
        (TermEvent.ANSWERED, ("price_decision", "commission_inaction")),
        (TermEvent.SUED, ("commission_court_action",)),
    ],
)
def test_each_event_meets_its_terms(event: TermEvent, codes: tuple[str, ...]) -> None:
    assert met_by(event) == codes


def test_every_term_is_a_period_of_law_3634_that_ends_after_its_event() -> None:
    rows = [find_period(code) for code in TERMS]
    assert all(isinstance(row.period, After) and row.row is not None and "3634" in row.row.law.tr for row in rows)
    told = {rule.code for rule in TERMS.values() if rule.rungs}
    assert {rule.code for rule in TERMS.values() if rule.actor is Actor.ADDRESSEE}.isdisjoint(told)


@pytest.mark.parametrize(
    ("period", "event", "place", "suspended", "ends"),
    [
        (HOURS, datetime(2023, 10, 2, 5, 30, tzinfo=UTC), NATION, (), datetime(2023, 10, 3, 5, 30, tzinfo=UTC)),
        (HOURS, date(2023, 10, 2), NATION, (), at(date(2023, 10, 3), time(0))),
        (FIFTEEN, date(2023, 10, 4), NATION, (), at(date(2023, 10, 19), time(17, 30))),
        (FIFTEEN, at(date(2023, 10, 4)), NATION, (), at(date(2023, 10, 19), time(17, 30))),
        (FIFTEEN, date(2023, 10, 13), NATION, (), at(date(2023, 10, 30), time(17, 30))),  # over a weekend of holidays
        (MONTHS, date(2023, 11, 30), NATION, (), at(date(2024, 2, 29), time(17, 30))),
        (FIFTEEN, date(2023, 2, 1), HATAY, (date(2023, 2, 6), date(2023, 2, 7)), at(date(2023, 2, 20), time(17, 30))),
        (FIFTEEN, date(2023, 2, 1), NATION, (date(2023, 2, 6),), at(date(2023, 2, 16), time(17, 30))),
    ],
)
def test_a_term_ends_by_the_legal_clock_of_its_place(
    period: After, event: date, place: Place, suspended: tuple[date, ...], ends: datetime
) -> None:
    assert last(period, event, place, suspended=suspended) == ends


@given(st.sampled_from([HOURS, FIFTEEN, MONTHS]), st.dates(date(2022, 6, 1), date(2024, 6, 1)))
def test_no_term_ends_before_it_begins(period: After, event: date) -> None:
    assert last(period, event) >= starts_at(period, event)


@pytest.mark.parametrize(("on", "in_time"), [(date(2023, 10, 19), True), (date(2023, 10, 20), False)])
def test_the_whole_last_day_counts(on: date, in_time: bool) -> None:
    assert is_in_time(at(date(2023, 10, 19), time(9)), on) == in_time


@pytest.mark.parametrize(
    ("code", "left", "state", "rung"),
    [
        ("commission_inaction", 31, TermState.RUNNING, None),
        ("commission_inaction", 30, TermState.RUNNING, 30),
        ("commission_inaction", 8, TermState.RUNNING, 30),
        ("commission_inaction", 7, TermState.RUNNING, 7),
        ("commission_inaction", 0, TermState.RUNNING, 1),
        ("price_service", 1, TermState.RUNNING, 1),
        ("price_decision", 0, TermState.RUNNING, 0),
        ("price_objection", 1, TermState.RUNNING, None),
        ("price_objection", -1, TermState.LAPSED, LAPSED_RUNG),
        ("price_objection", -TOLD_DAYS, TermState.LAPSED, LAPSED_RUNG),
        ("price_objection", -TOLD_DAYS - 1, TermState.LAPSED, None),
        ("price_service", 1, TermState.MET, None),
    ],
)
def test_the_latest_rung_whose_day_has_come_is_told(code: str, left: int, state: TermState, rung: int | None) -> None:
    due = at(date(2023, 10, 19), time(17, 30))
    day = date.fromordinal(local_day(due).toordinal() - left)
    assert rung_on(TERMS[code], due, state, day) == rung
