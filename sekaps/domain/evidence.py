"""What the audit of evidence says: which signature fails and why, and the digest that ties an act to its signatures."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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
class Flaw:
    """One signature whose evidence does not hold; without a document, the act as a whole does not match its rows."""

    document: str | None
    round: int | None
    slot: int | None
    person: str | None
    at: datetime
    act: int
    """The act's place on the audit trail."""
    cause: Cause


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """What came of an audit of evidence: signatures checked, those older than evidence, and the flaws."""

    checked: int = 0
    without: int = 0
    flaws: Sequence[Flaw] = field(default_factory=tuple)

    @property
    def by_cause(self) -> dict[str, int]:
        """How many flaws each cause has."""
        return dict(sorted(Counter(flaw.cause.value for flaw in self.flaws).items()))
