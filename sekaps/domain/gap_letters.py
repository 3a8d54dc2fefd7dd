"""What a letter about signature gaps says: one cause, the act that closes it, and where one person's gaps are."""

from dataclasses import dataclass
from datetime import date

from sekaps.domain.closing_acts import CLOSING_ACTS, ClosingAct
from sekaps.domain.digests import UNITS_NAMED, Issuer, Recipient
from sekaps.domain.gaps import Cause
from sekaps.texts import Text, text, turkish_key


@dataclass(frozen=True, slots=True)
class GapWork:
    """Documents of one unit that wait at one post: how many, and since when the oldest."""

    unit: str
    post: str
    post_at: str
    documents: int
    since: date


@dataclass(frozen=True, slots=True)
class GapLetter:
    """One message to somebody who can close gaps: all that person's gaps of one cause, as they stand on a day."""

    issuer: Issuer
    recipient: Recipient
    day: date
    cause: Cause
    work: tuple[GapWork, ...]

    @property
    def subject(self) -> Text:
        """The subject line: how many documents, and why they wait."""
        issuer = f"{self.issuer.short} {self.issuer.year}"
        return text("{issuer}: documents: {count}; {cause}", issuer=issuer, count=self.documents,
                    cause=self.cause.meaning)  # fmt: skip

    @property
    def documents(self) -> int:
        """How many documents there are in all."""
        return sum(work.documents for work in self.work)

    @property
    def act(self) -> ClosingAct:
        """The act that closes them."""
        return CLOSING_ACTS[self.cause]

    @property
    def named(self) -> tuple[GapWork, ...]:
        """The work named one by one: the oldest first, then in Turkish order of the units."""
        return self._ordered()[:UNITS_NAMED]

    @property
    def more(self) -> int:
        """How many documents are only counted."""
        return self.documents - sum(work.documents for work in self.named)

    def _ordered(self) -> tuple[GapWork, ...]:
        return tuple(sorted(self.work, key=lambda work: (work.since, turkish_key(work.unit), work.post)))
