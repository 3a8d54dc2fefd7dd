"""Reads tables of any length (CSV, Excel, Parquet) in batches of text columns under our fields' names."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sekaps.domain.form_columns import FLAW_SCHEMA, LONGEST_VALUE, no_flaws
from sekaps.domain.form_fields import NAMES
from sekaps.domain.registry_cells import Record, fold
from sekaps.domain.registry_fields import field_names
from sekaps.errors.forms import TableUnreadable
from sekaps.services.calendar_files import DAMAGED
from sekaps.services.registry_headings import PEOPLE, UNITS, Headings
from sekaps.services.table_bytes import PACKED, open_bytes, probe
from sekaps.texts import Text, text

BATCH_BYTES = 8 << 20
BATCH_ROWS = 65_536
FIRST_ROW = 2
"""The heading is row 1, as people see it; rows without a single cell are not counted."""
KINDS = (".csv", ".txt", ".csv.gz", ".csv.zst", ".xlsx", ".parquet")


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table: text columns by field, ``row``; rows that do not fit the heading; how far the file is."""

    frame: pl.DataFrame
    flaws: pl.DataFrame
    share: float


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table whose heading was understood; its rows are read each time they are asked for."""

    path: Path
    passed_over: tuple[str, ...]
    digest: str
    batches: Callable[[], Iterator[Batch]]


def open_table(path: Path, headings: Headings) -> TableFile:
    """Return a file as a table; raise TableUnreadable in one clear line when it is damaged or none."""
    plain = Path(path.stem) if path.suffix.lower() in PACKED else path
    readers: Mapping[str, Callable[[Path, Headings], TableFile]] = {
        ".csv": _csv, ".txt": _csv, ".xlsx": _excel, ".parquet": _parquet,
    }  # fmt: skip
    reader = readers.get(plain.suffix.lower())
    if reader is None or (plain != path and reader is not _csv):
        problem = text("it is none of {kinds}; save it as one of them", kinds=KINDS)
        raise TableUnreadable(path=str(path), problem=problem)
    return reader(path, headings)


def read_all(path: Path, headings: Headings) -> list[Record]:
    """Return every row of a table as a record, for the importers that take records."""
    frames = [batch.frame for batch in open_table(path, headings).batches()]
    return [
        Record(row["row"], {name: str(cell or "").strip() for name, cell in row.items() if name != "row"})
        for frame in frames
        for row in frame.iter_rows(named=True)
    ]


def _columns(path: Path, heading: Sequence[str], headings: Headings) -> tuple[list[str], tuple[str, ...]]:
    """Return a name for each column (ours, or a place's for one passed over) and the words passed over."""
    named = field_names if headings in (UNITS, PEOPLE) else _form_names
    fields = [headings.fields.get(fold(word)) for word in heading]
    known = [field for field in fields if field]
    twice = sorted({field for field in known if known.count(field) > 1})
    if twice:
        raise _unreadable(path, text("two columns stand for {names}", names=named(twice)))
    missing = [field for field in headings.required if field not in known]
    if missing:
        raise _unreadable(path, text("it has no column for {missing}", missing=named(missing)))
    names = [field or f"_{place}" for place, field in enumerate(fields)]
    return names, tuple(word for word, field in zip(heading, fields, strict=True) if field is None)


def _form_names(fields: Iterable[str]) -> Sequence[object]:
    return [NAMES[field] for field in fields]


def _unreadable(path: Path, problem: Text | str) -> TableUnreadable:
    return TableUnreadable(path=str(path), problem=problem)


def _csv(path: Path, headings: Headings) -> TableFile:
    writing = probe(path, headings)
    names, passed_over = _columns(path, writing.heading, headings)

    def batches() -> Iterator[Batch]:
        uneven = _Uneven()
        stream, raw = open_bytes(path)
        try:
            reader = pyarrow.csv.open_csv(
                stream,
                pyarrow.csv.ReadOptions(
                    use_threads=False,
                    block_size=BATCH_BYTES,
                    skip_rows=1,
                    column_names=names,
                    encoding=writing.encoding,
                ),
                pyarrow.csv.ParseOptions(
                    delimiter=writing.separator, newlines_in_values=True, invalid_row_handler=uneven.take
                ),
                pyarrow.csv.ConvertOptions(
                    include_columns=[name for name in names if not name.startswith("_")],
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False,
                ),
            )
            size, read = max(raw.size(), 1), 0
            for arrow in reader:
                frame = _framed(arrow)
                yield Batch(uneven.numbered(frame, read), uneven.told(), raw.tell() / size)
                read += frame.height
        except pa.ArrowInvalid as damage:
            if "Empty CSV" not in str(damage):
                raise _unreadable(path, text("{problem}", problem=str(damage).partition("\n")[0][:200])) from None
        if flaws := uneven.told(last=True):
            yield Batch(_none(names), flaws, 1.0)

    return TableFile(path, passed_over, writing.digest, batches)


class _Uneven:
    """The rows that have more or fewer cells than the heading; the rows between them keep their numbers."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._waiting: list[dict[str, object]] = []

    def take(self, invalid: Any) -> str:
        """Note a row, and pass over it."""
        self._rows.append(invalid.number)
        told = {"row": invalid.number, "column": "", "value": str(invalid.text)[:LONGEST_VALUE], "rule": "cells"}
        self._waiting.append(told)
        return "skip"

    def numbered(self, frame: pl.DataFrame, read: int) -> pl.DataFrame:
        """Return the rows with their numbers in the file; so many rows were read before."""
        place = pl.int_range(read, read + frame.height, dtype=pl.Int64, eager=True)
        if self._rows:
            before = pl.Series([row - FIRST_ROW - place for place, row in enumerate(self._rows)])
            place = place + before.search_sorted(place, side="right").cast(pl.Int64)
        return frame.with_columns(row=place + FIRST_ROW)

    def told(self, *, last: bool = False) -> Any:
        """Return the flaws not told yet; at the end nothing when there are none."""
        waiting, self._waiting = self._waiting, []
        if last and not waiting:
            return None
        return pl.DataFrame(waiting, schema=FLAW_SCHEMA)


def _framed(arrow: pa.RecordBatch) -> pl.DataFrame:
    frame = pl.from_arrow(arrow)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _none(names: Sequence[str]) -> pl.DataFrame:
    schema: dict[str, Any] = {name: pl.String for name in names if not name.startswith("_")}
    return pl.DataFrame(schema=schema | {"row": pl.Int64})


def _parquet(path: Path, headings: Headings) -> TableFile:
    try:
        digest = _digest(path)
        file = pyarrow.parquet.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as damage:
        raise _unreadable(path, _told(damage, text("it is no Parquet file"))) from None
    heading = file.schema_arrow.names
    names, passed_over = _columns(path, heading, headings)

    def batches() -> Iterator[Batch]:
        read, total = 0, max(file.metadata.num_rows, 1)
        wanted = {word: name for word, name in zip(heading, names, strict=True) if not name.startswith("_")}
        try:
            for arrow in file.iter_batches(BATCH_ROWS, columns=list(wanted)):
                frame = _as_text(_framed(arrow).rename(wanted))
                numbers = pl.int_range(read + FIRST_ROW, read + FIRST_ROW + frame.height, dtype=pl.Int64, eager=True)
                read += frame.height
                yield Batch(frame.with_columns(row=numbers), no_flaws(), read / total)
        except (OSError, pa.ArrowInvalid, pl.exceptions.PolarsError) as damage:
            raise _unreadable(path, _told(damage, text("its contents are damaged"))) from None

    return TableFile(path, passed_over, digest, batches)


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Return every column as the text a person would write; 12.0 is written 12."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind.is_float():
            whole = column.cast(pl.Int64, strict=False)
            column = pl.when(column == whole).then(whole.cast(pl.String)).otherwise(column.cast(pl.String)).alias(name)
        elif isinstance(kind, pl.Datetime):
            column = column.dt.date()
        columns.append(column.cast(pl.String))
    return frame.select(columns)


def _excel(path: Path, headings: Headings) -> TableFile:
    digest = _digest(path)
    heading = next(_cells(path), None)
    if heading is None:
        raise _unreadable(path, text("it holds no row"))
    names, passed_over = _columns(path, heading, headings)

    def batches() -> Iterator[Batch]:
        rows, read = islice(_cells(path), 1, None), 0
        while part := list(islice(rows, BATCH_ROWS)):
            columns = {
                name: pl.Series([row[place] if place < len(row) else "" for row in part], dtype=pl.String)
                for place, name in enumerate(names)
                if not name.startswith("_")
            }
            numbers = pl.int_range(read + FIRST_ROW, read + FIRST_ROW + len(part), dtype=pl.Int64, eager=True)
            read += len(part)
            yield Batch(pl.DataFrame(columns).with_columns(row=numbers), no_flaws(), 0.5)

    return TableFile(path, passed_over, digest, batches)


def _cells(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a workbook's first sheet that hold something, formulas as they are written."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            for row in book.worksheets[0].iter_rows(values_only=True):
                cells = [_cell(value) for value in row]
                if any(cells):
                    yield cells
        finally:
            book.close()
    except DAMAGED:
        raise _unreadable(path, text("it is no Excel workbook (.xlsx), or a damaged one")) from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as failure:
        raise _unreadable(path, failure.strerror or str(failure)) from None


def _told(damage: Exception, otherwise: Text) -> Text | str:
    return damage.strerror if isinstance(damage, OSError) and damage.strerror else otherwise
