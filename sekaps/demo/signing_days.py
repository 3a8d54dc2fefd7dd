"""When the whole country signs, in columns: each document's slots by the habits of its unit, as ``behaviour`` has them.

A moment is one number: the day's ordinal and the hour of a signature among those of the day; 0 is never.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from sekaps.calendar.days import NATION, DayTable
from sekaps.calendar.instants import at
from sekaps.calendar.windows import Window
from sekaps.demo.behaviour import LONGEST_LAG_DAYS, TOGETHER_SHARE
from sekaps.demo.chance import Fractions, Places, draws
from sekaps.demo.diary import RUSH_DAYS, Diary
from sekaps.demo.duties import Duties, Seats, Small
from sekaps.demo.year_plan import SIGNING
from sekaps.models.programmes import WHOLE_ROW

HOURS = 8
"""Moments of a day; the signing of slot k is the k-th."""
NEVER = 0
STEPS_MOST = 1_000


@dataclass(frozen=True, slots=True)
class YearDays:
    """What a year says of its days: the windows by activity and step, and the working days."""

    windows: Mapping[tuple[str, str], Window]
    days: DayTable

    def window(self, activity: str, step: str) -> Window:
        """Return a step's window, or its activity's where it has none of its own."""
        return self.windows.get((activity, step)) or self.windows[activity, WHOLE_ROW]


def planned_moments(duties: Duties, seats: Seats, year: YearDays, seed: int) -> Small:
    """Return by document and slot the moment its holder means to sign it."""
    lengths = seats.lengths(duties.chain)
    places = np.arange(len(duties))
    alone = draws(seed, "together", places) >= TOGETHER_SHARE
    pile = np.where(alone, STEPS_MOST * 2**32 + places, duties.unit.astype(np.int64) * STEPS_MOST + duties.step)
    days, counts = _office_days(duties, year)
    lag = np.zeros(len(duties), dtype=np.int64)
    last = busy_days(counts[duties.step], draws(seed, "pace", pile))
    moments = np.zeros((len(duties), seats.post.shape[1]), dtype=np.int32)
    for before in range(moments.shape[1]):
        slot = lengths - 1 - before
        signs = np.flatnonzero(slot >= 0)
        day = days[duties.step, np.maximum(0, last - lag)]
        moments[signs, slot[signs]] = (day * HOURS + slot + 1)[signs]
        lag += (draws(seed, f"lag {before}", pile) * (LONGEST_LAG_DAYS + 1)).astype(np.int64)
    return moments


def day_of(moments: Small) -> Small:
    """Return the ordinals of the days of moments."""
    return moments // HOURS


def instants(moments: Small) -> Mapping[int, datetime]:
    """Return the instant of every moment that occurs."""
    return {int(moment): _instant(int(moment)) for moment in np.unique(moments) if moment != NEVER}


def _instant(moment: int) -> datetime:
    return at(date.fromordinal(moment // HOURS), SIGNING[moment % HOURS])


def _office_days(duties: Duties, year: YearDays) -> tuple[Small, Places]:
    """Return by step the ordinals of its window's office days, and how many there are."""
    diary = Diary(year.days)
    listed = [diary.office_days(year.window(*step), NATION) for step in duties.steps]
    counts = np.array([len(days) for days in listed])
    table = np.zeros((len(listed), counts.max()), dtype=np.int32)
    for place, days in enumerate(listed):
        table[place, : len(days)] = [day.toordinal() for day in days]
    return table, counts


def busy_days(counts: Places, fractions: Fractions) -> Places:
    """Return for each window of so many days the place of the day a fraction of the work falls on, as ``busy_day``."""
    rush = np.minimum(RUSH_DAYS, np.maximum(1, counts // 2))
    calm = counts - rush
    late = calm + ((2 * fractions - 1) * rush).astype(np.int64)
    return np.where(fractions < 0.5, (2 * fractions * calm).astype(np.int64), late)
