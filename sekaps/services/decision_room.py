"""What the changes of a decision must stay within: needs' remainders, resources' free capacity, scope and place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.line_decisions import LineChange, Offered, ProposedLine, Room
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Item, ItemSubstitute, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.services.decision_bodies import Body
from sekaps.services.editions import EditionView
from sekaps.services.lines import Proposed
from sekaps.services.requests import DecideRequest
from sekaps.services.writing import Query, chunked
from sekaps.texts import Text, text

DECIDED = ("decided", "awaiting_approval", "approved")


def lock_resources(
    session: Session, edition: EditionView, requests: Iterable[DecideRequest], lines: Mapping[int, Sequence[Proposed]]
) -> None:
    """Lock what the requests change or free in one order, so that two bodies at one resource queue and never cross."""
    touched: set[int] = set()
    for request in requests:
        named = request.refused.keys() | request.changed.keys()
        touched |= {line.resource_id for line in lines.get(request.body_id, ()) if line.id in named}
        touched |= set(_ids_of(session, edition, _named(request.changed)))
    for part in chunked(sorted(touched)):
        query = select(Resource.document_id).where(Resource.document_id.in_(part)).order_by(Resource.document_id)
        session.execute(query.with_for_update(of=Resource)).all()


def _named(changed: Mapping[int, LineChange]) -> list[str]:
    return sorted({change.resource for change in changed.values() if change.resource is not None})


def _ids_of(session: Session, edition: EditionView, numbers: Sequence[str]) -> Iterable[int]:
    for part in chunked(numbers):
        query = select(Document.id).where(Document.edition_id == edition.id, Document.number.in_(part))
        yield from session.scalars(query)


def room_for(
    session: Session,
    edition: EditionView,
    stage: Stage,
    body: Body,
    lines: Sequence[ProposedLine],
    changed: Mapping[int, LineChange],
) -> Room:
    """Return what the changes of a body's lines must stay within; the resources are locked."""
    touched = [line for line in lines if line.id in changed]
    if not touched:
        return Room({})
    needs = sorted({line.need_id for line in touched})
    held = [line.resource_id for line in touched]
    return Room(
        unmet=_unmet(session, stage, needs),
        items=_items(session, needs),
        offered=_offered(session, edition, stage, body, held, _named(changed)),
        served=_served(session, edition, stage, needs),
    )


def _unmet(session: Session, stage: Stage, needs: Sequence[int]) -> dict[int, int]:
    """Return what each need lacks at a stage: never more than what no line of any other stage has promised it."""
    found: dict[int, int] = {}
    for part in chunked(needs):
        promised = (
            select(Allocation.need_id, func.sum(Allocation.quantity).label("quantity"))
            .where(Allocation.need_id.in_(part))
            .where(Allocation.state.in_(DECIDED) | (Allocation.state.in_(("proposed",)) & (Allocation.stage != stage)))
            .group_by(Allocation.need_id)
            .subquery()
        )
        query = (
            select(StageBalance.need_id, StageBalance.unmet, Need.quantity - func.coalesce(promised.c.quantity, 0))
            .join(Need, Need.document_id == StageBalance.need_id)
            .outerjoin(promised, promised.c.need_id == StageBalance.need_id)
            .where(StageBalance.need_id.in_(part), StageBalance.stage == stage)
        )
        found |= {need_id: min(unmet, int(left)) for need_id, unmet, left in session.execute(query)}
    return found


def _items(session: Session, needs: Sequence[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for part in chunked(needs):
        query = select(Need.document_id, Need.item_code, ItemSubstitute.served_by_code).outerjoin(
            ItemSubstitute, ItemSubstitute.item_code == Need.item_code
        )
        for need_id, item, other in session.execute(query.where(Need.document_id.in_(part))):
            found[need_id] |= {item, other} - {None}
    return {need_id: frozenset(items) for need_id, items in found.items()}


def _offered(
    session: Session, edition: EditionView, stage: Stage, body: Body, held: Sequence[int], named: Sequence[str]
) -> dict[str, Offered]:
    query = _offer_query().where(Document.edition_id == edition.id)
    rows = [row for part in chunked(held) for row in session.execute(query.where(Document.id.in_(part)))]
    rows += [row for part in chunked(named) for row in session.execute(query.where(Document.number.in_(part)))]
    return {
        row.number: Offered(
            row.id, row.number, row.item_code, row.capacity - row.allocated, _unfit(edition, stage, body, row)
        )
        for row in rows
    }


def _offer_query() -> Query:
    return (
        select(Document.id, Document.number, Document.state, Resource.item_code, Resource.capacity, Resource.allocated)
        .add_columns(
            Resource.scope,
            Resource.recorded_scope,
            Resource.province_code,
            Resource.district_code,
            Resource.local_decision_id,
        )
        .add_columns(Item.sector)
        .join(Resource, Resource.document_id == Document.id)
        .join(Item, Item.code == Resource.item_code)
    )


def _unfit(edition: EditionView, stage: Stage, body: Body, row: Any) -> Text | None:
    """Return why a body cannot allocate a resource at a stage, or None."""
    if row.state != DocumentState.COMPLETE:
        return text("the resource {number} is not signed", number=row.number)
    rule = RULES[stage]
    by_decision = row.sector in edition.allocation_rules.local_by_decision
    if row.scope != rule.scope or (rule.scope == "local" and by_decision and row.local_decision_id is None):
        return text("the resource {number} is not in the planning of this stage", number=row.number)
    if stage is Stage.CENTRAL and row.recorded_scope != rule.scope:  # what moved serves transferred needs only
        return text("the resource {number} is not in the planning of this stage", number=row.number)
    places = {"district": (row.district_code, body.standing.district), "province": (row.province_code,
              body.standing.province)}  # fmt: skip
    there, here = places.get(rule.area, (None, None))
    return text("the resource {number} is outside this body's place", number=row.number) if there != here else None


def _served(session: Session, edition: EditionView, stage: Stage, needs: Sequence[int]) -> frozenset[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for part in chunked(needs):
        query = select(Allocation.need_id, Allocation.resource_id).where(
            Allocation.edition_id == edition.id, Allocation.stage == stage, Allocation.state.in_(DECIDED)
        )
        pairs |= {(need, resource) for need, resource in session.execute(query.where(Allocation.need_id.in_(part)))}
    return frozenset(pairs)
