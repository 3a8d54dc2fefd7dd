"""Whether those who hold a chain's posts can finish it: every signature left needs a person of its own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from sekaps.domain.chains import Facts, Layout
from sekaps.domain.observatory import Block

Candidates = Mapping[int, frozenset[int]]
"""The people who may sign from each post now, by post."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A slot still to sign, and the post that signs there."""

    place: int
    post_id: int


@dataclass(frozen=True, slots=True)
class StageLeft:
    """What one stage of a chain still takes: so many signatures, from the slots nobody has signed."""

    seats: tuple[Seat, ...]
    needed: int


def stages_left(layout: Layout, waits_for: int, signed: Collection[int], facts: Facts) -> list[StageLeft]:
    """Return what a chain still takes of a document that waits for a slot and has signatures at some places.

    Of the stage it stands in that is what the stage lacks; stages whose condition does not hold are passed over.
    """
    now = next(slot.stage for slot in layout.slots if slot.place == waits_for)
    left = []
    for stage in dict.fromkeys(slot.stage for slot in layout.slots if slot.stage >= now):
        members = [slot for slot in layout.slots if slot.stage == stage]
        condition = members[0].condition
        if stage > now and condition is not None and not condition.holds(facts):
            continue
        seats = tuple(Seat(slot.place, slot.post_id) for slot in members if slot.place not in signed)
        left.append(StageLeft(seats, members[0].needed - (len(members) - len(seats))))
    return left


def blocked_seat(
    stages: Sequence[StageLeft], candidates: Candidates, signed: Collection[int]
) -> tuple[Seat, Block] | None:
    """Return the first slot at which a document must stop and why, or None when its chain can be finished.

    Whoever has signed the document fills no other slot of it, and nobody fills two of those that are left.
    """
    for stage in stages:
        held = [seat for seat in stage.seats if candidates.get(seat.post_id)]
        free = [seat for seat in held if not candidates[seat.post_id] <= frozenset(signed)]
        if len(held) < stage.needed:
            return next(seat for seat in stage.seats if seat not in held), Block.VACANT
        if len(free) < stage.needed:
            return next(seat for seat in held if seat not in free), Block.SIGNED
    last = _first_unfilled(stages, candidates, signed)
    return None if last is None else (last, Block.SHARED)


def _first_unfilled(stages: Sequence[StageLeft], candidates: Candidates, signed: Collection[int]) -> Seat | None:
    """Return the slot that is left over however the people are seated: of the choices that come furthest, the last."""
    reached: Seat | None = None
    for choice in product(*(combinations(stage.seats, stage.needed) for stage in stages)):
        seats = [seat for chosen in choice for seat in chosen]
        left = _left_over(seats, candidates, frozenset(signed))
        if left is None:
            return None
        reached = left if reached is None or left.place > reached.place else reached
    return reached


def _left_over(seats: Iterable[Seat], candidates: Candidates, signed: frozenset[int]) -> Seat | None:
    """Return the first slot for which no person is left, each person seated once (augmenting paths)."""
    seated: dict[int, Seat] = {}
    for seat in seats:
        if not _sit(seat, candidates, signed, seated, set()):
            return seat
    return None


def _sit(seat: Seat, candidates: Candidates, signed: frozenset[int], seated: dict[int, Seat], asked: set[int]) -> bool:
    for person in sorted(candidates.get(seat.post_id, frozenset()) - signed - asked):
        asked.add(person)
        other = seated.get(person)
        if other is None or _sit(other, candidates, signed, seated, asked):
            seated[person] = seat
            return True
    return False
