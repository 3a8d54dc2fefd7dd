"""Who has to act: open documents with the holder of the post they wait for, and the heads above a unit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, ScalarSelect, Select, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from sekaps.domain.reminders import OpenWork
from sekaps.domain.signatures import DocumentState
from sekaps.models.documents import COMPLETE, ChainSlot, Document, Signature
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.registry import active
from sekaps.services.waiting import in_force
from sekaps.services.writing import chunked

FIRST_IN_OFFICE = (case((Mandate.kind == "deputy", 0), else_=1), Mandate.from_at.desc(), Mandate.id.desc())
"""The order in which mandates of one post count: a deputy's, then the latest."""
HEAD = "head"
"""Kind of the post that leads a unit."""
OPEN_STATES = ("expected", "recorded", "returned")
SIDE_BY_SIDE = select(ChainSlot.chain_id).where(ChainSlot.stage < ChainSlot.slot)
"""The chains of which a stage has more than one slot."""


def open_documents(
    session: Session, edition_id: int, as_of: datetime, *, activity: str | None = None
) -> list[OpenWork]:
    """Return the open documents by step, unit and the person they wait for, as they stood at that instant.

    Where the post is vacant the head of its unit is named, else the head of the parent unit, else nobody. What began
    to wait after the instant is left out, so repeating an earlier day finds nothing that was not there.
    """
    waiting = _waiting(edition_id, as_of, activity).subquery()
    found = list(session.execute(_told(waiting, func.sum(waiting.c.documents), as_of)))
    if session.scalar(select(SIDE_BY_SIDE.exists())):
        waiting = _waiting_side_by_side(edition_id, as_of, activity).subquery()
        found += session.execute(_told(waiting, func.count(waiting.c.document_id.distinct()), as_of))
    return [_work(row) for row in found]


def _told(waiting: Subquery, documents: ColumnElement[int], as_of: datetime) -> Select[Any]:
    held = holders(as_of)
    own, head, above = aliased(held), aliased(held), aliased(held)
    unit_head, parent_head = aliased(Post), aliased(Post)
    told = func.coalesce(own.c.person_id, head.c.person_id, above.c.person_id)
    return (
        select(
            waiting.c.activity,
            waiting.c.step,
            waiting.c.unit_id,
            told.label("person_id"),
            documents.label("documents"),
            func.min(waiting.c.waiting_since).label("waiting_since"),
        )
        .join(Post, Post.id == waiting.c.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(own, own.c.post_id == waiting.c.post_id)
        .outerjoin(unit_head, (unit_head.unit_id == Unit.id) & (unit_head.kind == HEAD))
        .outerjoin(head, head.c.post_id == unit_head.id)
        .outerjoin(parent_head, (parent_head.unit_id == Unit.parent_id) & (parent_head.kind == HEAD))
        .outerjoin(above, above.c.post_id == parent_head.id)
        .group_by(waiting.c.activity, waiting.c.step, waiting.c.unit_id, told)
    )


def holders(as_of: datetime) -> CTE:
    """Return who fills each post of an active unit at an instant: a deputy before the person deputised for."""
    ranked = (
        select(
            Mandate.post_id,
            Mandate.person_id,
            func.row_number().over(partition_by=Mandate.post_id, order_by=FIRST_IN_OFFICE).label("place"),
        )
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(in_force(as_of), active(as_of))
        .subquery()
    )
    return select(ranked.c.post_id, ranked.c.person_id).where(ranked.c.place == 1).cte("holders")


def holder_of(post_id: InstrumentedAttribute[int], as_of: datetime) -> ScalarSelect[int]:
    """Return who fills one post at an instant, looked up by the post's index: for a few posts among very many."""
    held = select(Mandate.person_id).where(Mandate.post_id == post_id, in_force(as_of))
    return held.order_by(*FIRST_IN_OFFICE).limit(1).correlate(post_id.class_).scalar_subquery()


def superiors(session: Session, unit_ids: Iterable[int], as_of: datetime) -> dict[int, int]:
    """Return the person who heads the parent of each unit; units without one are left out."""
    held = holders(as_of)
    found = (
        select(Unit.id, held.c.person_id)
        .join(Post, (Post.unit_id == Unit.parent_id) & (Post.kind == HEAD))
        .join(held, held.c.post_id == Post.id)
    )
    return {
        row.id: row.person_id
        for ids in chunked(sorted(set(unit_ids)))
        for row in session.execute(found.where(Unit.id.in_(ids)))
    }


def _waiting(edition_id: int, as_of: datetime, activity: str | None) -> Select[Any]:
    """Return how many documents wait for each post, by step and unit, in chains signed one after another."""
    by = (Document.activity, Document.step, Document.unit_id, ChainSlot.post_id)
    return (
        select(*by, func.count().label("documents"), func.min(Document.waiting_since).label("waiting_since"))
        .join(ChainSlot, (ChainSlot.chain_id == Document.chain_id) & (ChainSlot.slot == Document.next_slot))
        .where(_is_open(edition_id, as_of, activity), Document.chain_id.not_in(SIDE_BY_SIDE))
        .group_by(*by)
    )


def _waiting_side_by_side(edition_id: int, as_of: datetime, activity: str | None) -> Select[Any]:
    """Return each document of the other chains with each post of its stage that has not signed.

    A stage's slots stand together and a document waits for the first one without a signature, so that the stage's
    others have later places; one sent back waits for that slot alone.
    """
    has_signed = exists().where(
        Signature.document_id == Document.id, Signature.round == Document.round, Signature.slot == ChainSlot.slot
    )
    of_the_stage = and_(
        ChainSlot.chain_id == Document.chain_id,
        ChainSlot.slot >= Document.next_slot,
        ChainSlot.stage <= Document.next_slot,
    )
    columns = (Document.activity, Document.step, Document.unit_id, Document.id.label("document_id"))
    return (
        select(*columns, ChainSlot.post_id, Document.waiting_since)
        .join(ChainSlot, of_the_stage)
        .where(_is_open(edition_id, as_of, activity), Document.chain_id.in_(SIDE_BY_SIDE))
        .where(or_(ChainSlot.slot == Document.next_slot, and_(Document.state != DocumentState.RETURNED, ~has_signed)))
    )


def _is_open(edition_id: int, as_of: datetime, activity: str | None) -> ColumnElement[bool]:
    is_open = and_(
        Document.edition_id == edition_id,
        Document.next_slot > COMPLETE,
        Document.state.in_(OPEN_STATES),
        Document.waiting_since <= as_of,
    )
    return is_open if activity is None else and_(is_open, Document.activity == activity)


def _work(row: Row[Any]) -> OpenWork:
    return OpenWork(row.activity, row.step, row.unit_id, row.person_id, int(row.documents), row.waiting_since)
