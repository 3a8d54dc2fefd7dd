"""The declared order decides who comes first; codes and keys never do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.allocating import AllocationRules
from sekaps.domain.need_order import declared_order

USUAL = AllocationRules()
FULL = AllocationRules(order=("priority", "beneficiary", "necessity", "signed", "number"))
Row = tuple[int, str, str, int, str]


def ordered(rows: list[Row], rules: AllocationRules) -> tuple[list[Row], list[int]]:
    names = ("priority", "beneficiary", "necessity", "signed", "number")
    keys = {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    order, rank = declared_order(keys, rules)
    return [rows[row] for row in order], rank.tolist()


def test_each_word_of_the_order_breaks_the_ties_of_the_one_before() -> None:
    first: list[Row] = [
        (1, "military", "", 9, "N-9"),
        (1, "institution", "", 1, "N-1"),
        (1, "public", "mandatory", 5, "N-5"),
        (1, "public", "secondary", 1, "N-2"),
        (1, "public", "secondary", 2, "N-3"),
        (1, "public", "secondary", 2, "N-4"),
        (2, "military", "", 0, "N-0"),
    ]
    assert ordered(first[::-1], FULL) == (first, [0, 0, 0, 0, 0, 0, 1])
    by_day = sorted(first, key=lambda row: (row[0], row[3], row[4]))
    assert ordered(first, USUAL) == (by_day, [0, 0, 0, 0, 0, 0, 1])


def test_where_the_priority_comes_later_a_rank_is_one_of_everything_up_to_it() -> None:
    rules = AllocationRules(order=("beneficiary", "priority", "number"))
    rows: list[Row] = [(2, "military", "", 1, "N-1"), (1, "public", "", 1, "N-2"), (2, "public", "", 1, "N-3")]
    assert ordered(rows, rules) == (rows, [0, 1, 2])


def test_without_a_priority_everything_before_the_first_to_come_makes_a_rank() -> None:
    rows: list[Row] = [(2, "military", "", 1, "N-2"), (1, "public", "", 1, "N-1"), (2, "unheard of", "", 1, "N-3")]
    assert ordered(rows, AllocationRules(order=("beneficiary", "signed"))) == (rows, [0, 1, 2])
    assert ordered(rows, AllocationRules(order=("beneficiary",))) == (rows, [0, 1, 2])
    assert ordered(rows, AllocationRules(order=("number",)))[1] == [0, 0, 0]


@given(st.permutations([(p, b, "", d, f"N-{p}{b}{d}") for p in (1, 2) for b in ("military", "public") for d in (1, 2)]))
def test_the_order_rows_are_listed_in_changes_nothing(rows: list[Row]) -> None:
    assert ordered(rows, FULL) == ordered(sorted(rows), FULL)
