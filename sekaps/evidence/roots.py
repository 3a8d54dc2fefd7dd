"""The daily root: one signed, time-stamped statement that stands for everything the chain recorded on a day."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from pyhanko.sign.timestamps import TimeStamper

from sekaps.errors.evidence import SignatureUnreadable
from sekaps.evidence.canonical import Canonical, canonical_bytes
from sekaps.evidence.cms import raw_signature, sign_detached, verify_detached, with_timestamp
from sekaps.evidence.der import Malformed
from sekaps.evidence.keys import Signer
from sekaps.evidence.merkle import inclusion_proof, is_included, tree_root
from sekaps.evidence.reading import read_message
from sekaps.evidence.timestamps import read_timestamp, stamp
from sekaps.evidence.trust import Trust
from sekaps.evidence.validation import validate_timestamp
from sekaps.evidence.verdicts import Verdict
from sekaps.texts import text

ROOT_FORMAT = "sekaps-daily-root-1"
FIRST = bytes(32)
"""Stands for the statement before the first one."""


@dataclass(frozen=True, slots=True)
class DailyRoot:
    """What is stated for one day of one stream of the chain."""

    stream: str
    day: date
    first: int
    """The sequence number of the day's first record; the last is ``first + count - 1``."""
    count: int
    root: bytes
    """The root of the hash tree over the day's hashes, in their order."""
    head: bytes
    """The hash at the end of the chain that day."""
    previous: bytes = FIRST
    """The digest of the statement before, so that no day can be left out."""

    @classmethod
    def over(
        cls,
        stream: str,
        day: date,
        *,
        first: int,
        hashes: Sequence[bytes],
        previous: bytes = FIRST,
        head: bytes = FIRST,
    ) -> Self:
        """Return the root over a day's hashes; on a day without any, ``head`` says where the chain stands."""
        return cls(stream, day, first, len(hashes), tree_root(hashes), hashes[-1] if hashes else head, previous)

    @property
    def statement(self) -> bytes:
        """The canonical bytes that are signed."""
        fields: dict[str, Canonical] = {
            "stream": self.stream,
            "day": self.day,
            "first": self.first,
            "count": self.count,
            "root": self.root.hex(),
            "head": self.head.hex(),
            "previous": self.previous.hex(),
        }
        return canonical_bytes(fields, form=ROOT_FORMAT)

    @property
    def digest(self) -> bytes:
        """What the statement of the next day names as the one before."""
        return hashlib.sha256(self.statement).digest()

    @classmethod
    def read(cls, statement: bytes) -> Self:
        """Return the root a statement tells of; refuse bytes that are not its one form."""
        try:
            told = json.loads(statement)
            hashes = {name: bytes.fromhex(told[name]) for name in ("root", "head", "previous")}
            found = cls(told["stream"], date.fromisoformat(told["day"]), told["first"], told["count"], **hashes)
        except (ValueError, KeyError, TypeError) as error:
            raise SignatureUnreadable(reason=text("no daily root: {detail}", detail=str(error))) from error
        if found.statement != statement:
            raise SignatureUnreadable(reason=text("a daily root that is not in its canonical form"))
        return found


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that one record is under a daily root."""

    place: int
    """Counted from 0 among the day's records."""
    path: tuple[bytes, ...]


def sign_root(root: DailyRoot, signer: Signer, signed_at: datetime, timestamper: TimeStamper) -> bytes:
    """Return the detached signature over the statement with a time stamp over it (CAdES-T)."""
    signature = sign_detached(root.statement, signer, signed_at)
    return with_timestamp(signature, stamp(hashlib.sha256(raw_signature(signature)).digest(), timestamper))


def verify_root(statement: bytes, signature: bytes, trust: Trust, at: datetime) -> Verdict:
    """Return what holds of a signed root: its time stamp as of ``at``, its signature as of the time stamp."""
    try:
        signer = read_message(signature).signer
        if signer.timestamp is None:
            return Verdict.TIMESTAMP_BROKEN
        stamped_at = read_timestamp(signer.timestamp).at
    except (Malformed, SignatureUnreadable):
        return Verdict.MALFORMED
    proven = validate_timestamp(signer.timestamp, hashlib.sha256(signer.signature).digest(), trust, at)
    if proven is not Verdict.VALID or stamped_at > at:
        return Verdict.TIMESTAMP_BROKEN
    return verify_detached(statement, signature, trust, stamped_at)


def prove(hashes: Sequence[bytes], place: int) -> Inclusion:
    """Return the proof for the record at a place among the day's hashes."""
    return Inclusion(place, tuple(inclusion_proof(hashes, place)))


def is_proven(record: bytes, inclusion: Inclusion, root: DailyRoot) -> bool:
    """Tell whether a record's hash stands where the proof says under a daily root."""
    return is_included(record, inclusion.place, root.count, inclusion.path, root.root)
