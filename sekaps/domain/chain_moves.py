"""Where a document under way goes in another chain: to a place of it with all its signatures, or nowhere yet."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from sekaps.domain.chains import COMPLETE, Facts, Layout, Slot, may_move_to
from sekaps.texts import Text, text

FIRST = 1
"""The place a document without signatures waits for."""


@dataclass(frozen=True, slots=True)
class Move:
    """The place a document waits for in the other chain, or why it cannot go there with its signatures."""

    place: int
    obstacle: Text | None = None


def find_move(held: Layout, other: Layout, signed: Collection[int], facts: Facts) -> Move:
    """Return where a document with those places signed goes on in another chain.

    It keeps its signatures or it does not move; nobody is passed over whom the other chain asks, and no chain is
    completed without anybody signing.
    """
    if not signed:
        return Move(FIRST)
    if not may_move_to(held, other, signed):
        return _nowhere(text("what is signed does not stand in the other chain at the same places"))
    stage = max(slot.stage for slot in other.slots if slot.place in signed)
    missing = _passed_over(other, stage, signed, facts)
    if missing is not None:
        return _nowhere(text("the other chain asks {post} before what is signed", post=missing.title))
    place = other.place_after(stage, signed, facts)
    if place == COMPLETE:
        return _nowhere(text("the other chain asks for nothing more; it would be complete without anybody signing"))
    return Move(place)


def _nowhere(obstacle: Text) -> Move:
    return Move(COMPLETE, obstacle)


def _passed_over(layout: Layout, stage: int, signed: Collection[int], facts: Facts) -> Slot | None:
    """Return the first slot before a stage whose stage is asked of the document and lacks signatures."""
    before = (slot for slot in layout.slots if slot.stage < stage)
    for _, members in groupby(before, key=lambda slot: slot.stage):
        slots = list(members)
        condition = slots[0].condition
        given = sum(slot.place in signed for slot in slots)
        if given < slots[0].needed and (condition is None or condition.holds(facts)):
            return next(slot for slot in slots if slot.place not in signed)
    return None
