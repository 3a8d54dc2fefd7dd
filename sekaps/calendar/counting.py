"""How far a length reaches from a day or an instant, forwards and backwards, each with its steps."""

from datetime import UTC, date, datetime, time

from sekaps.calendar.days import ONE_DAY, walk
from sekaps.calendar.last_days import Rest, dated, local
from sekaps.calendar.periods import Length, Unit
from sekaps.calendar.suspensions import Stretch
from sekaps.texts import ZONE, text

MIDNIGHT = time(0)


def count_days(length: Length, start: date, rest: Rest) -> date:
    """Return the day a length of calendar or working days ends on, the start day not counted, suspensions left out."""
    base = _begin(start, rest)
    if length.amount:
        rest.say(text("the day it starts from, {day}, is not counted", day=base))
    if length.unit is Unit.WORKING_DAY:
        return _count_working_days(length, base, rest)
    counted = length.shift(base)
    say_landing(length, base, counted, rest)
    stretch = rest.suspensions.next_stretch(base + ONE_DAY, counted)
    while stretch is not None:
        counted = _resume(stretch, counted, rest)
        stretch = rest.suspensions.next_stretch(stretch.restart, counted)
    return counted


def count_real_time(length: Length, start: datetime, rest: Rest) -> datetime:
    """Return the instant a length of hours ends at; only suspended time is left out."""
    ends = start.astimezone(UTC) + length.real_time
    stretch = rest.suspensions.next_stretch(start.date(), ends.astimezone(ZONE).date())
    while stretch is not None and local(stretch.first, MIDNIGHT) < ends:
        stops, restarts = max(start, local(stretch.first, MIDNIGHT)), local(stretch.restart, MIDNIGHT)
        ends += restarts.astimezone(UTC) - stops.astimezone(UTC)
        _say_stood_still(stretch, rest)
        stretch = rest.suspensions.next_stretch(stretch.restart, ends.astimezone(ZONE).date())
    moment = ends.astimezone(ZONE)
    rest.say(text("hours are real hours, on holidays too: {length} end at {moment}", length=length, moment=moment))
    return moment


def count_back(length: Length, day: date, rest: Rest) -> date:
    """Return the day that lies a length of calendar or working days before a day."""
    is_working = length.unit is Unit.WORKING_DAY
    counted = walk(day, -length.amount, rest.days.is_working_day) if is_working else length.shift(day, -1)
    rest.say(text("{length} before {event} is {day}, {weekday}", length=length, event=day, **dated(counted)))
    return counted


def say_landing(length: Length, base: date, counted: date, rest: Rest) -> None:
    """Add the step that says on which day a length of calendar days lands."""
    facts = {"length": length, "number": base.day, **dated(counted)}
    if length.is_months and counted.day != base.day:
        rest.say(text("{length} later the month has no day {number}: its last day, {day}, {weekday}", **facts))
    elif length.is_months:
        rest.say(text("{length} later, on the same number of the month: {day}, {weekday}", **facts))
    elif length.unit is Unit.WEEK:
        rest.say(text("{length} later, on the same day of the week: {day}, {weekday}", **facts))
    elif length.unit is Unit.HALF_MONTH:
        rest.say(text("half a month is 15 days; {length} later: {day}, {weekday}", **facts))
    else:
        rest.say(text("{length} later: {day}, {weekday}", **facts))


def _begin(start: date, rest: Rest) -> date:
    """Return the day counting starts from: the event's, or the last suspended day when it falls on a suspended one."""
    stretch = rest.suspensions.stretch(start)
    if stretch is None:
        return start
    _say_stood_still(stretch, rest)
    return stretch.last


def _resume(stretch: Stretch, counted: date, rest: Rest) -> date:
    left = (counted - stretch.first).days + 1
    ends = stretch.last + left * ONE_DAY
    _say_stood_still(stretch, rest)
    rest.say(
        text(
            "days left: {left}; they run on from {restart} and end on {day}",
            left=left,
            restart=stretch.restart,
            day=ends,
        )
    )
    return ends


def _count_working_days(length: Length, base: date, rest: Rest) -> date:
    counted = walk(base, length.amount, rest.can_end)
    stretch = rest.suspensions.next_stretch(base + ONE_DAY, counted)
    if stretch is not None:
        _say_stood_still(stretch, rest)
    rest.say(text("{length} later, holidays and weekends left out: {day}, {weekday}", length=length, **dated(counted)))
    return counted


def _say_stood_still(stretch: Stretch, rest: Rest) -> None:
    facts = {"first": stretch.first, "last": stretch.last, "name": stretch.fact.name, "restart": stretch.restart}
    rest.say(
        text("legal periods stood still here from {first} to {last} ({name}); they run again from {restart}", **facts)
    )
