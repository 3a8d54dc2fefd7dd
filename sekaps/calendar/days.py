"""The day table: which days are worked, day by day and layer by layer; knows facts, not where they were read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum

from sekaps.errors.calendar import DayOutsideTable
from sekaps.texts import Bilingual, Text, text

FRIDAY = 4
ONE_DAY = timedelta(days=1)
WEEKEND_NAME = Bilingual(tr="hafta sonu", en="weekend")


class Layer(StrEnum):
    """The kinds of fact that make a day unlike an ordinary one; kept apart because each has its own effect."""

    WEEKEND = "weekend"
    """Saturday and Sunday."""
    STATUTORY = "statutory"
    """A holiday given by law, whole or from 13:00."""
    LEAVE = "leave"
    """Administrative leave: never moves a legal last day, does move reminders."""
    CLOSURE = "closure"
    """An order made after publication that shuts offices, nationwide or in some places."""
    SUSPENSION = "suspension"
    """Legal clocks stand still in a place."""

    @property
    def meaning(self) -> Text:
        """The layer's name as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    Layer.WEEKEND: text("weekend"),
    Layer.STATUTORY: text("statutory holiday"),
    Layer.LEAVE: text("administrative leave"),
    Layer.CLOSURE: text("closure by order"),
    Layer.SUSPENSION: text("legal periods suspended"),
}
_OFFICE_LAYERS = frozenset({Layer.STATUTORY, Layer.LEAVE, Layer.CLOSURE})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked for: the nation, a province (plate code), a district of it (district code), a unit.

    A unit is named by its registry number; an activity narrows the question to the days of that row of the calendar.
    """

    province: str | None = None
    district: str | None = None
    unit: str | None = None
    activity: str | None = None

    def includes(self, other: "Place") -> bool:
        """Tell whether the other place lies within this one; what this one leaves open, it does not ask."""
        return all(own is None or own == asked for own, asked in zip(self.parts, other.parts, strict=True))

    def for_activity(self, activity: str | None) -> "Place":
        """Return the place, asked for one row of the calendar only."""
        return replace(self, activity=activity)

    @property
    def parts(self) -> tuple[str | None, ...]:
        """What it names, from the widest to the narrowest; None for what it leaves open."""
        return (self.province, self.district, self.unit, self.activity)


NATION = Place()


@dataclass(frozen=True, slots=True)
class DayFact:
    """One fact about one day: its layer, hours (none: the whole day), place (none: everywhere) and source.

    ``unit`` and ``activity`` narrow it further, to one unit and to one row of the calendar.
    """

    day: date
    layer: Layer
    name: Bilingual
    starts: time | None = None
    ends: time | None = None
    province: str | None = None
    district: str | None = None
    source: str = ""
    estimated: bool = False
    unit: str | None = None
    activity: str | None = None

    @property
    def is_whole_day(self) -> bool:
        """Whether the fact takes the whole day."""
        return self.starts is None and self.ends is None

    @property
    def halves(self) -> frozenset[str]:
        """The halves of the working day it takes."""
        if self.is_whole_day:
            return frozenset({"morning", "afternoon"})
        return frozenset({"afternoon"}) if self.starts is not None else frozenset({"morning"})

    def holds_at(self, place: Place) -> bool:
        """Tell whether the fact is true at that place."""
        return not self.is_local or self.place.includes(place)

    @property
    def is_local(self) -> bool:
        """Whether it holds for some and not for others."""
        return any((self.province, self.district, self.unit, self.activity))

    @property
    def place(self) -> Place:
        """Where it holds."""
        return Place(self.province, self.district, self.unit, self.activity)


@dataclass(frozen=True, slots=True)
class DayTable:
    """Every day from first to last, both included; rebuilt from its facts it gives the same answers."""

    first: date
    last: date
    facts: tuple[DayFact, ...]
    _by_day: Mapping[date, tuple[DayFact, ...]] = field(init=False, repr=False, compare=False)
    local_places: frozenset[Place] = field(init=False, repr=False, compare=False)
    """The places for which some day is special, as its facts name them."""

    def __post_init__(self) -> None:
        by_day: dict[date, tuple[DayFact, ...]] = {}
        for fact in self.facts:
            self._require(fact.day)
            by_day[fact.day] = (*by_day.get(fact.day, ()), fact)
        object.__setattr__(self, "_by_day", by_day)
        object.__setattr__(self, "local_places", frozenset(fact.place for fact in self.facts if fact.is_local))

    def facts_on(self, day: date, place: Place = NATION) -> tuple[DayFact, ...]:
        """Return what holds on a day at a place, the weekend included."""
        self._require(day)
        weekend = () if is_weekday(day) else (DayFact(day, Layer.WEEKEND, WEEKEND_NAME),)
        return (*weekend, *(fact for fact in self._by_day.get(day, ()) if fact.holds_at(place)))

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is a weekday and no whole statutory holiday; a half day is a working day."""
        facts = self.facts_on(day)
        return is_weekday(day) and not any(fact.layer is Layer.STATUTORY and fact.is_whole_day for fact in facts)

    def is_full_working_day(self, day: date, place: Place = NATION) -> bool:
        """Tell whether both halves of a working day are worked at a place."""
        return is_weekday(day) and not self._halves_lost(day, place)

    def is_office_day(self, day: date, place: Place = NATION) -> bool:
        """Tell whether somebody is at work on a day, so that a reminder may go out; half a day is enough."""
        return is_weekday(day) and len(self._halves_lost(day, place)) < 2

    def is_running_day(self, day: date, place: Place = NATION) -> bool:
        """Tell whether a deadline runs on a day at a place: somebody is at work, and no suspension stops the clock."""
        return self.is_office_day(day, place) and not self.is_suspended(day, place)

    def is_suspended(self, day: date, place: Place = NATION) -> bool:
        """Tell whether legal clocks stand still on a day at a place."""
        return any(fact.layer is Layer.SUSPENSION for fact in self.facts_on(day, place))

    def with_facts(self, facts: Iterable[DayFact]) -> "DayTable":
        """Return the table with more facts in it; those of days it does not reach are left out."""
        known = (fact for fact in facts if self.first <= fact.day <= self.last)
        return DayTable(self.first, self.last, tuple(sorted((*self.facts, *known), key=lambda fact: fact.day)))

    def working_days(self, opens: date, closes: date) -> int:
        """Count the working days between two dates, both included."""
        return sum(self.is_working_day(day) for day in each_day(opens, closes))

    def net_working_days(self, opens: date, closes: date, place: Place = NATION) -> float:
        """Count the working days net of half days, leave and closures, in halves."""
        halves = sum(2 - len(self._halves_lost(day, place)) for day in each_day(opens, closes) if is_weekday(day))
        return halves / 2

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """Return the last working day before a day."""
        return self.add_working_days(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the count-th working day after a day (before it when negative); 0 is the day itself."""
        return walk(day, count, self.is_working_day)

    def add_office_days(self, day: date, count: int, place: Place = NATION) -> date:
        """Return the count-th office day after a day (before it when negative); 0 is the day itself."""
        return walk(day, count, lambda other: self.is_office_day(other, place))

    def add_running_days(self, day: date, count: int, place: Place = NATION) -> date:
        """Return the count-th day a deadline runs on after a day (before it when negative); 0 is the day itself."""
        return walk(day, count, lambda other: self.is_running_day(other, place))

    def last_full_working_day(self, on_or_before: date, place: Place = NATION) -> date:
        """Return the last day worked in full on or before a day."""
        return walk(on_or_before + ONE_DAY, -1, lambda day: self.is_full_working_day(day, place))

    def first_full_working_day(self, on_or_after: date, place: Place = NATION) -> date:
        """Return the first day worked in full on or after a day."""
        return walk(on_or_after - ONE_DAY, 1, lambda day: self.is_full_working_day(day, place))

    def days_of_holiday(self, fact: DayFact) -> tuple[date, ...]:
        """Return the whole days of the holiday a fact belongs to, in order (the four days of Kurban Bayramı)."""
        first = last = fact.day
        while self._has_whole_day(first - ONE_DAY, fact):
            first -= ONE_DAY
        while self._has_whole_day(last + ONE_DAY, fact):
            last += ONE_DAY
        return tuple(each_day(first, last))

    def nth_day_of_holiday(self, fact: DayFact) -> int:
        """Return which day of its holiday a fact is, from 1."""
        return self.days_of_holiday(fact).index(fact.day) + 1

    def _has_whole_day(self, day: date, fact: DayFact) -> bool:
        others = self._by_day.get(day, ())
        return any(other.name == fact.name and other.layer is fact.layer and other.is_whole_day for other in others)

    def _halves_lost(self, day: date, place: Place) -> frozenset[str]:
        facts = (fact for fact in self.facts_on(day, place) if fact.layer in _OFFICE_LAYERS)
        return frozenset[str]().union(*(fact.halves for fact in facts))

    def _require(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise DayOutsideTable(day=day, first=self.first, last=self.last)


def is_weekday(day: date) -> bool:
    """Tell whether a day is Monday to Friday."""
    return day.weekday() <= FRIDAY


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield every day from first to last, both included; none when last precedes first."""
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def walk(day: date, count: int, counts: Callable[[date], bool]) -> date:
    """Step from a day until count days that count have been met, backwards when count is negative."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not counts(day):
            day += step
    return day
