"""What acts sealed against the signatures that are there: which acts do not match, told without any cryptography."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sekaps.domain.evidence import Flaw, SignedSlot, digest_of_signatures
from sekaps.domain.gaps import Cause
from sekaps.models.documents import Document, Signature
from sekaps.models.trail import Act
from sekaps.services.document_acts import SEALED

SLOT = [getattr(Signature, name) for name in SignedSlot.__dataclass_fields__]
"""The columns of a signature its act answers for."""
READ_AT_A_TIME = 1_000


def off_the_trail(session: Session, mine: ColumnElement[bool]) -> Iterator[Flaw]:
    """Yield each act whose signatures are not those it sealed: by each document that lost its, or as a whole."""
    acts = select(Act.id, Act.sequence, Act.at, Act.facts).where(mine).order_by(Act.id)
    signed = select(Signature.act_id, *SLOT).where(Signature.act_id.in_(select(Act.id).where(mine)))
    ordered = signed.order_by(Signature.act_id, Signature.document_id).execution_options(yield_per=READ_AT_A_TIME)
    groups = groupby(session.execute(ordered), key=lambda row: row.act_id)
    group = next(groups, None)
    for act in session.execute(acts.execution_options(yield_per=READ_AT_A_TIME)):
        found: list[SignedSlot] = []
        if group is not None and group[0] == act.id:
            found = [SignedSlot(*row[1:]) for row in group[1]]
            group = next(groups, None)
        if not _matches(act.facts, found):
            yield from _missed(session, act, found)


def _matches(facts: Mapping[str, Any], found: Sequence[SignedSlot]) -> bool:
    """Tell whether signatures are those an act sealed; one older than evidence has none with evidence."""
    if SEALED not in facts:
        return all(each.content_digest is None for each in found)
    return bool(facts[SEALED] == digest_of_signatures(found))


def _missed(session: Session, act: Any, found: Sequence[SignedSlot]) -> Iterator[Flaw]:
    named, there = act.facts.get("documents", []), {each.document_id for each in found}
    gone = [document_id for document_id in named if document_id not in there or len(named) == 1]
    numbers = list(session.scalars(select(Document.number).where(Document.id.in_(gone)).order_by(Document.number)))
    for number in numbers or [""]:
        yield Flaw(number or None, None, None, None, act.at, act.sequence, Cause.OFF_THE_TRAIL)
