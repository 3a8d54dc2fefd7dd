"""A document's slot agrees with its signatures exactly when a history of signing could have led there."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.chains import COMPLETE, Condition, Field, Layout, Slot
from sekaps.domain.counting import Counted, agrees

BIG = Condition(Field.QUANTITY, 100)


def stages(*stages: tuple[int, int] | tuple[int, int, Condition]) -> Layout:
    """Return a chain of stages, each (slots, needed) or (slots, needed, condition)."""
    slots: list[Slot] = []
    for members, needed, *condition in stages:
        first = len(slots) + 1
        slots += [Slot(first + more, first, first + more, "", needed, *condition) for more in range(members)]
    return Layout(tuple(slots))


PLAIN = stages((1, 1), (1, 1), (1, 1))
LAYOUTS = [
    PLAIN,
    stages((1, 1)),
    stages((1, 1), (3, 3), (1, 1)),
    stages((1, 1), (3, 2), (1, 1)),
    stages((2, 1), (1, 1, BIG), (2, 2)),
]


def document(state: str, next_slot: int, signed: set[int], number: int = 1, **values: object) -> Counted:
    """Return a document in a round, with the places signed in it; earlier rounds stopped at the second slot."""
    earlier = range(1, number)
    rounds = {one: {1} for one in earlier} | ({number: signed} if signed else {})
    counted = Counted(state, number, next_slot, rounds, dict.fromkeys(earlier, 2), set(earlier))
    return replace(counted, **values)  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Layout, dict[str, int], int, set[int]]:
    """Draw a chain, a document's facts and how far it was signed: the slot it waits for and the places signed."""
    layout, facts = draw(st.sampled_from(LAYOUTS)), {"quantity": draw(st.sampled_from((99, 100)))}
    slot, signed = 1, set[int]()
    for _ in range(draw(st.integers(0, 5))):
        if slot != COMPLETE:
            place = draw(st.sampled_from([one.place for one in layout.open_slots(slot, signed)]))
            signed.add(place)
            slot = layout.place_after(slot, signed, facts)
    return layout, facts, slot, signed


@given(histories(), st.integers(1, 3))
def test_whatever_signing_leads_to_agrees(history: tuple[Layout, dict[str, int], int, set[int]], number: int) -> None:
    layout, facts, slot, signed = history
    counted = document("recorded" if slot else "complete", slot, signed, number)
    assert agrees(counted, layout, facts)


@given(histories(), st.integers(0, 6))
def test_another_slot_never_agrees(history: tuple[Layout, dict[str, int], int, set[int]], slot: int) -> None:
    layout, facts, held, signed = history
    counted = document("recorded", slot, signed)
    assert agrees(counted, layout, facts) == (slot == held)


@given(histories(), st.data())
def test_a_signature_more_or_less_never_agrees(
    history: tuple[Layout, dict[str, int], int, set[int]], data: st.DataObject
) -> None:
    layout, facts, slot, signed = history
    place = data.draw(st.integers(1, len(layout.slots) + 1))
    counted = document("recorded", slot, signed ^ {place})
    assert agrees(counted, layout, facts) is False or _same_place(layout, slot, place)


def _same_place(layout: Layout, slot: int, place: int) -> bool:
    """Tell whether a place is another open one of the stage a document waits in: then it still waits for the same."""
    return place != slot and place in {one.place for one in layout.slots if one.stage == _stage(layout, slot)}


def _stage(layout: Layout, slot: int) -> int:
    return next((one.stage for one in layout.slots if one.place == slot), COMPLETE)


SENT_BACK = document("returned", 1, {1}, sent_back={1: 2})
SECOND = document("recorded", 2, {1}, 2)


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        (SENT_BACK, True),
        (replace(SENT_BACK, state="withdrawn"), True),
        (replace(SENT_BACK, state="recorded"), False),
        (replace(SENT_BACK, sent_back={}), False),
        (replace(SENT_BACK, next_slot=2), False),
        (replace(SENT_BACK, sent_back={1: 3}), False),
        (replace(SENT_BACK, signed={1: {1, 2, 3}}), False),
        (replace(SENT_BACK, signed={1: {1, 3}}), False),
        (replace(SENT_BACK, signed={1: {1}, 2: {1}}), False),
        (replace(SENT_BACK, resubmitted={1}), False),
        (SECOND, True),
        (replace(SECOND, sent_back={}), False),
        (replace(SECOND, resubmitted=set()), False),
    ],
)
def test_rounds_follow_one_another_and_stop_where_they_were_sent_back(counted: Counted, told: bool) -> None:
    assert agrees(counted, PLAIN, {}) is told


def test_what_was_signed_in_a_former_round_is_not_judged() -> None:
    counted = replace(SECOND, signed={1: {1, 3}, 2: {1}})
    assert agrees(counted, PLAIN, {})


def test_a_stage_that_asks_for_more_than_its_slots_agrees_with_nothing() -> None:
    greedy = Layout((replace(PLAIN.slots[0], needed=2), *PLAIN.slots[1:]))
    assert [
        agrees(document("recorded", slot, signed), greedy, {}) for slot, signed in ((1, {1}), (2, {1}), (1, set()))
    ] == [
        False,
        False,
        True,
    ]
