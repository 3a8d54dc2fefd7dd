"""What a revision takes back and what it leaves: last in the order first, every balance whole, nothing twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.conservation import Law
from sekaps.domain.form_revisions import (
    LONGEST,
    Asked,
    Balance,
    Cut,
    HeldLine,
    Passage,
    RevisionKind,
    changes_nothing,
    rebalance,
    refusal_to_revise,
    stages_of,
    still_deciding,
    take_back,
)

SHRUNK, WITHDRAWN, DESTROYED = RevisionKind
ASKED = Asked("KSC-1", False, "complete", 20, SHRUNK, 12, "yandı", "")
DISTRICT, PROVINCE, GOVERNOR, CENTRAL, TRANSFERRED = Stage
ROUTE = (DISTRICT, PROVINCE, TRANSFERRED)


def line(place: int, quantity: int, state: str = "decided") -> HeldLine:
    return HeldLine(place, 1, 2, DISTRICT, state, quantity, (place,))


def test_the_last_line_gives_way_first_and_one_is_cut_in_part() -> None:
    lines = [line(3, 5), line(1, 5), line(2, 5)]
    assert list(take_back(lines, 8)) == [Cut(line(2, 5), 3), Cut(line(3, 5), 0)]
    assert [cut.lost for cut in take_back(lines, 8)] == [2, 5]
    assert list(take_back(lines, 15)) == []


@given(st.lists(st.integers(1, 50)), st.integers(0, 200))
def test_what_is_kept_fits_and_no_more_is_taken_back_than_must_be(quantities: list[int], room: int) -> None:
    lines = [line(place, quantity) for place, quantity in enumerate(quantities)]
    lost = sum(cut.lost for cut in take_back(lines, room))
    assert lost == max(0, sum(quantities) - room)


def test_only_decided_lines_were_promises() -> None:
    assert [line(1, 1, state).is_decided for state in ("proposed", "decided", "awaiting_approval", "approved")] == [
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("asked", "holds", "coordinator", "says"),
    [
        (ASKED, True, False, None),
        (replace(ASKED, kind=WITHDRAWN, quantity_after=0), True, False, None),
        (replace(ASKED, kind=DESTROYED, quantity_after=0, letter="E-1"), False, True, None),
        (replace(ASKED, kind=DESTROYED, quantity_after=0), True, False, None),
        (replace(ASKED, state="recorded"), True, False, "is not signed yet"),
        (replace(ASKED, reason=" "), True, False, "a reason must be given"),
        (replace(ASKED, reason="x" * (LONGEST + 1)), True, False, "at most 300 letters"),
        (replace(ASKED, letter="x" * (LONGEST + 1)), True, False, "at most 300 letters"),
        (ASKED, False, False, "holds neither post"),
        (ASKED, False, True, "of its own unit revises it"),
        (replace(ASKED, kind=DESTROYED), False, True, "give its number"),
        (replace(ASKED, kind=DESTROYED, is_need=True), True, False, "only a resource is destroyed"),
        (replace(ASKED, quantity_after=0), True, False, "withdraw it"),
        (replace(ASKED, quantity_after=21), True, False, "21 is more"),
        (replace(ASKED, state="withdrawn"), True, False, "nothing is left to reduce"),
    ],
)
def test_who_may_revise_what_and_how_far(asked: Asked, holds: bool, coordinator: bool, says: str | None) -> None:
    refusal = refusal_to_revise(asked, holds_a_post=holds, by_coordinator=coordinator)
    assert (refusal is None) if says is None else refusal is not None and says in refusal.say("en")


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        (ASKED, False),
        (replace(ASKED, quantity_after=20), True),
        (replace(ASKED, kind=WITHDRAWN), False),
        (replace(ASKED, kind=WITHDRAWN, state="withdrawn"), True),
        (replace(ASKED, kind=DESTROYED, state="withdrawn"), True),
    ],
)
def test_what_holds_already_changes_nothing(asked: Asked, same: bool) -> None:
    assert changes_nothing(asked) is same


def test_a_remainder_goes_on_where_somebody_can_take_it_and_stays_where_nobody_can() -> None:
    lost = Passage(DISTRICT, 20, 70, settled=True, goes_on=True)
    later = Passage(PROVINCE, 60, 0, settled=False, goes_on=True)
    assert rebalance(100, [lost, later]) == [Balance(DISTRICT, 100, 20, 80, 0), Balance(PROVINCE, 80, 60, 0, 20)]
    stuck = [replace(lost, goes_on=False), replace(later, settled=True, goes_on=False)]
    assert rebalance(100, stuck) == [Balance(DISTRICT, 100, 20, 70, 10), Balance(PROVINCE, 70, 60, 0, 10)]


def test_a_stage_nothing_is_asked_of_any_more_keeps_no_balance() -> None:
    passages = [Passage(DISTRICT, 20, 70, settled=True, goes_on=False), Passage(PROVINCE, 0, 70, True, False)]
    assert rebalance(20, passages) == [Balance(DISTRICT, 20, 20, 0, 0)]
    assert rebalance(0, [replace(one, allocated=0) for one in passages]) == []


passages = st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans(), st.booleans())


@given(st.integers(0, 100), st.lists(passages, min_size=3, max_size=3))
def test_every_balance_is_whole_and_passes_on_what_the_next_one_needs(
    spare: int, drawn: list[tuple[int, int, bool, bool]]
) -> None:
    stages = [Passage(stage, *values) for stage, values in zip(ROUTE, drawn, strict=True)]
    found = rebalance(spare + sum(one.allocated for one in stages), stages)
    assert all(one.needed == one.allocated + one.transferred + one.unmet for one in found)
    assert [one.needed for one in found[1:]] == [one.transferred for one in found[:-1]][: len(found) - 1]
    assert all(one.transferred == 0 for one, passage in zip(found, stages, strict=False) if not passage.settled)


def test_every_need_has_its_route_and_ends_where_nothing_is_passed_on() -> None:
    assert stages_of("local", "military") == ROUTE
    assert stages_of("local", "public") == stages_of("local", "institution") == (GOVERNOR, TRANSFERRED)
    assert stages_of("central", "military") == stages_of("central", "public") == (CENTRAL,)
    assert not RULES[TRANSFERRED].passes_on


@pytest.mark.parametrize(
    ("open_ones", "after", "expected"),
    [
        (ROUTE, None, DISTRICT),
        ((PROVINCE, TRANSFERRED), None, PROVINCE),
        ((TRANSFERRED,), DISTRICT, TRANSFERRED),
        ((DISTRICT,), DISTRICT, None),
        ((), None, None),
    ],
)
def test_the_next_stage_that_can_still_decide(
    open_ones: tuple[Stage, ...], after: Stage | None, expected: Stage | None
) -> None:
    assert still_deciding(ROUTE, open_ones, after) is expected


@pytest.mark.parametrize("kind", RevisionKind)
def test_every_kind_and_every_law_words_itself_in_turkish(kind: RevisionKind) -> None:
    assert kind.meaning.say("tr")
    assert all(law.meaning.say("tr") for law in Law)
