"""Tables of which some rows are written in another encoding than the rest: each foreign cell is told by its place."""

import polars as pl

from sekaps.domain.form_columns import FLAW_SCHEMA, LONGEST_VALUE, no_flaws

RULE = "encoding"


def decoded(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows whose every cell is UTF-8, as text, and a flaw for each cell of the others that is not."""
    columns = [name for name, kind in frame.schema.items() if kind == pl.Binary]
    flaws = [found for name in columns if not (found := _foreign(frame.select("row", name), name)).is_empty()]
    if not flaws:
        return frame.with_columns(pl.col(columns).cast(pl.String)), no_flaws()
    told = pl.concat(flaws).sort("row", maintain_order=True)
    rows = frame.filter(~pl.col("row").is_in(told["row"].implode()))
    return rows.with_columns(pl.col(columns).cast(pl.String)), told


def _foreign(cells: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return a flaw for each cell of a column that is no UTF-8, its value as windows-1254 would read it."""
    try:
        cells[name].cast(pl.String)
    except pl.exceptions.ComputeError:
        found = [(row, name, shown, RULE) for row, cell in cells.iter_rows() if (shown := _as_1254(cell)) is not None]
        return pl.DataFrame(found, schema=FLAW_SCHEMA, orient="row")
    return no_flaws()


def _as_1254(cell: bytes | None) -> str | None:
    """Return how windows-1254 reads bytes that are no UTF-8; None where they are."""
    try:
        (cell or b"").decode("utf-8")
    except UnicodeDecodeError:
        return (cell or b"").decode("cp1254", errors="replace")[:LONGEST_VALUE]
    return None
