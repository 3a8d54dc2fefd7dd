"""The checklist of one unit: each requirement with who recorded it, when and until when, or that it is missing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.calendar.readiness import Requirement
from sekaps.models.readiness import ReadinessItem
from sekaps.models.registry import Person
from sekaps.services.editions import EditionView
from sekaps.services.readiness import in_force, missing_for, require_readiness
from sekaps.services.registry import require_unit
from sekaps.texts import Bilingual


class LineState(StrEnum):
    """Where a requirement stands for a unit."""

    DONE = "done"
    """It is met."""
    MISSING = "missing"
    """It is asked and not met."""
    NOT_ASKED = "not_asked"
    """The unit states no need that asks it."""

    @property
    def meaning(self) -> Bilingual:
        """The state as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    LineState.DONE: Bilingual("tamam", "done"),
    LineState.MISSING: Bilingual("eksik", "missing"),
    LineState.NOT_ASKED: Bilingual("aranmıyor", "not asked"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of a unit's checklist; without ``since`` nothing is recorded of it."""

    requirement: Requirement
    state: LineState
    since: date | None = None
    until: date | None = None
    recorded_by: str = ""
    recorded_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """A unit's checklist; empty where nothing is asked of units of its kind."""

    number: int
    name: str
    lines: tuple[Line, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return all(line.state is not LineState.MISSING for line in self.lines)


def checklist(session: Session, edition: EditionView, number: int, as_of: datetime) -> Checklist:
    """Return the checklist of a unit for an edition; raise UnitUnknown or ReadinessNotAsked."""
    readiness, unit = require_readiness(edition), require_unit(session, number)
    if unit.kind not in readiness.asked_of:
        return Checklist(number, unit.name, ())
    lacks = missing_for(session, edition, [number], as_of).get(number, ())
    items = _items(session, edition, unit.id, as_of)
    asked = [each for each in readiness.requirements if unit.kind in (each.only_for.kinds or [unit.kind])]
    lines = (_line(requirement, items.get(requirement.code), requirement in lacks, as_of) for requirement in asked)
    return Checklist(number, unit.name, tuple(lines))


def _items(
    session: Session, edition: EditionView, unit_id: int, as_of: datetime
) -> dict[str, tuple[ReadinessItem, str]]:
    mine = or_(ReadinessItem.edition_id.is_(None), ReadinessItem.edition_id == edition.id)
    query = (
        select(ReadinessItem, Person.name)
        .join(Person, Person.id == ReadinessItem.recorded_by_id)
        .where(ReadinessItem.unit_id == unit_id, in_force(as_of), mine)
    )
    return {item.code: (item, name) for item, name in session.execute(query)}


def _line(requirement: Requirement, found: tuple[ReadinessItem, str] | None, is_missing: bool, as_of: datetime) -> Line:
    if found is None:
        met = LineState.DONE if requirement.training else LineState.NOT_ASKED
        return Line(requirement, LineState.MISSING if is_missing else met)
    item, name = found
    holds = item.until is None or item.until >= local_day(as_of)
    state = LineState.MISSING if is_missing else LineState.DONE if holds else LineState.NOT_ASKED
    return Line(requirement, state, item.since, item.until, name, item.recorded_at, item.note)
