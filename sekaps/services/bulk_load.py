"""Loads staged rows in the session's own transaction: into a table beside it first, from there set by set."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import adbc_driver_manager.dbapi
import adbc_driver_sqlite.dbapi
import polars as pl
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    String,
    Table,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session

from sekaps.models.documents import Document
from sekaps.services.copying import copying

STAGED = "staged_forms"
SCHEMA = "staging"
FULL_DISK = "full"
COPY_ROWS = 65_536
LOOKED_AT = 1_000
"""So many rows of an index SQLite looks at to know its shape."""


@dataclass(frozen=True, slots=True)
class Staging:
    """The staged rows as the database sees them, and the id each will have as a document."""

    table: Table
    key: ColumnElement[int]


class StageFile:
    """A file on disk that holds judged rows until they are loaded; it has no name, so nothing is left of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.rows, self._whole = file, 0, False
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None

    def add(self, frame: pl.DataFrame) -> None:
        """Append rows; all frames have the same columns."""
        arrow = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writer = pa.ipc.new_stream(self._file, arrow.schema, options=options)
        self._writer.write_table(arrow)
        self.rows += frame.height

    @contextmanager
    def reading(self) -> Iterator[pa.RecordBatchReader]:
        """Give the rows from the first on; nothing is added any more."""
        if self._writer is not None and not self._whole:
            self._writer.close()
            self._whole = True
        self._file.flush()
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as reader:
            yield reader

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows from the first on, frame by frame."""
        if not self.rows:
            return
        with self.reading() as reader:
            yield from _rows_of(reader)


def _rows_of(reader: pa.RecordBatchReader) -> Iterator[pl.DataFrame]:
    return map(framed, reader)


def framed(arrow: pa.RecordBatch) -> pl.DataFrame:
    """Return rows of Arrow as a frame of polars, without copying them."""
    frame = pl.from_arrow(arrow)
    assert isinstance(frame, pl.DataFrame)
    return frame


@contextmanager
def staging(session: Session, staged: StageFile, folder: Path) -> Iterator[Staging]:
    """Give the staged rows as a table of the session's own transaction; it is gone when that ends."""
    if session.get_bind().dialect.name == "postgresql":
        yield _copied(session, staged)
    else:
        with TemporaryDirectory(prefix=f"staged-{os.getpid()}-", dir=folder) as home:
            yield _attached(session, staged, Path(home) / "staged.db")


def sweep(folder: Path) -> None:
    """Take away what imports that were killed have left; those of running processes stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("staged-*"):
        owner = left.name.split("-")[1]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            for file in left.iterdir():
                file.unlink(missing_ok=True)
            left.rmdir()


def analyse(session: Session, *tables: str) -> None:
    """Let the database look at tables that have grown much, so that it plans with them as they are."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA analysis_limit = {LOOKED_AT}"))
    for table in tables:
        session.execute(text(f"ANALYZE {table}"))


def _columns(schema: pa.Schema) -> list[Column[Any]]:
    return [Column(field.name, _type(field.type)) for field in schema]


def _type(kind: pa.DataType) -> Any:
    if pa.types.is_boolean(kind):
        return Boolean()
    return BigInteger() if pa.types.is_integer(kind) else String()


def _attached(session: Session, staged: StageFile, path: Path) -> Staging:
    """Load the rows into a database file of their own with ADBC, and attach it to the session's connection.

    An attached file cannot be let go inside a transaction; the connection is not given back to its pool instead.
    """
    with staged.reading() as reader:
        table = Table(STAGED, MetaData(), *_columns(reader.schema), schema=SCHEMA)
        try:
            with adbc_driver_sqlite.dbapi.connect(str(path)) as connection, connection.cursor() as cursor:
                cursor.adbc_ingest(STAGED, reader, mode="create")
                connection.commit()
        except adbc_driver_manager.dbapi.Error as failure:
            raise OSError(28 if FULL_DISK in str(failure) else 5, str(failure), str(path)) from None
    connection_of = session.connection()
    connection_of.detach()
    session.execute(text(f"ATTACH :path AS {SCHEMA}"), {"path": str(path)})
    base = session.scalar(select(func.coalesce(func.max(Document.id), 0)))
    return Staging(table, literal_column(f"{SCHEMA}.{STAGED}.rowid + {base}", Integer))


def _copied(session: Session, staged: StageFile) -> Staging:
    """Stream the rows into a temporary table, which gives each the id it will have."""
    with staged.reading() as reader:
        columns = _columns(reader.schema)
        table = Table(STAGED, MetaData(), *columns, Column("key", BigInteger), prefixes=["TEMPORARY"],
                      postgresql_on_commit="DROP")  # fmt: skip
        table.create(session.connection())
        sequence = "nextval(pg_get_serial_sequence('documents', 'id'))"
        session.execute(text(f"ALTER TABLE {STAGED} ALTER COLUMN key SET DEFAULT {sequence}"))
        names = ", ".join(column.name for column in columns)
        with copying(session.connection(), f"COPY {STAGED} ({names}) FROM STDIN (FORMAT csv)") as copy:
            for frame in _rows_of(reader):
                copy.write(frame.write_csv(include_header=False))
    return Staging(table, table.c.key)
