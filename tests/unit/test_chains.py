"""Chains: stages in order, all or some of their slots, some only under a condition; what is signed is never lost."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.chains import COMPLETE, Condition, Field, Layout, Slot, may_move_to

BIG = Condition(Field.QUANTITY, 100)
CENTRAL = Condition(Field.SCOPE, "central")


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


PLAIN, PARALLEL, TWO_OF_THREE = stages((1, 1), (1, 1)), stages((1, 1), (3, 3), (1, 1)), stages((1, 1), (3, 2), (1, 1))


@pytest.mark.parametrize(
    ("layout", "waits_for", "signed", "after"),
    [
        (PLAIN, 1, {1}, 2),
        (PLAIN, 2, {1, 2}, COMPLETE),
        (PARALLEL, 1, {1}, 2),
        (PARALLEL, 2, {1, 3}, 2),
        (PARALLEL, 2, {1, 2, 3}, 4),
        (PARALLEL, 4, {1, 2, 3, 4}, 5),
        (TWO_OF_THREE, 2, {1, 4}, 2),
        (TWO_OF_THREE, 2, {1, 4, 3}, 5),
    ],
)
def test_a_stage_is_left_when_it_has_all_it_takes(layout: Layout, waits_for: int, signed: set[int], after: int) -> None:
    assert layout.place_after(waits_for, signed, {}) == after


@pytest.mark.parametrize(("layout", "asks"), [(PLAIN, False), (PARALLEL, False), (stages((1, 1), (1, 1, BIG)), True)])
def test_a_chain_with_a_condition_asks_what_a_document_says_of_itself(layout: Layout, asks: bool) -> None:
    assert layout.is_conditional is asks


@pytest.mark.parametrize(
    ("facts", "after"),
    [
        ({"quantity": 100, "scope": "local"}, 2),
        ({"quantity": 99, "scope": "local"}, 4),
        ({"quantity": 99, "scope": "central"}, 3),
        ({}, 2),
    ],
)
def test_a_stage_whose_condition_does_not_hold_is_passed_over(facts: dict[str, int | str], after: int) -> None:
    layout = stages((1, 1), (1, 1, BIG), (1, 1, CENTRAL), (1, 1))
    assert layout.place_after(1, {1}, facts) == after


def test_the_slots_of_the_current_stage_without_a_signature_are_open_and_no_other() -> None:
    assert [slot.place for slot in PARALLEL.open_slots(2, {1, 3})] == [2, 4]
    assert PARALLEL.open_slots(COMPLETE, {1, 2, 3, 4, 5}) == ()


@pytest.mark.parametrize(("layout", "plain"), [(PLAIN, True), (PARALLEL, False), (stages((1, 1), (1, 1, BIG)), False)])
def test_a_plain_chain_is_one_signature_after_another(layout: Layout, plain: bool) -> None:
    assert layout.is_plain is plain


@pytest.mark.parametrize(
    ("layout", "says"),
    [
        (Layout(()), "at least one stage"),
        (Layout((Slot(2, 2, 1, "a"),)), "numbered from 1"),
        (Layout((Slot(1, 1, 1, "a"), Slot(2, 1, 2, "b"), Slot(3, 2, 3, "c"))), "stand together"),
        (Layout((Slot(1, 1, 1, "a", 2), Slot(2, 1, 2, "b", 1))), "different conditions"),
        (stages((1, 1), (2, 3)), "takes 3 signatures, and has 2"),
        (stages((1, 0)), "takes 0 signatures"),
        (stages((1, 1, BIG), (1, 1)), "first stage"),
        (Layout((Slot(1, 1, 7, "amir"), Slot(2, 2, 7, "amir"))), "amir stands in it twice"),
    ],
)
def test_what_makes_no_chain_is_told(layout: Layout, says: str) -> None:
    problem = layout.problem()
    assert problem is not None
    assert says in problem.say("en")


@pytest.mark.parametrize("layout", [PLAIN, PARALLEL, TWO_OF_THREE, stages((1, 1), (1, 1, BIG))])
def test_a_chain_that_is_one_has_no_problem(layout: Layout) -> None:
    assert layout.problem() is None


@pytest.mark.parametrize(
    ("held", "other", "signed", "may"),
    [
        (PLAIN, PARALLEL, set(), True),
        (PLAIN, PARALLEL, {1}, True),
        (PLAIN, PARALLEL, {1, 2}, False),
        (PARALLEL, TWO_OF_THREE, {1}, True),
        (PARALLEL, TWO_OF_THREE, {1, 3}, False),
        (PARALLEL, stages((1, 1), (3, 3), (2, 2)), {1, 3}, True),
    ],
)
def test_a_document_moves_to_another_chain_only_without_losing_signatures(
    held: Layout, other: Layout, signed: set[int], may: bool
) -> None:
    assert may_move_to(held, other, signed) is may


shapes = st.lists(
    st.integers(1, 4).flatmap(lambda members: st.tuples(st.just(members), st.integers(1, members))),
    min_size=1,
    max_size=5,
)


@given(shapes, st.randoms(use_true_random=False))
def test_whoever_signs_in_whatever_order_a_chain_ends_with_just_what_each_stage_takes(
    shape: Iterable[tuple[int, int]], random: object
) -> None:
    layout = stages(*shape)
    waits_for, signed = 1, set[int]()
    while waits_for != COMPLETE:
        slot = random.choice(layout.open_slots(waits_for, signed))  # type: ignore[attr-defined]
        signed.add(slot.place)
        waits_for = layout.place_after(waits_for, signed, {})
    taken = {stage: sum(slot.place in signed for slot in layout.slots if slot.stage == stage) for stage in
             {slot.stage for slot in layout.slots}}  # fmt: skip
    assert taken == {slot.stage: slot.needed for slot in layout.slots}
