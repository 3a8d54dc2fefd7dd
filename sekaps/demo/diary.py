"""On which days somebody is at work, and how work spreads over them: half of it in the last days of a window."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sekaps.calendar.days import NATION, DayTable, Place, each_day, walk
from sekaps.calendar.windows import Window

RUSH_DAYS = 8
"""Office days before a closing date in which half of the work is done."""


@dataclass(frozen=True)
class Diary:
    """The office days of windows by place, each worked out once."""

    days: DayTable
    _windows: dict[tuple[date, date, Place], Sequence[date]] = field(default_factory=dict, repr=False, compare=False)
    _steps: dict[tuple[date, int, Place], date] = field(default_factory=dict, repr=False, compare=False)

    def office_days(self, window: Window, place: Place) -> Sequence[date]:
        """Return the office days of a window at a place that are office days nationwide, too."""
        place = self._told_apart(place)
        key = window.opens, window.closes, place
        if key not in self._windows:
            days = each_day(window.opens, window.closes)
            self._windows[key] = [day for day in days if self._is_office_day(day, place)]
        return self._windows[key]

    def after(self, day: date, count: int, place: Place) -> date:
        """Return the count-th office day after a day (before it when negative), as above."""
        key = day, count, self._told_apart(place)
        if key not in self._steps:
            self._steps[key] = walk(day, count, lambda other: self._is_office_day(other, key[2]))
        return self._steps[key]

    def _is_office_day(self, day: date, place: Place) -> bool:
        return self.days.is_office_day(day) and self.days.is_office_day(day, place)

    def _told_apart(self, place: Place) -> Place:
        """Return the place, or the nation when no fact concerns the place alone."""
        return place if place.province in self._provinces_apart else NATION

    @cached_property
    def _provinces_apart(self) -> frozenset[str]:
        return frozenset(fact.province for fact in self.days.facts if fact.province is not None)


def busy_day(days: Sequence[date], fraction: float) -> int:
    """Return the place among the days that a fraction of the work falls on: the second half into the rush."""
    rush = min(RUSH_DAYS, max(1, len(days) // 2))
    calm = len(days) - rush
    if fraction < 0.5:
        return int(2 * fraction * calm)
    return calm + int((2 * fraction - 1) * rush)
