"""Finds what stands in a file of any length more than once, in memory that hardly grows with the file."""

from collections.abc import Iterator

import polars as pl

from sekaps.services.bulk_load import StageFile

MOST_HELD = 1_000_000
"""So many different values are compared at a time, by their hashes; more of them in several passes over the disk."""


def repeated(values: StageFile, column: str) -> Iterator[pl.DataFrame]:
    """Yield the rows whose value stood in a row before; each pass looks at the values of one part of all hashes."""
    passes = values.rows // MOST_HELD + 1
    hashed = pl.col(column).hash().alias("hash")
    for part in range(passes):
        again = _repeated_in(values, hashed, hashed % passes == part)
        if len(again):
            yield from (frame.filter(pl.col("row").is_in(again.implode())) for frame in values.frames())


def _repeated_in(values: StageFile, hashed: pl.Expr, part: pl.Expr) -> pl.Series:
    """Return the numbers of the rows whose hash stood before, of one part of the hashes."""
    held, found, again = [], 0, [pl.Series("row", dtype=pl.Int64)]
    for frame in values.frames():
        held.append(frame.filter(part).select("row", hashed))
        found += held[-1].height
        if found > MOST_HELD:
            first, repeats = _split(held)
            held, found = [first], first.height
            again.append(repeats)
    if held:
        again.append(_split(held)[1])
    return pl.concat(again)


def _split(held: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.Series]:
    """Return the rows whose hash stands there first, and the numbers of the others."""
    rows = pl.concat(held)
    is_first = rows["hash"].is_first_distinct()
    return rows.filter(is_first), rows.filter(~is_first)["row"]
