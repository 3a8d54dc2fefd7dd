"""What lies before people at a moment of the year: open proposals, approvals, protocols and notices, by natural key."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
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


def open_protocols(session: Session, edition_id: int) -> list[Matter]:
    """Return the detail protocols not recorded yet, by need owner."""
    query = _lines(Protocol.id, Protocol.need_side_id, Protocol.prepared_at).join(
        Protocol, Protocol.allocation_id == Allocation.id
    )
    return list(_matters(session, query.where(Protocol.edition_id == edition_id, Protocol.state == "open")))


def prepared_notices(session: Session, edition_id: int) -> list[Matter]:
    """Return the notices not recorded yet, by the provincial office that records them."""
    query = _lines(Notice.id, Notice.recorded_by_id, Notice.prepared_at).join(
        Notice, Notice.allocation_id == Allocation.id
    )
    return list(_matters(session, query.where(Notice.edition_id == edition_id, Notice.state == "prepared")))


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
