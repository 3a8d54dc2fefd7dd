"""Writing rows in bulk so that a row already there is success, on either database."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Result, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sekaps.models.base import Base

T = TypeVar("T")
Rows = Sequence[Mapping[str, Any]]
Query = Select[Any]
"""A select of any columns."""
CHUNK = 500
"""How many ids one statement names; SQLite takes at most 32,766 parameters."""


def table_of(model: type[Base]) -> Table:
    """Return a model's table."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def insert_new(session: Session, model: type[Base], rows: Rows) -> None:
    """Insert the rows that break no uniqueness."""
    if rows:
        session.execute(_insert(session, model), [dict(row) for row in rows])


def insert_returning(
    session: Session, model: type[Base], rows: Rows, returning: tuple[str, str]
) -> list[tuple[Any, Any]]:
    """Insert the rows that break no uniqueness and return two columns of those that were new."""
    if not rows:
        return []
    statement = _insert(session, model).returning(*(table_of(model).c[name] for name in returning))
    return [(row[0], row[1]) for row in session.execute(statement, [dict(row) for row in rows])]


def _insert(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table_of(model)).on_conflict_do_nothing()
    return sqlite.insert(table_of(model)).on_conflict_do_nothing()


def rows_changed(result: Result[Any]) -> int:
    """Return how many rows a statement changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount


def chunked(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Yield the values in runs that one statement can name."""
    return (values[start : start + size] for start in range(0, len(values), size))
