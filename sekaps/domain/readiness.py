"""Whether an institution is ready to begin: what is still missing on a day, and how it is told who sees to it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sekaps.calendar.programmes import Actor
from sekaps.calendar.readiness import Readiness, Requirement
from sekaps.texts import Sayable, Text, text


@dataclass(frozen=True, slots=True)
class Fact:
    """What is recorded of an institution: a requirement's code, its days, and the edition where it is for one only."""

    code: str
    since: date
    until: date | None = None
    edition_id: int | None = None

    def holds(self, day: date, edition_id: int) -> bool:
        """Tell whether it is true on a day, for an edition."""
        ended = self.until is not None and self.until < day
        return self.since <= day and not ended and self.edition_id in (None, edition_id)


@dataclass(frozen=True, slots=True)
class Institution:
    """A unit as readiness sees it: its kind, the modules it states needs in, and what is recorded of it."""

    kind: str
    modules: frozenset[str] = frozenset()
    facts: tuple[Fact, ...] = ()
    awaits_training: bool = False
    """Whether it asked for training that was neither held nor refused yet."""


def missing(readiness: Readiness, institution: Institution, day: date, edition_id: int) -> tuple[Requirement, ...]:
    """Return what an institution still lacks on a day, in the programme's order."""
    if institution.kind not in readiness.asked_of:
        return ()
    held = {fact.code for fact in institution.facts if fact.holds(day, edition_id)}
    if institution.awaits_training:
        held |= {requirement.code for requirement in readiness.requirements if requirement.training == "asked"}
    return tuple(
        requirement
        for requirement in readiness.requirements
        if requirement.code not in held and is_asked(requirement, institution.kind, institution.modules)
    )


def is_asked(requirement: Requirement, kind: str, modules: frozenset[str]) -> bool:
    """Tell whether a requirement is asked of a unit of a kind that states needs in those modules."""
    only = requirement.only_for
    return (not only.kinds or kind in only.kinds) and (not only.modules or not modules.isdisjoint(only.modules))


def refusal_of_unready(
    name: str, number: int, missing: Sequence[Requirement], actors: Mapping[str, Actor], activity: Sayable
) -> Text:
    """Return why a unit that lacks something may not begin: what is missing, and who sees to each of it."""
    return text(
        "{unit} ({number}) is not ready for {activity}; missing: {missing}",
        unit=name,
        number=number,
        activity=activity,
        missing=list(told(missing, actors)),
    )


def told(missing: Sequence[Requirement], actors: Mapping[str, Actor]) -> Iterator[Text]:
    """Yield each requirement with the actor that sees to it."""
    for requirement in missing:
        yield text("{requirement} (by: {actor})", requirement=requirement.name, actor=actors[requirement.done_by].name)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units must be ready, how many are, and how many lack each requirement, the most frequent first."""

    asked: int
    ready: int
    lacking: Mapping[str, int]


def tally(lacks: Sequence[Sequence[Requirement]]) -> Tally:
    """Return the count of what each of some units lacks."""
    lacking = Counter(requirement.code for each in lacks for requirement in each)
    return Tally(len(lacks), sum(not each for each in lacks), dict(lacking.most_common()))


@dataclass(frozen=True, slots=True)
class ReadyYear:
    """How many units are ready, as a page tells it: what the others lack by its name, the most frequent first."""

    asked: int
    ready: int
    lacking: tuple[tuple[Sayable, int], ...]


def ready_year(readiness: Readiness, counted: Tally) -> ReadyYear:
    """Return a count with what is lacking by its name."""
    named = {requirement.code: requirement.name for requirement in readiness.requirements}
    return ReadyYear(
        counted.asked, counted.ready, tuple((named[code], count) for code, count in counted.lacking.items())
    )
