"""The observatory's rules: how long a document has waited, what holds up most, and what comes before what.

Waiting is counted in calendar days: whole local dates from the day the wait began to the day asked about. The classes
are those of weeks, and a date anybody can check needs no table of holidays.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sekaps.calendar.instants import local_day
from sekaps.domain.gaps import Cause
from sekaps.texts import Text, text, turkish_key

HORIZON_DAYS = 14
"""How far ahead posts and deputies that are about to end are looked for, in calendar days."""


@dataclass(frozen=True, slots=True)
class AgeClass:
    """Waits of so many calendar days; without a last one there is no end."""

    first: int
    last: int | None

    @property
    def name(self) -> Text:
        """The class as people read it."""
        if self.last is None:
            return text("over {days} calendar days", days=self.first - 1)
        return text("{first}–{last} calendar days", first=self.first, last=self.last)

    def holds(self, days: int) -> bool:
        """Tell whether a wait so long belongs here."""
        return self.first <= days and (self.last is None or days <= self.last)


AGE_CLASSES = (AgeClass(0, 3), AgeClass(4, 7), AgeClass(8, 14), AgeClass(15, 30), AgeClass(31, None))


class Side(StrEnum):
    """What gaps are counted by."""

    CAUSE = "cause"
    """Why they wait."""
    PERSON = "person"
    """By whose pen they wait."""
    MINISTRY = "ministry"
    """The ministry of the unit that owes the document."""
    PROVINCE = "province"
    """The province of that unit."""
    MODULE = "module"
    """The planning module of the item a need or resource is of."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the observatory names and selects it."""

    id: int
    number: int
    name: str
    ministry_id: int | None = None
    province_code: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can be told: the person's id and lasting manager code, and the name."""

    id: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Pile:
    """Open documents that are alike: unit, step, chain, slot, module and cause, and the instant they wait since.

    ``person`` holds the pen; ``closer`` can close the gap: that person, or who can fill the vacant post, or nobody.
    """

    cause: Cause
    activity: str
    step: str
    owner: Place
    ministry: str | None
    province: str | None
    module: str | None
    chain_id: int
    slot: int
    post_id: int
    post: str
    waits_at: Place
    person: Holder | None
    closer: Holder | None
    since: datetime
    documents: int
    example: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits and for how long: since when the oldest, the median and longest wait, and all waits together."""

    documents: int
    oldest: date
    median_days: int
    longest_days: int
    total_days: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a breakdown: its name (None where there is none), the waiting, and how much of it by cause."""

    name: str | None
    waiting: Waiting
    by_cause: Mapping[Cause, int]


@dataclass(frozen=True, slots=True)
class Crossing:
    """The gaps of one cause, ministry, province and module."""

    cause: Cause
    ministry: str | None
    province: str | None
    module: str | None
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Pen:
    """A person whose signature documents wait for: where, from which posts, and how long."""

    person: Holder
    units: tuple[str, ...]
    posts: tuple[str, ...]
    waiting: Waiting
    by_cause: Mapping[Cause, int]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A vacant post that documents wait for now, and who can fill it."""

    unit: Place
    post: str
    closer: Holder | None
    waiting: Waiting


class Hold(StrEnum):
    """How somebody holds a post that is about to end."""

    OWN = "own"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True)
class Ending:
    """A mandate about to end that nobody follows: the documents that wait for its post, now and at a later slot.

    Where a deputy's ends, the post falls back to ``back_to``, or to nobody.
    """

    hold: Hold
    unit: Place
    post: str
    person: Holder
    until: datetime
    back_to: str | None
    waiting_now: int
    coming: int


class Block(StrEnum):
    """Why a chain cannot be finished by those who hold its posts now."""

    VACANT = "vacant"
    """A post still to sign has neither a holder nor a deputy."""
    SIGNED = "signed"
    """Whoever holds a post still to sign has already signed another slot of the document."""
    SHARED = "shared"
    """The slots still to sign have fewer different people than signatures; no one fills two slots of one chain."""

    @property
    def meaning(self) -> Text:
        """The reason as people read it."""
        return _BLOCKS[self]


_BLOCKS = {
    Block.VACANT: text("the post is vacant and has no deputy"),
    Block.SIGNED: text("whoever holds the post has already signed another slot"),
    Block.SHARED: text("the slots left have fewer different people than signatures"),
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """Documents nobody can finish as things are: whose, at which slot and post, why, since when, and one of them."""

    block: Block
    unit: Place
    slot: int
    post: str
    post_at: str
    documents: int
    since: datetime
    example: str


@dataclass(frozen=True, slots=True)
class Observatory:
    """Everything the observatory shows of an edition as of one day; a selection of it where one was asked for."""

    programme: str
    year: int
    synthetic: bool
    day: date
    horizon_days: int
    piles: tuple[Pile, ...]
    endings: tuple[Ending, ...]
    stuck: tuple[Stuck, ...]

    @property
    def documents(self) -> int:
        """How many documents wait."""
        return sum(pile.documents for pile in self.piles)

    @property
    def unheard(self) -> int:
        """How many of them wait for nobody who can be told."""
        return sum(pile.documents for pile in self.piles if pile.closer is None)


def days_waited(since: datetime, day: date) -> int:
    """Return for how many calendar days something has waited on a day."""
    return max((day - local_day(since)).days, 0)


def age_class(days: int) -> AgeClass:
    """Return the class a wait of so many days belongs to."""
    return next(each for each in AGE_CLASSES if each.holds(days))


def waiting_of(piles: Sequence[Pile], day: date) -> Waiting:
    """Return how much waits in some piles and for how long; the median is the lower of two middle waits."""
    ages: Counter[int] = Counter()
    for pile in piles:
        ages[days_waited(pile.since, day)] += pile.documents
    documents, oldest = ages.total(), min(local_day(pile.since) for pile in piles)
    total = sum(days * count for days, count in ages.items())
    return Waiting(documents, oldest, _median(ages, documents), max(ages), total)


def _median(ages: Mapping[int, int], documents: int) -> int:
    middle, passed = (documents + 1) // 2, 0
    ordered = iter(sorted(ages))
    days = 0
    while passed < middle:
        days = next(ordered)
        passed += ages[days]
    return days


def count_ages(piles: Iterable[Pile], day: date) -> dict[Cause, dict[AgeClass, int]]:
    """Return how many documents of each cause there are in each class of waiting; every cause and class is there."""
    counts = {cause: dict.fromkeys(AGE_CLASSES, 0) for cause in Cause}
    for pile in piles:
        counts[pile.cause][age_class(days_waited(pile.since, day))] += pile.documents
    return counts


def count_causes(piles: Iterable[Pile]) -> dict[Cause, int]:
    """Return how many documents there are of each cause; every cause is there."""
    counts = dict.fromkeys(Cause, 0)
    for pile in piles:
        counts[pile.cause] += pile.documents
    return counts


NAMES: Mapping[Side, Callable[[Pile], str | None]] = {
    Side.CAUSE: lambda pile: pile.cause.value,
    Side.PERSON: lambda pile: f"{pile.person.name} ({pile.person.number})" if pile.person else None,
    Side.MINISTRY: lambda pile: pile.ministry,
    Side.PROVINCE: lambda pile: pile.province,
    Side.MODULE: lambda pile: pile.module,
}
"""What a pile is called on each side."""


def breakdown(piles: Iterable[Pile], side: Side, day: date) -> list[Line]:
    """Return the gaps by one side, the largest first, equal ones in Turkish order of their names."""
    name = NAMES[side]
    groups: dict[str | None, list[Pile]] = defaultdict(list)
    for pile in piles:
        groups[name(pile)].append(pile)
    lines = [Line(key, waiting_of(alike, day), count_causes(alike)) for key, alike in groups.items()]
    return sorted(lines, key=lambda line: (-line.waiting.documents, turkish_key(line.name or "")))


def crossings(piles: Iterable[Pile], day: date) -> list[Crossing]:
    """Return the gaps by cause, ministry, province and module together, in Turkish order of those names."""
    groups: dict[tuple[Cause, str | None, str | None, str | None], list[Pile]] = defaultdict(list)
    for pile in piles:
        groups[pile.cause, pile.ministry, pile.province, pile.module].append(pile)
    found = [Crossing(*key, waiting_of(alike, day)) for key, alike in groups.items()]
    return sorted(found, key=_crossing_order)


def _crossing_order(one: Crossing) -> tuple[int, list[str]]:
    names = (one.ministry, one.province, one.module)
    return list(Cause).index(one.cause), [turkish_key(name or "") for name in names]


def pens(piles: Iterable[Pile], day: date) -> list[Pen]:
    """Return the people documents wait for, who holds up most first.

    That is measured by all days waited together: forty documents for one day weigh as much as one for forty days.
    Equal ones: who has more documents, then in Turkish order of their names.
    """
    groups: dict[Holder, list[Pile]] = defaultdict(list)
    for pile in piles:
        if pile.person is not None:
            groups[pile.person].append(pile)
    return sorted((_pen(person, alike, day) for person, alike in groups.items()), key=_pen_order)


def _pen(person: Holder, piles: Sequence[Pile], day: date) -> Pen:
    units = sorted({pile.waits_at.name for pile in piles}, key=turkish_key)
    posts = sorted({pile.post for pile in piles}, key=turkish_key)
    return Pen(person, tuple(units), tuple(posts), waiting_of(piles, day), count_causes(piles))


def _pen_order(pen: Pen) -> tuple[int, int, str, int]:
    return -pen.waiting.total_days, -pen.waiting.documents, turkish_key(pen.person.name), pen.person.number


def vacancies(piles: Iterable[Pile], day: date) -> list[Vacancy]:
    """Return the vacant posts documents wait for now, those that hold up most first."""
    groups: dict[int, list[Pile]] = defaultdict(list)
    for pile in piles:
        if pile.person is None:
            groups[pile.post_id].append(pile)
    found = [
        Vacancy(alike[0].waits_at, alike[0].post, alike[0].closer, waiting_of(alike, day)) for alike in groups.values()
    ]
    return sorted(found, key=lambda one: (-one.waiting.total_days, one.unit.number, one.post))


def endings_in_order(endings: Iterable[Ending]) -> list[Ending]:
    """Return what is about to end: what documents wait for first, then the nearest end."""
    return sorted(endings, key=lambda one: (one.waiting_now + one.coming == 0, one.until, one.unit.number, one.post))


def stuck_in_order(stuck: Iterable[Stuck]) -> list[Stuck]:
    """Return chains nobody can finish: most documents first, then the oldest."""
    return sorted(stuck, key=lambda one: (-one.documents, one.since, one.example))
