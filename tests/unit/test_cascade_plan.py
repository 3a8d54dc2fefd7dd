"""The plan of an allocation: the rule line by line, conserved, in scope, and as good as the best of all allocations."""

from collections import Counter

import numpy as np
import pytest
from every_allocation import best_value, is_home, may_serve, tangled_countries, tiny_countries, value_of
from highspy import HighsModelStatus
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from naive_cascade import Need, Resource, SmallCountry, countries, naive_foresight, naive_stage_first, swaps, told

from sekaps.calendar.allocating import Margin, Method
from sekaps.domain.allocation import Stage
from sekaps.domain.allocation_columns import Lines, Needs, Pool, Resources, merged
from sekaps.domain.cascade import Plan, everywhere, foresee, plan, unmet_by_rank
from sekaps.domain.optimum import require_optimal
from sekaps.domain.substitution import eligibility
from sekaps.errors.allocation import OptimumNotFound, QuantitiesBeyondCounting

MANY = settings(max_examples=200, deadline=None)
SOME = settings(max_examples=80, deadline=None)


def planned(country: SmallCountry, method: Method = Method.FORESIGHT, margin: Margin = Margin.IN_ORDER) -> Plan:
    return plan(*country.columns(), country.swaps, method, margin)


@MANY
@given(countries)
def test_the_plan_agrees_line_by_line_with_the_rule_written_out(country: SmallCountry) -> None:
    assert told(planned(country)) == naive_foresight(country)


@MANY
@given(countries)
def test_the_plain_cascade_agrees_line_by_line_with_the_rule_written_out(country: SmallCountry) -> None:
    assert told(planned(country, Method.STAGE_FIRST)) == naive_stage_first(country)


@SOME
@given(tiny_countries)
def test_no_other_allocation_serves_those_who_come_first_better(country: SmallCountry) -> None:
    assert value_of(country, planned(country)) == best_value(country)


@SOME
@given(tangled_countries)
def test_where_items_stand_in_for_one_another_no_other_allocation_is_better_either(country: SmallCountry) -> None:
    assert value_of(country, planned(country)) == best_value(country)


@SOME
@given(countries)
def test_the_solver_and_the_prefix_sums_come_to_the_same_for_every_need(country: SmallCountry) -> None:
    needs, resources = country.columns()
    solved = foresee(needs, resources, everywhere(needs, resources))
    assert value_of(country, solved) == value_of(country, planned(country))


@MANY
@given(countries, swaps, st.sampled_from(Method), st.sampled_from(Margin))
def test_nothing_is_promised_twice_or_outside_its_scope(
    country: SmallCountry, swaps: list[tuple[int, int]], method: Method, margin: Margin
) -> None:
    country.swaps = swaps
    given_out, received = Counter[int](), Counter[int]()
    found = planned(country, method, margin)
    for stage, lines in told(found).items():
        assert len(lines) == len(found[stage])
        assert len({(need, resource) for need, resource, _ in lines}) == len(lines)
        for row, place, quantity in lines:
            need, resource = country.needs[row], country.resources[place]
            assert quantity > 0
            assert may_serve(country, need, resource)
            assert _competent(stage, need, resource)
            received[row] += quantity
            given_out[place] += quantity
    assert all(given_out[place] <= resource.free for place, resource in enumerate(country.resources))
    assert all(received[row] <= need.quantity for row, need in enumerate(country.needs))


def _competent(stage: Stage, need: Need, resource: Resource) -> bool:
    if stage is Stage.CENTRAL:
        return need.central and resource.pool is Pool.CENTRAL
    if stage is Stage.TRANSFERRED:
        return not need.central
    if stage is Stage.GOVERNOR:
        return not need.military and is_home(need, resource)
    near = stage is Stage.PROVINCE or (need.district_open and need.district == resource.district)
    return need.military and is_home(need, resource) and near


@MANY
@given(countries)
def test_resources_leave_a_province_only_when_no_local_need_there_lacks_them(country: SmallCountry) -> None:
    lines = told(planned(country))
    short = {
        (need.item, need.province)
        for row, need in enumerate(country.needs)
        if need.is_open and need.quantity > sum(q for found in lines.values() for n, _, q in found if n == row)
    }
    left = {
        (resource.item, resource.province)
        for place, resource in enumerate(country.resources)
        for _, used, _ in lines[Stage.TRANSFERRED]
        if used == place and resource.pool is Pool.LOCAL
    }
    assert not short & left


@MANY
@given(countries, st.permutations(range(3)), st.permutations(range(2)), st.randoms())
def test_other_codes_for_items_provinces_and_districts_change_nothing(
    country: SmallCountry, items: list[int], provinces: list[int], chance: object
) -> None:
    needs, resources = country.columns()
    districts = list(range(4))
    chance.shuffle(districts)  # type: ignore[attr-defined]

    def renamed(columns: Needs | Resources) -> dict[str, np.ndarray]:
        names = {"item": items, "province": provinces, "district": districts}
        return {
            name: np.array(names[name])[getattr(columns, name)] if name in names else getattr(columns, name)
            for name in type(columns).__slots__
        }

    again = plan(Needs(**renamed(needs)), Resources(**renamed(resources)), (), Method.FORESIGHT)
    assert told(again) == told(planned(country))


@MANY
@given(countries)
def test_sharing_the_margin_in_proportion_leaves_every_rank_as_well_served(country: SmallCountry) -> None:
    needs, _ = country.columns()
    met = unmet_by_rank(planned(country), needs, needs.rank)
    shared = unmet_by_rank(planned(country, margin=Margin.IN_PROPORTION), needs, needs.rank)
    assert shared.tolist() == met.tolist()


def test_a_margin_in_proportion_goes_by_largest_remainder_and_then_by_order() -> None:
    asked = [Need(0, 0, 3), Need(0, 0, 3), Need(0, 0, 1), Need(0, 0, 5, priority=2)]
    country = SmallCountry(asked, [Resource(0, 0, 5)])
    shared = planned(country, margin=Margin.IN_PROPORTION)
    assert value_of(country, shared) == (5, 2, 2, 1, 0)
    assert value_of(country, planned(country)) == (5, 3, 2, 0, 0)


def test_a_margin_of_quantities_too_large_to_multiply_is_shared_exactly() -> None:
    large = 2**50
    country = SmallCountry([Need(0, 0, large), Need(0, 0, large)], [Resource(0, 0, large)])
    assert value_of(country, planned(country, margin=Margin.IN_PROPORTION)) == (large, large // 2, large // 2)


def test_items_that_stand_in_for_each_other_both_ways_are_one_supply_and_the_own_item_comes_first() -> None:
    country = SmallCountry([Need(0, 0, 5), Need(1, 0, 5)], [Resource(0, 0, 4), Resource(1, 0, 6)], [(0, 1), (1, 0)])
    assert eligibility(*country.columns(), country.swaps).is_nested
    assert told(planned(country))[Stage.DISTRICT] == [(0, 0, 4), (0, 1, 1), (1, 1, 5)]


def test_an_item_that_may_be_replaced_one_way_is_a_tangle_only_where_both_are_asked_for() -> None:
    both = SmallCountry([Need(0, 0, 5), Need(1, 0, 5)], [Resource(0, 0, 4), Resource(1, 0, 6)], [(0, 1)])
    one = SmallCountry([Need(0, 0, 5)], [Resource(0, 0, 4), Resource(1, 0, 6)], [(0, 1), (2, 0), (7, 0)])
    assert eligibility(*both.columns(), both.swaps).tangles == (((0, 0), (0, 1), (1, 1)),)
    assert eligibility(*one.columns(), one.swaps).is_nested
    assert value_of(one, planned(one)) == (5, 5)


def test_the_own_item_is_given_before_another_stands_in_for_it() -> None:
    country = SmallCountry([Need(0, 0, 5), Need(1, 0, 1)], [Resource(0, 0, 5), Resource(1, 0, 5)], [(0, 1)])
    assert told(planned(country))[Stage.DISTRICT] == [(0, 0, 5), (1, 1, 1)]


@SOME
@given(countries, swaps)
def test_without_tangles_the_optimum_is_the_foresight(country: SmallCountry, swaps: list[tuple[int, int]]) -> None:
    country.swaps = swaps
    assume(eligibility(*country.columns(), swaps).is_nested)
    assert told(planned(country, Method.OPTIMUM)) == told(planned(country))


def test_sizes_too_wide_to_pack_are_ordered_all_the_same() -> None:
    asked = [Need(item, 3, 400) for item in range(3)]
    held = [Resource(place % 3, 3, 1 + place % 2) for place in range(1200)] + [Resource(0, 3, 2**51)]
    country = SmallCountry(asked, held)
    assert told(planned(country)) == naive_foresight(country)


def test_quantities_nobody_can_add_up_are_refused() -> None:
    country = SmallCountry([Need(0, 0, 2**53), Need(0, 0, 2**53)], [])
    with pytest.raises(QuantitiesBeyondCounting, match="add up to more than"):
        country.columns()


def test_a_solver_that_stops_short_is_an_error() -> None:
    with pytest.raises(OptimumNotFound, match="stopped before the optimum"):
        require_optimal(HighsModelStatus.kTimeLimit)


def test_lines_of_one_need_and_resource_are_one_line_where_the_first_stood() -> None:
    twice = Lines(*map(np.array, ([3, 1, 3, 1], [0, 5, 0, 6], [10, 2, 5, 1], [0, 1, 0, 1])))
    once = merged(twice)
    assert [column.tolist() for column in (once.need, once.resource, once.quantity, once.pool)] == [
        [3, 1, 1],
        [0, 5, 6],
        [15, 2, 1],
        [0, 1, 1],
    ]
