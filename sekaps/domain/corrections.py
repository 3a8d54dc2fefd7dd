"""What a correction says: last days that have moved since a person was reminded of them, and what moved them."""

from dataclasses import dataclass
from datetime import date

from sekaps.domain.digests import DayName, Deadline, Issuer, Recipient, StepWords
from sekaps.texts import Sayable, Text, text


@dataclass(frozen=True, slots=True)
class Change:
    """A last day that moved for one step of one unit; ``documents`` is how much the person still has open there."""

    words: StepWords
    unit: str
    documents: int
    before: Deadline
    after: Deadline


@dataclass(frozen=True, slots=True)
class Correction:
    """One message: the act that moved last days, and each of them as it was told and as it stands now."""

    issuer: Issuer
    recipient: Recipient
    day: date
    cause: Sayable
    changes: tuple[Change, ...]

    @property
    def subject(self) -> Text:
        """The subject line: the new last day, or how many of them there are."""
        issuer = f"{self.issuer.short} {self.issuer.year}"
        ends = sorted({change.after.last_office_day for change in self.changes})
        if len(ends) == 1:
            return text("{issuer}: CORRECTION, the last day is now {day}", issuer=issuer, day=DayName(ends[0]))
        return text("{issuer}: CORRECTION, last days moved: {count}", issuer=issuer, count=len(self.changes))


def has_moved(before: Deadline, after: Deadline) -> bool:
    """Tell whether a deadline ends on another day than was told, or its last day of work is another."""
    return (before.closes, before.last_office_day) != (after.closes, after.last_office_day)
