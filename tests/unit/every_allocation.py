"""Every allocation of a tiny country, unit by unit, and the best of them by the rule; for checking the quick ways."""

from collections.abc import Iterator

from hypothesis import strategies as st
from naive_cascade import Need, Resource, SmallCountry, swaps

from sekaps.domain.allocation import Stage
from sekaps.domain.allocation_columns import Lines, Pool

Value = tuple[int, ...]
"""What counts: units of local resources used at home, then what each need received, in the needs' order."""


def best_value(country: SmallCountry) -> Value:
    """Return the value of the best of all allocations."""
    left = [resource.free for resource in country.resources]
    return max(_values(country, 0, country.needs[0].quantity if country.needs else 0, left, [0]))


def value_of(country: SmallCountry, plan: dict[Stage, Lines]) -> Value:
    """Return the value of a plan."""
    given, at_home = [0] * len(country.needs), 0
    for lines in plan.values():
        for row, place, quantity in zip(lines.need, lines.resource, lines.quantity, strict=True):
            given[row] += int(quantity)
            at_home += int(quantity) * is_home(country.needs[row], country.resources[place])
    return (at_home, *given)


def is_home(need: Need, resource: Resource) -> bool:
    """Tell whether a resource serves a need as a local one of its province."""
    return need.is_open and resource.pool is Pool.LOCAL and need.province == resource.province


def may_serve(country: SmallCountry, need: Need, resource: Resource) -> bool:
    """Tell whether a resource may serve a need at any stage."""
    items = need.item == resource.item or (need.item, resource.item) in country.swaps
    return items and (resource.pool is Pool.CENTRAL or not need.central)


def _values(country: SmallCountry, row: int, units: int, left: list[int], so_far: list[int]) -> Iterator[Value]:
    """Yield the value of each way to go on; ``so_far`` is units used at home, then what each need has."""
    if row == len(country.needs):
        yield tuple(so_far)
        return
    after = row + 1
    more = country.needs[after].quantity if after < len(country.needs) else 0
    received = country.needs[row].quantity - units
    yield from _values(country, after, more, left, [*so_far, received])
    if units == 0:
        return
    need = country.needs[row]
    for place, resource in enumerate(country.resources):
        if left[place] and may_serve(country, need, resource):
            used = [free - (at == place) for at, free in enumerate(left)]
            at_home = [so_far[0] + is_home(need, resource), *so_far[1:]]
            yield from _values(country, row, units - 1, used, at_home)


tiny_needs = st.builds(
    Need,
    item=st.integers(0, 2),
    district=st.sampled_from([0, 2]),
    quantity=st.integers(1, 2),
    central=st.booleans(),
    local_open=st.booleans(),
)
tiny_resources = st.builds(
    Resource, item=st.integers(0, 2), district=st.sampled_from([0, 2]), free=st.integers(1, 2),
    pool=st.sampled_from(Pool),
)  # fmt: skip
tiny_countries = st.builds(
    SmallCountry, st.lists(tiny_needs, max_size=4), st.lists(tiny_resources, max_size=4), st.just([])
)
tangled_countries = st.builds(
    SmallCountry, st.lists(tiny_needs, max_size=4), st.lists(tiny_resources, max_size=4), swaps
)
