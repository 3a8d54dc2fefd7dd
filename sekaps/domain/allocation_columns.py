"""Needs, resources and allocation lines in columns; items and places are small numbers whose values mean nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sekaps.errors.allocation import QuantitiesBeyondCounting

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MOST = 2**53
"""Sums up to here are exact in any number a column is added up in."""


class Pool(IntEnum):
    """Where a resource stands: whom it may serve."""

    LOCAL = 0
    """Serves local needs of its own province."""
    MOVED = 1
    """Was local, nobody there needs it: serves any local need, from the transfer day on."""
    CENTRAL = 2
    """Serves every need."""


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """What is outstanding of each need; the rows stand in the declared order, so a row's place is its turn.

    ``rank`` counts the classes that are served one before the other (with the usual order: the priority);
    ``local_open`` tells whether a local stage may still serve it, ``district_open`` whether its district may.
    """

    item: Ints
    province: Ints
    district: Ints
    rank: Ints
    outstanding: Ints
    central: Bools
    military: Bools
    local_open: Bools
    district_open: Bools

    def __post_init__(self) -> None:
        require_countable(self.outstanding)

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True, slots=True, eq=False)
class Resources:
    """What is free of each resource; the rows stand in the order of their numbers."""

    item: Ints
    province: Ints
    district: Ints
    pool: Ints
    free: Ints

    def __post_init__(self) -> None:
        require_countable(self.free)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """So much of that resource for this need, by their rows, out of that pool."""

    need: Ints
    resource: Ints
    quantity: Ints
    pool: Ints

    def __len__(self) -> int:
        return len(self.need)

    def where(self, chosen: Bools) -> "Lines":
        """Return some of the lines."""
        return Lines(self.need[chosen], self.resource[chosen], self.quantity[chosen], self.pool[chosen])


@dataclass(frozen=True, slots=True)
class Extent:
    """How many items, provinces and districts the numbers in the columns run through."""

    items: int
    provinces: int
    districts: int

    @classmethod
    def of(cls, needs: Needs, resources: Resources) -> "Extent":
        """Return how far the numbers of both run."""
        return cls(
            _ends(needs.item, resources.item),
            _ends(needs.province, resources.province),
            _ends(needs.district, resources.district),
        )


def joined(parts: Sequence[Lines]) -> Lines:
    """Return lines of several sources as one."""
    return Lines(*(whole([getattr(part, name) for part in parts]) for name in ("need", "resource", "quantity", "pool")))


def merged(lines: Lines) -> Lines:
    """Return the lines with one for each need and resource, where the first of them stood."""
    pairs = np.stack((lines.need, lines.resource), axis=1)
    _, firsts, pair = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    rows, quantity = firsts[order], summed(pair.reshape(-1), lines.quantity, len(firsts))[order]
    return Lines(lines.need[rows], lines.resource[rows], quantity, lines.pool[rows])


def whole(parts: Sequence[Ints]) -> Ints:
    """Return columns one after the other; none give an empty one."""
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def summed(keys: Ints, amounts: NDArray[Any], length: int) -> Ints:
    """Return the sum of the amounts under each key."""
    return np.bincount(keys, weights=amounts, minlength=length).astype(np.int64)


def require_countable(amounts: Ints) -> None:
    """Raise when amounts are so large that their sum would not be exact."""
    if float(amounts.sum(dtype=np.float64)) > MOST:
        raise QuantitiesBeyondCounting(most=MOST)


def _ends(first: Ints, second: Ints) -> int:
    return 1 + max(int(first.max(initial=-1)), int(second.max(initial=-1)))
