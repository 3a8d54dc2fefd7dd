"""What the audit of evidence says: which signature fails and why, the digest that ties an act to its signatures, and
which part of the trail a night looks at.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sekaps.domain.gaps import Cause


@dataclass(frozen=True, slots=True)
class SignedSlot:
    """One signature as its act answers for it."""

    document_id: int
    round: int
    slot: int
    person_id: int
    mandate_id: int
    at: datetime
    content_digest: bytes | None

    @property
    def line(self) -> str:
        """The signature in one line, as it goes into the digest of its act."""
        content = self.content_digest.hex() if self.content_digest else "-"
        at = self.at.isoformat(timespec="milliseconds")
        return f"{self.document_id} {self.round} {self.slot} {self.person_id} {self.mandate_id} {at} {content}\n"


def digest_of_signatures(signed: Iterable[SignedSlot]) -> str:
    """Return the digest of an act's signatures, given in the order of their documents; it stands on the trail."""
    digest = hashlib.sha256()
    for each in signed:
        digest.update(each.line.encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """Places on the audit trail, from the first through the last; empty where the last comes before the first."""

    first: int = 1
    last: int = 0


def share_of(acts: Iterable[tuple[int, int]], quota: int) -> Span:
    """Return the span of the first acts, each (place, signatures), that make up so many signatures, else of all."""
    first, last, left = 1, 0, quota
    for place, signatures in acts:
        if left <= 0:
            break
        first, last, left = first if last else place, place, left - signatures
    return Span(first, last)


class SignatureKey(NamedTuple):
    """A signature as suspicion names it: an act signs a document once, in whatever round and slot the row stands."""

    document_id: int
    act_id: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is looked at again whosever turn it is: signatures verified, acts compared with what they sealed."""

    signatures: frozenset[SignatureKey] = frozenset()
    acts: frozenset[int] = frozenset()

    @property
    def touched(self) -> frozenset[int]:
        """The acts that anything of this is about."""
        return self.acts | {key.act_id for key in self.signatures}

    def of_acts(self, acts: Set[int]) -> "Doubts":
        """Return the part of them that is about some acts."""
        return Doubts(frozenset(key for key in self.signatures if key.act_id in acts), self.acts & acts)

    def __or__(self, other: "Doubts") -> "Doubts":
        return Doubts(self.signatures | other.signatures, self.acts | other.acts)

    def __and__(self, other: "Doubts") -> "Doubts":
        return Doubts(self.signatures & other.signatures, self.acts & other.acts)

    def __sub__(self, other: "Doubts") -> "Doubts":
        return Doubts(self.signatures - other.signatures, self.acts - other.acts)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One signature whose evidence does not hold; without a slot, the act as a whole does not match its rows."""

    document: str | None
    round: int | None
    slot: int | None
    person: str | None
    at: datetime
    act: int
    """The act's place on the audit trail."""
    cause: Cause
    signature: SignatureKey | None = None
    """The signature's row; none where the act as a whole does not match."""


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """What came of an audit of evidence: signatures checked, those older than evidence, and the flaws.

    A night also says how many of them it checked again, since when the others hold, and what disagrees by counting.
    """

    checked: int = 0
    without: int = 0
    flaws: Sequence[Flaw] = field(default_factory=tuple)
    again: int = 0
    oldest: date | None = None
    """The day on which the part was verified that has not been for the longest time; none after a full pass."""
    miscounted: Sequence[str] = ()
    """Documents whose next slot does not agree with their signatures."""

    @property
    def by_cause(self) -> dict[str, int]:
        """How many flaws each cause has."""
        return dict(sorted(Counter(flaw.cause.value for flaw in self.flaws).items()))
