"""The allocation lines of an edition, listed for people and programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.allocation import Stage
from sekaps.models.allocation import Allocation, Decision, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query


@dataclass(frozen=True, slots=True)
class ListedLine:
    """An allocation line by its number, with the forms it joins, who decides it and where it stands."""

    line: int
    stage: str
    state: str
    need: str
    resource: str
    item: str
    quantity: int
    body: int
    body_name: str
    decision: str | None
    reason: str | None
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are asked for; nothing said means all."""

    stage: Stage | None = None
    state: str | None = None
    body: int | None = None


def listed_lines(session: Session, edition: EditionView, wanted: LineFilter) -> Iterator[ListedLine]:
    """Yield the lines asked for, in the order they were proposed."""
    query = _query(edition.id)
    if wanted.stage is not None:
        query = query.where(Allocation.stage == wanted.stage)
    if wanted.state is not None:
        query = query.where(Allocation.state == wanted.state)
    if wanted.body is not None:
        query = query.where(Unit.number == wanted.body)
    for row in session.execute(query):
        decision = None if row.year is None else f"{row.year}/{row.sequence}"
        yield ListedLine(
            line=row.line,
            stage=row.stage,
            state=row.state,
            need=row.need,
            resource=row.resource,
            item=row.item_code,
            quantity=row.quantity,
            body=row.body,
            body_name=row.body_name,
            decision=decision,
            reason=row.reason,
            proposed_at=row.proposed_at,
        )


def _query(edition_id: int) -> Query:
    need, resource = aliased(Document), aliased(Document)
    return (
        select(Allocation.id.label("line"), Allocation.stage, Allocation.state, Allocation.quantity)
        .add_columns(need.number.label("need"), resource.number.label("resource"), Resource.item_code)
        .add_columns(Unit.number.label("body"), Unit.name.label("body_name"), Decision.year, Decision.sequence)
        .add_columns(Allocation.reason, Allocation.proposed_at)
        .join(need, need.id == Allocation.need_id)
        .join(resource, resource.id == Allocation.resource_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(Unit, Unit.id == Allocation.body_id)
        .outerjoin(Decision, Decision.id == Allocation.decision_id)
        .where(Allocation.edition_id == edition_id)
        .order_by(Allocation.id)
    )
