"""The tree that units make: every order of its rows is the same tree, and what breaks it is told."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.registry_rows import UnitRow
from sekaps.domain.unit_trees import tree_flaws

A, B, C, D = (10000001 + place for place in range(4))


def rows(*units: tuple[int, Mapping[str, object]]) -> list[UnitRow]:
    return [UnitRow(row, number, {"name": "x", **fields}) for row, (number, fields) in enumerate(units, start=2)]


def told(
    units: list[UnitRow], known: Mapping[int, Mapping[str, object]] | None = None, whole: bool = True
) -> list[tuple[int, str]]:
    return [(flaw.row, flaw.problem.say("en")) for flaw in tree_flaws(units, known or {}, whole=whole)]


@st.composite
def forests(draw: st.DrawFn) -> list[UnitRow]:
    """Draw a forest: every unit after the first hangs from an earlier one or from none; then shuffle the rows."""
    count = draw(st.integers(1, 30))
    parents = [draw(st.none() | st.integers(0, place - 1)) if place else None for place in range(count)]
    units = [(A + place, {"parent": None if above is None else A + above}) for place, above in enumerate(parents)]
    return rows(*draw(st.permutations(units)))


@given(forests())
def test_every_shuffled_forest_is_a_tree(units: list[UnitRow]) -> None:
    assert told(units) == []


@given(forests(), st.data())
def test_a_root_put_below_one_of_its_own_makes_a_circle(units: list[UnitRow], data: st.DataObject) -> None:
    by_number = {unit.number: unit for unit in units}
    below = unit = data.draw(st.sampled_from(units))
    while isinstance(parent := unit.given["parent"], int):
        unit = by_number[parent]
    unit.given["parent"] = below.number
    [(_, problem)] = told(units)
    assert "make a circle" in problem


def test_a_unit_stands_once_in_a_file() -> None:
    assert told(rows((A, {}), (B, {}), (A, {}))) == [(4, f"unit {A} stands on row 2 already")]


@pytest.mark.parametrize("field", ["parent", "ministry", "successor"])
def test_other_units_are_known_or_in_the_file(field: str) -> None:
    assert told(rows((A, {field: B}))) == [(2, f"{field} {B} is no unit of the registry")]
    assert told(rows((A, {field: B})), {B: {}}, whole=False) == []
    assert told(rows((A, {field: B}), (B, {}))) == []


def test_in_a_whole_file_the_parent_is_in_the_file_but_a_successor_may_be_a_unit_known_before() -> None:
    assert told(rows((A, {"parent": B})), {B: {}}) == [(2, f"parent {B} is no unit of the registry")]
    assert told(rows((A, {"successor": B})), {B: {}}) == []


def test_a_circle_may_close_over_what_is_known_already() -> None:
    known = {A: {"parent": B}, B: {"parent": C}, C: {"parent": None}}
    assert told(rows((C, {"parent": A})), known, whole=False) == [(2, f"parent: the units {C}, {A}, {B} make a circle")]


def test_units_do_not_merge_in_a_circle_and_a_unit_is_not_its_own_parent() -> None:
    assert "successor: the units" in told(rows((A, {"successor": B}), (B, {"successor": A})))[0][1]
    assert told(rows((A, {"parent": A}))) == [(2, f"parent: the units {A} make a circle")]


def test_two_ways_into_one_circle_are_one_flaw() -> None:
    units = rows((C, {"parent": A}), (D, {"parent": A}), (A, {"parent": B}), (B, {"parent": A}))
    assert told(units) == [(4, f"parent: the units {A}, {B} make a circle")]


def test_a_new_unit_has_a_name_and_a_known_one_need_not_repeat_it() -> None:
    nameless = [UnitRow(2, A, {})]
    assert told(nameless) == [(2, f"unit {A} is new and has no name")]
    assert told(nameless, {A: {"name": "x"}}, whole=False) == []
