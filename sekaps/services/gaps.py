"""The signature-gap audit: every incomplete chain at an instant, answered from the document rows themselves."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import at, local_day
from sekaps.calendar.windows import Window
from sekaps.domain.gaps import Gap, cause_of
from sekaps.domain.gates import ExtensionTerms, Standing
from sekaps.domain.signatures import DocumentState
from sekaps.models.base import Instant
from sekaps.models.documents import COMPLETE, Chain, ChainSlot, Document, DocumentReturn, Signature
from sekaps.models.registry import Person, Post, Province, Unit
from sekaps.models.trail import Act
from sekaps.services.editions import EditionView
from sekaps.services.gates import openings
from sekaps.services.open_work import holder_of, ran_out
from sekaps.services.prepared import Prepared
from sekaps.services.registry import active, subtree
from sekaps.services.writing import Query

Owner, WaitsAt, Ministry = aliased(Unit), aliased(Unit), aliased(Unit)
ROWS_AT_ONCE = 10_000
OWED = (DocumentState.EXPECTED, DocumentState.RECORDED, DocumentState.RETURNED)


def count_open(session: Session, edition: EditionView, as_of: datetime) -> dict[tuple[str, str, int], int]:
    """Return how many documents wait, by (activity, step key, slot), from the partial index alone."""
    rows = _BY_SLOT.rows(session, edition_id=edition.id, as_of=as_of)
    return {(row.activity, row.step, row.slot): row.documents for row in rows}


def count_by_unit(session: Session, edition: EditionView, as_of: datetime) -> dict[tuple[str, str, int, int], int]:
    """Return how many documents wait, by (activity, step key, slot, owning unit's id), from the same index."""
    rows = _BY_UNIT.rows(session, edition_id=edition.id, as_of=as_of)
    return {(row.activity, row.step, row.slot, row.unit_id): row.documents for row in rows}


def find_gaps(session: Session, edition: EditionView, as_of: datetime, *, unit_id: int | None = None) -> list[Gap]:
    """Return every chain that was incomplete at the instant and whose window had opened, in document order.

    With a unit, only what that unit or one below it owns or is waited for at. An instant in the past is answered
    from the signatures themselves: those made later are not counted.
    """
    return list(each_gap(session, edition, as_of, unit_id=unit_id))


def each_gap(session: Session, edition: EditionView, as_of: datetime, *, unit_id: int | None = None) -> Iterator[Gap]:
    """Yield the same gaps as they are read: on the day the windows open, a whole country has over a million."""
    query = _gap_query(edition.id, standing_at(session, edition.id, as_of), as_of)
    if unit_id is not None:
        family = subtree(session, unit_id)
        query = query.where(or_(Owner.id.in_(family), WaitsAt.id.in_(family)))
    day = local_day(as_of)
    extensions = openings(session, edition, as_of)
    opened = _opened(edition, day)
    rows = session.connection().execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    for row in rows:
        if (row.activity, row.step) in opened:
            yield _gap(row, opened[row.activity, row.step], extensions, day)


def _opened(edition: EditionView, day: date) -> dict[tuple[str, str], Window]:
    """Return the windows that have opened, by step."""
    steps = [(activity.code, step.key) for activity in edition.programme.activities for step in activity.steps]
    windows = {step: edition.window(*step) for step in steps}
    return {step: window for step, window in windows.items() if window.opens <= day}


def _waits_now(edition_id: int, as_of: datetime) -> ColumnElement[bool]:
    return and_(
        Document.edition_id == edition_id,
        Document.next_slot > 0,
        Document.state.in_(OWED),
        Document.waiting_since <= as_of,
    )


def _counted(*by: Any) -> Query:
    slot, documents = Document.next_slot.label("slot"), func.count().label("documents")
    return (
        select(Document.activity, Document.step, slot, *by, documents)
        .where(
            Document.edition_id == bindparam("edition_id"),
            Document.next_slot > COMPLETE,
            or_(*(Document.state == state for state in OWED)),
            Document.waiting_since <= bindparam("as_of", type_=Instant()),
        )
        .group_by(Document.activity, Document.step, Document.next_slot, *by)
    )


_BY_SLOT, _BY_UNIT = Prepared(_counted()), Prepared(_counted(Document.unit_id))


def standing_at(session: Session, edition_id: int, as_of: datetime) -> Subquery:
    """Return (document, slot, since, state) as they stood: open now and then, or acted on since."""
    now = select(
        Document.id.label("document_id"),
        Document.next_slot.label("slot"),
        Document.waiting_since.label("since"),
        Document.state.label("state"),
    ).where(_waits_now(edition_id, as_of))
    if session.scalar(select(exists().where(Act.at > as_of))) is not True:
        return now.subquery()
    since_then = or_(_later(edition_id, as_of).exists(), _were_returned(edition_id, as_of).exists())
    if session.scalar(select(since_then)) is not True:
        return now.subquery()
    return now.union_all(_stood_then(edition_id, as_of), _were_returned(edition_id, as_of)).subquery()


ROUND_FACTOR = 100
"""A round and a slot in one number, the round first; a chain has fewer slots."""


def _later(edition_id: int, as_of: datetime) -> Query:
    """Return by document the first round, and its first slot, that was signed or sent back after the instant."""
    signed = select(Signature.document_id, Signature.round, Signature.slot).where(
        Signature.act_id.in_(select(Act.id).where(Act.at > as_of))  # by its index: signatures are millions
    )
    returned = select(DocumentReturn.document_id, DocumentReturn.round, DocumentReturn.slot)
    acts = signed.union_all(returned.where(DocumentReturn.at > as_of)).subquery()
    return (
        select(acts.c.document_id, func.min(acts.c.round * ROUND_FACTOR + acts.c.slot).label("place"))
        .join(Document, Document.id == acts.c.document_id)
        .where(Document.edition_id == edition_id, ~_waits_now(edition_id, as_of))
        .group_by(acts.c.document_id)
    )


def _stood_then(edition_id: int, as_of: datetime) -> Query:
    later = _later(edition_id, as_of).subquery()
    round_then = later.c.place // ROUND_FACTOR
    signed = select(func.max(Signature.at)).where(
        Signature.document_id == later.c.document_id, Signature.round == round_then, Signature.at <= as_of
    )
    resubmitted = select(func.max(DocumentReturn.resubmitted_at)).where(
        DocumentReturn.document_id == later.c.document_id, DocumentReturn.resubmitted_at <= as_of
    )
    since = func.coalesce(signed.scalar_subquery(), resubmitted.scalar_subquery())
    returned = select(_were_returned(edition_id, as_of).subquery().c.document_id)
    return select(
        later.c.document_id, later.c.place % ROUND_FACTOR, since, literal(DocumentState.RECORDED.value)
    ).where(later.c.document_id.not_in(returned))


def _were_returned(edition_id: int, as_of: datetime) -> Query:
    """Return the documents that stood sent back at the instant and were resubmitted since."""
    return (
        select(DocumentReturn.document_id, literal(1), DocumentReturn.at, literal(DocumentState.RETURNED.value))
        .join(Document, Document.id == DocumentReturn.document_id)
        .where(Document.edition_id == edition_id, DocumentReturn.at <= as_of, DocumentReturn.resubmitted_at > as_of)
    )


def _gap_query(edition_id: int, standing: Subquery, as_of: datetime) -> Query:
    holder = holder_of(Post.id, as_of)
    return (
        select(
            Document.number,
            Document.kind,
            Document.activity,
            Document.step,
            standing.c.state,
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
            case((Person.id.is_(None), ran_out(Post.id, as_of))).label("ran_out"),
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
        .outerjoin(Person, (Person.id == holder) & active(as_of, WaitsAt))
        .order_by(Document.number)
    )


def _gap(row: Any, window: Window, extensions: Sequence[ExtensionTerms], day: date) -> Gap:
    overdue = day > window.closes
    if overdue and extensions:
        standing = Standing(row.unit, row.province_code, row.district_code)
        overdue = not any(terms.covers(row.activity, row.step, standing, day) for terms in extensions)
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
        overdue=overdue,
        cause=cause_of(state=row.state, slot=row.slot, held=row.person is not None, ran_out=bool(row.ran_out)),
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
