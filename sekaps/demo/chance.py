"""Chance that can be repeated: every draw is a function of the seed and a name, so no order of asking matters."""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
RANGE = 2**64
Fractions: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


def draw(seed: int, *name: object) -> float:
    """Return a number in [0, 1) that belongs to the seed and the name."""
    key = "\x1f".join(map(str, (seed, *name))).encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") / RANGE


def draws(seed: int, name: str, serials: NDArray[Any]) -> Fractions:
    """Return a number in [0, 1) for each serial at once; it belongs to the seed, the name and the serial alone.

    The finalizer of SplitMix64 over a Weyl sequence that begins where seed and name say: as good as a hash of each
    serial, and some hundred times faster (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    """
    begin = np.uint64(int(draw(seed, name) * 2**53) << 11)
    with np.errstate(over="ignore"):
        mixed = begin + (serials.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2**53


def pick(among: Sequence[T], seed: int, *name: object) -> T:
    """Return one of the values, each as likely as the others."""
    return among[int(draw(seed, *name) * len(among))]


class Lottery:
    """Places from 0, each drawn in proportion to its weight."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._bounds = list(accumulate(weights))
        self._columns = np.array(self._bounds, dtype=np.float64)

    def place(self, fraction: float) -> int:
        """Return the place a fraction in [0, 1) falls on."""
        return min(bisect_right(self._bounds, fraction * self._bounds[-1]), len(self._bounds) - 1)

    def places(self, fractions: Fractions) -> Places:
        """Return the place each fraction falls on."""
        found = np.searchsorted(self._columns, fractions * self._columns[-1], side="right")
        places: Places = np.minimum(found, len(self._columns) - 1)
        return places


def apportioned(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Return whole shares of a total in proportion to the weights, none below the least, by largest remainder.

    Where the least for everybody is more than the total, everybody has the least.
    """
    rest = total - least * len(weights)
    if rest <= 0 or not weights:
        return [least] * len(weights)
    whole = sum(weights)
    exact = [rest * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    ranked = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in ranked[: rest - sum(shares)]:
        shares[place] += 1
    return [least + share for share in shares]
