"""Where each province stands on a map of equal tiles: the nearest placing of all of them at once, from coordinates.

There is no outline of the provinces to draw; tiles of one size keep small provinces readable and neighbours near.
"""

import csv
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import highspy
import numpy as np

PROVINCES = Path(__file__).parent.parent / "data" / "provinces.csv"
COLUMNS, ROWS = 16, 7
MIDDLE_LATITUDE = 39.0
"""Here a degree of longitude is as wide as elsewhere in the country, near enough."""

Tile = tuple[int, int]
"""A column from the west and a row from the north, both from 0."""


@lru_cache(maxsize=1)
def province_tiles() -> dict[str, Tile]:
    """Return the tile of every province by its plate code: no two share one, and the moves squared are least."""
    rows = _provinces()
    east = _scaled([float(row["boylam"]) * math.cos(math.radians(MIDDLE_LATITUDE)) for row in rows], COLUMNS)
    south = _scaled([-float(row["enlem"]) for row in rows], ROWS)
    tiles = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    costs = [[(x - column) ** 2 + (y - row) ** 2 for column, row in tiles] for x, y in zip(east, south, strict=True)]
    return {row["il_kodu"]: tiles[tile] for row, tile in zip(rows, _assign(np.array(costs)), strict=True)}


def province_names() -> dict[str, str]:
    """Return the name of every province by its plate code."""
    return {row["il_kodu"]: row["il_adi"] for row in _provinces()}


@lru_cache(maxsize=1)
def _provinces() -> list[dict[str, str]]:
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _scaled(values: Sequence[float], count: int) -> list[float]:
    """Return values spread over so many tiles, the least on the first and the greatest on the last."""
    least, greatest = min(values), max(values)
    return [(value - least) / (greatest - least) * (count - 1) for value in values]


def _assign(costs: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> list[int]:
    """Return the column chosen for each row, none twice, with the least cost in all."""
    rows, columns = costs.shape
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    programme: Any = highspy.HighsLp()
    solver.setOptionValue("output_flag", False)
    programme.num_col_, programme.num_row_ = rows * columns, rows + columns
    programme.col_cost_ = costs.ravel()
    programme.col_lower_, programme.col_upper_ = np.zeros(costs.size), np.ones(costs.size)
    programme.row_lower_ = np.concatenate([np.ones(rows), np.zeros(columns)])
    programme.row_upper_ = np.ones(rows + columns)
    row, column = np.divmod(np.arange(costs.size), columns)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = np.arange(0, 2 * costs.size + 1, 2)
    programme.a_matrix_.index_ = np.stack([row, rows + column], axis=1).ravel()
    programme.a_matrix_.value_ = np.ones(2 * costs.size)
    solver.passModel(programme)
    solver.run()
    chosen = np.array(solver.getSolution().col_value).reshape(rows, columns)
    return [int(place) for place in chosen.argmax(axis=1)]
