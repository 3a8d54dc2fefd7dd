"""What a letter about a revised form says: what became of the form, and the reader's lines that lost something."""

from dataclasses import dataclass
from datetime import date

from sekaps.domain.digests import UNITS_NAMED, Issuer, Recipient
from sekaps.domain.form_revisions import RevisionKind
from sekaps.texts import Sayable, Text, text


@dataclass(frozen=True, slots=True)
class RevisedLine:
    """A line that lost something: what it held and holds, where it was decided, and what becomes of the rest."""

    need: str
    resource: str
    step: Sayable
    before: int
    after: int
    outlook: Sayable


@dataclass(frozen=True, slots=True)
class RevisionLetter:
    """One message to somebody whom lines concern that a revision took back."""

    issuer: Issuer
    recipient: Recipient
    day: date
    number: str
    kind: RevisionKind
    before: int
    after: int
    reason: str
    letter: str
    lines: tuple[RevisedLine, ...]

    @property
    def subject(self) -> Text:
        """The subject line: which form, and what became of it."""
        issuer = f"{self.issuer.short} {self.issuer.year}"
        return text("{issuer}: {number}: {what}", issuer=issuer, number=self.number, what=self.kind.meaning)

    @property
    def named(self) -> tuple[RevisedLine, ...]:
        """The lines named one by one."""
        return self.lines[:UNITS_NAMED]

    @property
    def more(self) -> int:
        """How many lines are only counted."""
        return len(self.lines) - len(self.named)


def outlook(*, is_needed: bool, again: Sayable | None) -> Text:
    """Return what becomes of what a line lost."""
    if not is_needed:
        return text("it is not needed any more; what was reserved is free again")
    if again is None:
        return text("no stage can decide it again; it stands as unmet")
    return text("to be decided again: {step}", step=again)
