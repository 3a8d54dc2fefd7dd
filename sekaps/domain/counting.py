"""Whether the slot a document waits for agrees with its signatures, where counting alone does not tell."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import groupby

from sekaps.domain.chains import COMPLETE, Facts, Layout, Slot, is_asked
from sekaps.domain.signatures import DocumentState

FIRST = 1
NOT_SENT_BACK = (DocumentState.EXPECTED, DocumentState.RECORDED, DocumentState.COMPLETE)
Places = Set[int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A document's place in its chain; by round, the places signed and the one from which it was sent back."""

    state: str
    round: int
    next_slot: int
    signed: Mapping[int, Places]
    sent_back: Mapping[int, int]
    resubmitted: Places
    """The rounds that were sent back and resubmitted."""


def agrees(document: Counted, layout: Layout, facts: Facts) -> bool:
    """Tell whether a document waits for the slot its signatures and returns leave open, and has no others.

    What was signed in rounds that were sent back is not judged: under which version of the chain is not kept.
    """
    if not _rounds_follow(document) or any(not 1 <= number <= document.round for number in document.signed):
        return False
    signed = document.signed.get(document.round, frozenset())
    if document.round not in document.sent_back:
        return document.next_slot == _place_of(layout, signed, facts)
    place = document.sent_back[document.round]
    stands = layout.open_slots(_place_of(layout, signed, facts) or COMPLETE, signed)
    return document.next_slot == FIRST and place in {slot.place for slot in stands}


def _rounds_follow(document: Counted) -> bool:
    """Tell whether each earlier round was sent back and resubmitted, and the present one as the state says."""
    waits_to_be_resubmitted = document.round in document.sent_back
    if waits_to_be_resubmitted and document.state in NOT_SENT_BACK:
        return False
    if not waits_to_be_resubmitted and document.state == DocumentState.RETURNED:
        return False
    earlier = set(range(1, document.round))
    return document.resubmitted == earlier and set(document.sent_back) - {document.round} == earlier


def _place_of(layout: Layout, signed: Places, facts: Facts) -> int | None:
    """Return the place that signatures lead to, or None when no document can come to have exactly these."""
    left = set(signed)
    for _, members in groupby(layout.slots, key=lambda slot: slot.stage):
        stage = list(members)
        if not is_asked(stage[0], facts):
            continue
        given = {slot.place for slot in stage} & left
        left -= given
        if len(given) < stage[0].needed:
            return None if left else _lowest_unsigned(stage, given)
        if len(given) > stage[0].needed:
            return None
    return None if left else COMPLETE


def _lowest_unsigned(stage: list[Slot], given: Places) -> int | None:
    """Return the first place of a stage without a signature; None where it asks for more than it has places."""
    return next((slot.place for slot in stage if slot.place not in given), None)
