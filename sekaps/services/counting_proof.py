"""The counting proof: every document's next slot agrees with its signatures, shown without reading most of them.

A complete document of a usual chain that was never sent back can hold three signatures at most: a slot is signed once
in a round, and whatever has another round or a later slot stands in an index of its own. If all these documents hold
three times their number together, each of them holds exactly three. Open documents and those of other chains are
looked at themselves.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, case, exists, func, not_, or_, select, union, union_all
from sqlalchemy.orm import Session, aliased

from sekaps.domain.chains import Facts
from sekaps.domain.counting import FIRST, Counted, agrees
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import FormRevision, Item, Need, Resource
from sekaps.models.documents import COMPLETE, Chain, ChainSlot, Document, DocumentReturn, Signature
from sekaps.models.evidence import PLAIN_LENGTH
from sekaps.models.programmes import Edition
from sekaps.services.signed_quantities import as_signed
from sekaps.services.waiting import chain_layouts
from sekaps.services.writing import Query, chunked

Sibling = aliased(Chain)
SAME_CHAIN = and_(
    Sibling.unit_id == Chain.unit_id,
    Sibling.document_kind == Chain.document_kind,
    Sibling.variant == Chain.variant,
)
IS_UNEVEN = or_(ChainSlot.stage < ChainSlot.slot, ChainSlot.condition.is_not(None))
UNEVEN = select(Chain.id).join(Sibling, SAME_CHAIN).where(Sibling.id.in_(select(ChainSlot.chain_id).where(IS_UNEVEN)))
"""The chains of which a version has stages of several slots, or conditions."""
SENT_BACK = union_all(select(DocumentReturn.document_id), select(Document.id).where(Document.round != 1))
"""The documents that were sent back, or stand in a later round."""
MOST_NAMED = 5_000
"""So many uneven chains a statement names; with more of them it looks them up."""
SIMPLE = union(
    select(Document.id).where(Document.edition_id.in_(select(Edition.id)), Document.next_slot > COMPLETE),
    select(Document.id).where(Document.chain_id.in_(select(Chain.id).where(Chain.length != PLAIN_LENGTH))),
)
"""Among the others, those that are open or have a longer or shorter chain."""
TAKEN_BACK = select(FormRevision.document_id).where(FormRevision.kind != "shrunk")
"""The documents withdrawn after their last signature; they hold every signature, though their rows wait for one."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How many documents and signatures there are, how many documents were looked at, and which do not agree."""

    documents: int
    signatures: int
    looked_at: int
    disagreeing: tuple[str, ...]


def prove_slots(session: Session) -> Proof:
    """Return the counting proof over all editions; only where the count does not fit are the documents recounted."""
    documents = session.scalar(select(func.count()).select_from(Document)) or 0
    signatures = session.scalar(select(func.count()).select_from(Signature)) or 0
    of_uneven = _of_uneven_chain(session)
    uneven = session.execute(_uneven(of_uneven)).all()
    marks = _marks(session, of_uneven)
    queries = _simple(of_uneven), _sent_back(of_uneven)
    simple, back = (session.execute(_tally(query)).one() for query in queries)
    looked_at = simple.documents + back.documents + len(uneven)
    theirs = signatures - (simple.held or 0) - (back.held or 0) - sum(map(len, marks.values()))
    disagreeing = [*session.scalars(_strange(of_uneven)), *_disagreeing(session, uneven, marks)]
    for tally, query in zip((simple, back), queries, strict=True):
        if tally.wrong:
            disagreeing += session.scalars(_wrong(query))
    if theirs != PLAIN_LENGTH * (documents - looked_at):
        disagreeing += session.scalars(_recounted(of_uneven))
    return Proof(documents, signatures, looked_at, tuple(sorted(set(disagreeing))))


def _of_uneven_chain(session: Session) -> ColumnElement[bool]:
    """Return the condition that a document's chain is uneven; where they are named, the planner knows how few."""
    named = session.scalars(UNEVEN.distinct().limit(MOST_NAMED)).all()
    return Document.chain_id.in_(UNEVEN if len(named) == MOST_NAMED else named)


def _is_peculiar(of_uneven: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a document was sent back, stands in a later round or has an uneven chain."""
    return or_(Document.round != 1, exists().where(DocumentReturn.document_id == Document.id), of_uneven)


def _uneven(of_uneven: ColumnElement[bool]) -> Query:
    columns = (Document.id, Document.number, Document.state, Document.round, Document.next_slot, Document.chain_id)
    return select(*columns).where(of_uneven)


IS_SIGNED = or_(Document.next_slot == COMPLETE, Document.id.in_(TAKEN_BACK))
EXPECTED = case((IS_SIGNED, Chain.length), else_=Document.next_slot - 1)
"""How many signatures the present round of a document has, and the slot of the last of them."""
HELD = (func.count(Signature.slot).label("held"), func.coalesce(func.max(Signature.slot), 0).label("last"))


def _simple(of_uneven: ColumnElement[bool]) -> Query:
    """Return the simple documents with how many signatures they should have, and how many and which they have."""
    is_in_place = and_(
        Document.next_slot <= Chain.length,
        Document.state != DocumentState.RETURNED,
        or_(Document.state != DocumentState.EXPECTED, Document.next_slot == FIRST),
    )
    return (
        select(Document.id, Document.number, EXPECTED.label("expected"), is_in_place.label("fits"), *HELD)
        .join(Chain, Chain.id == Document.chain_id)
        .outerjoin(Signature, Signature.document_id == Document.id)
        .where(Document.id.in_(SIMPLE), ~_is_peculiar(of_uneven))
        .group_by(Document.id, Chain.length)
    )


def _sent_back(of_uneven: ColumnElement[bool]) -> Query:
    """Return each round of the documents that were sent back, former and present, in the same way."""
    rounds = union_all(_stopped_rounds(of_uneven), _present_rounds(of_uneven)).subquery()
    signed = (Signature.document_id == rounds.c.id) & (Signature.round == rounds.c.round)
    by = (rounds.c.id, rounds.c.number, rounds.c.expected, rounds.c.fits)
    return select(*by, *HELD).outerjoin(Signature, signed).group_by(*by, rounds.c.round)


def _stopped_rounds(of_uneven: ColumnElement[bool]) -> Query:
    """Return the rounds that stopped at the slot they were sent back from; the last may not be resubmitted yet."""
    is_resubmitted = DocumentReturn.resubmitted_at.is_not(None)
    is_former = and_(DocumentReturn.round.between(1, Document.round - 1), is_resubmitted)
    sent_back = Document.state.in_((DocumentState.RETURNED, DocumentState.WITHDRAWN))
    is_present = and_(DocumentReturn.round == Document.round, ~is_resubmitted, Document.next_slot == FIRST, sent_back)
    fits = or_(is_former, and_(is_present, _returns_of_document() == Document.round))
    columns = (Document.id, Document.number, DocumentReturn.round, (DocumentReturn.slot - 1).label("expected"))
    joined = select(*columns, fits.label("fits")).join(Document, Document.id == DocumentReturn.document_id)
    return joined.where(~of_uneven)


def _present_rounds(of_uneven: ColumnElement[bool]) -> Query:
    """Return the rounds under way or complete: every earlier one was sent back."""
    is_in_place = and_(Document.next_slot <= Chain.length, Document.state != DocumentState.RETURNED)
    fits = and_(is_in_place, _returns_of_document() == Document.round - 1)
    stopped = exists().where(DocumentReturn.document_id == Document.id, DocumentReturn.round == Document.round)
    columns = (Document.id, Document.number, Document.round, EXPECTED.label("expected"), fits.label("fits"))
    joined = select(*columns).join(Chain, Chain.id == Document.chain_id)
    return joined.where(Document.id.in_(SENT_BACK), ~of_uneven, ~stopped)


def _returns_of_document() -> ScalarSelect[int]:
    mine = select(func.count()).where(DocumentReturn.document_id == Document.id)
    return mine.correlate(Document).scalar_subquery()


def _is_wrong(row: Any) -> ColumnElement[bool]:
    return or_(row.held != row.expected, row.last != row.expected, not_(row.fits))


def _tally(query: Query) -> Query:
    rows = query.subquery()
    wrong = func.sum(case((_is_wrong(rows.c), 1), else_=0)).label("wrong")
    documents = func.count(rows.c.id.distinct()).label("documents")
    return select(documents, func.sum(rows.c.held).label("held"), wrong)


def _wrong(query: Query) -> Query:
    rows = query.subquery()
    return select(rows.c.number).where(_is_wrong(rows.c))


def _strange(of_uneven: ColumnElement[bool]) -> Query:
    """Return the documents that have a signature of a round that has not begun, or beyond the end of their chain."""
    is_unusual = or_(Signature.round != 1, Signature.slot > PLAIN_LENGTH)
    is_beyond = and_(~_is_peculiar(of_uneven), Signature.slot > Chain.length)
    return (
        select(Document.number)
        .join(Signature, Signature.document_id == Document.id)
        .join(Chain, Chain.id == Document.chain_id)
        .where(is_unusual, or_(Signature.round < 1, Signature.round > Document.round, is_beyond))
    )


def _recounted(of_uneven: ColumnElement[bool]) -> Query:
    """Return the documents that do not hold the three signatures they should, each counted itself."""
    held = select(func.count()).where(Signature.document_id == Document.id).scalar_subquery()
    others = (Document.next_slot == COMPLETE, Chain.length == PLAIN_LENGTH, ~_is_peculiar(of_uneven))
    return select(Document.number).join(Chain, Chain.id == Document.chain_id).where(*others, held != PLAIN_LENGTH)


Marks = dict[int, list[tuple[int, int]]]
"""By document, the round and slot of each of its signatures."""


def _marks(session: Session, of_uneven: ColumnElement[bool]) -> Marks:
    found: Marks = defaultdict(list)
    query = select(Signature.document_id, Signature.round, Signature.slot)
    joined = query.join(Document, Document.id == Signature.document_id).where(of_uneven)
    for document_id, number, slot in session.execute(joined):
        found[document_id].append((number, slot))
    return found


def _disagreeing(session: Session, uneven: Sequence[Row[Any]], marks: Marks) -> Iterator[str]:
    """Yield the documents of uneven chains that do not agree with their signatures and returns, one by one."""
    layouts = chain_layouts(session, {row.chain_id for row in uneven})
    returns = _returns(session) if uneven else {}
    taken_back = set(session.scalars(TAKEN_BACK)) if uneven else set()
    facts = _facts(session, [row.id for row in uneven])
    for row in uneven:
        signed: dict[int, set[int]] = defaultdict(set)
        for number, slot in marks.get(row.id, ()):
            signed[number].add(slot)
        sent_back, resubmitted = returns.get(row.id, ({}, set()))
        slot = COMPLETE if row.id in taken_back else row.next_slot
        document = Counted(row.state, row.round, slot, signed, sent_back, resubmitted)
        if not agrees(document, layouts[row.chain_id], facts.get(row.id, {})):
            yield row.number


def _returns(session: Session) -> dict[int, tuple[dict[int, int], set[int]]]:
    """Return by document the slot each round was sent back from, and the rounds that were resubmitted."""
    found: dict[int, tuple[dict[int, int], set[int]]] = defaultdict(lambda: ({}, set()))
    columns = (DocumentReturn.document_id, DocumentReturn.round, DocumentReturn.slot, DocumentReturn.resubmitted_at)
    for document_id, number, slot, resubmitted_at in session.execute(select(*columns)):
        slots, resubmitted = found[document_id]
        slots[number] = slot
        if resubmitted_at is not None:
            resubmitted.add(number)
    return found


def _facts(session: Session, ids: Sequence[int]) -> dict[int, Facts]:
    """Return what conditions asked when documents were signed: the scope as recorded, not as transferred since."""
    query = (
        select(
            Document.id,
            as_signed(func.coalesce(Need.quantity, Resource.capacity)).label("quantity"),
            Item.module,
            func.coalesce(Need.scope, Resource.recorded_scope).label("scope"),
        )
        .outerjoin(Need, Need.document_id == Document.id)
        .outerjoin(Resource, Resource.document_id == Document.id)
        .outerjoin(Item, Item.code == func.coalesce(Need.item_code, Resource.item_code))
    )
    return {
        row.id: {"quantity": row.quantity, "module": row.module, "scope": row.scope}
        for part in chunked(ids)
        for row in session.execute(query.where(Document.id.in_(part)))
    }
