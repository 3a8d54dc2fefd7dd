"""Writing tables that do not fit into memory as files, a part at a time: CSV or Parquet."""

from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq


class Format(StrEnum):
    """What files a table can be written as."""

    CSV = "csv"
    """Comma-separated, UTF-8."""
    PARQUET = "parquet"
    """Columns, compressed."""


class TableFile(Protocol):
    """A file that takes a table's rows, some at a time."""

    def add(self, frame: pl.DataFrame) -> None:
        """Append rows."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class CsvFile:
    """A table as CSV."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("wb")
        self._is_new = True

    def add(self, frame: pl.DataFrame) -> None:
        """Append rows, the headings before the first."""
        frame.write_csv(self._file, include_header=self._is_new)
        self._is_new = False

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class ParquetFile:
    """A table as Parquet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def add(self, frame: pl.DataFrame) -> None:
        """Append rows as a group of their own."""
        arrow: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, arrow.schema)
        self._writer.write_table(arrow)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


KINDS: dict[Format, type[CsvFile] | type[ParquetFile]] = {Format.CSV: CsvFile, Format.PARQUET: ParquetFile}
