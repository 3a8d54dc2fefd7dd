"""Writing rows by the hundred thousand in the session's own transaction, by each driver's fastest way."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import polars as pl
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from sekaps.models.base import EPOCH, MILLISECOND, Base
from sekaps.services.copying import copying
from sekaps.services.writing import table_of

ROWS_AT_ONCE = 50_000


class BulkWriter:
    """Appends rows to tables: many at once on SQLite, by COPY on PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session, self._connection = session, session.connection()
        self.on_sqlite = self._connection.dialect.name == "sqlite"

    def next_id(self, model: type[Base]) -> int:
        """Return the first id that is free after all others."""
        return 1 + (self._session.scalar(select(func.coalesce(func.max(table_of(model).c.id), 0))) or 0)

    def ids_taken(self, model: type[Base]) -> None:
        """Let the database go on counting after the ids that were given."""
        if not self.on_sqlite:
            name = table_of(model).name
            last = f"(SELECT max(id) FROM {name})"  # noqa: S608
            self._session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))

    def instant(self, at: datetime) -> Any:
        """Return an instant as rows hold it."""
        return (at - EPOCH) // MILLISECOND if self.on_sqlite else at

    def write_frame(self, model: type[Base], frame: pl.DataFrame) -> None:
        """Append the rows of a frame whose columns are named as the table's."""
        name, columns = table_of(model).name, ", ".join(frame.columns)
        if self.on_sqlite:
            self._insert(name, frame.columns, frame.select(map(_plain, frame.columns, frame.dtypes)).iter_rows())
            return
        with copying(self._connection, f"COPY {name} ({columns}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(frame.write_csv(include_header=False, datetime_format="%Y-%m-%d %H:%M:%S%.3f%:z"))

    def write_rows(self, model: type[Base], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Append rows that hold their values as the database keeps them; making them must not ask the database."""
        name = table_of(model).name
        if self.on_sqlite:
            self._insert(name, columns, iter(rows))
            return
        with copying(self._connection, f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _insert(self, name: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        while part := list(islice(rows, ROWS_AT_ONCE)):
            self._connection.exec_driver_sql(statement, part)


def _plain(name: str, kind: pl.DataType) -> pl.Expr:
    """Return a column as SQLite keeps it: instants in milliseconds, days as text."""
    if isinstance(kind, pl.Datetime):
        return pl.col(name).dt.epoch("ms")
    return pl.col(name).cast(pl.String) if isinstance(kind, pl.Date) else pl.col(name)
