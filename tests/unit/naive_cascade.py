"""The rule of the cascade written out need by need and resource by resource, as its text says it; slow on purpose."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from sekaps.domain.allocation import Stage
from sekaps.domain.allocation_columns import Lines, Needs, Pool, Resources

PROVINCE_OF = (0, 0, 1, 1)
"""The province of each of the four districts of a random country."""


@dataclass(frozen=True)
class Need:
    """A need; its place in the country's list is its turn."""

    item: int
    district: int
    quantity: int
    priority: int = 1
    central: bool = False
    military: bool = True
    local_open: bool = True
    district_open: bool = True

    @property
    def province(self) -> int:
        return PROVINCE_OF[self.district]

    @property
    def is_open(self) -> bool:
        return self.local_open and not self.central


@dataclass(frozen=True)
class Resource:
    """A resource; its place in the country's list is its number."""

    item: int
    district: int
    free: int
    pool: Pool = Pool.LOCAL

    @property
    def province(self) -> int:
        return PROVINCE_OF[self.district]


@dataclass
class SmallCountry:
    """Needs in their order and resources by number."""

    needs: list[Need]
    resources: list[Resource]
    swaps: list[tuple[int, int]] = field(default_factory=list)

    def columns(self) -> tuple[Needs, Resources]:
        needs, resources = self.needs, self.resources
        column = lambda values: np.array(list(values), dtype=np.int64)  # noqa: E731
        flag = lambda values: np.array(list(values), dtype=np.bool_)  # noqa: E731
        return (
            Needs(
                column(n.item for n in needs),
                column(n.province for n in needs),
                column(n.district for n in needs),
                column(n.priority - 1 for n in needs),
                column(n.quantity for n in needs),
                flag(n.central for n in needs),
                flag(n.military for n in needs),
                flag(n.is_open for n in needs),
                flag(n.is_open and n.district_open for n in needs),
            ),
            Resources(
                column(r.item for r in resources),
                column(r.province for r in resources),
                column(r.district for r in resources),
                column(int(r.pool) for r in resources),
                column(r.free for r in resources),
            ),
        )


Told = dict[Stage, list[tuple[int, int, int]]]
"""For each stage its lines: need, resource, quantity."""


def told(plan: dict[Stage, Lines]) -> Told:
    """Return a plan's lines, sorted."""
    return {
        stage: sorted(zip(x.need.tolist(), x.resource.tolist(), x.quantity.tolist(), strict=True))
        for stage, x in plan.items()
    }


def naive_foresight(country: SmallCountry) -> Told:
    """First say what each need is to have from the province, from what moves, from the centre; then from which."""
    due = _entitlements(country)
    left = [resource.free for resource in country.resources]
    found: Told = {stage: [] for stage in Stage}
    for pool, areas in ((Pool.LOCAL, 2), (Pool.MOVED, 3), (Pool.CENTRAL, 3)):
        for area in range(areas):
            for need_row, resource_row in _pairs(country, pool, area):
                quantity = min(due[pool][need_row], left[resource_row])
                if quantity:
                    due[pool][need_row] -= quantity
                    left[resource_row] -= quantity
                    stage = _stage(country.needs[need_row], country.resources[resource_row], pool)
                    found[stage].append((need_row, resource_row, quantity))
    return {stage: sorted(lines) for stage, lines in found.items()}


def _entitlements(country: SmallCountry) -> dict[Pool, list[int]]:
    local, moved, central = _supply(country)
    due = {pool: [0] * len(country.needs) for pool in Pool}
    missing = [need.quantity for need in country.needs]
    for row, need in enumerate(country.needs):
        if need.is_open:
            _take(due[Pool.LOCAL], missing, row, local, (need.item, need.province))
    for (item, _), left in local.items():
        moved[item] += left
    for row, need in enumerate(country.needs):
        if not need.central:
            _take(due[Pool.MOVED], missing, row, moved, need.item)
    for row, need in enumerate(country.needs):
        _take(due[Pool.CENTRAL], missing, row, central, need.item)
    return due


Store = dict[object, int]


def _supply(country: SmallCountry) -> tuple[dict[tuple[int, int], int], dict[int, int], dict[int, int]]:
    local: dict[tuple[int, int], int] = defaultdict(int)
    moved: dict[int, int] = defaultdict(int)
    central: dict[int, int] = defaultdict(int)
    for resource in country.resources:
        if resource.pool is Pool.LOCAL:
            local[resource.item, resource.province] += resource.free
        else:
            (moved if resource.pool is Pool.MOVED else central)[resource.item] += resource.free
    return local, moved, central


def _take(due: list[int], missing: list[int], row: int, store: Store, key: object) -> None:
    due[row] = min(missing[row], store[key])
    missing[row] -= due[row]
    store[key] -= due[row]


def _pairs(country: SmallCountry, pool: Pool, area: int) -> Iterator[tuple[int, int]]:
    """Yield who may be matched inside an area: needs in their order, for each the largest resource first."""
    held = [row for row, r in enumerate(country.resources) if r.pool is pool or (pool, r.pool) == (1, 0)]
    held.sort(key=lambda row: (-country.resources[row].free, row))
    for need_row, need in enumerate(country.needs):
        for row in held:
            resource = country.resources[row]
            near = (need.district == resource.district, need.province == resource.province, True)[area]
            if need.item == resource.item and near:
                yield need_row, row


def _stage(need: Need, resource: Resource, pool: Pool) -> Stage:
    if need.central:
        return Stage.CENTRAL
    if pool is not Pool.LOCAL:
        return Stage.TRANSFERRED
    if not need.military:
        return Stage.GOVERNOR
    return Stage.DISTRICT if need.district_open and need.district == resource.district else Stage.PROVINCE


def naive_stage_first(country: SmallCountry) -> Told:
    """Each stage serves everybody it may from whatever it may, in order, the largest resource first."""
    missing, left = [n.quantity for n in country.needs], [r.free for r in country.resources]
    held = sorted(range(len(left)), key=lambda row: (-left[row], row))
    found: Told = {}
    for stage in Stage:
        lines = []
        for row, need in enumerate(country.needs):
            for place in held:
                quantity = min(missing[row], left[place])
                if quantity and _may_serve(stage, need, country.resources[place]):
                    missing[row] -= quantity
                    left[place] -= quantity
                    lines.append((row, place, quantity))
        found[stage] = sorted(lines)
    return found


def _may_serve(stage: Stage, need: Need, resource: Resource) -> bool:
    if need.item != resource.item:
        return False
    if stage is Stage.CENTRAL:
        return need.central and resource.pool is Pool.CENTRAL
    if stage is Stage.TRANSFERRED:
        return not need.central
    here = need.is_open and resource.pool is Pool.LOCAL and need.province == resource.province
    if stage is Stage.DISTRICT:
        return here and need.military and need.district_open and need.district == resource.district
    return here and need.military == (stage is Stage.PROVINCE)


needs = st.builds(
    Need,
    item=st.integers(0, 2),
    district=st.integers(0, 3),
    quantity=st.integers(1, 12),
    priority=st.integers(1, 3),
    central=st.booleans(),
    military=st.booleans(),
    local_open=st.booleans(),
    district_open=st.booleans(),
)
resources = st.builds(
    Resource, item=st.integers(0, 2), district=st.integers(0, 3), free=st.integers(0, 12), pool=st.sampled_from(Pool)
)
countries = st.builds(
    SmallCountry,
    st.lists(needs, max_size=10).map(lambda drawn: sorted(drawn, key=lambda need: need.priority)),
    st.lists(resources, max_size=10),
)
swaps = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)).filter(lambda swap: swap[0] != swap[1]), max_size=4)
