"""The optimum where items stand in for one another: a linear programme for each tangle of items, solved by HiGHS.

Why it is exact. Quantities flow from pools to needs, so that what can be served is a polymatroid: a unit more for the
first in the order never costs more than a unit of somebody behind. Any weights that fall along the order therefore
give the need that stands first all it can have, then the second, and so on. Local resources serving at home weigh
more than any need, as the regulation has only what no local need reserves move on; giving an item itself, and not
another instead, weighs less than all else. The data are whole and the programme is a network, so its corners are whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from sekaps.domain.allocation_columns import Bools, Extent, Ints, Needs, Pool, Resources, summed, whole
from sekaps.domain.entitlements import Entitlements
from sekaps.domain.substitution import Swap
from sekaps.domain.tiling import overlaps
from sekaps.errors.allocation import OptimumNotFound


def optimum(needs: Needs, resources: Resources, tangles: Sequence[Sequence[Swap]]) -> Entitlements:
    """Return what each need of tangled items is to have, of which item and out of which pool."""
    supply = _Supply(resources, Extent.of(needs, resources))
    by_item = np.argsort(needs.item, kind="stable")
    bounds = np.searchsorted(needs.item[by_item], np.arange(supply.extent.items + 1))
    found = []
    for tangle in tangles:
        items = sorted({item for item, _ in tangle})
        rows = np.sort(whole([by_item[bounds[item] : bounds[item + 1]] for item in items]))
        found.extend(_Tangle(needs, supply, rows, np.array(tangle)).entitlements())
    return Entitlements(*(whole([part[column] for part in found]) for column in range(4)))


class _Supply:
    """What each pool holds: local by item and province, the others by item."""

    def __init__(self, resources: Resources, extent: Extent) -> None:
        item, free, pool = resources.item, resources.free, resources.pool
        area, areas = item * extent.provinces + resources.province, extent.items * extent.provinces
        self.extent = extent
        self.local = summed(area, free * (pool == Pool.LOCAL), areas).reshape(extent.items, extent.provinces)
        self.moved = summed(item, free * (pool == Pool.MOVED), extent.items)
        self.central = summed(item, free * (pool == Pool.CENTRAL), extent.items)


Entitled = tuple[Ints, Ints, Ints, Ints]


@dataclass(frozen=True, slots=True, eq=False)
class _Arcs:
    """Columns of the programme: what each is worth, its most, and its (row, coefficient) entries."""

    worth: NDArray[np.float64]
    most: NDArray[np.float64]
    rows: tuple[Ints, ...]
    signs: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.worth)


class _Tangle:
    """The linear programme of one tangle: needs, home arcs, one arc from the hub to each home, arcs into the hubs.

    Rows: open homes (item and province with needs a local stage may serve), hubs (an item's needs as pools beyond the
    province see them), the centre's own needs, then supplies: local by item and province, moved, central.
    """

    def __init__(self, needs: Needs, supply: _Supply, rows: Ints, swaps: Ints) -> None:
        self.rows, self.supply, self.wanted = rows, supply, needs.outstanding[rows]
        self.asked, self.given = np.unique(swaps[:, 0]), np.unique(swaps[:, 1])
        self.swap_item = np.searchsorted(self.asked, swaps[:, 0])
        self.swap_given = np.searchsorted(self.given, swaps[:, 1])
        self.is_other = swaps[:, 0] != swaps[:, 1]
        self.item = np.searchsorted(self.asked, needs.item[rows])
        self.is_open: Bools = needs.local_open[rows] & ~needs.central[rows]
        self.is_central = needs.central[rows]
        home = self.item * supply.extent.provinces + needs.province[rows]
        self.homes, self.home = np.unique(home[self.is_open], return_inverse=True)
        self._lay_rows()
        self._lay_columns()

    def _lay_rows(self) -> None:
        homes, items, given = len(self.homes), len(self.asked), len(self.given)
        self.hub_row, self.centre_row = homes, homes + items
        local = self.supply.local[self.given]
        self.local_row = homes + 2 * items
        self.moved_row = self.local_row + local.size
        self.central_row = self.moved_row + given
        limits = (local.ravel(), self.supply.moved[self.given] + local.sum(axis=1), self.supply.central[self.given])
        self.upper = np.concatenate([np.zeros(self.local_row), *limits]).astype(np.float64)
        self.lower = np.concatenate([np.zeros(self.local_row), np.full(len(self.upper) - self.local_row, -np.inf)])

    def _lay_columns(self) -> None:
        few, provinces = 1.0 / (1 + len(self.upper)), self.supply.extent.provinces
        home_item, home_province = np.divmod(self.homes, provinces)
        swap, home = np.nonzero(self.swap_item[:, None] == home_item[None, :])
        local = self.swap_given[swap] * provinces + home_province[home]
        some = self.supply.local[self.given].ravel()[local] > 0
        self.near_swap, self.near_home, local = swap[some], home[some], local[some]
        cost = -few * self.is_other
        place = np.where(self.is_central, self.centre_row + self.item, self.hub_row + self.item)
        place[self.is_open] = self.home
        hub, centre = self.hub_row + self.swap_item, self.centre_row + self.swap_item
        moved, central = self.moved_row + self.swap_given, self.central_row + self.swap_given
        near_rows = (self.near_home, self.local_row + local, self.moved_row + self.swap_given[self.near_swap])
        homes = np.arange(len(self.homes))
        self.columns = (
            _Arcs(np.arange(len(self.rows), 0.0, -1.0), self.wanted.astype(np.float64), (place,), (1,)),
            _free(1 + len(self.rows) + cost[self.near_swap], near_rows, (-1, 1, 1)),
            _free(np.zeros(len(homes)), (homes, self.hub_row + home_item), (-1, 1)),
            _free(cost, (hub, moved), (-1, 1)),
            _free(cost, (hub, central), (-1, 1)),
            _free(cost, (centre, central), (-1, 1)),
        )

    def entitlements(self) -> list[Entitled]:
        """Return (need, item given, pool, quantity) columns of the solution."""
        served, near, hubs, moved, central, centre = self._solution()
        homes, hub_cells = len(self.homes), len(self.asked)
        opened = np.flatnonzero(self.is_open)
        at_home = _laid(opened, self.home, served[opened])
        beyond = np.full(homes, -1)
        offers = _laid(
            np.append(self.near_swap, beyond), np.append(self.near_home, np.arange(homes)), np.append(near, hubs)
        )
        need, swap, quantity = _matched(at_home, offers, homes)
        from_hub = swap == -1
        closed = np.flatnonzero(~self.is_open & ~self.is_central)
        askers, asks = np.append(need[from_hub], closed), np.append(quantity[from_hub], served[closed])
        swaps = np.arange(len(self.swap_item))
        beyond_home = _matched(
            _laid(askers, self.item[askers], asks),
            _laid(np.append(swaps, swaps + len(swaps)), np.tile(self.swap_item, 2), np.append(moved, central)),
            hub_cells,
        )
        own = np.flatnonzero(self.is_central)
        at_centre = _matched(_laid(own, self.item[own], served[own]), _laid(swaps, self.swap_item, centre), hub_cells)
        pools = np.where(beyond_home[1] < len(swaps), Pool.MOVED, Pool.CENTRAL)
        local = (need[~from_hub], swap[~from_hub], quantity[~from_hub])
        return [
            self._entitled(*local, np.full(len(local[0]), Pool.LOCAL)),
            self._entitled(beyond_home[0], beyond_home[1] % max(1, len(swaps)), beyond_home[2], pools),
            self._entitled(*at_centre, np.full(len(at_centre[0]), Pool.CENTRAL)),
        ]

    def _entitled(self, need: Ints, swap: Ints, quantity: Ints, pool: Ints) -> Entitled:
        return self.rows[need], self.given[self.swap_given[swap]], pool.astype(np.int64), quantity

    def _solution(self) -> list[Ints]:
        values = solved(self.columns, self.lower, self.upper)
        return np.split(values, np.cumsum([len(arcs) for arcs in self.columns])[:-1])


def _free(worth: NDArray[np.float64], rows: tuple[Ints, ...], signs: tuple[int, ...]) -> _Arcs:
    return _Arcs(worth, np.full(len(worth), np.inf), rows, signs)


Laid = tuple[Ints, Ints, Ints]


def _laid(who: Ints, cell: Ints, amount: Ints) -> Laid:
    """Return who has something to give or take, by cell, in the order given."""
    some = np.flatnonzero(amount)
    order = some[np.argsort(cell[some], kind="stable")]
    return who[order], cell[order], amount[order]


def _matched(askers: Laid, offers: Laid, cells: int) -> Laid:
    asker, offer, quantity = overlaps(askers[1:], offers[1:], cells)
    return askers[0][asker], offers[0][offer], quantity


def solved(columns: Sequence[_Arcs], lower: NDArray[np.float64], upper: NDArray[np.float64]) -> Ints:
    """Return the whole numbers at the optimum of a network programme."""
    sizes = np.concatenate([np.full(len(arcs), len(arcs.rows)) for arcs in columns])
    begins = np.append(0, np.cumsum(sizes))
    index = np.concatenate([np.stack(arcs.rows, axis=1).ravel() for arcs in columns])
    signs = np.concatenate([np.tile(np.array(arcs.signs, dtype=np.float64), len(arcs)) for arcs in columns])
    worth = np.concatenate([arcs.worth for arcs in columns])
    most = np.concatenate([arcs.most for arcs in columns])
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(worth), len(upper)
    programme.col_cost_, programme.col_lower_, programme.col_upper_ = worth, np.zeros(len(worth)), most
    programme.row_lower_, programme.row_upper_ = lower, upper
    programme.sense_ = highspy.ObjSense.kMaximize
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_, matrix.index_, matrix.value_ = begins, index, signs
    solver.passModel(programme)
    solver.run()
    require_optimal(solver.getModelStatus())
    values: Ints = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
    return values


def require_optimal(status: highspy.HighsModelStatus) -> None:
    """Raise unless the solver reached the optimum."""
    if status != highspy.HighsModelStatus.kOptimal:
        raise OptimumNotFound(status=str(status))
