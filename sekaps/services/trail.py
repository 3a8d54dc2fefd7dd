"""Appending acts to the audit trail, and checking that nobody touched it since."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.trail import GENESIS, Entry, chain_hash
from sekaps.models.trail import Act, TrailHead
from sekaps.services.writing import insert_new

STREAM = "main"
HASHED = tuple(Entry.__dataclass_fields__)


def append(session: Session, entry: Entry) -> int:
    """Append one act and return its id."""
    return append_all(session, [entry])[0]


def append_all(session: Session, entries: Sequence[Entry]) -> list[int]:
    """Append acts in their order and return their ids; the head row's lock orders concurrent appenders."""
    if not entries:
        return []
    sequence, previous = _lock_head(session)
    rows = []
    for entry in entries:
        sequence += 1
        digest = chain_hash(previous, STREAM, sequence, entry)
        rows.append(
            {**asdict(entry), "stream": STREAM, "sequence": sequence, "previous_hash": previous, "hash": digest}
        )
        previous = digest
    session.execute(update(TrailHead).where(TrailHead.stream == STREAM).values(sequence=sequence, hash=previous))
    return list(session.scalars(insert(Act).returning(Act.id, sort_by_parameter_order=True), rows))


def _lock_head(session: Session) -> tuple[int, bytes]:
    insert_new(session, TrailHead, [{"stream": STREAM, "sequence": 0, "hash": GENESIS}])
    head = session.execute(
        select(TrailHead.sequence, TrailHead.hash).where(TrailHead.stream == STREAM).with_for_update()
    ).one()
    return head.sequence, head.hash


def broken_links(session: Session) -> Iterator[int]:
    """Yield the sequence number of each act that does not follow from the one before it."""
    previous, expected = GENESIS, 1
    columns = [Act.sequence, Act.hash, *(getattr(Act, name) for name in HASHED)]
    query = select(*columns).where(Act.stream == STREAM).order_by(Act.sequence)
    for sequence, stored, *values in session.execute(query.execution_options(yield_per=1000)):
        entry = Entry(**dict(zip(HASHED, values, strict=True)))
        if sequence != expected or chain_hash(previous, STREAM, sequence, entry) != stored:
            yield sequence
        previous, expected = stored, sequence + 1
