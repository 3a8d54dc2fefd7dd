"""Chance that can be repeated: every draw is a function of the seed and a name, so no order of asking matters."""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")
RANGE = 2**64


def draw(seed: int, *name: object) -> float:
    """Return a number in [0, 1) that belongs to the seed and the name."""
    key = "\x1f".join(map(str, (seed, *name))).encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") / RANGE


def pick(among: Sequence[T], seed: int, *name: object) -> T:
    """Return one of the values, each as likely as the others."""
    return among[int(draw(seed, *name) * len(among))]


class Lottery:
    """Places from 0, each drawn in proportion to its weight."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._bounds = list(accumulate(weights))

    def place(self, fraction: float) -> int:
        """Return the place a fraction in [0, 1) falls on."""
        return min(bisect_right(self._bounds, fraction * self._bounds[-1]), len(self._bounds) - 1)
