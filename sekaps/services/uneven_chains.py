"""Documents of chains with stages of several slots, or conditions: how many signatures those hold only a look tells.

A complete one whose stages all take every slot, always, that was never sent back, holds as many as its chain is long
like any other; it is not looked at.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.chains import Facts, Layout
from sekaps.domain.counting import Counted, agrees
from sekaps.models.allocation import FormRevision
from sekaps.models.documents import COMPLETE, Chain, ChainSlot, Document, DocumentReturn, Signature
from sekaps.services.prepared import Prepared, among
from sekaps.services.waiting import chain_layouts, facts_of
from sekaps.services.writing import chunked

TAKEN_BACK = select(FormRevision.document_id).where(FormRevision.kind != "shrunk")
"""The documents withdrawn after their last signature; they hold every signature, though their rows wait for one."""
Sibling = aliased(Chain)
_SAME_CHAIN = and_(
    Sibling.unit_id == Chain.unit_id,
    Sibling.document_kind == Chain.document_kind,
    Sibling.variant == Chain.variant,
)
_IS_UNEVEN = or_(ChainSlot.needed != 1, ChainSlot.stage < ChainSlot.slot, ChainSlot.condition.is_not(None))
_UNEVEN = Prepared(select(ChainSlot.chain_id).where(_IS_UNEVEN).distinct())
_SIBLINGS = Prepared(select(Chain.id).join(Sibling, _SAME_CHAIN).where(among(Sibling.id, "ids")).distinct())
_LOOSE = Prepared(
    select(ChainSlot.chain_id)
    .where(among(ChainSlot.chain_id, "ids"))
    .group_by(ChainSlot.chain_id, ChainSlot.stage)
    .having(
        or_(
            func.count() != func.min(ChainSlot.needed),
            func.count() != func.max(ChainSlot.needed),
            func.count(ChainSlot.condition) > 0,
        )
    )
)
"""The chains that may be complete without a signature in every slot."""


def uneven_chains(session: Session) -> list[int]:
    """Return the chains of which a version has stages of several slots, or conditions; the planner sees how few."""
    ids = [row.chain_id for row in _UNEVEN.rows(session)]
    return sorted(row.id for row in _SIBLINGS.rows(session, ids=ids)) if ids else []


@dataclass(frozen=True, slots=True)
class Uneven:
    """The uneven documents that were looked at: how many, and in sum the length of their chains, their signatures
    and the slots their returns account for; and the numbers of those that do not agree."""

    documents: int = 0
    lengths: int = 0
    signatures: int = 0
    returned_slots: int = 0
    disagreeing: tuple[str, ...] = ()


def look_at_uneven(session: Session, chains: Sequence[int], *, all_of_them: bool = False) -> Uneven:
    """Return what a look at the documents of these chains tells: at those counting cannot answer for, or at all."""
    loose = chains if all_of_them else [row.chain_id for row in _LOOSE.rows(session, ids=chains)]
    rows = _DOCUMENTS.rows(session, chains=chains, loose=loose)
    if not rows:
        return Uneven()
    ids = [row.id for row in rows]
    marks, returns = _marks(session, ids), _returns(session, ids)
    judge = _Judge(
        chain_layouts(session, {row.chain_id for row in rows}),
        facts_of(session, ids, as_recorded=True),  # as conditions asked when documents were signed
        frozenset(session.scalars(TAKEN_BACK)),
    )
    wrong = [
        row.number for row in rows if not judge.agrees(row, marks.get(row.id, {}), returns.get(row.id, ({}, set())))
    ]
    return Uneven(
        documents=len(rows),
        lengths=sum(row.length for row in rows),
        signatures=sum(len(places) for rounds in marks.values() for places in rounds.values()),
        returned_slots=sum(slot - 1 for slots, _ in returns.values() for slot in slots.values()),
        disagreeing=tuple(wrong),
    )


_WAS_SENT_BACK = exists().where(DocumentReturn.document_id == Document.id)
_DOUBTS = (Document.next_slot != COMPLETE, Document.round != 1, among(Document.chain_id, "loose"), _WAS_SENT_BACK)
_DOCUMENTS = Prepared(
    select(Document.id, Document.number, Document.state, Document.round, Document.next_slot, Document.chain_id)
    .add_columns(Chain.length)
    .join(Chain, Chain.id == Document.chain_id)
    .where(among(Document.chain_id, "chains"), or_(*_DOUBTS))
)
Places = Mapping[int, set[int]]
"""By round, the places signed."""
Returned = tuple[Mapping[int, int], set[int]]
"""The slot each round was sent back from, and the rounds that were resubmitted."""


@dataclass(frozen=True, slots=True)
class _Judge:
    """What an uneven document is judged by."""

    layouts: Mapping[int, Layout]
    facts: Mapping[int, Facts]
    taken_back: frozenset[int]

    def agrees(self, row: Row[Any], signed: Places, returned: Returned) -> bool:
        slot = COMPLETE if row.id in self.taken_back else row.next_slot
        document, layout = Counted(row.state, row.round, slot, signed, *returned), self.layouts[row.chain_id]
        is_sound = row.length == len(layout.slots) and layout.problem() is None
        return is_sound and agrees(document, layout, self.facts.get(row.id, {}))


def _marks(session: Session, ids: Sequence[int]) -> dict[int, dict[int, set[int]]]:
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    query = select(Signature.document_id, Signature.round, Signature.slot)
    for part in chunked(ids):
        for document_id, number, slot in session.execute(query.where(Signature.document_id.in_(part))):
            found[document_id][number].add(slot)
    return found


def _returns(session: Session, ids: Sequence[int]) -> dict[int, Returned]:
    found: dict[int, tuple[dict[int, int], set[int]]] = defaultdict(lambda: ({}, set()))
    columns = (DocumentReturn.document_id, DocumentReturn.round, DocumentReturn.slot, DocumentReturn.resubmitted_at)
    for part in chunked(ids):
        query = select(*columns).where(DocumentReturn.document_id.in_(part))
        for document_id, number, slot, resubmitted_at in session.execute(query):
            slots, resubmitted = found[document_id]
            slots[number] = slot
            if resubmitted_at is not None:
                resubmitted.add(number)
    return dict(found)
