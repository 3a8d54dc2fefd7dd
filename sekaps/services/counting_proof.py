"""The counting proof: every document's next slot agrees with its signatures, shown without reading most of them.

No document can hold more than it should: a slot is signed once in a round, so that a complete one of the usual chain,
never sent back, holds three at most, as whatever has another round or a later slot stands in an index of its own. Of
the others, those that are open, were sent back or have another chain, one look-up each shows that nothing is signed at
or after the slot they stopped at. If all documents together then hold as many as they all should, each holds its own.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from sekaps.domain.counting import FIRST
from sekaps.domain.signatures import DocumentState
from sekaps.models.documents import COMPLETE, Chain, Document, DocumentReturn, Signature
from sekaps.models.evidence import PLAIN_LENGTH
from sekaps.models.programmes import Edition
from sekaps.services.prepared import Prepared, among
from sekaps.services.slot_recount import recount_slots
from sekaps.services.uneven_chains import TAKEN_BACK, Uneven, look_at_uneven, uneven_chains
from sekaps.services.writing import Query


@dataclass(frozen=True, slots=True)
class Proof:
    """How many documents and signatures there are, how many look-ups it took, and which documents do not agree."""

    documents: int
    signatures: int
    looked_at: int
    disagreeing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was counted and looked up; a row of sums for each kind of document that holds less than the usual three."""

    documents: int
    signatures: int
    in_later_rounds: int
    open: Any
    unusual: Any
    former: Any
    present: Any
    uneven: Uneven

    @property
    def should_hold(self) -> int:
        """How many signatures there are if every document holds what it should."""
        all_complete = PLAIN_LENGTH * self.documents + int(self.unusual.longer or 0)
        stopped = int(self.former.slots or 0) + int(self.present.slots or 0)
        uneven = self.uneven.signatures - self.uneven.lengths - self.uneven.returned_slots
        return all_complete - int(self.open.missing or 0) + stopped + uneven

    @property
    def looked_at(self) -> int:
        """How many look-ups it took."""
        rows = (self.open, self.unusual, self.former, self.present)
        return self.uneven.documents + sum(int(row.looked_at) for row in rows)

    @property
    def is_bounded(self) -> bool:
        """Whether none of those looked at holds more than it should."""
        return not any(row.wrong for row in (self.open, self.unusual, self.former, self.present))

    @property
    def follows(self) -> bool:
        """Whether documents in a later round were sent back in each one before, and all that say so were sent back.

        A document has at most one return of the round just before its own: if there are as many as documents in later
        rounds, each has it; and if they count as many rounds together as were resubmitted, each has all of them.
        """
        resubmitted: bool = self.former.looked_at == self.former.resubmitted == (self.former.counted or 0)
        said: bool = self.present.returned == self.open.returned
        return resubmitted and said and self.former.last == self.in_later_rounds


def prove_slots(session: Session) -> Proof:
    """Return the counting proof over all editions; only where it does not hold is every document recounted."""
    found = _look(session)
    is_equal = found.should_hold == found.signatures and not found.uneven.disagreeing
    holds = is_equal and found.is_bounded and found.follows and not _has_strange(session)
    return Proof(found.documents, found.signatures, found.looked_at, () if holds else recount_slots(session))


def _look(session: Session) -> _Found:
    uneven = uneven_chains(session)
    documents, signatures, later = (query.rows(session)[0].rows for query in (_DOCUMENTS, _SIGNATURES, _IN_LATER_ROUND))
    waiting, former, present = (query.rows(session, uneven=uneven)[0] for query in (_OPEN, _FORMER, _PRESENT))
    unusual = _UNUSUAL.rows(session)[0]
    return _Found(documents, signatures, later, waiting, unusual, former, present, look_at_uneven(session, uneven))


def _has_strange(session: Session) -> bool:
    """Tell whether a signature is of a round that has not begun, or beyond the end of its chain."""
    rounds = _ROUNDS.rows(session)[0]
    return bool(rounds.held != rounds.begun or _BEYOND.rows(session))


_COUNT = func.count().label("rows")
_IS_EVEN = not_(among(Document.chain_id, "uneven"))
_SENT_BACK = or_(Document.state == DocumentState.RETURNED, Document.state == DocumentState.WITHDRAWN)
"""The states a document can have that was sent back and not resubmitted."""


def _signed(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a document has such a signature: one look-up by its key."""
    return exists().where(Signature.document_id == Document.id, *where)


def _how_many(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.count().filter(condition).label(name)


_LENGTH = case(
    (
        Document.chain_id.in_(select(Chain.id).where(Chain.length != PLAIN_LENGTH)),
        select(Chain.length).where(Chain.id == Document.chain_id).scalar_subquery(),
    ),
    else_=PLAIN_LENGTH,
)
"""The length of a document's chain, looked up only where it is not the usual one."""


def _open() -> Query:
    """Return of the open documents how many there are, the signatures they lack, and how many are wrong."""
    in_this_round = (DocumentReturn.document_id == Document.id, DocumentReturn.round == Document.round)
    stopped = and_(_SENT_BACK, exists().where(*in_this_round))
    counts = and_(_IS_EVEN, Document.id.not_in(TAKEN_BACK))
    beyond = _signed(Signature.round == Document.round, Signature.slot >= Document.next_slot)
    was_sent_back = exists().where(DocumentReturn.document_id == Document.id)
    begun = and_(Document.state == DocumentState.EXPECTED, Document.next_slot != FIRST, ~was_sent_back)
    wrong = or_(Document.next_slot > _LENGTH, begun, and_(beyond, not_(stopped)))
    return select(
        _how_many(counts, "looked_at"),
        _how_many(Document.state == DocumentState.RETURNED, "returned"),
        func.sum(case((counts, _LENGTH - Document.next_slot + 1), else_=0)).label("missing"),
        _how_many(and_(counts, wrong), "wrong"),
    ).where(Document.edition_id.in_(select(Edition.id)), Document.next_slot > COMPLETE)


def _unusual() -> Query:
    """Return how much longer than usual the chains of documents are, and how many of shorter ones hold too much."""
    is_short = Chain.length < PLAIN_LENGTH
    return (
        select(
            _how_many(is_short, "looked_at"),
            func.sum(Chain.length - PLAIN_LENGTH).label("longer"),
            _how_many(and_(is_short, _signed(Signature.slot > Chain.length)), "wrong"),
        )
        .join(Document, Document.chain_id == Chain.id)
        .where(Chain.length != PLAIN_LENGTH)
    )


_SLOTS = func.sum(DocumentReturn.slot - 1).label("slots")
_BEYOND_THE_RETURN = exists().where(
    Signature.document_id == DocumentReturn.document_id,
    Signature.round == DocumentReturn.round,
    Signature.slot >= DocumentReturn.slot,
)
"""The condition that a document was signed where it was sent back, or after."""
_LATER = (
    select(Document.id, Document.round, Document.chain_id)
    .where(Document.round != 1)
    .cte("later")
    .prefix_with("MATERIALIZED")
)
"""The documents in a later round: read once from their index, never each by its row."""


def _former() -> Query:
    """Return of the rounds that were sent back and resubmitted what they hold, and how many hold more."""
    is_last = DocumentReturn.round == _LATER.c.round - 1
    outside = or_(DocumentReturn.round < 1, DocumentReturn.round >= _LATER.c.round)
    beyond = and_(not_(among(_LATER.c.chain_id, "uneven")), _BEYOND_THE_RETURN)
    is_resubmitted = DocumentReturn.resubmitted_at.is_not(None)
    return (
        select(
            func.count().label("looked_at"),
            _SLOTS,
            _how_many(is_last, "last"),
            func.sum(case((is_last, DocumentReturn.round), else_=0)).label("counted"),
            _how_many(or_(outside, beyond), "wrong"),
            select(func.count()).where(is_resubmitted).scalar_subquery().label("resubmitted"),
        )
        .join(_LATER, DocumentReturn.document_id == _LATER.c.id)
        .where(is_resubmitted)
    )


def _present() -> Query:
    """Return the same of the rounds that were sent back and not resubmitted."""
    stands = and_(Document.round == DocumentReturn.round, Document.next_slot == FIRST, _SENT_BACK)
    return (
        select(
            func.count().label("looked_at"),
            _SLOTS,
            _how_many(Document.state == DocumentState.RETURNED, "returned"),
            _how_many(or_(not_(stands), and_(_IS_EVEN, _BEYOND_THE_RETURN)), "wrong"),
        )
        .join(Document, Document.id == DocumentReturn.document_id)
        .where(DocumentReturn.resubmitted_at.is_(None))
    )


_IS_UNUSUAL = or_(Signature.round != 1, Signature.slot > PLAIN_LENGTH)
"""Written as the condition of the index of such signatures is."""


def _in_later_rounds() -> Query:
    """Return how many signatures have another round than the first, and of how many of them that round has begun."""
    of_document = and_(Signature.document_id == _LATER.c.id, Signature.round.between(2, _LATER.c.round))
    begun = select(func.count()).select_from(_LATER).join(Signature, and_(of_document, _IS_UNUSUAL))
    held = func.count().filter(Signature.round != 1).label("held")
    return select(held, begun.scalar_subquery().label("begun")).where(_IS_UNUSUAL)


def _beyond_the_end() -> Query:
    """Return the documents with a signature beyond the end of their chain."""
    return (
        select(Signature.document_id)
        .join(Document, Document.id == Signature.document_id)
        .join(Chain, Chain.id == Document.chain_id)
        .where(_IS_UNUSUAL, Signature.slot > PLAIN_LENGTH, Signature.slot > Chain.length)
    )


_DOCUMENTS, _SIGNATURES = (Prepared(select(_COUNT).select_from(model)) for model in (Document, Signature))
_IN_LATER_ROUND = Prepared(select(_COUNT).select_from(Document).where(Document.round != 1))
_OPEN, _UNUSUAL, _FORMER, _PRESENT = (Prepared(query()) for query in (_open, _unusual, _former, _present))
_ROUNDS, _BEYOND = Prepared(_in_later_rounds()), Prepared(_beyond_the_end())
