"""One signature on a server in a single statement: there each further one costs as much as all that it writes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, bindparam, text
from sqlalchemy.orm import Session

from sekaps.domain.trail import Entry, canonical_around
from sekaps.models.base import Instant
from sekaps.services.prepared import Prepared
from sekaps.services.trail import HASHED, STREAM


def write_at_once(session: Session, entry: Entry, values: Mapping[str, Any]) -> bool:
    """Put a signature on the trail, write it and move its document on; tell whether the row still was as it was read.

    Where it was not, nothing is written. The values are those of ``STATEMENT`` beside the columns of the act.
    """
    before, after = canonical_around(STREAM, entry)
    told = {name: getattr(entry, name) for name in HASHED}
    return bool(_WRITE.change(session, **{**told, **values}, stream=STREAM, before=before, after=after))


STATEMENT = """
WITH moved AS (
    UPDATE documents SET next_slot = :next_slot, state = :state, recorded_at = coalesce(recorded_at, :at),
        waiting_since = coalesce(CAST(:since AS timestamptz), waiting_since)
    WHERE id = :document_id AND xmin = CAST(:version AS xid)
        AND EXISTS (SELECT 1 FROM trail_heads WHERE trail_heads.stream = :stream)
    RETURNING id, round
), head AS (
    SELECT trail_heads.sequence + 1 AS sequence, trail_heads.hash AS previous, sha256(trail_heads.hash || convert_to(
        CAST(:before AS text) || (trail_heads.sequence + 1) || CAST(:after AS text), 'UTF8')) AS hash
    FROM trail_heads, moved WHERE trail_heads.stream = :stream
    FOR UPDATE OF trail_heads
), advanced AS (
    UPDATE trail_heads SET sequence = head.sequence, hash = head.hash FROM head WHERE trail_heads.stream = :stream
), act AS (
    INSERT INTO acts (stream, sequence, at, verb, outcome, mandate_id, authority, edition_id, revision, activity, step,
        documents, facts, previous_hash, hash)
    SELECT :stream, head.sequence, :at, :verb, :outcome, :mandate_id, :authority, :edition_id, :revision, :activity,
        :step, :documents, :facts, head.previous, head.hash
    FROM head
    RETURNING id
)
INSERT INTO signatures (document_id, round, slot, person_id, mandate_id, act_id, at)
SELECT moved.id, moved.round, :slot, :person_id, :mandate_id, act.id, :at FROM moved, act
"""
"""The document first and then the head of the trail, in the order of every other act, so that none block each other;
the head is locked, as ever, before its hash goes into the next one. Where there is no head yet, nothing moves."""
_WRITE = Prepared(
    text(STATEMENT).bindparams(
        bindparam("at", type_=Instant), bindparam("since", type_=Instant), bindparam("facts", type_=JSON)
    )
)
