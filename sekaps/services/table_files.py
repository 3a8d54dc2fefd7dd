"""Reads tables of any length (CSV, Excel, Parquet) in batches of text columns under our fields' names."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sekaps.domain.form_columns import FLAW_SCHEMA, LONGEST_VALUE, no_flaws
from sekaps.domain.registry_cells import fold
from sekaps.errors.forms import TableUnreadable
from sekaps.services.bulk_load import StageFile, framed
from sekaps.services.calendar_files import DAMAGED
from sekaps.services.registry_headings import Headings
from sekaps.services.table_bytes import MIXED, PACKED, Writing, digest_of, open_bytes, probe
from sekaps.services.table_decoding import decoded
from sekaps.texts import Text, text

BATCH_BYTES = 8 << 20
BATCH_ROWS = 65_536
FIRST_ROW = 2
"""The heading is row 1, as people see it; rows without a single cell are not counted."""
Told = Callable[[int, float], None]
"""Told of each batch: rows read so far, and the share of the file that is read."""
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a workbook, and how far the sheet is read with it."""

    cells: list[str]
    share: float


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


def _columns(path: Path, heading: Sequence[str], headings: Headings) -> tuple[list[str], tuple[str, ...]]:
    """Return a name for each column (ours, or a place's for one passed over) and the words passed over."""
    fields = [headings.fields.get(fold(word)) for word in heading]
    known = [field for field in fields if field]
    twice = sorted({field for field in known if known.count(field) > 1})
    if twice:
        raise _unreadable(path, text("two columns stand for {names}", names=headings.named(twice)))
    missing = [field for field in headings.required if field not in known]
    if missing:
        raise _unreadable(path, text("it has no column for {missing}", missing=headings.named(missing)))
    names = [field or f"_{place}" for place, field in enumerate(fields)]
    return names, tuple(word for word, field in zip(heading, fields, strict=True) if field is None)


def _unreadable(path: Path, problem: Text | str) -> TableUnreadable:
    return TableUnreadable(path=str(path), problem=problem)


def _csv(path: Path, headings: Headings) -> TableFile:
    writing = probe(path, headings)
    names, passed_over = _columns(path, writing.heading, headings)

    def batches() -> Iterator[Batch]:
        with TemporaryFile() as spool:
            yield from _csv_batches(path, names, writing, _Uneven(StageFile(spool)))

    return TableFile(path, passed_over, writing.digest, batches)


def _csv_batches(path: Path, names: Sequence[str], writing: Writing, uneven: "_Uneven") -> Iterator[Batch]:
    mixed = writing.encoding == MIXED
    stream, raw = open_bytes(path)
    try:
        reader = pyarrow.csv.open_csv(
            stream,
            pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=BATCH_BYTES,
                skip_rows=1,
                column_names=names,
                encoding="utf-8" if mixed else writing.encoding,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=writing.separator, newlines_in_values=True, invalid_row_handler=uneven.take
            ),
            pyarrow.csv.ConvertOptions(
                include_columns=[name for name in names if not name.startswith("_")],
                column_types=dict.fromkeys(names, pa.binary() if mixed else pa.string()),
                strings_can_be_null=False,
            ),
        )
        size, read = max(raw.size(), 1), 0
        for arrow in reader:
            numbered = uneven.numbered(framed(arrow), read)
            frame, foreign = decoded(numbered) if mixed else (numbered, no_flaws())
            yield Batch(frame, pl.concat([uneven.told(), foreign]), raw.tell() / size)
            read += arrow.num_rows
    except pa.ArrowInvalid as damage:
        if "Empty CSV" not in str(damage):
            raise _unreadable(path, text("{problem}", problem=str(damage).partition("\n")[0][:200])) from None
    for rest in uneven.rest():
        if not rest.is_empty():
            yield Batch(_none(names), rest, 1.0)


class _Uneven:
    """The rows that have more or fewer cells than the heading; the rows between them keep their numbers."""

    def __init__(self, spool: StageFile) -> None:
        self._spool = spool
        self._seen = self._behind = 0
        """Such rows found so far, and those before the rows that are asked for."""
        self._ahead: list[int] = []
        """For each of the others how many even rows stand before it."""
        self._waiting: list[tuple[int, str, str, str]] = []

    def take(self, invalid: Any) -> str:
        """Note a row, and pass over it; many of them in a row go to the disk."""
        self._ahead.append(invalid.number - FIRST_ROW - self._seen)
        self._seen += 1
        self._waiting.append((invalid.number, "", str(invalid.text)[:LONGEST_VALUE], "cells"))
        if len(self._waiting) >= BATCH_ROWS:
            self._spool.add(self.told())
        return "skip"

    def numbered(self, frame: pl.DataFrame, read: int) -> pl.DataFrame:
        """Return the rows with their numbers in the file; so many rows were read before."""
        place = pl.int_range(read, read + frame.height, dtype=pl.Int64, eager=True)
        ahead = pl.Series(self._ahead, dtype=pl.Int64)
        between = ahead.search_sorted(place, side="right").cast(pl.Int64)
        number = place + FIRST_ROW + self._behind + between
        passed = bisect_right(self._ahead, read + frame.height)
        self._behind, self._ahead = self._behind + passed, self._ahead[passed:]
        return frame.with_columns(row=number)

    def told(self) -> pl.DataFrame:
        """Return the flaws not told yet, those on the disk left out."""
        waiting, self._waiting = self._waiting, []
        return pl.DataFrame(waiting, schema=FLAW_SCHEMA, orient="row")

    def rest(self) -> Iterator[pl.DataFrame]:
        """Yield the flaws that were not told between the rows."""
        yield from self._spool.frames()
        yield self.told()


def _none(names: Sequence[str]) -> pl.DataFrame:
    schema: dict[str, Any] = {name: pl.String for name in names if not name.startswith("_")}
    return pl.DataFrame(schema=schema | {"row": pl.Int64})


def _parquet(path: Path, headings: Headings) -> TableFile:
    try:
        digest = digest_of(path)
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
                frame = _as_text(framed(arrow).rename(wanted))
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
    digest = digest_of(path)
    heading = next(_lines(path), None)
    if heading is None:
        raise _unreadable(path, text("it holds no row"))
    names, passed_over = _columns(path, heading.cells, headings)

    def batches() -> Iterator[Batch]:
        lines, read = islice(_lines(path), 1, None), 0
        while part := list(islice(lines, BATCH_ROWS)):
            columns = {
                name: pl.Series(
                    [line.cells[place] if place < len(line.cells) else "" for line in part], dtype=pl.String
                )
                for place, name in enumerate(names)
                if not name.startswith("_")
            }
            numbers = pl.int_range(read + FIRST_ROW, read + FIRST_ROW + len(part), dtype=pl.Int64, eager=True)
            read += len(part)
            yield Batch(pl.DataFrame(columns).with_columns(row=numbers), no_flaws(), part[-1].share)

    return TableFile(path, passed_over, digest, batches)


def _lines(path: Path) -> Iterator[_Line]:
    """Yield the rows of a workbook's first sheet that hold something, formulas as they are written."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            sheet = book.worksheets[0]
            total = max(sheet.max_row or 1, 1)
            for place, row in enumerate(sheet.iter_rows(values_only=True), 1):
                cells = [_cell(value) for value in row]
                if any(cells):
                    yield _Line(cells, min(place / total, 1.0))
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


def _told(damage: Exception, otherwise: Text) -> Text | str:
    return damage.strerror if isinstance(damage, OSError) and damage.strerror else otherwise
