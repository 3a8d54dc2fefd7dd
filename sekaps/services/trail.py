"""Appending acts to the audit trail, and checking that nobody touched it since."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Dialect, bindparam, insert, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.types import NULLTYPE

from sekaps.domain.trail import GENESIS, Entry, chain_hash
from sekaps.domain.trail_check import EMPTY, BrokenLink, Head, Link, examine
from sekaps.models.base import Instant
from sekaps.models.trail import Act, TrailHead
from sekaps.services.prepared import Prepared
from sekaps.services.writing import insert_new

STREAM = "main"
HASHED = tuple(Entry.__dataclass_fields__)
BATCH = 1_000
"""Acts held in memory at a time while the trail is read."""
HEADS = select(
    TrailHead.stream,
    type_coerce(TrailHead.sequence, NULLTYPE).label("sequence"),
    type_coerce(TrailHead.hash, NULLTYPE).label("hash"),
)
NOWHERE = 0
"""The place of an act, or of a head, whose sequence is no number any more."""


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
        told = {name: getattr(entry, name) for name in HASHED}
        rows.append({**told, "stream": STREAM, "sequence": sequence, "previous_hash": previous, "hash": digest})
        previous = digest
    _MOVE_HEAD.change(session, reached=sequence, newest=previous)
    return [_APPEND.rows(session, **row)[0].id for row in rows]


def _lock_head(session: Session) -> tuple[int, bytes]:
    """Return the stream's length and newest hash under its lock; the first act of all makes the row."""
    heads = _LOCK_HEAD.rows(session)
    if not heads:
        insert_new(session, TrailHead, [{"stream": STREAM, "sequence": 0, "hash": GENESIS}])
        heads = _LOCK_HEAD.rows(session)
    return heads[0].sequence, heads[0].hash


_LOCK_HEAD = Prepared(select(TrailHead.sequence, TrailHead.hash).where(TrailHead.stream == STREAM).with_for_update())
_MOVE_HEAD = Prepared(
    update(TrailHead).where(TrailHead.stream == STREAM).values(sequence=bindparam("reached"), hash=bindparam("newest"))
)
_APPEND = Prepared(
    insert(Act)
    .values({name: bindparam(name) for name in (*HASHED, "stream", "sequence", "previous_hash", "hash")})
    .returning(Act.id)
)


def broken_links(session: Session) -> Iterator[BrokenLink]:
    """Yield what was done to the trail after it was written, act by act; nothing when it is whole.

    Every stream is read in order, its acts and head as they stand at one moment; no more than a batch of it is held.
    """
    heads = {stream: _head(sequence, final) for stream, sequence, final in session.execute(HEADS)}
    read, dialect = dict.fromkeys(heads, False), session.get_bind().dialect
    for stream, rows in groupby(_stored_acts(session), key=attrgetter("stream")):
        first = next(rows)
        read[stream] = True
        head = None if first.head_sequence is None else _head(first.head_sequence, first.head_hash)
        yield from examine(stream, head, (_link(row, dialect) for row in chain([first], rows)))
    for stream, was_read in read.items():
        if not was_read:
            yield from examine(stream, heads[stream], [])


def trail_head(session: Session) -> Head:
    """Return how many acts the trail has and the hash of the last: noted elsewhere, it vouches for all before it."""
    head = session.execute(HEADS.where(TrailHead.stream == STREAM)).one_or_none()
    return EMPTY if head is None else _head(head.sequence, head.hash)


def _stored_acts(session: Session) -> Iterator[Any]:
    """Yield every act as it is stored, unread, with the head of its stream: a column may hold anything by now."""
    names = ("stream", "sequence", "id", "previous_hash", "hash", *HASHED)
    columns = [type_coerce(getattr(Act, name), NULLTYPE).label(name) for name in names]
    head = (("head_sequence", TrailHead.sequence), ("head_hash", TrailHead.hash))
    query = select(*columns, *(type_coerce(column, NULLTYPE).label(name) for name, column in head)).outerjoin(
        TrailHead, TrailHead.stream == Act.stream
    )
    ordered = query.order_by(Act.stream, Act.sequence)
    yield from session.execute(ordered.execution_options(yield_per=BATCH))


def _head(sequence: Any, final: Any) -> Head:
    return Head(sequence if isinstance(sequence, int) else NOWHERE, final)


def _link(row: Any, dialect: Dialect) -> Link:
    """Return a stored act as a value, without its entry where a column holds what the engine never writes."""
    place = row.sequence if isinstance(row.sequence, int) else NOWHERE
    return Link(row.stream, place, row.id, row.previous_hash, row.hash, _entry(row, dialect))


def _entry(row: Any, dialect: Dialect) -> Entry | None:
    told = {name: getattr(row, name) for name in HASHED}
    if not isinstance(row.previous_hash, bytes) or any(isinstance(value, bytes) for value in told.values()):
        return None
    try:
        facts = json.loads(row.facts) if isinstance(row.facts, str) else row.facts
        return Entry(**told | {"at": Instant().process_result_value(row.at, dialect), "facts": facts})
    except (TypeError, ValueError, OverflowError):
        return None
