"""The days on which something falls due for a phase: it opens, a reminder's rung comes, it has closed."""

from collections.abc import Iterable
from datetime import date

from sekaps.calendar.days import ONE_DAY, DayTable
from sekaps.calendar.programmes import Ladder
from sekaps.calendar.windows import Window
from sekaps.domain.reminders import rung_day

StepTerms = tuple[Window, Ladder | None]
"""A step's window and its ladder, if it reminds."""


def due_days(steps: Iterable[StepTerms], days: DayTable) -> list[date]:
    """Return the days a phase made of these steps must be ticked on, in order; all of them office days."""
    return sorted({day for window, ladder in steps for day in _step_days(window, ladder, days)})


def _step_days(window: Window, ladder: Ladder | None, days: DayTable) -> set[date]:
    opening = days.add_office_days(window.opens - ONE_DAY, 1)
    closing = days.add_office_days(window.closes, 1)
    rungs = {rung_day(window.closes, rung, days) for rung in ladder.rungs} if ladder else set()
    return {opening, closing, *(day for day in rungs if day >= opening)}
