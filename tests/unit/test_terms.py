"""Terms of office in one post: one holder at a time, each following the other."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.terms import UNCHANGED, Placement, Term, place

AYSE, BORA, CAN = 1001, 1002, 1003


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


def term(person: int, begins: int, ends: int | None = None) -> Term:
    return Term(person, day(begins), None if ends is None else day(ends))


def test_whoever_held_the_post_leaves_it_when_the_next_begins() -> None:
    held = [term(AYSE, 0)]
    assert place(held, term(BORA, 5)) == Placement(is_new=True, ends=held[0], ends_at=day(5))
    assert place([], term(BORA, 5)) == place([term(AYSE, 0, 5)], term(BORA, 5)) == Placement(is_new=True)


def test_the_same_term_again_changes_nothing_even_after_its_holder_was_followed() -> None:
    held = [term(AYSE, 0, 5), term(BORA, 5)]
    assert place(held, term(AYSE, 0)) == place(held, term(AYSE, 0, 5)) == place(held, term(BORA, 5)) == UNCHANGED


def test_the_same_term_may_get_an_end() -> None:
    held = [term(AYSE, 0)]
    assert place(held, term(AYSE, 0, 9)) == Placement(is_new=False, ends=held[0], ends_at=day(9))


@pytest.mark.parametrize(
    ("held", "new", "says"),
    [
        ([term(AYSE, 5)], term(BORA, 0), "1001 holds that post from"),
        ([term(AYSE, 5)], term(BORA, 5), "1001 holds that post from"),
        ([term(AYSE, 0, 5), term(BORA, 5)], term(AYSE, 0, 9), "1002 holds that post from"),
        ([term(AYSE, 0)], term(AYSE, 3), "1001 holds that post since"),
        ([], term(AYSE, 5, 5), "the end is not after the beginning"),
    ],
)
def test_terms_that_cannot_stand_together_are_told(held: list[Term], new: Term, says: str) -> None:
    refusal = place(held, new)
    assert not isinstance(refusal, Placement)
    assert says in refusal.say("en")


def test_a_term_before_all_others_stands_with_an_end() -> None:
    assert place([term(AYSE, 5)], term(BORA, 0, 5)) == Placement(is_new=True)


@given(st.lists(st.tuples(st.sampled_from([AYSE, BORA, CAN]), st.integers(0, 20), st.none() | st.integers(0, 25))))
def test_whatever_is_placed_nobody_ever_holds_a_post_beside_another(orders: list[tuple[int, int, int | None]]) -> None:
    held: list[Term] = []
    for order in orders:
        placed = place(held, new := term(*order))
        if isinstance(placed, Placement):
            if placed.ends is not None:
                held.remove(placed.ends)
                held.append(Term(placed.ends.person, placed.ends.from_at, placed.ends_at))
            held += [new] * placed.is_new
    assert all(sum(each.holds(day(number)) for each in held) <= 1 for number in range(26))
