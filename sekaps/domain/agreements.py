"""What the record of a detail protocol must say: concluded on a day for a time under a number, or why it was not."""

from dataclasses import dataclass
from datetime import date

from sekaps.texts import Text, text

LONGEST_LETTER = LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Agreement:
    """A protocol its parties signed: the day, the days it holds (no end: until it is terminated), the document."""

    concluded_on: date
    begins_on: date
    ends_on: date | None
    letter: str


def refusal_to_conclude(agreement: Agreement | None, reason: str, prepared_on: date, day: date) -> Text | None:
    """Return why a protocol prepared on a day may not be recorded on another as concluded so, or as not; or None."""
    if agreement is None:
        return _refusal_of_reason(reason)
    if reason:
        return text("a protocol is recorded as concluded or, with a reason, as not concluded; not as both")
    return _refusal_of_days(agreement, prepared_on, day) or _refusal_of_letter(agreement)


def _refusal_of_reason(reason: str) -> Text | None:
    if reason.strip() and len(reason) <= LONGEST_REASON:
        return None
    return text("why it was not concluded is told in 1 to {limit} characters", limit=LONGEST_REASON)


def _refusal_of_days(agreement: Agreement, prepared_on: date, day: date) -> Text | None:
    if agreement.concluded_on > day:
        return text("{on} has not come; it is recorded on that day or after", on=agreement.concluded_on)
    if agreement.concluded_on < prepared_on:
        return text("it was prepared on {on} and cannot have been concluded before, on {concluded}",
                    on=prepared_on, concluded=agreement.concluded_on)  # fmt: skip
    if agreement.ends_on is None:
        return None
    if agreement.ends_on < max(agreement.begins_on, agreement.concluded_on):
        return text("it ends on {ends}, before it was concluded or begins", ends=agreement.ends_on)
    return None


def _refusal_of_letter(agreement: Agreement) -> Text | None:
    if agreement.letter.strip() and len(agreement.letter) <= LONGEST_LETTER:
        return None
    return text("the number of its document has 1 to {limit} characters", limit=LONGEST_LETTER)
