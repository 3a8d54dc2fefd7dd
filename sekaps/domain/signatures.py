"""The rules of a signature chain: in order, by the post's holder, and never two slots by one person."""

from dataclasses import dataclass
from enum import StrEnum

from sekaps.texts import Text, text


class DocumentState(StrEnum):
    """The life of a document."""

    EXPECTED = "expected"
    """Somebody owes it; its first signature records it."""
    RECORDED = "recorded"
    """Recorded, and on its way through its chain."""
    RETURNED = "returned"
    """Sent back with a reason; waits to be resubmitted."""
    COMPLETE = "complete"
    """Every slot is signed."""
    WITHDRAWN = "withdrawn"
    """Taken back; nothing is owed any more."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a document waits for: its number and state, the slot of a chain so long, and the posts' title there."""

    number: str
    state: str
    slot: int
    length: int
    waits_for: str

    @property
    def slot_after(self) -> int:
        """The slot it waits for once this one is signed; 0 when the chain is then complete."""
        return 0 if self.slot == self.length else self.slot + 1


def refusal_to_sign(turn: Turn, *, holds_the_post: bool, signed_before: bool) -> Text | None:
    """Return why this person may not sign this document now, or None when they may."""
    if turn.state == DocumentState.COMPLETE:
        return text("{number} is complete; nothing is left to sign.", number=turn.number)
    if turn.state == DocumentState.WITHDRAWN:
        return text("{number} was withdrawn; it is not signed any more.", number=turn.number)
    if not holds_the_post:
        return text(
            "{number} waits for signature {slot} of {length}, by {post}; the signer does not hold that post.",
            number=turn.number,
            slot=turn.slot,
            length=turn.length,
            post=turn.waits_for,
        )
    if signed_before:
        return text("{number} already has a signature of this person; no one fills two slots.", number=turn.number)
    return None
