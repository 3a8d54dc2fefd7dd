"""What lies before people at a moment of the year: open proposals, approvals, protocols and notices, by natural key."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.demo.bodies import Bodies
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.services.prepared import Prepared
from sekaps.services.writing import chunked

NeedForm, ResourceForm = aliased(Document), aliased(Document)


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to act on: its row, the unit that acts, its natural key, and the local day it came up."""

    id: int
    unit_id: int
    name: str
    since: date


def proposed_since(session: Session, edition_id: int, stage: str) -> dict[int, date]:
    """Return the bodies before which undecided proposals of a stage lie, with the day the first of them came."""
    query = select(Allocation.body_id, func.min(Allocation.proposed_at)).where(_undecided(edition_id, stage))
    came = session.execute(query.group_by(Allocation.body_id).order_by(func.min(Allocation.id)))
    return {body_id: local_day(since) for body_id, since in came}


def open_proposals(session: Session, edition_id: int, stage: str, bodies: Collection[int]) -> dict[int, list[Matter]]:
    """Return the proposals of a stage nobody has decided yet, by the deciding bodies asked for."""
    found: dict[int, list[Matter]] = defaultdict(list)
    lines = _lines(Allocation.id, Allocation.body_id, Allocation.proposed_at).where(_undecided(edition_id, stage))
    for part in chunked(sorted(bodies)):
        for matter in _matters(session, lines.where(Allocation.body_id.in_(part)).order_by(Allocation.id)):
            found[matter.unit_id].append(matter)
    return found


def _undecided(edition_id: int, stage: str) -> ColumnElement[bool]:
    return and_(Allocation.edition_id == edition_id, Allocation.stage == stage, Allocation.state == "proposed")


def awaiting_approval(session: Session, edition_id: int) -> list[Matter]:
    """Return the allocations that wait for the ministry of defence, by the body that decided them."""
    query = _lines(Allocation.id, Allocation.body_id, Allocation.settled_at).where(
        Allocation.edition_id == edition_id, Allocation.state == "awaiting_approval"
    )
    return list(_matters(session, query.order_by(Allocation.id)))


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers that wait to be recorded in one step: how they are listed, and how they are read as matters."""

    step: str
    listed: Prepared
    matters: Select[Any]
    key: InstrumentedAttribute[int]


def _papers(step: str, model: type[Protocol | Notice], unit_id: InstrumentedAttribute[int], state: str) -> Papers:
    waiting = (model.edition_id == bindparam("edition_id"), model.state == state, model.allocation_id.is_not(None))
    matters = _lines(model.id, unit_id, model.prepared_at).join(model, model.allocation_id == Allocation.id)
    return Papers(step, Prepared(select(model.id, model.number).where(*waiting).order_by(model.id)), matters, model.id)


class Agenda:
    """On which day papers that wait are recorded: worked out once for each, when it is first seen.

    A year has hundreds of thousands of them, and each waits for weeks.
    """

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._days: dict[str, date | None] = {}

    def due(self, session: Session, edition_id: int, papers: Papers, day: date) -> list[Matter]:
        """Return the papers of a step that are recorded on a day."""
        waiting = {row.id: row.number for row in papers.listed.rows(session, edition_id=edition_id)}
        unseen = [key for key, number in waiting.items() if number not in self._days]
        for matter in self._read(session, papers, unseen):
            self._days[waiting[matter.id]] = self._bodies.day_for(
                papers.step, matter.unit_id, matter.name, matter.since
            )
        return list(self._read(session, papers, [key for key, number in waiting.items() if self._days[number] == day]))

    def _read(self, session: Session, papers: Papers, ids: Sequence[int]) -> Iterator[Matter]:
        for part in chunked(ids):
            yield from _matters(session, papers.matters.where(papers.key.in_(part)).order_by(papers.key))


def _lines(*columns: Any) -> Select[Any]:
    return (
        select(*columns, NeedForm.number, ResourceForm.number, Allocation.stage)
        .select_from(Allocation)
        .join(NeedForm, NeedForm.id == Allocation.need_id)
        .join(ResourceForm, ResourceForm.id == Allocation.resource_id)
    )


def _matters(session: Session, query: Select[Any]) -> Iterator[Matter]:
    for row_id, unit_id, came_up_at, need, resource, stage in session.execute(query):
        yield Matter(row_id, unit_id, f"{need}/{resource}/{stage}", local_day(came_up_at))


OPEN_PROTOCOLS = _papers("7.a", Protocol, Protocol.need_side_id, "open")
"""The detail protocols, recorded by whoever owns the need."""
PREPARED_NOTICES = _papers("7.c", Notice, Notice.recorded_by_id, "prepared")
"""The notices, recorded by the provincial office."""
