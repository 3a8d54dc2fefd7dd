"""Revisions of allocated forms: who may, which lines are taken back, and what that leaves needed at each stage."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.signatures import DocumentState
from sekaps.texts import Text, text

EFFECTIVE = ("decided", "awaiting_approval", "approved")
"""The states of a line that a body has decided."""
LIVE = ("proposed", *EFFECTIVE)
"""The states in which a line reserves its quantity of the resource."""
LONGEST = 300
"""Letters of a reason, or of a letter's number."""


class RevisionKind(StrEnum):
    """What became of a form after it was signed."""

    SHRUNK = "shrunk"
    """Less is needed, or less is there."""
    WITHDRAWN = "withdrawn"
    """Taken back whole."""
    DESTROYED = "destroyed"
    """The resource is no more."""

    @property
    def meaning(self) -> Text:
        """What happened, as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    RevisionKind.SHRUNK: text("its quantity was reduced"),
    RevisionKind.WITHDRAWN: text("it was withdrawn"),
    RevisionKind.DESTROYED: text("the resource was destroyed"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one form: its kind (need or resource), what it holds, and why."""

    number: str
    is_need: bool
    state: str
    quantity: int
    kind: RevisionKind
    quantity_after: int
    reason: str
    letter: str


def refusal_to_revise(asked: Asked, *, holds_a_post: bool, by_coordinator: bool) -> Text | None:
    """Return why a signed form may not be revised that way, or None when it may."""
    if asked.state not in (DocumentState.COMPLETE, DocumentState.WITHDRAWN):
        return text("{number} is not signed yet: it is sent back, or withdrawn from its chain", number=asked.number)
    if not asked.reason.strip():
        return text("{number}: a reason must be given.", number=asked.number)
    if len(asked.reason) > LONGEST or len(asked.letter) > LONGEST:
        return text("{number}: reason and letter have at most {longest} letters each", number=asked.number,
                    longest=LONGEST)  # fmt: skip
    if refusal := _refusal_of_person(asked, holds_a_post=holds_a_post, by_coordinator=by_coordinator):
        return refusal
    if asked.kind is RevisionKind.DESTROYED and asked.is_need:
        return text("{number} is a need; only a resource is destroyed", number=asked.number)
    return _refusal_of_quantity(asked)


def _refusal_of_person(asked: Asked, *, holds_a_post: bool, by_coordinator: bool) -> Text | None:
    if by_coordinator and asked.kind is not RevisionKind.DESTROYED:
        return text("{number}: an officer or the head of its own unit revises it", number=asked.number)
    if by_coordinator and not asked.letter.strip():
        return text("{number}: the coordinator records a destroyed resource by a letter; give its number",
                    number=asked.number)  # fmt: skip
    if not by_coordinator and not holds_a_post:
        return text("{number}: an officer or the head of its own unit revises it; the person holds neither post",
                    number=asked.number)  # fmt: skip
    return None


def _refusal_of_quantity(asked: Asked) -> Text | None:
    if asked.kind is not RevisionKind.SHRUNK:
        return None
    if asked.state == DocumentState.WITHDRAWN:
        return text("{number} was withdrawn; nothing is left to reduce", number=asked.number)
    if asked.quantity_after < 1:
        return text("{number}: a quantity is reduced to 1 or more; to give all of it up, withdraw it",
                    number=asked.number)  # fmt: skip
    if asked.quantity_after > asked.quantity:
        return text("{number} states {quantity}; {asked} is more, and a revision only takes back",
                    number=asked.number, quantity=asked.quantity, asked=asked.quantity_after)  # fmt: skip
    return None


def changes_nothing(asked: Asked) -> bool:
    """Tell whether what is asked holds already."""
    if asked.kind is RevisionKind.SHRUNK:
        return asked.quantity_after == asked.quantity
    return asked.state == DocumentState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A live line, with its place in the order in which lines are kept: the last one is taken back first."""

    id: int
    need_id: int
    resource_id: int
    stage: Stage
    state: str
    quantity: int
    place: tuple[Any, ...]

    @property
    def is_decided(self) -> bool:
        """Whether a body decided it."""
        return self.state in EFFECTIVE


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that loses something: what is left of it, 0 when it ends."""

    line: HeldLine
    left: int

    @property
    def lost(self) -> int:
        """How much is taken back."""
        return self.line.quantity - self.left


def take_back(lines: Iterable[HeldLine], room: int) -> Iterator[Cut]:
    """Yield what lines lose when they have only so much room: they are kept in their order, and the last go first."""
    for line in sorted(lines, key=lambda line: line.place):
        left = min(line.quantity, room)
        room -= left
        if left < line.quantity:
            yield Cut(line, left)


@dataclass(frozen=True, slots=True)
class Passage:
    """How a need stands at a stage that took it up: what holds there now, and what the stage passed on.

    ``settled`` tells that the stage is over; ``goes_on`` that a later one can still take what it passes on.
    """

    stage: Stage
    allocated: int
    transferred: int
    settled: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """What one stage does for one need: needed = allocated + transferred + unmet."""

    stage: Stage
    needed: int
    allocated: int
    transferred: int
    unmet: int


def rebalance(quantity: int, passages: Sequence[Passage]) -> list[Balance]:
    """Return the balances of a need from its first stage on; a stage nothing is asked of any more has none.

    What a stage that is over has lost goes on to the next one where that one can still act; otherwise nobody is left
    to decide it again, and it stands as unmet where it was taken away.
    """
    found = []
    for passage in passages:
        if quantity == 0:
            break
        rest = quantity - passage.allocated
        passed = _passed_on(passage, rest)
        found.append(Balance(passage.stage, quantity, passage.allocated, passed, rest - passed))
        quantity = passed
    return found


def _passed_on(passage: Passage, rest: int) -> int:
    if not passage.settled or not RULES[passage.stage].passes_on:
        return 0
    return rest if passage.goes_on else min(rest, passage.transferred)


def next_stage(stage: Stage, beneficiary: str) -> Stage | None:
    """Return the stage that serves what a stage passes on of such a need."""
    return next((one for one, rule in RULES.items() if stage in rule.takes_from and beneficiary in rule.beneficiaries),
                None)  # fmt: skip


def first_stage(scope: str, beneficiary: str) -> Stage:
    """Return the stage that takes such a need up first."""
    return next(
        stage
        for stage, rule in RULES.items()
        if not rule.takes_from and rule.scope == scope and beneficiary in rule.beneficiaries
    )


def stages_of(scope: str, beneficiary: str) -> tuple[Stage, ...]:
    """Return the stages such a need goes through, in order."""
    found: list[Stage] = []
    stage: Stage | None = first_stage(scope, beneficiary)
    while stage is not None:
        found.append(stage)
        stage = next_stage(stage, beneficiary)
    return tuple(found)


def still_deciding(stages: Sequence[Stage], open_ones: Collection[Stage], after: Stage | None = None) -> Stage | None:
    """Return the first of a need's stages, or of those after one, whose window still has days; None when none has.

    A stage that is over passes on whole what reaches it late.
    """
    later = stages if after is None else stages[stages.index(after) + 1 :]
    return next((stage for stage in later if stage in open_ones), None)
