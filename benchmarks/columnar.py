"""A columnar scan as a floor of the gap audit: the same counts by unit and slot, from documents kept as Parquet.

The file holds what those counts need of every document and nothing else.
"""

from pathlib import Path

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.models.documents import Document

COLUMNS = ("edition_id", "activity", "step", "unit_id", "next_slot")
GROUPED = ("activity", "step", "next_slot", "unit_id")


def write_documents(session: Session, path: Path) -> None:
    """Write what the audit reads of every document, in their own order."""
    asked = select(*(getattr(Document, name) for name in COLUMNS)).order_by(Document.id)
    rows = session.connection().execute(asked).all()
    pl.DataFrame(rows, schema=list(COLUMNS), orient="row").write_parquet(path)


def count_by_unit(path: Path, edition_id: int) -> dict[tuple[str, str, int, int], int]:
    """Return how many documents wait, by (activity, step key, slot, owning unit's id)."""
    waiting = (pl.col("next_slot") > 0) & (pl.col("edition_id") == edition_id)
    counted = pl.scan_parquet(path).filter(waiting).group_by(GROUPED).len().collect()
    return {(activity, step, slot, unit): count for activity, step, slot, unit, count in counted.rows()}
