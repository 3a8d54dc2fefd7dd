"""The rules of a signature chain: in order, by the post's holder, and never two slots by one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sekaps.texts import Text, text

CLOCKS_APART = timedelta(minutes=5)
"""How far two clocks that tell the times of signatures may be apart."""


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
    """What a document waits for: its number and state, the slot of a chain so long, and the posts that may sign now."""

    number: str
    state: str
    slot: int
    length: int
    waits_for: Sequence[str]


def refusal_to_sign(turn: Turn, *, holds_the_post: bool, signed_before: bool) -> Text | None:
    """Return why this person may not sign this document now, or None when they may."""
    if turn.state == DocumentState.COMPLETE:
        return text("{number} is complete; nothing is left to sign.", number=turn.number)
    if turn.state == DocumentState.WITHDRAWN:
        return text("{number} was withdrawn; it is not signed any more.", number=turn.number)
    if turn.state == DocumentState.RETURNED:
        return text("{number} was sent back; it is resubmitted before it is signed again.", number=turn.number)
    if not holds_the_post:
        return text(
            "{number} waits for signature {slot} of {length}, by {post}; the signer does not hold that post.",
            number=turn.number,
            slot=turn.slot,
            length=turn.length,
            post=list(turn.waits_for),
        )
    if signed_before:
        return text("{number} already has a signature of this person; no one fills two slots.", number=turn.number)
    return None


def refusal_before_turn(turn: Turn, since: datetime, as_of: datetime) -> Text | None:
    """Return why a signature may not be given at an instant: its turn came later, so a clock is wrong; else None."""
    if turn.state != DocumentState.RECORDED or as_of + CLOCKS_APART >= since:
        return None
    return text(
        "{number} waits for signature {slot} since {since}; {as_of} is before that. Set the clock right",
        number=turn.number,
        slot=turn.slot,
        since=since,
        as_of=as_of,
    )


class Verb(StrEnum):
    """What is done to a document besides signing it."""

    RETURN = "return"
    """Send it back, with the reason; its signatures are void from then on."""
    RESUBMIT = "resubmit"
    """Put it on its way again, from its first slot, in a new round."""
    WITHDRAW = "withdraw"
    """Take it back; nothing is owed any more."""


NEXT_STATE: dict[tuple[DocumentState, Verb], DocumentState] = {
    (DocumentState.RECORDED, Verb.RETURN): DocumentState.RETURNED,
    (DocumentState.RETURNED, Verb.RESUBMIT): DocumentState.RECORDED,
    (DocumentState.EXPECTED, Verb.WITHDRAW): DocumentState.WITHDRAWN,
    (DocumentState.RECORDED, Verb.WITHDRAW): DocumentState.WITHDRAWN,
    (DocumentState.RETURNED, Verb.WITHDRAW): DocumentState.WITHDRAWN,
}
"""State and verb → state; what is not here is not done."""


def refusal_to(verb: Verb, number: str, state: str, *, holds_the_post: bool, reason: str) -> Text | None:
    """Return why a person may not send back, resubmit or withdraw a document, or None when they may."""
    if (DocumentState(state), verb) not in NEXT_STATE:
        return text(
            "{number} is {state}; nothing is left to do to it that way.",
            number=number,
            state=_SAID[DocumentState(state)],
        )
    if not holds_the_post:
        return text("{number}: {those}; the person does not hold that post.", number=number, those=_WHO[verb])
    if verb is not Verb.RESUBMIT and not reason.strip():
        return text("{number}: a reason must be given.", number=number)
    return None


_SAID = {
    DocumentState.EXPECTED: text("not recorded yet"),
    DocumentState.RECORDED: text("on its way"),
    DocumentState.RETURNED: text("sent back"),
    DocumentState.COMPLETE: text("complete"),
    DocumentState.WITHDRAWN: text("withdrawn"),
}
_WHO = {
    Verb.RETURN: text("who may sign it now sends it back"),
    Verb.RESUBMIT: text("who signs first resubmits it"),
    Verb.WITHDRAW: text("who signs first withdraws it"),
}
