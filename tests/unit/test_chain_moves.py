"""A document moves to another chain with all its signatures or not at all, and nobody is passed over on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.chain_moves import Move, find_move
from sekaps.domain.chains import COMPLETE, Condition, Field, Layout, Slot

BIG, HUGE = Condition(Field.QUANTITY, 10), Condition(Field.QUANTITY, 100)


def stages(*stages: tuple[int, int] | tuple[int, int, Condition]) -> Layout:
    """Return a chain of stages, each (slots, needed) or (slots, needed, condition); posts are numbered by place."""
    slots: list[Slot] = []
    for members, needed, *condition in stages:
        first = len(slots) + 1
        slots += [
            Slot(first + more, first, first + more, f"post {first + more}", needed, *condition)
            for more in range(members)
        ]
    return Layout(tuple(slots))


THREE, TWO = stages((1, 1), (1, 1), (1, 1)), stages((1, 1), (1, 1))
WIDE, TWO_OF_THREE = stages((1, 1), (3, 3), (1, 1)), stages((1, 1), (3, 2), (1, 1))
HELD_BIG, HELD_HUGE = stages((1, 1), (1, 1, BIG), (1, 1), (1, 1)), stages((1, 1), (1, 1, HUGE), (1, 1), (1, 1))


@pytest.mark.parametrize(
    ("held", "other", "signed", "quantity", "place"),
    [
        (THREE, WIDE, set(), 1, 1),
        (THREE, WIDE, {1}, 1, 2),
        (WIDE, stages((1, 1), (3, 3), (2, 2)), {1, 2, 4}, 1, 3),
        (WIDE, stages((1, 1), (3, 3), (2, 2)), {1, 2, 3, 4}, 1, 5),
        (TWO, THREE, {1, 2}, 1, 3),
        (HELD_HUGE, HELD_BIG, {1}, 50, 2),
        (HELD_BIG, HELD_HUGE, {1}, 50, 3),
        (HELD_BIG, HELD_HUGE, {1, 3}, 5, 4),
    ],
)
def test_a_document_goes_on_where_the_other_chain_waits(
    held: Layout, other: Layout, signed: set[int], quantity: int, place: int
) -> None:
    assert find_move(held, other, signed, {"quantity": quantity}) == Move(place)


@pytest.mark.parametrize(
    ("held", "other", "signed", "says"),
    [
        (WIDE, TWO_OF_THREE, {1, 2}, "does not stand in the other chain"),
        (HELD_HUGE, HELD_BIG, {1, 3}, "asks post 2 before"),
        (THREE, TWO, {1, 2}, "without anybody signing"),
    ],
)
def test_a_document_that_cannot_go_with_its_signatures_stays_and_says_why(
    held: Layout, other: Layout, signed: set[int], says: str
) -> None:
    move = find_move(held, other, signed, {"quantity": 50})
    assert move.place == COMPLETE
    assert move.obstacle is not None
    assert says in move.obstacle.say("en")


shapes = st.lists(
    st.integers(1, 4).flatmap(lambda members: st.tuples(st.just(members), st.integers(1, members))),
    min_size=1,
    max_size=5,
)


@given(shapes, st.randoms(use_true_random=False))
def test_in_a_chain_like_its_own_a_document_waits_where_it_waited(shape: list[tuple[int, int]], random: object) -> None:
    layout, waits_for, signed = stages(*shape), 1, set[int]()
    while waits_for != COMPLETE:
        assert find_move(layout, stages(*shape), signed, {}) == Move(waits_for)
        slot = random.choice(layout.open_slots(waits_for, signed))  # type: ignore[attr-defined]
        signed.add(slot.place)
        waits_for = layout.place_after(waits_for, signed, {})
