"""Items that may stand in for each other: which count as one, and where the question needs a solver."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sekaps.domain.allocation_columns import Extent, Ints, Needs, Resources, summed

Swap = tuple[int, int]
"""An item, and one that may be given instead of it, one for one."""


@dataclass(frozen=True, slots=True, eq=False)
class Eligibility:
    """Which resources may serve which needs, as far as items go.

    ``kinds`` gives items that count as one the same number. A tangle is a set of items whose resources may serve
    overlapping, but not the same, needs; its swaps are those that matter, each item's own included.
    """

    kinds: Ints
    tangles: tuple[tuple[Swap, ...], ...]

    @property
    def is_nested(self) -> bool:
        """Whether serving by prefix sums is exact everywhere."""
        return not self.tangles


def eligibility(needs: Needs, resources: Resources, swaps: Iterable[Swap]) -> Eligibility:
    """Return which items count as one, and which are tangled.

    Resources of two items that may serve exactly the same needs are one supply. Where they share some needs only, a
    province's resource of the one and another province's of the other would each have a need the other has not: the
    sets are not inside one another, and no fixed order of pools is exact.
    """
    extent = Extent.of(needs, resources)
    asked = summed(needs.item, needs.outstanding, extent.items) > 0
    held = summed(resources.item, resources.free, extent.items) > 0
    known = {(i, j) for i, j in swaps if max(i, j) < extent.items and asked[i] and held[j]}
    touched = {item for swap in known for item in swap}
    kinds, tangles = np.arange(extent.items), []
    for group in _connected(known | {(i, i) for i in touched if asked[i] and held[i]}):
        if _one_supply(group):
            items = sorted({item for swap in group for item in swap})
            kinds[items] = items[0]
        else:
            tangles.append(tuple(sorted(group)))
    return Eligibility(kinds, tuple(sorted(tangles)))


def _one_supply(group: Iterable[Swap]) -> bool:
    serves: dict[int, set[int]] = defaultdict(set)
    for item, instead in group:
        serves[instead].add(item)
    return len({frozenset(items) for items in serves.values()}) == 1


def _connected(swaps: Iterable[Swap]) -> Iterator[list[Swap]]:
    """Yield the swaps in groups that share no item asked for and no item held."""
    asked: dict[int, list[Swap]] = defaultdict(list)
    held: dict[int, list[Swap]] = defaultdict(list)
    for swap in sorted(swaps):
        asked[swap[0]].append(swap)
        held[swap[1]].append(swap)
    seen: set[Swap] = set()
    for first in sorted(swaps):
        if first not in seen:
            group, seen = _reach(first, asked, held), seen | {first}
            seen |= set(group)
            yield group


def _reach(first: Swap, asked: dict[int, list[Swap]], held: dict[int, list[Swap]]) -> list[Swap]:
    group, queue = {first}, [first]
    while queue:
        item, instead = queue.pop()
        new = {*asked[item], *held[instead]} - group
        group |= new
        queue.extend(new)
    return list(group)
