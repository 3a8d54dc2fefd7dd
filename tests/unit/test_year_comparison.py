from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.editions import draft
from sekaps.calendar.year_comparison import BoundaryShift, WindowChange, YearBefore, year_before
from sekaps.errors.calendar import YearUnconfirmed
from sekaps.services.draft_review import days_of_review
from sekaps.services.programmes import days_of_edition, read_programme

SEKAPS = read_programme("sekaps")


def compared(year: int) -> YearBefore:
    drafted = draft(SEKAPS, year, days_of_edition(year))
    return year_before(drafted, days_of_review(drafted))


def test_a_boundary_tells_both_dates_with_their_weekdays() -> None:
    shift = compared(2023).boundaries["needs_close"]

    assert (shift.before, shift.now, shift.days) == (date(2022, 4, 29), date(2023, 4, 28), -1)
    assert shift.text.say("en") == "28 April 2023 Friday; one year before 29 April 2022 Friday"


def test_published_dates_of_the_year_before_win_over_the_rules() -> None:
    assert compared(2024).boundaries["district_close"].before == date(2023, 6, 30)


@pytest.mark.parametrize(
    ("before", "now", "days", "length"),
    [
        (date(2022, 4, 29), date(2023, 4, 28), -1, "1 day earlier"),
        (date(2023, 6, 30), date(2024, 6, 28), -2, "2 days earlier"),
        (date(2023, 6, 30), date(2024, 7, 1), 1, "1 day later"),
        (date(2023, 1, 9), date(2024, 1, 15), 6, "6 days later"),
        (date(2023, 3, 31), date(2024, 3, 31), 0, "same date"),
        (date(2024, 2, 29), date(2025, 2, 28), 0, "same date"),
        (date(2023, 12, 29), date(2025, 1, 2), 4, "4 days later"),
    ],
)
def test_a_shift_is_counted_against_the_same_day_of_the_year(before: date, now: date, days: int, length: str) -> None:
    shift = BoundaryShift("closes", before, now)

    assert (shift.days, shift.length.say("en")) == (days, length)


def test_a_window_tells_its_working_days_then_and_now() -> None:
    change = compared(2030).windows["preparations", ""]

    assert (change.before, change.now, change.days, change.is_much_shorter) == (18, 14, -4, True)


@pytest.mark.parametrize(
    ("before", "now", "is_much_shorter"),
    [(20, 18, False), (20, 17, True), (10, 9, False), (10, 8, True), (5, 4, False), (4, 2, True), (100, 90, False)],
)
def test_a_window_is_much_shorter_below_nine_tenths_and_by_two_days(
    before: int, now: int, is_much_shorter: bool
) -> None:
    assert WindowChange("work", "", before, now).is_much_shorter == is_much_shorter


@given(st.integers(1, 300), st.integers(1, 300))
def test_a_window_that_did_not_shrink_is_never_much_shorter(before: int, more: int) -> None:
    assert not WindowChange("work", "", before, before + more - 1).is_much_shorter


def test_a_year_before_that_cannot_be_drafted_says_why() -> None:
    before = compared(1936)

    assert (before.year, before.boundaries, before.windows) == (1935, {}, {})
    assert before.problem == YearUnconfirmed(year=1935, first=1936, last=2032).message
