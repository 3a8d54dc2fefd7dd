"""The kinds of statutory period, a closed set, each with its wording; how they are counted is ``legal_clock``."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from sekaps.calendar.rules import add_months
from sekaps.texts import Language, Text, text

HALF_MONTH_DAYS = 15
"""Half a month is fifteen days (law 6098, article 92)."""
MONTHS_A_YEAR = 12


class Unit(StrEnum):
    """What a period is measured in; minutes and hours are real time, the others are days of the calendar."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    YEAR = "year"


_WORDED = {
    Unit.MINUTE: (text("1 minute"), text("{count} minutes")),
    Unit.HOUR: (text("1 hour"), text("{count} hours")),
    Unit.DAY: (text("1 day"), text("{count} days")),
    Unit.WORKING_DAY: (text("1 working day"), text("{count} working days")),
    Unit.WEEK: (text("1 week"), text("{count} weeks")),
    Unit.HALF_MONTH: (text("half a month"), text("{count} half months")),
    Unit.MONTH: (text("1 month"), text("{count} months")),
    Unit.YEAR: (text("1 year"), text("{count} years")),
}
_REAL_TIME = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.HALF_MONTH: HALF_MONTH_DAYS}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: MONTHS_A_YEAR}


@dataclass(frozen=True, slots=True)
class Length:
    """An amount of one unit: 15 days, 3 months, 48 hours."""

    amount: int
    unit: Unit

    @property
    def is_real_time(self) -> bool:
        """Whether it is counted by the clock rather than by days."""
        return self.unit in _REAL_TIME

    @property
    def is_months(self) -> bool:
        """Whether it ends on the same day number of another month."""
        return self.unit in _MONTHS

    @property
    def real_time(self) -> timedelta:
        """The time a length in hours or minutes takes."""
        return self.amount * _REAL_TIME[self.unit]

    def shift(self, day: date, sign: int = 1) -> date:
        """Return the day that far after a day (before it when sign is -1); working days need a day table instead."""
        if self.is_months:
            return add_months(day, sign * self.amount * _MONTHS[self.unit])
        return day + timedelta(days=sign * self.amount * _DAYS[self.unit])

    def say(self, language: Language) -> str:
        """Return the length in words (15 days, 15 gün)."""
        one, many = _WORDED[self.unit]
        return (one if self.amount == 1 else text(many.msgid, count=self.amount)).say(language)


@dataclass(frozen=True, slots=True)
class After:
    """Act within a length after the event."""

    length: Length

    @property
    def wording(self) -> Text:
        """The period as a phrase."""
        if self.length.amount == 0:
            return text("on the day of the event")
        return text("within {length}", length=self.length)


@dataclass(frozen=True, slots=True)
class Lasts:
    """Something holds, or is kept, for a length from the event: a card, a permit, a recording; it never rolls on."""

    length: Length

    @property
    def wording(self) -> Text:
        """The period as a phrase."""
        return text("lasts {length}", length=self.length)


@dataclass(frozen=True, slots=True)
class Before:
    """Act at least a length before the event; with an hour, by that hour of the day."""

    length: Length
    hour: time | None = None

    @property
    def wording(self) -> Text:
        """The period as a phrase."""
        if self.hour is not None:
            return text("by {hour}, {length} before", hour=f"{self.hour:%H:%M}", length=self.length)
        if self.length.amount == 0:
            return text("no later than the event itself")
        return text("at least {length} before", length=self.length)


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Act no sooner than a length before the event, and until the event."""

    length: Length

    @property
    def wording(self) -> Text:
        """The period as a phrase."""
        return text("not earlier than {length} before", length=self.length)


@dataclass(frozen=True, slots=True)
class EndOfNextMonth:
    """Act by the end of the month after the one in which the event falls."""

    @property
    def wording(self) -> Text:
        """The period as a phrase."""
        return text("by the end of the following month")


class MonthPart(StrEnum):
    """The beginning, middle and end of a month: its 1st, 15th and last day (law 6098, article 91)."""

    BEGINNING = "beginning"
    MIDDLE = "middle"
    END = "end"

    def of(self, month: date) -> date:
        """Return the day it stands for in the month of a day."""
        if self is MonthPart.END:
            return add_months(month.replace(day=1), 1) - timedelta(days=1)
        return month.replace(day=1 if self is MonthPart.BEGINNING else HALF_MONTH_DAYS)


@dataclass(frozen=True, slots=True)
class InMonth:
    """Act at the beginning, in the middle or at the end of a month: the first such day on or after the event."""

    part: MonthPart

    @property
    def wording(self) -> Text:
        """The period as a phrase."""
        return _PARTS[self.part]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """Return that day of a year."""
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class EachYear:
    """Act between two days of every year; a season is a span in which something may be done, and does not roll on."""

    opens: MonthDay
    closes: MonthDay
    is_season: bool = False

    @property
    def wording(self) -> Text:
        """The period as a phrase."""
        opens, closes = (f"{each.day:02}.{each.month:02}" for each in (self.opens, self.closes))
        return text("each year from {opens} to {closes}", opens=opens, closes=closes)


Period = After | Lasts | Before | NotBefore | InMonth | EndOfNextMonth | EachYear
_PARTS = {
    MonthPart.BEGINNING: text("at the beginning of the month"),
    MonthPart.MIDDLE: text("in the middle of the month"),
    MonthPart.END: text("at the end of the month"),
}
