"""The hash that chains acts of the audit trail, so that a changed, removed or re-ordered row shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

GENESIS = bytes(32)
"""What the first act of a stream is chained to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it is hashed: who did what, when, under which revision, on how many documents."""

    at: datetime
    verb: str
    outcome: str = "done"
    mandate_id: int | None = None
    authority: str = "system"
    edition_id: int | None = None
    revision: int = 0
    activity: str = ""
    step: str = ""
    documents: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)


_HASHED = tuple(Entry.__dataclass_fields__)
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def chain_hash(previous: bytes, stream: str, sequence: int, entry: Entry) -> bytes:
    """Return the SHA-256 of the previous hash and the act's canonical JSON (sorted keys, UTC instants)."""
    before, after = canonical_around(stream, entry)
    return hashlib.sha256(previous + f"{before}{sequence}{after}".encode()).digest()


def canonical_around(stream: str, entry: Entry) -> tuple[str, str]:
    """Return an act's canonical JSON before and after its sequence, which only the head of the stream knows."""
    told = {name: getattr(entry, name) for name in _HASHED}
    body = {**told, "at": entry.at.isoformat(timespec="milliseconds"), "stream": stream}
    earlier = {name: value for name, value in body.items() if name < "sequence"}
    later = {name: value for name, value in body.items() if name > "sequence"}
    return f'{_CANONICAL(earlier)[:-1]},"sequence":', f",{_CANONICAL(later)[1:]}"


def digest_of(ids: Iterable[int]) -> str:
    """Return a short digest that stands for a set of ids in an act's facts."""
    return hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()
