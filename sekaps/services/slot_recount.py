"""The recount: every document's signatures counted round by round and compared with what its row and returns say.

It reads all signatures, says the same as the counting proof and which documents are meant; the proof asks it for that.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, String, and_, case, cast, func, not_, or_, select, union_all
from sqlalchemy.orm import Session

from sekaps.domain.counting import FIRST
from sekaps.domain.signatures import DocumentState
from sekaps.models.documents import COMPLETE, Chain, Document, DocumentReturn, Signature
from sekaps.services.prepared import Prepared, among
from sekaps.services.uneven_chains import TAKEN_BACK, look_at_uneven, uneven_chains
from sekaps.services.writing import Query

_IS_EVEN = not_(among(Document.chain_id, "uneven"))
_IS_SIGNED = or_(Document.next_slot == COMPLETE, Document.id.in_(TAKEN_BACK))
_EXPECTED = case((_IS_SIGNED, Chain.length), else_=Document.next_slot - 1)
"""How many signatures the present round of a document has, and the slot of the last of them."""
_SENT_BACK = select(DocumentReturn.document_id, func.count().label("rounds")).group_by(DocumentReturn.document_id)
_OF_ROUND = (Signature.document_id, Signature.round)
_HELD = select(*_OF_ROUND, func.count().label("held"), func.max(Signature.slot).label("last")).group_by(*_OF_ROUND)


def recount_slots(session: Session) -> tuple[str, ...]:
    """Return the numbers of the documents that do not agree with their signatures, over all editions."""
    return tuple(sorted(set(_recounted(session))))


def _recounted(session: Session) -> Iterator[str]:
    uneven = uneven_chains(session)
    yield from look_at_uneven(session, uneven, all_of_them=True).disagreeing
    yield from (row.number for row in _WRONG.rows(session, uneven=uneven))
    yield from (row.number for row in _STRANGE.rows(session))


def _stopped_rounds() -> Query:
    """Return the rounds that stopped at the slot they were sent back from; the last may not be resubmitted yet."""
    is_resubmitted = DocumentReturn.resubmitted_at.is_not(None)
    is_former = and_(DocumentReturn.round.between(1, Document.round - 1), is_resubmitted)
    sent_back = or_(Document.state == DocumentState.RETURNED, Document.state == DocumentState.WITHDRAWN)
    is_present = and_(DocumentReturn.round == Document.round, ~is_resubmitted, Document.next_slot == FIRST, sent_back)
    times = _SENT_BACK.subquery()
    fits = or_(is_former, and_(is_present, times.c.rounds == Document.round))
    columns = (Document.id, Document.number, DocumentReturn.round, (DocumentReturn.slot - 1).label("expected"))
    return (
        select(*columns, fits.label("fits"))
        .join(Document, Document.id == DocumentReturn.document_id)
        .join(times, times.c.document_id == Document.id)
        .where(_IS_EVEN)
    )


def _present_rounds() -> Query:
    """Return the rounds under way or complete: every earlier one was sent back."""
    times = _SENT_BACK.subquery()
    fits = and_(
        Document.next_slot <= Chain.length,
        Document.state != DocumentState.RETURNED,
        or_(Document.round != 1, Document.state != DocumentState.EXPECTED, Document.next_slot == FIRST),
        func.coalesce(times.c.rounds, 0) == Document.round - 1,
    )
    stopped = and_(DocumentReturn.document_id == Document.id, DocumentReturn.round == Document.round)
    return (
        select(Document.id, Document.number, Document.round, _EXPECTED.label("expected"), fits.label("fits"))
        .join(Chain, Chain.id == Document.chain_id)
        .outerjoin(DocumentReturn, stopped)
        .outerjoin(times, times.c.document_id == Document.id)
        .where(_IS_EVEN, DocumentReturn.document_id.is_(None))
    )


def _wrong() -> Query:
    """Return the documents of which a round holds other signatures than it should, or does not follow."""
    rounds, held = union_all(_stopped_rounds(), _present_rounds()).subquery(), _HELD.subquery()
    counted = and_(held.c.document_id == rounds.c.id, held.c.round == rounds.c.round)
    number, last = (func.coalesce(column, 0) for column in (held.c.held, held.c.last))
    is_wrong: ColumnElement[bool] = or_(number != rounds.c.expected, last != rounds.c.expected, not_(rounds.c.fits))
    return select(rounds.c.number).outerjoin(held, counted).where(is_wrong)


def _strange() -> Query:
    """Return whose signatures are of a round that has not begun; where there is no document, its id."""
    named = func.coalesce(Document.number, cast(Signature.document_id, String))
    has_begun = and_(Document.id.is_not(None), Signature.round.between(1, Document.round))
    return (
        select(named.label("number"))
        .select_from(Signature)
        .outerjoin(Document, Document.id == Signature.document_id)
        .where(not_(has_begun))
    )


_WRONG, _STRANGE = Prepared(_wrong()), Prepared(_strange())
