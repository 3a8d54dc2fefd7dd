"""Tiling: which resource serves which entitlement; near ones first, inside an area the largest first.

Inside one area the entitlements, laid end to end in their order, and the resources, laid end to end in theirs, are two
rows of intervals of the same length; every overlap is a line. It is cut by sorting and adding up whole columns.
"""

from enum import StrEnum

import numpy as np

from sekaps.domain.allocation_columns import Extent, Ints, Lines, Needs, Pool, Resources, joined, summed
from sekaps.domain.entitlements import Entitlements, since, starts


class Area(StrEnum):
    """How far a resource may be from the need it serves."""

    DISTRICT = "district"
    PROVINCE = "province"
    NATION = "nation"


REACH = {
    Pool.LOCAL: (Area.DISTRICT, Area.PROVINCE),
    Pool.MOVED: (Area.DISTRICT, Area.PROVINCE, Area.NATION),
    Pool.CENTRAL: (Area.DISTRICT, Area.PROVINCE, Area.NATION),
}
"""The areas in which a pool's resources are looked for, the nearest first."""


def tile(needs: Needs, resources: Resources, kinds: Ints, due: Entitlements) -> Lines:
    """Return the lines that give every entitlement its quantity, from the pool it is to come from."""
    tiles = Tiles(needs, resources, kinds)
    for pool in Pool:
        tiles.serve(pool, due)
    return joined(tiles.lines)


class Tiles:
    """What is still to be given and what is still free while lines are cut."""

    def __init__(self, needs: Needs, resources: Resources, kinds: Ints) -> None:
        self.extent = Extent.of(needs, resources)
        self.needs, self.resources, self.kinds = needs, resources, kinds
        self.left = resources.free.copy()
        self.lines: list[Lines] = []

    def serve(self, pool: Pool, due: Entitlements) -> None:
        """Give what is due from one pool; what local needs left over stands in the pool that moves."""
        chosen = np.flatnonzero(due.pool == pool)
        need, kind, wanted = due.need[chosen], due.kind[chosen], due.quantity[chosen]
        held = self.held(pool, kind)
        for area in REACH[pool]:
            for narrow in (True, False) if self._merges(kind) else (False,):
                wanted = self.cut(need, kind, wanted, held, area, pool, own_item=narrow)

    def held(self, pool: Pool, kind: Ints) -> Ints:
        """Return the rows of the resources of a pool that are of one of those kinds and not used up."""
        asked = np.zeros(self.extent.items, dtype=np.bool_)
        asked[kind] = True
        here = self.resources.pool <= pool if pool is Pool.MOVED else self.resources.pool == pool
        return np.flatnonzero(here & asked[self.kinds[self.resources.item]] & (self.left > 0))

    def _merges(self, kind: Ints) -> bool:
        """Tell whether some of those kinds are of more than one item."""
        items = np.bincount(self.kinds, minlength=self.extent.items)
        return bool((items[kind] > 1).any())

    def cut(
        self, need: Ints, kind: Ints, wanted: Ints, held: Ints, area: Area, pool: Pool, *, own_item: bool = False
    ) -> Ints:
        """Cut the lines inside an area and return what is still wanted afterwards."""
        rows, held = np.flatnonzero(wanted), held[self.left[held] > 0]
        if len(rows) == 0 or len(held) == 0:
            return wanted
        what = self.needs.item[need[rows]] if own_item else kind[rows]
        offered = self.resources.item[held] if own_item else self.kinds[self.resources.item[held]]
        asked_at = self._cells(what, self.needs, need[rows], area)
        cells, cell, offer_cell = _met(asked_at, self._cells(offered, self.resources, held, area))
        held, offer_cell = held[offer_cell >= 0], offer_cell[offer_cell >= 0]
        turns = np.argsort(cell, kind="stable")
        offers = largest_first(offer_cell, self.resources.free[held])
        asker, offer, quantity = overlaps(
            (cell[turns], wanted[rows[turns]]), (offer_cell[offers], self.left[held[offers]]), cells
        )
        chosen, used = rows[turns[asker]], held[offers[offer]]
        self.lines.append(Lines(need[chosen], used, quantity, np.full(len(used), int(pool))))
        self.left -= summed(used, quantity, len(self.left))
        return wanted - summed(chosen, quantity, len(wanted))

    def _cells(self, what: Ints, places: Needs | Resources, rows: Ints, area: Area) -> Ints:
        if area is Area.NATION:
            return what
        if area is Area.PROVINCE:
            return what * self.extent.provinces + places.province[rows]
        return what * self.extent.districts + places.district[rows]


def _met(asked: Ints, offered: Ints) -> tuple[int, Ints, Ints]:
    """Return how many cells ask for something, which one each need asks in, and each resource is in (-1: none)."""
    number = np.full(1 + max(int(asked.max()), int(offered.max())), -1, dtype=np.int64)
    number[asked] = 0
    cells = np.flatnonzero(number == 0)
    number[cells] = np.arange(len(cells))
    return len(cells), number[asked], number[offered]


def largest_first(cell: Ints, size: Ints) -> Ints:
    """Return the order by cell, then size from the largest down, then row; packed into one number where it fits."""
    row_bits, size_bits = len(cell).bit_length(), int(size.max(initial=0)).bit_length()
    if int(cell.max(initial=0)).bit_length() + size_bits + row_bits > 62:
        return np.lexsort((-size, cell))
    packed = (cell << size_bits | ((1 << size_bits) - 1 - size)) << row_bits | np.arange(len(cell))
    packed.sort()
    rows: Ints = packed & ((1 << row_bits) - 1)
    return rows


def overlaps(askers: tuple[Ints, Ints], offers: tuple[Ints, Ints], cells: int) -> tuple[Ints, Ints, Ints]:
    """Return (asker, offer, quantity) for each overlap of the two rows of intervals in each cell, from its beginning.

    Both are (cell, amount), sorted by cell.
    """
    lengths = np.minimum(summed(*askers, cells), summed(*offers, cells))
    ends = [np.cumsum(_cut_off(cell, amount, lengths)) for cell, amount in (askers, offers)]
    bounds = np.concatenate(ends)
    bounds.sort(kind="stable")
    bounds = bounds[starts(bounds) & (bounds > 0)]
    asker, offer = (np.searchsorted(end, bounds) for end in ends)
    return asker, offer, np.diff(bounds, prepend=0)


def _cut_off(cell: Ints, amount: Ints, lengths: Ints) -> Ints:
    kept: Ints = np.clip(lengths[cell] - since(starts(cell), amount), 0, amount)
    return kept
