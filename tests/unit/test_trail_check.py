"""Reading a chained trail: one touch anywhere is found, named for what it is, and blamed on nobody else."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.trail import GENESIS, Entry, chain_hash
from sekaps.domain.trail_check import EMPTY, LISTED, BrokenLink, Harm, Head, Link, examine
from sekaps.texts import LANGUAGES

BEGAN = datetime(2023, 1, 2, tzinfo=UTC)
LENGTH = 7
Links = list[Link]


def trail(length: int = LENGTH) -> tuple[Links, Head]:
    links: Links = []
    previous = GENESIS
    for sequence in range(1, length + 1):
        entry = Entry(at=BEGAN + timedelta(days=sequence), verb="sign", documents=sequence)
        digest = chain_hash(previous, "main", sequence, entry)
        links.append(Link("main", sequence, sequence, previous, digest, entry))
        previous = digest
    return links, Head(length, previous)


def told(links: Sequence[Link], head: Head | None) -> list[tuple[Harm, int | None, int | None]]:
    ordered = sorted(links, key=lambda link: link.sequence)
    return [(one.harm, one.first, one.last) for one in examine("main", head, ordered)]


def changed(link: Link, **facts: object) -> Link:
    assert link.entry is not None
    return replace(link, entry=replace(link.entry, **facts))  # type: ignore[arg-type]


def anew(link: Link) -> Link:
    """The act with other content and the hash of that content."""
    other = changed(link, documents=1000)
    return replace(other, hash=other.hash_at(other.sequence, other.previous_hash) or b"")


def swapped(links: Links, one: int, other: int) -> Links:
    places = {one: other, other: one}
    return [replace(link, sequence=places.get(link.sequence, link.sequence)) for link in links]


def test_a_whole_trail_and_an_empty_one_have_no_findings() -> None:
    links, head = trail()
    assert told(links, head) == []
    assert told([], EMPTY) == []
    assert told([], None) == []


@pytest.mark.parametrize(
    "touch",
    [
        lambda link: changed(link, documents=1000),
        lambda link: changed(link, at=BEGAN),
        lambda link: replace(link, hash=b"\1" * 32),
        lambda link: replace(link, previous_hash=b"\1" * 32),
        lambda link: replace(link, entry=None),
        anew,
    ],
)
@given(place=st.integers(1, LENGTH - 1))
def test_a_change_is_found_where_it_is_and_nowhere_else(touch: Callable[[Link], Link], place: int) -> None:
    links, head = trail()
    links[place - 1] = touch(links[place - 1])
    assert told(links, head) == [(Harm.CHANGED, place, place)]


@given(places=st.sets(st.integers(1, LENGTH), min_size=1))
def test_what_was_removed_is_told_as_the_places_that_are_empty(places: set[int]) -> None:
    links, head = trail()
    found = told([link for link in links if link.sequence not in places], head)
    assert {harm for harm, _, _ in found} == {Harm.REMOVED}
    assert {place for _, first, last in found for place in range(first or 0, (last or 0) + 1)} == places


@given(places=st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True))
def test_two_acts_that_changed_places_are_named_and_no_other(places: list[int]) -> None:
    links, head = trail()
    found = told(swapped(links, *places), head)
    assert found == [(Harm.REORDERED, place, place) for place in sorted(places)]


@given(order=st.permutations(range(1, LENGTH + 1)))
def test_any_other_order_names_every_act_that_moved(order: list[int]) -> None:
    links, head = trail()
    moved = [replace(link, sequence=place) for link, place in zip(links, order, strict=True)]
    away = [place for place, was in sorted(zip(order, range(1, LENGTH + 1), strict=True)) if place != was]
    assert told(moved, head) == [(Harm.REORDERED, place, place) for place in away]


def test_a_moved_act_is_told_with_the_place_it_belongs_at_and_which_act_it_is() -> None:
    links, head = trail()
    [one, _] = examine("main", head, sorted(swapped(links, 2, 6), key=lambda link: link.sequence))
    assert (one.problem.say("en"), one.id, one.verb) == ("it belongs at place 6", 6, "sign")
    assert one.at == BEGAN + timedelta(days=6)


@pytest.mark.parametrize("gone", [1, 3, LENGTH])
def test_the_rest_moved_up_does_not_hide_a_removal(gone: int) -> None:
    links, head = trail()
    rest = [replace(link, sequence=place) for place, link in enumerate((*links[: gone - 1], *links[gone:]), start=1)]
    assert (Harm.REMOVED, gone, gone) in told(rest, head)


@pytest.mark.parametrize("place", [1, 4, LENGTH])
def test_the_rest_moved_down_does_not_hide_an_addition(place: int) -> None:
    links, head = trail()
    intruder = Link("main", place, 99, links[place - 1].previous_hash, b"\1" * 32, changed(links[0], documents=9).entry)
    pushed = [replace(link, sequence=link.sequence + (link.sequence >= place)) for link in links]
    found = told([*pushed, intruder], head)
    assert [one for one in found if one[0] is not Harm.REORDERED] == [(Harm.ADDED, place, place)]
    assert len(found) == LENGTH - place + 2


def test_acts_beyond_the_head_are_added_or_moved_there() -> None:
    links, head = trail()
    longer, _ = trail(LENGTH + 3)
    assert told(longer, head) == [(Harm.ADDED, LENGTH + 1, LENGTH + 3)]
    assert told([*links, replace(longer[-1], hash=b"\1" * 32)], head) == [(Harm.ADDED, LENGTH + 3, LENGTH + 3)]
    assert told([*links, replace(longer[-1], entry=None)], head) == [(Harm.ADDED, LENGTH + 3, LENGTH + 3)]
    assert told([replace(links[2], sequence=0), *links[:2], *links[3:]], head) == [(Harm.REORDERED, 0, 0)]
    assert told([*links[:-1], longer[-1]], head) == [(Harm.REMOVED, LENGTH, LENGTH), (Harm.ADDED, 10, 10)]


def test_the_place_of_a_moved_act_is_not_missing_the_places_around_it_are() -> None:
    links, head = trail()
    moved = [*links[:2], *links[5:], replace(links[3], sequence=90)]
    assert told(moved, head) == [(Harm.REMOVED, 3, 3), (Harm.REMOVED, 5, 5), (Harm.REORDERED, 90, 90)]
    shorter = [*links[:2], *links[3:6], replace(links[2], sequence=90)]
    assert told(shorter, head) == [(Harm.REMOVED, LENGTH, LENGTH), (Harm.REORDERED, 90, 90)]


@pytest.mark.parametrize(("length", "digest"), [(LENGTH + 2, None), (3, None), (LENGTH, b"\1")])
def test_a_head_that_says_something_else_is_found(length: int, digest: bytes | None) -> None:
    links, head = trail()
    assert told(links, Head(length, digest or head.hash)) == [(Harm.CHANGED, None, None)]


def test_without_a_head_only_that_is_told_and_what_does_not_fit() -> None:
    links, _ = trail()
    assert told(links, None) == [(Harm.REMOVED, None, None)]
    other = [replace(links[3], stream="other")]
    assert [one[0] for one in told(other, None)] == [Harm.CHANGED, Harm.REMOVED]


def test_the_first_act_written_anew_after_nothing_is_itself_the_one() -> None:
    links, head = trail(1)
    entry = Entry(at=BEGAN, verb="sign")
    alone = Link("main", 1, 1, b"\1" * 32, chain_hash(b"\1" * 32, "main", 1, entry), entry)
    assert told([alone], Head(1, alone.hash)) == [(Harm.CHANGED, 1, 1)]
    assert told(links, head) == []


def test_ids_go_up_with_the_places() -> None:
    links, head = trail()
    links[2], links[3] = replace(links[2], id=4), replace(links[3], id=3)
    assert told(links, head) == [(Harm.CHANGED, 4, 4)]


def test_the_last_act_changed_or_without_its_hash_is_not_blamed_on_the_head() -> None:
    links, head = trail()
    assert told([*links[:-1], changed(links[-1], documents=9)], head) == [(Harm.CHANGED, LENGTH, LENGTH)]
    assert told([*links[:-1], replace(links[-1], hash=b"\1" * 32)], head) == [(Harm.CHANGED, LENGTH, LENGTH)]


@pytest.mark.parametrize("by", [1, -1])
def test_a_long_run_moved_alike_is_listed_up_to_a_limit_and_then_counted(by: int) -> None:
    links, head = trail(LISTED + 60)
    moved = [replace(link, sequence=link.sequence + (by if link.sequence > 20 else 0)) for link in links]
    kept = moved if by == 1 else [*moved[:19], *moved[20:]]
    found: list[BrokenLink] = examine("main", head, sorted(kept, key=lambda link: link.sequence))
    assert sum(one.harm is Harm.REORDERED for one in found) == LISTED
    assert "more acts that do not fit" in found[-1].problem.say("en")
    removed = [one.first for one in found if one.harm is Harm.REMOVED]
    assert removed == ([] if by == 1 else [20, LISTED + 60])


def test_each_harm_has_a_word() -> None:
    assert len({harm.meaning.say(language) for harm in Harm for language in LANGUAGES[1:]}) == len(Harm)
