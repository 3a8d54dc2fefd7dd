"""Finds what stands in a file of any length more than once, in memory that does not grow with the file."""

from collections.abc import Iterator

import polars as pl

from sekaps.services.bulk_load import StageFile

MOST_HELD = 1_000_000
"""So many different values are held at a time; more of them are gone through in several passes over the disk."""


def repeated(values: StageFile, column: str) -> Iterator[pl.DataFrame]:
    """Yield the rows whose value stood in a row before; each pass looks at the values of one part of all hashes."""
    passes = values.rows // MOST_HELD + 1
    for part in range(passes):
        yield from _repeated_in(values, column, pl.col(column).hash() % passes == part)


def _repeated_in(values: StageFile, column: str, part: pl.Expr) -> Iterator[pl.DataFrame]:
    held: list[pl.DataFrame] = []
    for frame in values.frames():
        held.append(frame.filter(part))
        if sum(each.height for each in held) > MOST_HELD:
            first, again = _split(held, column)
            held = [first]
            yield again
    if held:
        yield _split(held, column)[1]


def _split(held: list[pl.DataFrame], column: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = pl.concat(held)
    is_first = rows[column].is_first_distinct()
    return rows.filter(is_first), rows.filter(~is_first)
