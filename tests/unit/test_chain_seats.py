"""Whether a chain can be finished: every signature left needs a person of its own."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.chain_seats import Seat, StageLeft, blocked_seat, stages_left
from sekaps.domain.chains import Condition, Field, Layout, Slot
from sekaps.domain.observatory import Block

Held = dict[int, frozenset[int]]


def line(*posts: int) -> list[StageLeft]:
    """One signature after another, at the places 1, 2 and so on."""
    return [StageLeft((Seat(place, post),), 1) for place, post in enumerate(posts, start=1)]


def held(**people: str) -> Held:
    """Who may sign from posts p1, p2 and so on, each person a letter."""
    return {int(post[1:]): frozenset(map(ord, names)) for post, names in people.items()}


def signers(names: str) -> list[int]:
    return list(map(ord, names))


@pytest.mark.parametrize(
    ("candidates", "signed", "place", "block"),
    [
        (held(p1="a", p2="b", p3="c"), "", None, None),
        (held(p1="a", p2="b"), "", 3, Block.VACANT),
        (held(p2="b", p3="c"), "", 1, Block.VACANT),
        (held(p1="a", p2="b", p3="x"), "x", 3, Block.SIGNED),
        (held(p1="a", p2="b", p3="xy"), "x", None, None),
        (held(p1="a", p2="a", p3="c"), "", 2, Block.SHARED),
        (held(p1="ab", p2="a", p3="c"), "", None, None),
        (held(p1="ab", p2="a", p3="b"), "", 3, Block.SHARED),
        (held(p1="ab", p2="ac", p3="bx"), "x", None, None),
        (held(p1="ab", p2="ab", p3="abx"), "x", 3, Block.SHARED),
    ],
)
def test_a_chain_stops_where_nobody_is_left(
    candidates: Held, signed: str, place: int | None, block: Block | None
) -> None:
    found = blocked_seat(line(1, 2, 3), candidates, signers(signed))
    assert (found and (found[0].place, found[1])) == (place and (place, block))


@pytest.mark.parametrize(
    ("needed", "candidates", "found"),
    [
        (2, held(p1="a", p2="b"), None),
        (3, held(p1="a", p2="b"), (3, Block.VACANT)),
        (2, held(p1="a", p2="a", p3="a"), (3, Block.SHARED)),
        (2, held(p1="a", p2="a", p3="b"), None),
        (1, held(p1="x", p2="x", p3="b"), None),
        (2, held(p1="x", p2="x", p3="b"), (1, Block.SIGNED)),
    ],
)
def test_a_stage_of_some_of_many_needs_only_so_many(
    needed: int, candidates: Held, found: tuple[int, Block] | None
) -> None:
    stage = StageLeft((Seat(1, 1), Seat(2, 2), Seat(3, 3)), needed)
    answer = blocked_seat([stage], candidates, signers("x"))
    assert (answer and (answer[0].place, answer[1])) == found


@given(st.lists(st.frozensets(st.integers(1, 5), max_size=4), min_size=1, max_size=5), st.frozensets(st.integers(1, 5)))
def test_it_agrees_with_trying_every_seating(posts: list[frozenset[int]], signed: frozenset[int]) -> None:
    free = [people - signed for people in posts]
    seated = any(all(one in people for one, people in zip(order, free, strict=True))
                 for order in permutations(range(1, 6), len(posts)))  # fmt: skip
    stages = line(*range(1, len(posts) + 1))
    assert (blocked_seat(stages, dict(enumerate(posts, start=1)), signed) is None) == seated


LARGE = Condition(Field.QUANTITY, 100)
LAYOUT = Layout(
    (
        Slot(1, 1, 11, "Görevli"),
        Slot(2, 2, 12, "Müdür", needed=1),
        Slot(3, 2, 13, "Müdür yardımcısı", needed=1),
        Slot(4, 4, 14, "Vali", condition=LARGE),
        Slot(5, 5, 15, "Onay makamı"),
    )
)


@pytest.mark.parametrize(
    ("waits_for", "signed", "quantity", "left"),
    [
        (1, (), 5, [((11,), 1), ((12, 13), 1), ((15,), 1)]),
        (1, (), 500, [((11,), 1), ((12, 13), 1), ((14,), 1), ((15,), 1)]),
        (2, (1,), 5, [((12, 13), 1), ((15,), 1)]),
        (3, (1, 2), 5, [((13,), 0), ((15,), 1)]),
        (4, (1, 2), 5, [((14,), 1), ((15,), 1)]),
        (5, (1, 2), None, [((15,), 1)]),
    ],
)
def test_what_a_chain_still_takes_depends_on_the_document(
    waits_for: int, signed: tuple[int, ...], quantity: int | None, left: list[tuple[tuple[int, ...], int]]
) -> None:
    found = stages_left(LAYOUT, waits_for, signed, {"quantity": quantity})
    assert [(tuple(seat.post_id for seat in stage.seats), stage.needed) for stage in found] == left
