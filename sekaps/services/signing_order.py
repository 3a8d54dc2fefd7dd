"""Whether people signed in the order their chains ask for, told from the signatures themselves and by no guard."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.evidence import Flaw, SignatureKey
from sekaps.domain.gaps import Cause
from sekaps.domain.signatures import CLOCKS_APART
from sekaps.models.documents import ChainSlot, Document, Signature
from sekaps.models.registry import Person
from sekaps.models.trail import Act
from sekaps.services.writing import Query


def out_of_order(session: Session, which: ColumnElement[bool]) -> Iterator[Flaw]:
    """Yield the signatures, of some or of some acts, given before one of an earlier stage of their document's round."""
    for row in session.execute(_early(which)):
        if row.came_at - row.at > CLOCKS_APART:
            key = SignatureKey(row.document_id, row.act_id)
            yield Flaw(row.number, row.round, row.slot, row.person, row.at, row.sequence, Cause.OUT_OF_ORDER, key)


def _early(which: ColumnElement[bool]) -> Query:
    """Return the signatures an earlier stage's came after; a round sent back may have had another chain."""
    first, own, before = aliased(Signature), aliased(ChainSlot), aliased(ChainSlot)
    same_round = and_(first.document_id == Signature.document_id, first.round == Signature.round)
    place = (Signature.document_id, Signature.act_id, Document.number, Signature.round, Signature.slot)
    named = (*place, Person.name.label("person"), Signature.at, Act.sequence)
    return (
        select(*named, func.max(first.at).label("came_at"))
        .join(Act, Act.id == Signature.act_id)
        .join(Document, (Document.id == Signature.document_id) & (Document.round == Signature.round))
        .join(Person, Person.id == Signature.person_id)
        .join(first, same_round & (first.slot < Signature.slot) & (first.at > Signature.at))
        .join(own, (own.chain_id == Document.chain_id) & (own.slot == Signature.slot))
        .join(before, (before.chain_id == Document.chain_id) & (before.slot == first.slot))
        .where(which, before.stage < own.stage)
        .group_by(*named)
        .order_by(Document.number, Signature.slot)
    )
