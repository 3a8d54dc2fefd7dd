"""What a letter about a legal term says: what must be done by when for which notices, or what follows now it lapsed."""

from dataclasses import dataclass
from datetime import date, datetime

from sekaps.domain.digests import Issuer, Recipient
from sekaps.texts import Sayable, Text, text

NUMBERS_NAMED = 12
"""How many notices a letter names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class TermWords:
    """How a term is called: its name, its law and article, its length, what starts it, and what follows it."""

    name: Sayable
    source: Sayable
    wording: Sayable
    starts: Sayable
    then: Sayable | None


@dataclass(frozen=True, slots=True)
class TermLetter:
    """One message to whoever leads the unit that must act, or that acts next when a term of the addressee lapsed."""

    issuer: Issuer
    recipient: Recipient
    day: date
    unit: str
    words: TermWords
    due_at: datetime
    has_lapsed: bool
    numbers: tuple[str, ...]

    @property
    def subject(self) -> Text:
        """The subject line: which term, and until when it runs or ran."""
        issuer = f"{self.issuer.short} {self.issuer.year}"
        facts = {"issuer": issuer, "name": self.words.name, "due": self.due_at}
        if self.has_lapsed:
            return text("{issuer}: {name}: the time ended on {due}", **facts)
        return text("{issuer}: {name}: by {due}", **facts)

    @property
    def named(self) -> tuple[str, ...]:
        """The notices named, in the order of their numbers."""
        return tuple(sorted(self.numbers))[:NUMBERS_NAMED]

    @property
    def more(self) -> int:
        """How many notices are only counted."""
        return len(self.numbers) - len(self.named)
