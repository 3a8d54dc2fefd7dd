"""The rows of what people did in a generated country: acts on the trail, ended mandates, documents sent back."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import numpy as np
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.demo.duties import Small
from sekaps.demo.evening import Evening
from sekaps.demo.planting import ANYWHERE
from sekaps.demo.signing_days import NEVER
from sekaps.demo.trail_of_acts import REASON, Acts, Digests
from sekaps.domain.gaps import Cause
from sekaps.domain.trail import Entry, chain_hash
from sekaps.models.documents import DocumentReturn, Signature
from sekaps.models.evidence import EvidenceCheck, SuspectSignature
from sekaps.models.registry import Mandate
from sekaps.models.trail import Act, TrailHead
from sekaps.services.bulk_rows import BulkWriter
from sekaps.services.editions import EditionView
from sekaps.services.trail import HASHED, STREAM, trail_head
from sekaps.services.writing import insert_new, table_of

ACT_COLUMNS = ("id", "stream", "sequence", *HASHED, "previous_hash", "hash")
RETURN_COLUMNS = ("document_id", "round", "slot", "person_id", "mandate_id", "act_id", "at", "reason")
SIGNATURE_COLUMNS = ("document_id", "round", "slot", "person_id", "mandate_id", "act_id", "at")
NIGHT = time(23, 30)
"""The hour of the nightly verification."""


class WorkRows:
    """Writes what was done by an evening."""

    def __init__(self, session: Session, edition: EditionView, evening: Evening, first_id: int) -> None:
        self._session, self._edition, self._evening, self._first_id = session, edition, evening, first_id
        self._writer = BulkWriter(session)
        self._first_act, self._head = self._writer.next_id(Act), trail_head(session)
        self._written = 0
        self.act_of: Small = np.zeros((0, 0), dtype=np.int32)
        """The id of the act by document and slot, once acts are written."""

    def end_mandates(self) -> None:
        """End the mandates of posts that were left; one that ran out by itself has no record of its end."""
        rows = [
            {"mandate": mandate, "until": at_, "recorded": at_ if cause is Cause.POST_VACANT else None}
            for mandate, (at_, cause) in self._evening.leavings.items()
        ]
        table = table_of(Mandate)
        ended = update(table).where(table.c.id == bindparam("mandate"))
        if rows:
            self._session.connection().execute(
                ended.values(until_at=bindparam("until"), end_recorded_at=bindparam("recorded")), rows
            )

    def write_acts(self, digests: Digests | None) -> None:
        """Append every act to the trail, each chained to the one before."""
        acts = Acts(self._evening)
        self.act_of = acts.act_of() + np.int32(self._first_act)
        self._writer.write_rows(Act, ACT_COLUMNS, self._act_rows(acts, digests))
        self._writer.ids_taken(Act)
        moved = update(TrailHead).where(TrailHead.stream == STREAM)
        self._session.execute(moved.values(sequence=self._head.sequence + self._written, hash=self._last))

    def _act_rows(self, acts: Acts, digests: Digests | None) -> Iterator[tuple[Any, ...]]:
        previous = self._head.hash
        for entry in acts.entries(self._edition, self._first_id, digests):
            self._written += 1
            sequence = self._head.sequence + self._written
            self._last = chain_hash(previous, STREAM, sequence, entry)
            yield (
                self._first_act + self._written - 1, STREAM, sequence, *self._hashed(entry), previous, self._last,
            )  # fmt: skip
            previous = self._last

    def _hashed(self, entry: Entry) -> Iterator[Any]:
        """Yield the columns of an act that are hashed, as rows hold them."""
        kept = {"at": self._writer.instant(entry.at), "facts": json.dumps(entry.facts)}
        return (kept[name] if name in kept else getattr(entry, name) for name in HASHED)

    def write_returns(self) -> None:
        """Write the documents that were sent back."""
        self._writer.write_rows(DocumentReturn, RETURN_COLUMNS, self._return_rows())

    def _return_rows(self) -> Iterator[tuple[Any, ...]]:
        evening = self._evening
        for place in evening.returned.tolist():
            slot = int(evening.planted.slot[place])
            yield *self._who(place, slot), REASON

    def write_unsealed(self) -> None:
        """Write the signatures without evidence."""
        self._writer.write_rows(Signature, SIGNATURE_COLUMNS, self._unsealed_rows())

    def _unsealed_rows(self) -> Iterator[tuple[Any, ...]]:
        for place, slot in zip(*signed_slots(self._evening), strict=True):
            yield self._who(int(place), int(slot))

    def _who(self, place: int, slot: int) -> tuple[Any, ...]:
        """Return what signatures and returns have in common."""
        evening, column = self._evening, slot - 1
        chain, moment = evening.duties.chain[place], int(evening.moments[place, column])
        seats = evening.seats
        return (
            place + self._first_id, 1, slot, int(seats.person[chain, column]), int(seats.mandate[chain, column]),
            int(self.act_of[place, column]), self._writer.instant(evening.instants[moment]),
        )  # fmt: skip

    def note_nights(self) -> None:
        """Note that every night before verified what was signed by then, and what it found not to hold."""
        through = self._evening.through
        before = func.coalesce(func.max(Act.sequence), 0)
        verified = self._session.scalar(select(before).where(Act.at < at(through, time(0)))) or 0
        day = date.fromordinal(through.toordinal() - 1)
        check = {"edition_id": self._edition.id, "day": day, "first": 1, "through": verified}
        check |= {"again_first": 1, "again_through": 0, "made_at": at(day, NIGHT)}
        insert_new(self._session, EvidenceCheck, [check])
        insert_new(self._session, SuspectSignature, list(self._suspect_rows(verified, at(day, NIGHT))))

    def _suspect_rows(self, verified: int, found_at: datetime) -> Iterator[dict[str, Any]]:
        """Yield the planted flaws of acts that were verified: every signature of a changed form, else the one."""
        planted, last = self._evening.planted, self._first_act + verified - self._head.sequence
        slots = np.arange(1, self.act_of.shape[1] + 1) == planted.slot[:, None]
        flawed = planted.has(*ANYWHERE)[:, None] & (slots | planted.has(Cause.BYTES_CHANGED)[:, None])
        signed = self._evening.moments != NEVER
        for place, column in np.argwhere(flawed & signed & (self.act_of < last)).tolist():
            key = {"act_id": int(self.act_of[place, column]), "document_id": place + self._first_id}
            yield {**key, "edition_id": self._edition.id, "found_at": found_at}


def signed_slots(evening: Evening) -> tuple[Small, Small]:
    """Return the place and slot of every signature, in the order of the documents; millions, so in small numbers."""
    signed = evening.moments != NEVER
    signed[evening.returned, evening.planted.slot[evening.returned] - 1] = False
    place, column = np.nonzero(signed)
    return place.astype(np.int32), (column + 1).astype(np.int32)
