"""What lies ahead of a year, and rules that name exactly those mornings and nights."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect.client.schemas.schedules import RRuleSchedule

from sekaps.calendar.instants import at
from sekaps.calendar.windows import Window
from sekaps.domain.schedules import (
    DAYS_IN_A_RULE,
    MORNING,
    NIGHT,
    Timetable,
    rule_of_window,
    rules_of_days,
    timetable,
)

JANUARY_11, JANUARY_20, MARCH_8 = date(2027, 1, 11), date(2027, 1, 20), date(2027, 3, 8)
DUE = [MARCH_8, JANUARY_11, JANUARY_20, JANUARY_11]


def instants(rule: str) -> list[datetime]:
    """Return every instant of a rule in UTC, as Prefect reads it."""
    return [each.astimezone(UTC) for each in RRuleSchedule(rrule=rule, timezone="Europe/Istanbul").to_rrule()]


@pytest.mark.parametrize(
    ("as_of", "mornings", "nights"),
    [
        (at(date(2026, 11, 22)), (JANUARY_11, JANUARY_20, MARCH_8), Window(JANUARY_11, MARCH_8)),
        (at(JANUARY_11, time(1, 59)), (JANUARY_11, JANUARY_20, MARCH_8), Window(JANUARY_11, MARCH_8)),
        (at(JANUARY_11, time(8, 29)), (JANUARY_11, JANUARY_20, MARCH_8), Window(date(2027, 1, 12), MARCH_8)),
        (at(JANUARY_11, time(8, 30)), (JANUARY_20, MARCH_8), Window(date(2027, 1, 12), MARCH_8)),
        (at(MARCH_8, time(2, 0)), (MARCH_8,), None),
        (at(MARCH_8, time(9, 0)), (), None),
    ],
)
def test_only_what_lies_ahead_is_on_the_timetable(
    as_of: datetime, mornings: tuple[date, ...], nights: Window | None
) -> None:
    assert timetable(DUE, JANUARY_11, as_of) == Timetable(mornings, nights)


def test_a_year_in_which_nothing_is_due_has_an_empty_timetable() -> None:
    assert timetable([], JANUARY_11, at(JANUARY_11)) == Timetable((), None)


@given(st.sets(st.dates(date(2020, 1, 1), date(2040, 12, 31)), min_size=1, max_size=900))
def test_rules_name_exactly_the_mornings_and_prefect_takes_each_of_them(days: set[date]) -> None:
    listed = sorted(days)
    rules = rules_of_days(listed, MORNING)
    assert len(rules) == -(-len(listed) // DAYS_IN_A_RULE)
    assert [each for rule in rules for each in instants(rule)] == [at(day, MORNING) for day in listed]


def test_no_mornings_need_no_rule() -> None:
    assert rules_of_days([], MORNING) == ()


def test_nights_are_every_night_of_the_window_both_ends_included() -> None:
    nights = [at(JANUARY_11 + timedelta(days), NIGHT) for days in range(10)]
    assert instants(rule_of_window(Window(JANUARY_11, JANUARY_20), NIGHT)) == nights
