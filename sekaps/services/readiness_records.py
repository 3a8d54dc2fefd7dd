"""Recording what makes units ready, by those who see to it: many at once, set by set, each once; and taking it back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.calendar.readiness import Requirement
from sekaps.domain.bodies import Body, plays
from sekaps.domain.trail import Entry
from sekaps.errors.readiness import ReadinessRefused
from sekaps.models.readiness import ReadinessItem
from sekaps.models.registry import Person
from sekaps.services import trail
from sekaps.services.bodies import bodies_of, seats_of
from sekaps.services.editions import EditionView
from sekaps.services.readiness import require_readiness
from sekaps.services.registry import queue_to_change, require_person
from sekaps.services.writing import chunked, insert_new
from sekaps.texts import Text, text

NAMED_IN_TRAIL = 200
"""An act names up to so many items one by one; of more it tells how many."""
LONGEST_NOTE = 2000
Key = tuple[int, str, int | None]
"""What an item is known by: its unit's id, its code, and the edition where it is for one only."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something true of a unit: the requirement's code, its days and a note; ``row`` is its place in a file."""

    unit: int
    code: str
    since: date
    until: date | None = None
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many items were recorded, and how many stood already."""

    recorded: int
    unchanged: int


def record(session: Session, edition: EditionView, evidence: Evidence, by: int, as_of: datetime) -> bool:
    """Record one item and return whether anything changed; raise ReadinessRefused."""
    desk = Desk(session, edition, by, [evidence.unit], as_of)
    if problem := desk.problem(evidence):
        raise ReadinessRefused(problem=problem)
    return record_all(session, desk, [evidence]).recorded > 0


def record_all(session: Session, desk: "Desk", evidence: Sequence[Evidence], *, source: str = "") -> Recorded:
    """Record items that have no problem: what stands already is left, what stands with other days is replaced."""
    queue_to_change(session, ReadinessItem)
    standing = _standing(session, desk, evidence)
    new = {desk.key(each): each for each in evidence if not _stands(standing.get(desk.key(each)), each)}
    _end(session, [standing[key].id for key in new if key in standing], desk)
    insert_new(session, ReadinessItem, [desk.row(each) for each in new.values()])
    if new:
        _note(session, desk, "record_readiness", new.values(), {"source": source} if source else {})
    return Recorded(len(new), len(evidence) - len(new))


def withdraw(
    session: Session, edition: EditionView, unit: int, code: str, by: int, reason: str, as_of: datetime
) -> bool:
    """Take an item back, as whoever may record it; return whether it stood."""
    desk = Desk(session, edition, by, [unit], as_of)
    evidence = Evidence(unit, code, local_day(as_of))
    if problem := desk.problem(evidence):
        raise ReadinessRefused(problem=problem)
    queue_to_change(session, ReadinessItem)
    found = _standing(session, desk, [evidence])
    if not found:
        return False
    _end(session, [item.id for item in found.values()], desk)
    _note(session, desk, "withdraw_readiness", [evidence], {"reason": reason})
    return True


class Desk:
    """Where one person records items of some units at an instant: who they are, and which units the person acts for."""

    def __init__(self, session: Session, edition: EditionView, by: int, units: Iterable[int], as_of: datetime) -> None:
        self.edition, self.as_of, self.readiness = edition, as_of, require_readiness(edition)
        self.person: Person = require_person(session, by)
        self.units: Mapping[int, Body] = bodies_of(session, units, as_of)
        self.seats = seats_of(session, self.person.id, as_of)

    def problem(self, evidence: Evidence) -> Text | None:
        """Return why an item is not recorded, or None."""
        unit, requirement = self.units.get(evidence.unit), self.readiness.requirement(evidence.code)
        if unit is None:
            return text("no active unit has the registry number {number}", number=evidence.unit)
        if requirement is None:
            known = [each.code for each in self.readiness.requirements]
            return text(
                "nothing of that code is asked: '{code}'; give one of: {known}", code=evidence.code, known=known
            )
        return next(self._problems(evidence, unit, requirement), None)

    def _problems(self, evidence: Evidence, unit: Body, requirement: Requirement) -> Iterator[Text]:
        kinds = set(self.readiness.asked_of) & set(requirement.only_for.kinds or self.readiness.asked_of)
        if unit.kind not in kinds:
            yield text(
                "{requirement} is not asked of unit {number}", requirement=requirement.name, number=evidence.unit
            )
        actor = self.edition.programme.actors[requirement.done_by]
        if not any(plays(seat, actor, unit) for seat in self.seats):
            yield text(
                "only somebody with a post in {actor} of unit {number} records: {requirement}",
                actor=actor.name,
                number=evidence.unit,
                requirement=requirement.name,
            )
        if evidence.since > local_day(self.as_of):
            yield text("{day} has not come; what is true on that day is recorded then", day=evidence.since)
        if evidence.until is not None and evidence.until < evidence.since:
            yield text("it ends on {until}, before it begins on {since}", until=evidence.until, since=evidence.since)
        if len(evidence.note) > LONGEST_NOTE:
            yield text("the note is longer than {limit} characters", limit=LONGEST_NOTE)

    def key(self, evidence: Evidence) -> Key:
        """Return what an item is known by."""
        requirement = self.readiness.requirement(evidence.code)
        yearly = requirement is not None and requirement.yearly
        return self.units[evidence.unit].id, evidence.code, self.edition.id if yearly else None

    def row(self, evidence: Evidence) -> dict[str, Any]:
        """Return the item as it is stored."""
        unit_id, code, edition_id = self.key(evidence)
        return {
            "unit_id": unit_id,
            "code": code,
            "edition_id": edition_id,
            "since": evidence.since,
            "until": evidence.until,
            "recorded_by_id": self.person.id,
            "recorded_at": self.as_of,
            "note": evidence.note,
        }


def _standing(session: Session, desk: Desk, evidence: Iterable[Evidence]) -> dict[Key, ReadinessItem]:
    """Return those of the items that stand already."""
    wanted = {desk.key(each) for each in evidence}
    mine = or_(ReadinessItem.edition_id.is_(None), ReadinessItem.edition_id == desk.edition.id)
    found: dict[Key, ReadinessItem] = {}
    for part in chunked(sorted({unit_id for unit_id, *_rest in wanted})):
        query = select(ReadinessItem).where(ReadinessItem.unit_id.in_(part), ReadinessItem.ended_at.is_(None), mine)
        for item in session.scalars(query):
            found[item.unit_id, item.code, item.edition_id] = item
    return {key: item for key, item in found.items() if key in wanted}


def _stands(item: ReadinessItem | None, evidence: Evidence) -> bool:
    """Tell whether an item already says what is to be recorded."""
    return item is not None and item.since <= evidence.since and item.until == evidence.until


def _end(session: Session, item_ids: Sequence[int], desk: Desk) -> None:
    for part in chunked(item_ids):
        ending = {"ended_at": desk.as_of, "ended_by_id": desk.person.id}
        session.execute(update(ReadinessItem).where(ReadinessItem.id.in_(part)).values(ending))


def _note(session: Session, desk: Desk, verb: str, evidence: Iterable[Evidence], facts: Mapping[str, object]) -> None:
    items = [[each.unit, each.code, each.since.isoformat(), each.until and each.until.isoformat()] for each in evidence]
    named = {"items": items} if len(items) <= NAMED_IN_TRAIL else {"count": len(items)}
    entry = Entry(
        at=desk.as_of,
        verb=verb,
        authority="person",
        edition_id=desk.edition.id,
        revision=desk.edition.revision,
        facts={**named, "by": desk.person.number, **facts},
    )
    trail.append(session, entry)
