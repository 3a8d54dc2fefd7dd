"""The days a phase is ticked on: it opens, a rung comes, it has closed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.programmes import Ladder
from sekaps.calendar.windows import Window
from sekaps.domain.ticks import StepTerms, due_days
from sekaps.services.programmes import days_of_edition, read_programme

DAYS = days_of_edition(2023)
STANDARD = read_programme("sekaps").ladders["standard"]
NEEDS = Window(date(2023, 2, 1), date(2023, 4, 28))
DISTRICT = Window(date(2023, 5, 2), date(2023, 6, 30))
PREPARATIONS = Window(date(2023, 1, 9), date(2023, 1, 31))
OPENING = Window(date(2023, 6, 28), date(2023, 7, 14))
"""Opens on the first day of Kurban Bayramı."""


def at(*days: str) -> list[date]:
    return [date.fromisoformat(f"2023-{day}") for day in days]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(NEEDS, None)], at("02-01", "05-02")),
        (
            [(NEEDS, STANDARD)],
            at("02-01", "03-16", "04-07", "04-18", "04-25", "04-27", "04-28", "05-02", "05-08"),
        ),
        ([(DISTRICT, Ladder(rungs=(0, 1), escalate_from=1))], at("05-02", "06-23", "07-03")),
        ([(PREPARATIONS, STANDARD)], at("01-09", "01-11", "01-20", "01-26", "01-30", "01-31", "02-01", "02-07")),
        ([(OPENING, None)], at("07-03", "07-17")),
        ([(NEEDS, None), (DISTRICT, None), (NEEDS, None)], at("02-01", "05-02", "07-03")),
        ([], []),
    ],
    ids=["no ladder", "rungs", "closing on a holiday", "rung before it opens", "opening on a holiday", "steps", "none"],
)
def test_a_phase_is_ticked_when_it_opens_on_each_rung_and_once_closed(
    steps: list[StepTerms], expected: list[date]
) -> None:
    assert due_days(steps, DAYS) == expected


@given(st.dates(date(2023, 1, 9), date(2023, 6, 1)), st.integers(0, 180))
def test_every_due_day_is_an_office_day_from_the_opening_on(opens: date, length: int) -> None:
    window = Window(opens, date.fromordinal(opens.toordinal() + length))
    found = due_days([(window, STANDARD)], DAYS)
    assert all(DAYS.is_office_day(day) and day >= opens for day in found)
    assert DAYS.add_office_days(window.closes, 1) in found
