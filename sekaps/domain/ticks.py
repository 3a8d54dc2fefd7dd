"""The days on which something falls due for a phase: it opens, a reminder's rung comes, it has closed."""

from collections.abc import Iterable
from datetime import date

from sekaps.calendar.days import NATION, ONE_DAY, DayTable, Place
from sekaps.calendar.programmes import Ladder
from sekaps.calendar.windows import Window
from sekaps.domain.reminders import rung_day

StepTerms = tuple[Window, Ladder | None]
"""A step's window and its ladder, if it reminds."""


def due_days(steps: Iterable[StepTerms], days: DayTable, places: Iterable[Place] = ()) -> list[date]:
    """Return the days a phase made of these steps must be ticked on, in order: the nation's and those of places.

    At a place all of them are days a deadline runs on there.
    """
    terms = list(steps)
    everywhere = (NATION, *places)
    return sorted(
        {day for place in everywhere for window, ladder in terms for day in _step_days(window, ladder, days, place)}
    )


def _step_days(window: Window, ladder: Ladder | None, days: DayTable, place: Place) -> set[date]:
    opening = days.add_running_days(window.opens - ONE_DAY, 1, place)
    closing = days.add_running_days(window.closes, 1, place)
    rungs = {rung_day(window.closes, rung, days, place) for rung in ladder.rungs} if ladder else set()
    return {opening, closing, *(day for day in rungs if day >= opening)}
