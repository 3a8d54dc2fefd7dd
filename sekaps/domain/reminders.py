"""The ladder rule: which rung of a step's reminders is due on a day; knows days and rungs, not whom or how to tell."""

from dataclasses import dataclass
from datetime import date, datetime

from sekaps.calendar.days import NATION, ONE_DAY, DayTable, Place, each_day
from sekaps.calendar.programmes import Ladder

REMINDED_OFFICE_DAYS = 10
"""How many office days after the closing date a step may still remind; older gaps belong to the audit."""


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Work of one kind that one unit has open and one person must act on; no person when nobody can be told."""

    activity: str
    step: str
    unit_id: int
    person_id: int | None
    documents: int
    waiting_since: datetime


def last_office_day(closes: date, days: DayTable, place: Place = NATION) -> date:
    """Return the last day on or before a closing date (which may itself be a holiday) on which work can be done."""
    return days.add_running_days(closes + ONE_DAY, -1, place)


def rung_day(closes: date, rung: int, days: DayTable, place: Place = NATION) -> date:
    """Return the office day a rung falls on, counted back from the last office day or forward from the closing date."""
    if rung > 0:
        return days.add_running_days(closes, rung, place)
    return days.add_running_days(last_office_day(closes, days, place), rung, place)


def office_distance(day: date, closes: date, days: DayTable, place: Place = NATION) -> int:
    """Return how many office days a day lies after the closing date, or (negative) before the last office day."""
    if day > closes:
        return _office_days(closes + ONE_DAY, day, days, place)
    return -_office_days(day + ONE_DAY, closes, days, place)


def current_rung(ladder: Ladder, closes: date, day: date, days: DayTable, *, place: Place = NATION) -> int | None:
    """Return the latest rung whose day has come, on a day the deadline runs; none before the first or long after.

    A missed day therefore sends the latest rung late and skips the ones it supersedes.
    """
    if not days.is_running_day(day, place):
        return None
    distance = office_distance(day, closes, days, place)
    if distance > REMINDED_OFFICE_DAYS:
        return None
    return max((rung for rung in ladder.rungs if rung <= distance), default=None)


def escalates(rung: int, ladder: Ladder) -> bool:
    """Tell whether a rung is also told to the head of the parent unit."""
    return ladder.escalate_from is not None and rung >= ladder.escalate_from


def deciding_place(place: Place, days: DayTable) -> Place:
    """Return what of a place decides its days (nothing: the nation's), so that equal answers are worked out once."""
    deciding = [special.parts for special in days.local_places if special.includes(place)]
    named = [any(parts) for parts in zip(*deciding, strict=True)]
    return Place(*(part if is_named else None for part, is_named in zip(place.parts, named, strict=False)))


def _office_days(first: date, last: date, days: DayTable, place: Place) -> int:
    return sum(days.is_running_day(day, place) for day in each_day(first, last))
