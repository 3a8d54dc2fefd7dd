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
    told = _with_person(_waiting(edition_id, as_of, activity).subquery(), as_of)
    found = list(session.execute(_told(told, func.sum(told.c.documents))))
    if session.scalar(select(SIDE_BY_SIDE.exists())):
        told = _with_person(_waiting_side_by_side(edition_id, as_of, activity).subquery(), as_of)
        found += session.execute(_told(told, func.count(told.c.document_id.distinct())))
    return [_work(row) for row in found]


def _told(told: Subquery, documents: ColumnElement[int]) -> Select[Any]:
    by = (told.c.activity, told.c.step, told.c.unit_id, told.c.person_id)
    since = func.min(told.c.waiting_since).label("waiting_since")
    return select(*by, documents.label("documents"), since).group_by(*by)


def _with_person(waiting: Subquery, as_of: datetime) -> Subquery:
    """Return what waits with the person who is told, looked up by the posts' index: few posts wait among very many."""
    unit_head, parent, parent_head = aliased(Post), aliased(Unit), aliased(Post)
    own, head = (case((active(as_of), _filler(post, as_of))) for post in (Post, unit_head))
    above = case((active(as_of, parent), _filler(parent_head, as_of)))
    return (
        select(*waiting.c, func.coalesce(own, head, above).label("person_id"))
        .join(Post, Post.id == waiting.c.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(unit_head, (unit_head.unit_id == Unit.id) & (unit_head.kind == HEAD))
        .outerjoin(parent, parent.id == Unit.parent_id)
        .outerjoin(parent_head, (parent_head.unit_id == parent.id) & (parent_head.kind == HEAD))
        .subquery()
    )


def _filler(post: type[Post], as_of: datetime) -> ScalarSelect[int]:
    held = select(Mandate.person_id).where(Mandate.post_id == post.id, in_force(as_of))
    return held.order_by(*FIRST_IN_OFFICE).limit(1).correlate(post).scalar_subquery()


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


def ran_out(post_id: InstrumentedAttribute[int], as_of: datetime) -> ScalarSelect[bool]:
    """Return whether the mandate for a post that ended last did so by its own term, without anybody recording an end.

    NULL where none has ended yet; only asked of posts that nobody holds.
    """
    ended = select(Mandate.end_recorded_at.is_(None)).where(Mandate.post_id == post_id, Mandate.until_at <= as_of)
    latest = ended.order_by(Mandate.until_at.desc(), Mandate.id.desc()).limit(1)
    return latest.correlate(post_id.class_).scalar_subquery()


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
