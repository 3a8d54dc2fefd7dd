"""When an edition's flows run by themselves, as days and as the iCalendar rules (RFC 5545) that say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sekaps.calendar.days import ONE_DAY
from sekaps.calendar.instants import OFFICE_OPENS, at, local_day
from sekaps.calendar.windows import Window

MORNING = OFFICE_OPENS
"""Local time of the day's work."""
NIGHT = time(2, 0)
"""Local time of the audit."""
DAYS_IN_A_RULE = 380
"""A rule names so many days at most: Prefect takes 6,500 characters, a day has 16."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """What lies ahead of an edition: the mornings on which something is due, and the nights that are audited."""

    mornings: tuple[date, ...]
    nights: Window | None


NOTHING_AHEAD = Timetable((), None)
"""The timetable of an edition that is over."""


def timetable(due: Iterable[date], opens: date, as_of: datetime) -> Timetable:
    """Return what lies ahead of an edition that first opens on a day and has something due on those days."""
    days = sorted(set(due))
    mornings = tuple(day for day in days if at(day, MORNING) > as_of)
    today = local_day(as_of)
    next_night = today if at(today, NIGHT) > as_of else today + ONE_DAY
    first = max(opens, next_night)
    return Timetable(mornings, Window(first, days[-1]) if days and first <= days[-1] else None)


def rules_of_days(days: Sequence[date], local_time: time) -> tuple[str, ...]:
    """Return the rules of a local time on exactly those days; more than one when one could not name them all."""
    runs = (days[start : start + DAYS_IN_A_RULE] for start in range(0, len(days), DAYS_IN_A_RULE))
    return tuple(
        f"DTSTART:{_stamp(run[0], local_time)}\nRDATE:" + ",".join(_stamp(day, local_time) for day in run)
        for run in runs
    )


def rule_of_window(window: Window, local_time: time) -> str:
    """Return the rule of a local time on every day of a window."""
    ends = _stamp(window.closes, local_time)
    return f"DTSTART:{_stamp(window.opens, local_time)}\nRRULE:FREQ=DAILY;UNTIL={ends}"


def _stamp(day: date, local_time: time) -> str:
    return f"{day:%Y%m%d}T{local_time:%H%M%S}"
