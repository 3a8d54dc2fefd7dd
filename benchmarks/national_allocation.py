"""A synthetic nation to share out: needs and resources in columns, at the size the running system reports."""

import numpy as np

from sekaps.domain.allocation_columns import Needs, Pool, Resources

NEEDS, RESOURCES = 137_944, 1_299_322
ITEMS, DISTRICTS, PROVINCES, PRIORITIES = 2_000, 973, 81, 4
ZIPF, CENTRAL_SHARE = 0.7, 0.15
DEMAND, SUPPLY = 12_300_000, 13_500_000
RING = 8
"""Items in a ring of one-way substitutes."""


def nation(scale: float = 1.0, seed: int = 7) -> tuple[Needs, Resources]:
    """Return the needs in their declared order and the resources in the order of their numbers."""
    chance = np.random.default_rng(seed)
    weights = np.arange(1, ITEMS + 1) ** -ZIPF
    weights /= weights.sum()
    homes = np.sort(np.append(np.arange(PROVINCES), chance.integers(0, PROVINCES, DISTRICTS - PROVINCES)))
    return _needs(chance, weights, homes, round(NEEDS * scale)), _resources(
        chance, weights, homes, round(RESOURCES * scale)
    )


def _needs(chance: np.random.Generator, weights: np.ndarray, homes: np.ndarray, count: int) -> Needs:
    district = chance.integers(0, DISTRICTS, count)
    central = chance.random(count) < CENTRAL_SHARE
    military = chance.random(count) < 0.6
    return Needs(
        item=chance.choice(ITEMS, count, p=weights),
        province=homes[district],
        district=district,
        rank=np.sort(chance.integers(0, PRIORITIES, count)),
        outstanding=chance.integers(1, 2 * DEMAND // NEEDS, count),
        central=central,
        military=military,
        local_open=~central,
        district_open=~central & military,
    )


def _resources(chance: np.random.Generator, weights: np.ndarray, homes: np.ndarray, count: int) -> Resources:
    district = chance.integers(0, DISTRICTS, count)
    central = chance.random(count) < CENTRAL_SHARE
    return Resources(
        item=chance.choice(ITEMS, count, p=weights),
        province=homes[district],
        district=district,
        pool=np.where(central, Pool.CENTRAL, Pool.LOCAL).astype(np.int64),
        free=chance.integers(1, 2 * SUPPLY // RESOURCES + 1, count),
    )


def rings() -> list[tuple[int, int]]:
    """Return one-way substitutes in rings: item i may be served by the next of its ring."""
    return [(i, i + 1 if (i + 1) % RING else i + 1 - RING) for i in range(ITEMS)]
