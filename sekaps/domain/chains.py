"""Signature chains: stages of one or more slots, signed in order, all or some of each, or skipped by a condition."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from sekaps.texts import Text, text

COMPLETE = 0
"""What a document waits for once nothing is left to sign."""


class Field(StrEnum):
    """What of a document a condition may ask."""

    QUANTITY = "quantity"
    """How much is needed, or there is."""
    MODULE = "module"
    """The module its item belongs to."""
    SCOPE = "scope"
    """Central or local."""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a stage is signed at all: a quantity of at least so much, or a module or scope that is this one."""

    field: Field
    value: int | str

    def holds(self, facts: "Facts") -> bool:
        """Tell whether the stage is signed for a document; what a document does not say asks for the signature."""
        known = facts.get(self.field.value)
        if known is None:
            return True
        return int(known) >= int(self.value) if self.field is Field.QUANTITY else known == self.value


Facts = Mapping[str, int | str | None]
"""What a document says of itself, by field."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One signature of a chain: its place from 1, the place its stage begins with, and the post that signs.

    ``needed`` is how many signatures its stage takes: all of its slots, or fewer (n of m).
    """

    place: int
    stage: int
    post_id: int
    title: str
    needed: int = 1
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The slots of a chain, in order."""

    slots: tuple[Slot, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it is one signature after another, unconditionally."""
        return all(slot.stage == slot.place and slot.condition is None for slot in self.slots)

    @property
    def is_conditional(self) -> bool:
        """Whether what a document says of itself decides what is signed."""
        return any(slot.condition is not None for slot in self.slots)

    def open_slots(self, waits_for: int, signed: Collection[int]) -> tuple[Slot, ...]:
        """Return the slots that may be signed now: those of the current stage without a signature."""
        stage = next((slot.stage for slot in self.slots if slot.place == waits_for), None)
        return tuple(slot for slot in self.slots if slot.stage == stage and slot.place not in signed)

    def place_after(self, waits_for: int, signed: Collection[int], facts: Facts) -> int:
        """Return the place a document waits for after its current stage got another signature; COMPLETE at the end.

        A stage that has all it takes is left; those whose condition does not hold are passed over.
        """
        stage = next(slot.stage for slot in self.slots if slot.place == waits_for)
        members = [slot for slot in self.slots if slot.stage == stage]
        given = sum(slot.place in signed for slot in members)
        if given < members[0].needed:
            return next(slot.place for slot in members if slot.place not in signed)
        later = (slot for slot in self.slots if slot.place > members[-1].place)
        return next((slot.place for slot in later if is_asked(slot, facts)), COMPLETE)

    def problem(self) -> Text | None:
        """Return why these slots make no chain, or None."""
        if not self.slots:
            return text("a chain has at least one stage; give each with --stage")
        if [slot.place for slot in self.slots] != list(range(1, len(self.slots) + 1)):
            return text("the slots of a chain are numbered from 1 without a gap")
        for stage, members in groupby(self.slots, key=lambda slot: slot.stage):
            problem = _stage_problem(stage, list(members))
            if problem is not None:
                return problem
        if self.slots[0].condition is not None:
            return text("the first stage of a chain is always signed; it takes no condition")
        posts = [slot.post_id for slot in self.slots]
        if len(set(posts)) != len(posts):
            return text("a post signs a chain once; {post} stands in it twice", post=_repeated(self.slots))
        return None


def is_asked(slot: Slot, facts: Facts) -> bool:
    """Tell whether a slot's stage is signed at all for a document."""
    return slot.condition is None or slot.condition.holds(facts)


def _stage_problem(stage: int, members: list[Slot]) -> Text | None:
    if members[0].place != stage:
        return text("the slots of a stage stand together; slot {place} does not", place=members[0].place)
    if len({(slot.needed, slot.condition) for slot in members}) > 1:
        return text("the slots of stage {stage} state different conditions or counts", stage=stage)
    if not 1 <= members[0].needed <= len(members):
        return text(
            "stage {stage} takes {needed} signatures, and has {members} slots",
            stage=stage,
            needed=members[0].needed,
            members=len(members),
        )
    return None


def _repeated(slots: tuple[Slot, ...]) -> str:
    counts = Counter(slot.post_id for slot in slots)
    return next(slot.title for slot in slots if counts[slot.post_id] > 1)


def may_move_to(held: Layout, other: Layout, signed: Collection[int]) -> bool:
    """Tell whether a document under way may go on with another chain without losing signatures.

    What was signed stands in the other chain at the same places by the same posts, in stages alike up to there.
    """
    if not signed:
        return True
    stage = max(slot.stage for slot in held.slots if slot.place in signed)
    last = max(slot.place for slot in held.slots if slot.stage == stage)
    mine = [(slot.place, slot.stage, slot.needed, slot.post_id) for slot in held.slots if slot.place <= last]
    theirs = [(slot.place, slot.stage, slot.needed, slot.post_id) for slot in other.slots if slot.place <= last]
    return mine == theirs
