"""What a digest says: one person's open work on one day, step by step, nearest deadline first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sekaps.texts import Language, Sayable, Text, text, turkish_key, weekday_name, word

UNITS_NAMED = 12
"""How many units a section names before it only counts the rest."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told."""

    id: int
    name: str
    email: str
    language: Language
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """A closing date as it stands on the day of the digest: days left, or (negative) days late, in office days."""

    closes: date
    last_office_day: date
    days_left: int

    @property
    def is_late(self) -> bool:
        """Whether the closing date has passed."""
        return self.days_left < 0

    @property
    def falls_on_office_day(self) -> bool:
        """Whether anybody works on the closing date itself."""
        return self.closes == self.last_office_day


@dataclass(frozen=True, slots=True)
class StepWords:
    """How a step is called: its printed place, its activity, what it does, its document, what follows a miss."""

    place: str
    activity: Sayable
    does: Sayable
    document: Sayable | None
    consequence: Sayable | None


@dataclass(frozen=True, slots=True)
class UnitWork:
    """How much one unit has open."""

    unit: str
    documents: int


@dataclass(frozen=True, slots=True)
class Section:
    """The open work of one step under one deadline, unit by unit."""

    words: StepWords
    deadline: Deadline
    units: tuple[UnitWork, ...]

    @property
    def documents(self) -> int:
        """How much is open in all units."""
        return sum(unit.documents for unit in self.units)

    @property
    def named(self) -> tuple[UnitWork, ...]:
        """The units named: those with most open, in Turkish alphabetical order."""
        most = sorted(self.units, key=lambda unit: -unit.documents)[:UNITS_NAMED]
        return tuple(sorted(most, key=lambda unit: turkish_key(unit.unit)))

    @property
    def unnamed(self) -> int:
        """How many units are only counted."""
        return max(len(self.units) - UNITS_NAMED, 0)


@dataclass(frozen=True, slots=True)
class Issuer:
    """In whose name a digest speaks: the programme, its short name, the year, the coordinator."""

    programme: Sayable
    short: str
    year: int
    coordinator: Sayable | None


@dataclass(frozen=True, slots=True)
class Digest:
    """One message: work whose reminder is due, other open work, and what is late in the units below."""

    issuer: Issuer
    recipient: Recipient
    day: date
    due: tuple[Section, ...] = ()
    other: tuple[Section, ...] = ()
    below: tuple[Section, ...] = ()

    @property
    def nearest(self) -> Deadline:
        """The deadline to act on first: the next one still ahead, or else the last one missed."""
        deadlines = [section.deadline for section in self.due or self.below]
        ahead = [deadline for deadline in deadlines if not deadline.is_late]
        return min(ahead, key=_closing) if ahead else max(deadlines, key=_closing)

    @property
    def open_documents(self) -> int:
        """How much the person has open."""
        return _documents((*self.due, *self.other))

    @property
    def late_documents(self) -> int:
        """How much of it is late."""
        return _documents(section for section in (*self.due, *self.other) if section.deadline.is_late)

    @property
    def below_documents(self) -> int:
        """How much is late in the units below."""
        return _documents(self.below)

    @property
    def subject(self) -> Text:
        """The subject line."""
        return text("{issuer}: {what}", issuer=f"{self.issuer.short} {self.issuer.year}", what=self._what())

    def _what(self) -> Text:
        if not self.due:
            return text("items late in the units below yours: {count}", count=self.below_documents)
        day = DayName(self.nearest.closes)
        if self.nearest.is_late:
            return text("late items: {count}; the last day was {day}", count=self.late_documents, day=day)
        if self.late_documents:
            return text(
                "open items: {count}, late: {late}; nearest deadline {day}",
                count=self.open_documents,
                late=self.late_documents,
                day=day,
            )
        return text("open items: {count}; nearest deadline {day}", count=self.open_documents, day=day)


@dataclass(frozen=True, slots=True)
class DayName:
    """A day worded with its weekday (28 Nisan 2023 Cuma; Friday, 28 April 2023)."""

    day: date

    def say(self, language: Language) -> str:
        """Return the wording in that language."""
        return day_name(self.day, language)


@lru_cache(maxsize=2048)
def day_name(day: date, language: Language) -> str:
    """Return a day with its weekday as a person of that language writes it; a night's letters name few days."""
    name, written = weekday_name(day, language), word(day, language)
    return f"{written} {name}" if language == "tr" else f"{name}, {written}"


def by_deadline(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return sections with the nearest deadline first, those already late before all others."""
    return tuple(sorted(sections, key=lambda section: (section.deadline.closes, section.deadline.days_left)))


def _closing(deadline: Deadline) -> date:
    return deadline.closes


def _documents(sections: Iterable[Section]) -> int:
    return sum(section.documents for section in sections)
