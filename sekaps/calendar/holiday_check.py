"""Compares what independent sources say of a year's statutory holidays; a disagreement is told, never settled here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.metadata import version

from sekaps.calendar.days import DayFact
from sekaps.calendar.holiday_law import ReligiousDays, holidays_by_law
from sekaps.calendar.holidays_tr import statutory_facts
from sekaps.texts import Sayable, Text, text


class Extent(StrEnum):
    """How much of a day a source calls a holiday."""

    WHOLE = "whole"
    """The whole day."""
    HALF = "half"
    """A part of it, by law from 13:00."""
    NONE = "none"
    """Nothing of it."""

    @property
    def meaning(self) -> Text:
        """The extent as people read it."""
        return _MEANINGS[self]


_MEANINGS = {Extent.WHOLE: text("whole day"), Extent.HALF: text("half day"), Extent.NONE: text("no holiday")}


@dataclass(frozen=True, slots=True)
class Listing:
    """What one source lists: its name, and the holidays it knows of the year asked for."""

    source: Sayable
    facts: tuple[DayFact, ...]

    def on(self, day: date) -> "Reading":
        """Return what the source says of a day; where it names a half and a whole holiday, the whole one holds."""
        found = sorted((fact for fact in self.facts if fact.day == day), key=lambda fact: not fact.is_whole_day)
        if not found:
            return Reading(self.source, Extent.NONE, None)
        extent = Extent.WHOLE if found[0].is_whole_day else Extent.HALF
        return Reading(self.source, extent, found[0].name)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source says of one day."""

    source: Sayable
    extent: Extent
    name: Sayable | None

    @property
    def text(self) -> Text:
        """The reading as a phrase, the source first."""
        if self.name is None:
            return text("{source}: {extent}", source=self.source, extent=self.extent.meaning)
        return text("{source}: {extent} ({name})", source=self.source, extent=self.extent.meaning, name=self.name)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A day of which the sources do not say the same, with what each of them says."""

    day: date
    readings: tuple[Reading, ...]

    @property
    def text(self) -> Text:
        """The disagreement as a sentence that names every source."""
        readings = tuple(reading.text for reading in self.readings)
        return text("on {day} the sources do not agree: {readings}", day=self.day, readings=readings)


@dataclass(frozen=True, slots=True)
class HolidayCheck:
    """What the sources that know a year say of it, and the days on which they differ."""

    year: int
    listings: tuple[Listing, ...]
    disagreements: tuple[Disagreement, ...]
    is_announced: bool
    """Whether the religious days of the year were announced, as far as the second source knows."""

    @property
    def is_compared(self) -> bool:
        """Whether there were two sources to compare."""
        return len(self.listings) > 1

    @property
    def days(self) -> tuple[date, ...]:
        """The days any source lists, in order."""
        return _days_of(self.listings)


def check_holidays(year: int, religious: ReligiousDays, others: Iterable[Listing] = ()) -> HolidayCheck:
    """Return the comparison of the holidays package, the law with the announced first days, and any other listing."""
    listings = (*_own_listings(year, religious), *others)
    is_announced = year in religious.years and religious.years[year].announced
    return HolidayCheck(year, listings, tuple(_disagreements(listings)), is_announced)


def _own_listings(year: int, religious: ReligiousDays) -> Iterator[Listing]:
    package = text("holidays package {version}", version=version("holidays"))
    yield Listing(package, statutory_facts(date(year, 1, 1), date(year, 12, 31)))
    by_law = holidays_by_law(year, religious)
    if by_law:
        source = religious.years[year].source
        yield Listing(text("law 2429 with first days from {source}", source=source), by_law)


def _disagreements(listings: tuple[Listing, ...]) -> Iterator[Disagreement]:
    for day in _days_of(listings):
        readings = tuple(listing.on(day) for listing in listings)
        if len({reading.extent for reading in readings}) > 1:
            yield Disagreement(day, readings)


def _days_of(listings: tuple[Listing, ...]) -> tuple[date, ...]:
    return tuple(sorted({fact.day for listing in listings for fact in listing.facts}))
