"""Entitlements: how much each need is to have, and from which pool, before anybody asks from which resource.

Why it is exact. A local need may be served by its province's local resources, by what other provinces' local needs
leave over, and by the centre; a central need by the centre only. Whoever a resource may serve is thus a set inside
the next one: the needs of a province, all local needs, all needs. Nested like that, the least flexible pool goes
first and, inside a pool, the needs in their order: those that come first are then served as fully as if nobody stood
behind them, which no other way of sharing can better, for the first class, the first two, and so on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sekaps.calendar.allocating import Margin
from sekaps.domain.allocation_columns import Bools, Extent, Ints, Needs, Pool, Resources, summed, whole


@dataclass(frozen=True, slots=True, eq=False)
class Entitlements:
    """So much of one kind of item for this need (by its row), out of that pool."""

    need: Ints
    kind: Ints
    pool: Ints
    quantity: Ints


def entitle(needs: Needs, resources: Resources, kinds: Ints, margin: Margin) -> Entitlements:
    """Return what each need is to have of its own kind: local pools first, then what moves, then the centre.

    ``kinds`` tells which items count as one, because they stand in for each other freely.
    """
    extent = Extent.of(needs, resources)
    kind, supply = kinds[needs.item], _Supply(resources, kinds, extent)
    area = kind * extent.provinces + needs.province
    local = share(area, needs.outstanding * needs.local_open, supply.local, needs.rank, margin)
    moved = supply.moved + _left_by_kind(supply.local, summed(area, local, len(supply.local)), extent)
    missing = (needs.outstanding - local) * ~needs.central
    from_moved = share(kind, missing, moved, needs.rank, margin)
    central = share(kind, needs.outstanding - local - from_moved, supply.central, needs.rank, margin)
    return entitled(kind, ((Pool.LOCAL, local), (Pool.MOVED, from_moved), (Pool.CENTRAL, central)))


def entitled(kind: Ints, shares: Sequence[tuple[Pool, Ints]]) -> Entitlements:
    """Return entitlements from a column of shares for each pool."""
    rows = [np.flatnonzero(quantity) for _, quantity in shares]
    return Entitlements(
        need=whole(rows),
        kind=whole([kind[row] for row in rows]),
        pool=whole([np.full(len(row), int(pool)) for row, (pool, _) in zip(rows, shares, strict=True)]),
        quantity=whole([quantity[row] for row, (_, quantity) in zip(rows, shares, strict=True)]),
    )


class _Supply:
    """What each pool holds: local by kind and province, the others by kind."""

    def __init__(self, resources: Resources, kinds: Ints, extent: Extent) -> None:
        kind, free, pool = kinds[resources.item], resources.free, resources.pool
        area = kind * extent.provinces + resources.province
        self.local = summed(area, free * (pool == Pool.LOCAL), extent.items * extent.provinces)
        self.moved = summed(kind, free * (pool == Pool.MOVED), extent.items)
        self.central = summed(kind, free * (pool == Pool.CENTRAL), extent.items)


def _left_by_kind(supply: Ints, used: Ints, extent: Extent) -> Ints:
    left: Ints = (supply - used).reshape(extent.items, extent.provinces).sum(axis=1)
    return left


def share(pool: Ints, wanted: Ints, supply: Ints, rank: Ints, margin: Margin) -> Ints:
    """Return what each row gets of its pool's supply when the rows are served in their order.

    Where the margin is shared in proportion, the rank that a pool cannot serve in full shares what is left.
    """
    shares = np.zeros_like(wanted)
    rows = np.flatnonzero(wanted > 0)
    rows = rows[np.argsort(pool[rows], kind="stable")]
    asked, key = wanted[rows], pool[rows]
    firsts = starts(key)
    before = since(firsts, asked)
    if margin is Margin.IN_PROPORTION:
        shares[rows] = _in_proportion(asked, supply[key] - before, firsts | starts(rank[rows]))
    else:
        shares[rows] = np.clip(supply[key] - before, 0, asked)
    return shares


def starts(keys: Ints) -> Bools:
    """Tell at which rows another key begins than the row before had."""
    found = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=found[1:])
    return found


def since(firsts: Bools, amounts: Ints) -> Ints:
    """Return what the rows before each one add up to, since the last of the first rows."""
    before = np.cumsum(amounts) - amounts
    return before - before[np.flatnonzero(firsts)][np.cumsum(firsts) - 1] if len(amounts) else before


def _in_proportion(asked: Ints, left: Ints, firsts: Bools) -> Ints:
    """Share what is left at each group's first row among the group, by largest remainder, then by order."""
    group = np.cumsum(firsts) - 1
    demand = np.add.reduceat(asked, np.flatnonzero(firsts)) if len(asked) else asked
    given = np.clip(left[firsts], 0, demand)
    product = asked.astype(object) * given[group] if _too_wide(asked, given) else asked * given[group]
    shares = (product // demand[group]).astype(np.int64)
    remainders = (product % demand[group]).astype(np.int64)
    queue = np.lexsort((-remainders, group))
    odd = given - np.bincount(group, weights=shares, minlength=len(given)).astype(np.int64)
    turn = np.empty_like(group)
    turn[queue] = np.arange(len(group)) - np.flatnonzero(firsts)[group[queue]]
    whole_shares: Ints = shares + (turn < odd[group])
    return whole_shares


def _too_wide(asked: Ints, given: Ints) -> bool:
    return int(asked.max(initial=0)) * int(given.max(initial=0)) >= 2**63
