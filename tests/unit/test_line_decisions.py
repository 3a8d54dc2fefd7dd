"""What a body decides of proposed lines stays within needs and resources; what does not fit is told line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.line_decisions import (
    DecidedLine,
    LineChange,
    Offered,
    ProposedLine,
    Room,
    decide_lines,
    named_lines_problem,
    taken_of,
)
from sekaps.texts import Text, text

FIRST, SECOND, OTHER = ProposedLine(1, 10, 100, 30), ProposedLine(2, 10, 101, 20), ProposedLine(3, 11, 100, 5)
LINES = [FIRST, SECOND, OTHER]
DIESEL = frozenset({"diesel"})
ROOM = Room(
    unmet={10: 60, 11: 50},
    items={10: DIESEL, 11: DIESEL},
    offered={
        "KSC-100": Offered(100, "KSC-100", "diesel", 8),
        "KSC-101": Offered(101, "KSC-101", "diesel", 0),
        "KSC-102": Offered(102, "KSC-102", "diesel", 40),
        "KSC-103": Offered(103, "KSC-103", "diesel", 40, text("the resource {number} is not signed", number="KSC-103")),
        "KSC-104": Offered(104, "KSC-104", "wheat", 40),
        "KSC-105": Offered(105, "KSC-105", "diesel", 40),
    },
    served=frozenset({(10, 105)}),
)


def told(found: object) -> object:
    return found.say("en") if isinstance(found, Text) else found


@pytest.mark.parametrize(
    ("refused", "changed", "expected"),
    [
        ({}, {}, None),
        ({1: "neden"}, {2: LineChange("neden", 4)}, None),
        ({9: "neden"}, {}, "line 9 is no open proposal of this body at this stage"),
        ({}, {10**30: LineChange("neden", 4)}, f"line {10**30} is no open proposal of this body at this stage"),
        ({1: "neden"}, {1: LineChange("neden", 4)}, "line 1 is both refused and changed"),
        ({1: " "}, {}, "line 1: a line is refused or changed with a reason"),
        ({}, {2: LineChange("", 4)}, "line 2: a line is refused or changed with a reason"),
        ({1: "n" * 301}, {}, "line 1: a reason has at most 300 letters"),
        ({}, {1: LineChange("neden")}, "line 1: say the other quantity or the other resource"),
        ({}, {1: LineChange("neden", 0)}, "line 1: a quantity is at least 1, 0 is not"),
        ({}, {1: LineChange("neden", -5)}, "line 1: a quantity is at least 1, -5 is not"),
    ],
)
def test_a_line_is_named_once_known_and_given_a_reason(
    refused: dict[int, str], changed: dict[int, LineChange], expected: str | None
) -> None:
    assert told(named_lines_problem(LINES, refused, changed)) == expected


@pytest.mark.parametrize(
    ("refused", "changed", "expected"),
    [
        ({}, {1: LineChange("neden", 38)}, [(1, 38, 100), (2, 20, 101), (3, 5, 100)]),
        ({2: "neden"}, {1: LineChange("neden", 10)}, [(1, 10, 100), (3, 5, 100)]),
        ({}, {1: LineChange("neden", resource="KSC-102")}, [(1, 30, 102), (2, 20, 101), (3, 5, 100)]),
        ({}, {1: LineChange("neden", 40, "KSC-102")}, [(1, 40, 102), (2, 20, 101), (3, 5, 100)]),
        # what a refused line frees may go to another line of the same decision
        ({3: "neden"}, {1: LineChange("neden", 40)}, [(1, 40, 100), (2, 20, 101)]),
        ({}, {1: LineChange("neden", 39)}, "line 1: 8 is left of KSC-100, and 9 more was asked"),
        ({}, {1: LineChange("neden", 10**30)},
         f"line 1: its need lacks 60 at this stage, and with {10**30} would be given {10**30 + 20}"),
        ({}, {3: LineChange("neden", 51)}, "line 3: its need lacks 50 at this stage, and with 51 would be given 51"),
        ({}, {3: LineChange("neden", 45, "KSC-102")}, "line 3: 40 is left of KSC-102, and 45 more was asked"),
        ({}, {1: LineChange("neden", resource="KSC-9")}, "line 1: no resource has the number KSC-9"),
        ({}, {1: LineChange("neden", resource="KSC-103")}, "line 1: the resource KSC-103 is not signed"),
        ({}, {1: LineChange("neden", resource="KSC-104")}, "line 1: KSC-104 is of another item than its need"),
        ({}, {1: LineChange("neden", resource="KSC-101")},
         "line 1: its need has a line with that resource already; change that one's quantity"),
        ({}, {1: LineChange("neden", resource="KSC-105")},
         "line 1: its need has a line with that resource already; change that one's quantity"),
    ],
)  # fmt: skip
def test_a_change_stays_within_what_the_need_lacks_and_the_resource_has(
    refused: dict[int, str], changed: dict[int, LineChange], expected: str | list[tuple[int, int, int]]
) -> None:
    found = decide_lines(LINES, refused, changed, ROOM)
    if not isinstance(found, Text):
        assert [(each.line.id, each.quantity, each.resource_id) for each in found] == expected
    assert isinstance(found, Text) == isinstance(expected, str)
    assert not isinstance(found, Text) or found.say("en") == expected


def test_what_is_accepted_as_proposed_is_not_changed() -> None:
    assert decide_lines([FIRST], {}, {}, Room({})) == [DecidedLine(FIRST, 30, 100)]
    assert not DecidedLine(FIRST, 30, 100).is_changed


@given(
    st.dictionaries(st.integers(1, 3), st.integers(1, 80), max_size=3),
    st.sets(st.integers(1, 3)),
    st.dictionaries(st.integers(1, 3), st.sampled_from(["KSC-100", "KSC-101", "KSC-102"]), max_size=3),
)
def test_no_decision_gives_a_need_or_takes_of_a_resource_more_than_there_is(
    quantities: dict[int, int], refused_ids: set[int], moved: dict[int, str]
) -> None:
    refused = dict.fromkeys(refused_ids, "neden")
    changed = {
        line: LineChange("neden", quantities.get(line), moved.get(line))
        for line in sorted((quantities.keys() | moved.keys()) - refused_ids)
    }
    found = decide_lines(LINES, refused, changed, ROOM)
    if isinstance(found, Text):
        return
    freed = [line for line in LINES if line.id in refused]
    free = {offered.id: offered.free for offered in ROOM.offered.values()}
    assert all(more <= free[resource] for resource, more in taken_of(found, freed).items())
    assert all(sum(e.quantity for e in found if e.line.need_id == need) <= lacks for need, lacks in ROOM.unmet.items())
    assert len({(each.line.need_id, each.resource_id) for each in found}) == len(found)
