"""The signature-gap audit: every incomplete chain at an instant, answered from the document rows themselves."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import at, local_day
from sekaps.domain.gaps import Gap, cause_of
from sekaps.domain.gates import ExtensionTerms, Standing
from sekaps.domain.signatures import DocumentState
from sekaps.models.documents import Chain, ChainSlot, Document, Signature
from sekaps.models.registry import Person, Post, Province, Unit
from sekaps.services.editions import EditionView
from sekaps.services.gates import extension_terms
from sekaps.services.open_work import holders
from sekaps.services.registry import subtree
from sekaps.services.writing import Query

Owner, WaitsAt, Ministry = aliased(Unit), aliased(Unit), aliased(Unit)
OWED = (DocumentState.EXPECTED, DocumentState.RECORDED, DocumentState.RETURNED)


def count_open(session: Session, edition: EditionView, as_of: datetime) -> dict[tuple[str, str, int], int]:
    """Return how many documents wait, by (activity, step key, slot), from the partial index alone."""
    query = (
        select(Document.activity, Document.step, Document.next_slot, func.count())
        .where(_waits_now(edition.id, as_of))
        .group_by(Document.activity, Document.step, Document.next_slot)
    )
    return {(activity, step, slot): count for activity, step, slot, count in session.execute(query)}


def find_gaps(session: Session, edition: EditionView, as_of: datetime, *, unit_id: int | None = None) -> list[Gap]:
    """Return every chain that was incomplete at the instant and whose window had opened, in document order.

    With a unit, only what that unit or one below it owns or is waited for at. An instant in the past is answered
    from the signatures themselves: those made later are not counted.
    """
    query = _gap_query(edition.id, _standing(session, edition.id, as_of), as_of)
    if unit_id is not None:
        family = subtree(session, unit_id)
        query = query.where(or_(Owner.id.in_(family), WaitsAt.id.in_(family)))
    day = local_day(as_of)
    extensions = extension_terms(session, edition.id, as_of)
    gaps = [_gap(row, edition, extensions, as_of) for row in session.execute(query)]
    return [gap for gap in gaps if edition.window(gap.activity, gap.step).opens <= day]


def _waits_now(edition_id: int, as_of: datetime) -> ColumnElement[bool]:
    return and_(
        Document.edition_id == edition_id,
        Document.next_slot > 0,
        Document.state.in_(OWED),
        Document.waiting_since <= as_of,
    )


def _standing(session: Session, edition_id: int, as_of: datetime) -> Subquery:
    """Return (document, slot, since) as they stood: open now and then, or signed on since."""
    now = select(
        Document.id.label("document_id"), Document.next_slot.label("slot"), Document.waiting_since.label("since")
    ).where(_waits_now(edition_id, as_of))
    if session.scalar(select(_signed_later(edition_id, as_of).exists())) is not True:
        return now.subquery()
    return now.union_all(_stood_then(edition_id, as_of)).subquery()


def _signed_later(edition_id: int, as_of: datetime) -> Query:
    same_round = (Document.id == Signature.document_id) & (Document.round == Signature.round)
    return (
        select(Signature.document_id, func.min(Signature.slot).label("slot"))
        .join(Document, same_round)
        .where(Document.edition_id == edition_id, Signature.at > as_of)
        .group_by(Signature.document_id)
    )


def _stood_then(edition_id: int, as_of: datetime) -> Query:
    later = _signed_later(edition_id, as_of).subquery()
    before = (
        select(func.max(Signature.at))
        .where(Signature.document_id == later.c.document_id, Signature.at <= as_of)
        .scalar_subquery()
    )
    return select(later.c.document_id, later.c.slot, before)


def _gap_query(edition_id: int, standing: Subquery, as_of: datetime) -> Query:
    held = holders(as_of)
    return (
        select(
            Document.number,
            Document.kind,
            Document.activity,
            Document.step,
            Document.state,
            Chain.length,
            standing.c.slot,
            standing.c.since,
            Owner.number.label("unit"),
            Owner.name.label("unit_name"),
            Owner.province_code,
            Owner.district_code,
            WaitsAt.number.label("waits_at"),
            WaitsAt.name.label("waits_at_name"),
            Post.title,
            Person.name.label("person"),
            Ministry.name.label("ministry"),
            Province.name.label("province"),
        )
        .select_from(standing)
        .join(Document, Document.id == standing.c.document_id)
        .join(Chain, Chain.id == Document.chain_id)
        .join(ChainSlot, (ChainSlot.chain_id == Chain.id) & (ChainSlot.slot == standing.c.slot))
        .join(Post, Post.id == ChainSlot.post_id)
        .join(WaitsAt, WaitsAt.id == Post.unit_id)
        .join(Owner, Owner.id == Document.unit_id)
        .outerjoin(Ministry, Ministry.id == Owner.ministry_id)
        .outerjoin(Province, Province.code == Owner.province_code)
        .outerjoin(held, held.c.post_id == Post.id)
        .outerjoin(Person, Person.id == held.c.person_id)
        .order_by(Document.number)
    )


def _gap(row: Any, edition: EditionView, extensions: Iterable[ExtensionTerms], as_of: datetime) -> Gap:
    window, day = edition.window(row.activity, row.step), local_day(as_of)
    standing = Standing(row.unit, row.province_code, row.district_code)
    extended = any(terms.covers(row.activity, row.step, standing, day) for terms in extensions)
    return Gap(
        document=row.number,
        kind=row.kind,
        activity=row.activity,
        step=row.step,
        unit=row.unit,
        unit_name=row.unit_name,
        slot=row.slot,
        slots=row.length,
        waits_at=row.waits_at,
        waits_at_name=row.waits_at_name,
        post=row.title,
        person=row.person,
        since=row.since or at(window.opens),
        closes=window.closes,
        overdue=day > window.closes and not extended,
        cause=cause_of(state=row.state, slot=row.slot, held=row.person is not None),
        ministry=row.ministry,
        province=row.province,
    )


def gap_rows(gaps: Sequence[Gap]) -> list[dict[str, object]]:
    """Return gaps as plain rows for JSON, CSV and tables; instants as ISO text."""
    names = tuple(Gap.__dataclass_fields__)
    rows = [{name: getattr(gap, name) for name in names} for gap in gaps]
    return [
        {**row, "since": gap.since.isoformat(), "closes": gap.closes.isoformat(), "cause": gap.cause.value}
        for row, gap in zip(rows, gaps, strict=True)
    ]
