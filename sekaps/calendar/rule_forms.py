"""The forms a boundary rule can take, each with its wording; how they are written and reckoned is ``rules``."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel.dates import format_date

from sekaps.texts import Language, Sayable, Text, text

LAST = -1


class Unit(StrEnum):
    """What a rule counts."""

    DAY = "day"
    WEEKDAY = "weekday"
    """Monday to Friday, holidays or not."""
    WORKING_DAY = "working day"
    """A weekday that is no whole statutory holiday."""
    FULL_WORKING_DAY = "full working day"
    """A working day without half day, administrative leave or closure."""
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    WEEK = "week"
    MONTH = "month"


NAMED_DAYS = tuple(Unit)[tuple(Unit).index(Unit.MONDAY) : tuple(Unit).index(Unit.SUNDAY) + 1]
"""Monday to Sunday, in the order of ``date.weekday()``."""

_NTH_UNIT = {
    Unit.DAY: text("day"),
    Unit.WEEKDAY: text("weekday"),
    Unit.WORKING_DAY: text("working day"),
    Unit.FULL_WORKING_DAY: text("full working day"),
    Unit.MONDAY: text("Monday"),
    Unit.TUESDAY: text("Tuesday"),
    Unit.WEDNESDAY: text("Wednesday"),
    Unit.THURSDAY: text("Thursday"),
    Unit.FRIDAY: text("Friday"),
    Unit.SATURDAY: text("Saturday"),
    Unit.SUNDAY: text("Sunday"),
}
_COUNTED_UNIT = {
    Unit.DAY: (text("1 day"), text("{count} days")),
    Unit.WORKING_DAY: (text("1 working day"), text("{count} working days")),
    Unit.WEEK: (text("1 week"), text("{count} weeks")),
    Unit.MONTH: (text("1 month"), text("{count} months")),
}
_ORDINALS = (text("first"), text("second"), text("third"), text("fourth"), text("fifth"))
WORDED_ORDINALS = tuple(ordinal.msgid for ordinal in _ORDINALS)


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in a row as a figure: 3rd, in Turkish 3."""

    number: int

    def say(self, language: Language) -> str:
        """Return the figure with the ending of that language."""
        if language == "tr":
            return f"{self.number}."
        teen = self.number % 100 in (11, 12, 13)
        return f"{self.number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(self.number % 10, 'th')}"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the edition's year, or of a year beside it."""

    number: int
    year_offset: int = 0

    def say(self, language: Language) -> str:
        """Return its name as it stands inside a sentence (April, nisan)."""
        name = month_name(self.number, language)
        named = name.lower() if language == "tr" else name
        if self.year_offset > 0:
            return text("{month} next year", month=named).say(language)
        if self.year_offset < 0:
            return text("{month} previous year", month=named).say(language)
        return named


@dataclass(frozen=True, slots=True)
class NthOfMonth:
    """The nth unit of a month: second Monday of January, last working day of April."""

    nth: int
    unit: Unit
    month: Month

    @property
    def wording(self) -> Text:
        """The rule as a phrase."""
        return text("{nth} {unit} of {month}", nth=_nth(self.nth), unit=_NTH_UNIT[self.unit], month=self.month)


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A fixed date: 15 January."""

    day: int
    month: Month

    def say(self, language: Language) -> str:
        """Return the date without its year (15 January, 15 Ocak)."""
        named = f"{self.day} {month_name(self.month.number, language)}"
        if self.month.year_offset > 0:
            return text("{date} next year", date=named).say(language)
        if self.month.year_offset < 0:
            return text("{date} previous year", date=named).say(language)
        return named

    @property
    def wording(self) -> Sayable:
        """The rule as a phrase: the date itself."""
        return self


Anchor = str | DayOfMonth
"""What a relative rule hangs on: the code of another boundary, or a fixed date."""


@dataclass(frozen=True, slots=True)
class NextTo:
    """The first unit after an anchor, or the last before it: next working day after needs_close."""

    unit: Unit
    anchor: Anchor
    is_after: bool

    @property
    def wording(self) -> Text:
        """The rule as a phrase."""
        unit = _NTH_UNIT[self.unit]
        if self.is_after:
            return text("next {unit} after {anchor}", unit=unit, anchor=self.anchor)
        return text("{unit} before {anchor}", unit=unit, anchor=self.anchor)


@dataclass(frozen=True, slots=True)
class Shift:
    """An anchor moved by a count of units, earlier when negative: 10 working days after needs_close."""

    count: int
    unit: Unit
    anchor: Anchor

    @property
    def wording(self) -> Text:
        """The rule as a phrase."""
        one, many = _COUNTED_UNIT[self.unit]
        length = one if abs(self.count) == 1 else text(many.msgid, count=abs(self.count))
        if self.count < 0:
            return text("{length} before {anchor}", length=length, anchor=self.anchor)
        return text("{length} after {anchor}", length=length, anchor=self.anchor)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The anchor itself when it is such a unit, else the nearest one: first working day on or after 15 June."""

    unit: Unit
    anchor: Anchor
    is_after: bool

    @property
    def wording(self) -> Text:
        """The rule as a phrase."""
        unit = _NTH_UNIT[self.unit]
        if self.is_after:
            return text("first {unit} on or after {anchor}", unit=unit, anchor=self.anchor)
        return text("last {unit} on or before {anchor}", unit=unit, anchor=self.anchor)


@dataclass(frozen=True, slots=True)
class SameDay:
    """The day of its anchor."""

    anchor: Anchor

    @property
    def wording(self) -> Text:
        """The rule as a phrase."""
        return text("same day as {anchor}", anchor=self.anchor)


Form = NthOfMonth | DayOfMonth | NextTo | Shift | Nearest | SameDay


def month_name(number: int, language: Language) -> str:
    """Return a month's name (April, Nisan)."""
    return format_date(date(2000, number, 1), "MMMM", locale=language)


def _nth(nth: int) -> Text | Ordinal:
    if nth == LAST:
        return text("last")
    return _ORDINALS[nth - 1] if 1 <= nth <= len(_ORDINALS) else Ordinal(nth)
