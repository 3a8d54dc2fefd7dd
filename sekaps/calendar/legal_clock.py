"""The legal clock: from an event and a statutory period to the last moment, with the reasoning in steps.

The day of the event is not counted; a last day on a holiday moves on; hours are real hours. Laws 6098 articles 91-93,
2577 articles 7-8, 7201 article 7/a; the readings where a text is silent are listed in docs/reference/legal-clock.md.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from sekaps.calendar.counting import MIDNIGHT, count_back, count_days, count_real_time, say_landing
from sekaps.calendar.days import NATION, ONE_DAY, DayTable, Place
from sekaps.calendar.last_days import END_OF_DAY, Rest, dated, local
from sekaps.calendar.office_hours import OfficeHours
from sekaps.calendar.periods import (
    After,
    Before,
    EachYear,
    EndOfNextMonth,
    InMonth,
    Lasts,
    Length,
    MonthDay,
    MonthPart,
    NotBefore,
    Period,
)
from sekaps.calendar.rules import add_months
from sekaps.errors.calendar import ServiceInapplicable
from sekaps.texts import ZONE, Sayable, text

ELECTRONIC_SERVICE_DAYS = 5
"""Electronic service is deemed made at the end of the fifth day after arrival (law 7201, article 7/a)."""
ANNOUNCEMENT_DAYS = 15
"""After service by announcement a period starts to run fifteen days after the last one (law 2577, article 7)."""


class Service(StrEnum):
    """How a document was served on the party for whom the period runs."""

    BY_HAND = "by_hand"
    """The event itself is the service."""
    ELECTRONIC = "electronic"
    """Served at the end of the fifth day after the document reached the electronic address."""
    ANNOUNCEMENT = "announcement"
    """The event is the last announcement; the period starts to run fifteen days later."""


@dataclass(frozen=True, slots=True)
class Recess:
    """Days of the year in which no period of a law ends, and by how many days after them one is extended."""

    opens: MonthDay
    closes: MonthDay
    extension_days: int
    source: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last moment of a period, its day, how it was found, and the first moment where the period has one."""

    last_moment: datetime
    last_day: date
    steps: tuple[Sayable, ...]
    first_moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Start:
    """Where counting starts: a day, the instant on it, and until when the event itself is not over."""

    day: date
    moment: datetime
    until: datetime


def deadline(
    period: Period,
    event: date,
    days: DayTable,
    place: Place = NATION,
    *,
    office: OfficeHours,
    service: Service | None = None,
    recess: Recess | None = None,
) -> Deadline:
    """Return the last moment of a period from an event: a day, or an instant (local when it names no zone)."""
    if service is not None and not isinstance(period, After | InMonth | EndOfNextMonth):
        raise ServiceInapplicable(period=period.wording)
    rest = Rest(days, office, place)
    start = _served(_start(event, period, rest), service, rest)
    first, last = _reckon(period, start, rest, recess)
    return Deadline(last, last.date(), tuple(rest.steps), first)


def _reckon(period: Period, start: _Start, rest: Rest, recess: Recess | None) -> tuple[datetime | None, datetime]:
    match period:
        case After(length) if length.is_real_time:
            return None, count_real_time(length, start.moment, rest)
        case After(length):
            counted = _after_recess(count_days(length, start.day, rest), recess, rest)
            return None, rest.close(rest.roll_on(counted))
        case Lasts(length):
            return None, _end_of(length, start, rest)
        case Before(length, hour):
            return None, _latest_before(length, hour, start, rest)
        case NotBefore(length):
            return _earliest_before(length, start, rest), start.until
        case EndOfNextMonth():
            return None, rest.close(rest.roll_on(_end_of_next_month(start.day, rest)))
        case InMonth(part):
            return None, rest.close(rest.roll_on(_in_month(part, start.day, rest)))
        case _:
            return _in_year(period, start.day, rest)


def _start(event: date, period: Period, rest: Rest) -> _Start:
    if isinstance(event, datetime):
        moment = event.astimezone(ZONE) if event.tzinfo else local(event.date(), event.time())
        rest.say(text("the event: {moment}, {weekday}", moment=moment, weekday=dated(moment.date())["weekday"]))
        return _Start(moment.date(), moment, moment)
    rest.say(text("the event: {day}, {weekday}", **dated(event)))
    begins = local(event, MIDNIGHT)
    if not _is_real_time(period):
        return _Start(event, begins, local(event, END_OF_DAY))
    rest.say(text("no hour was given, so the first moment of the day, 00:00, is taken"))
    return _Start(event, begins, begins)


def _is_real_time(period: Period) -> bool:
    return isinstance(period, After | Lasts | Before | NotBefore) and period.length.is_real_time


def _served(start: _Start, service: Service | None, rest: Rest) -> _Start:
    if service is Service.ELECTRONIC:
        day = start.day + ELECTRONIC_SERVICE_DAYS * ONE_DAY
        rest.say(
            text(
                "served electronically: deemed served at the end of the 5th day after it, {day}"
                " (law 7201, article 7/a)",
                day=day,
            )
        )
        return _start_after(day)
    if service is Service.ANNOUNCEMENT:
        day = start.day + ANNOUNCEMENT_DAYS * ONE_DAY
        rest.say(
            text(
                "served by announcement: it runs 15 days after the last one,"
                " from the day after {day} (law 2577, article 7)",
                day=day,
            )
        )
        return _start_after(day)
    if service is Service.BY_HAND:
        rest.say(text("served by hand: the event is the service"))
    return start


def _start_after(day: date) -> _Start:
    ends = local(day + ONE_DAY, MIDNIGHT)
    return _Start(day, ends, ends)


def _after_recess(counted: date, recess: Recess | None, rest: Rest) -> date:
    if recess is None:
        return counted
    opens, closes = recess.opens.of(counted.year), recess.closes.of(counted.year)
    if not opens <= counted <= closes:
        return counted
    extended = closes + recess.extension_days * ONE_DAY
    facts = {"day": counted, "opens": opens, "closes": closes, "count": recess.extension_days, "source": recess.source}
    rest.say(
        text(
            "{day} lies in the recess of {opens} to {closes};"
            " the period ends {count} days after it, {extended} ({source})",
            extended=extended,
            **facts,
        )
    )
    return extended


def _end_of(length: Length, start: _Start, rest: Rest) -> datetime:
    if length.is_real_time:
        moment = (start.moment.astimezone(UTC) + length.real_time).astimezone(ZONE)
        rest.say(text("it lasts {length}, to {moment}", length=length, moment=moment))
        return moment
    last = length.shift(start.day)
    say_landing(length, start.day, last, rest)
    rest.say(text("it lasts to the end of that day; a holiday does not prolong it"))
    return local(last, END_OF_DAY)


def _latest_before(length: Length, hour: time | None, start: _Start, rest: Rest) -> datetime:
    if length.is_real_time:
        return _moment_before(length, start, rest)
    return rest.close(rest.roll_back(count_back(length, start.day, rest)), hour)


def _earliest_before(length: Length, start: _Start, rest: Rest) -> datetime:
    opens = (
        _moment_before(length, start, rest)
        if length.is_real_time
        else local(count_back(length, start.day, rest), MIDNIGHT)
    )
    rest.say(text("not earlier than that: from {opens} until the event", opens=opens))
    return opens


def _moment_before(length: Length, start: _Start, rest: Rest) -> datetime:
    moment = (start.moment.astimezone(UTC) - length.real_time).astimezone(ZONE)
    rest.say(text("hours are real hours: {length} before the event is {moment}", length=length, moment=moment))
    return moment


def _end_of_next_month(day: date, rest: Rest) -> date:
    last = MonthPart.END.of(add_months(day.replace(day=1), 1))
    rest.say(text("the end of the month after the one of the event: {day}, {weekday}", **dated(last)))
    return last


def _in_month(part: MonthPart, day: date, rest: Rest) -> date:
    this = part.of(day)
    found = this if day <= this else part.of(add_months(day.replace(day=1), 1))
    rest.say(text("the first such day of a month on or after the event: {day}, {weekday}", **dated(found)))
    return found


def _in_year(period: EachYear, day: date, rest: Rest) -> tuple[datetime, datetime]:
    year = day.year if day <= period.closes.of(day.year) else day.year + 1
    opens, closes = period.opens.of(year), period.closes.of(year)
    rest.say(
        text("the first time of the year that ends after the event: {opens} to {closes}", opens=opens, closes=closes)
    )
    first = local(opens, MIDNIGHT)
    if period.is_season:
        return first, local(closes, END_OF_DAY)
    return first, rest.close(rest.roll_on(closes))
