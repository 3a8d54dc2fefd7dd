"""Writing rows in bulk so that a row already there is success, on either database."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Result, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sekaps.models.base import Base

T = TypeVar("T")
Query = Select[Any]
"""A select of any columns."""
CHUNK = 500
"""How many ids one statement names; SQLite takes at most 32,766 parameters."""


def table_of(model: type[Base]) -> Table:
    """Return a model's table."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def insert_new(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that break no uniqueness and return how many were new."""
    if not rows:
        return 0
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if on_postgresql else sqlite.insert)(table_of(model)).on_conflict_do_nothing()
    return rows_changed(session.execute(insert, [dict(row) for row in rows]))


def rows_changed(result: Result[Any]) -> int:
    """Return how many rows a statement changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount


def chunked(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Yield the values in runs that one statement can name."""
    return (values[start : start + size] for start in range(0, len(values), size))
