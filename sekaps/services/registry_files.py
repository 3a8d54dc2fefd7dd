"""Reads files of the registry (CSV, and the web service's records as JSON or XML) into records of named cells."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from sekaps.domain.registry_cells import Record, fold
from sekaps.domain.registry_fields import field_names
from sekaps.errors.registry import RegistryFileTooLarge, RegistryFileUnreadable, RowFlaw, RowsFlawed
from sekaps.services.calendar_files import MANGLED, MEGABYTE, TURKISH_LETTERS
from sekaps.services.registry_headings import Headings
from sekaps.services.table_files import read_all
from sekaps.texts import Text, text

LARGEST_MEGABYTES = 50
"""What a file may hold; the whole registry, some 26,500 units, has about 8."""
MOST_RECORDS = 200_000
SEPARATORS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The records of a file, and the columns of it that stand for none of our fields."""

    records: tuple[Record, ...]
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    cells: Sequence[tuple[str, str]]
    """The words that name the cells, as they stand in the file, with what the cells hold."""


def read_records(path: Path, headings: Headings) -> ReadFile:
    """Return every record of a file, its cells by our fields' names.

    Raises RegistryFileTooLarge, RegistryFileUnreadable or RowsFlawed; nothing is read by halves.
    """
    readers: Mapping[str, Callable[[Path, bytes, Headings], Iterable[_Line]]] = {
        ".csv": _csv, ".txt": _csv, ".json": _json, ".xml": _xml,
        ".xlsx": _table, ".parquet": _table,
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is None:
        problem = text("it is none of {kinds}; save it as one of them", kinds=list(readers))
        raise RegistryFileUnreadable(path=str(path), problem=problem)
    lines = list(islice(reader(path, _content(path), headings), MOST_RECORDS + 1))
    if len(lines) > MOST_RECORDS:
        raise RegistryFileTooLarge(path=str(path), limit=text("{count} rows", count=MOST_RECORDS))
    if not lines:
        raise RegistryFileUnreadable(path=str(path), problem=text("it holds no row"))
    return _named(path, lines, headings)


def _named(path: Path, lines: Sequence[_Line], headings: Headings) -> ReadFile:
    records, passed_over = [], set()
    for line in lines:
        cells: dict[str, str] = {}
        for word, cell in line.cells:
            name = headings.fields.get(fold(word))
            if name is None:
                passed_over.add(word)
            else:
                cells.setdefault(name, cell.strip())
        records.append(Record(line.row, cells))
    missing = [name for name in headings.required if name not in records[0].cells]
    if missing:
        problem = text("it has no column for {missing}", missing=field_names(missing))
        raise RegistryFileUnreadable(path=str(path), problem=problem)
    return ReadFile(tuple(records), tuple(sorted(passed_over)))


def _table(path: Path, _content: bytes, headings: Headings) -> Iterator[_Line]:
    for record in read_all(path, headings):
        yield _Line(record.row, list(record.cells.items()))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_MEGABYTES * MEGABYTE + 1)
    except OSError as failure:
        raise RegistryFileUnreadable(path=str(path), problem=failure.strerror or str(failure)) from None
    if len(content) > LARGEST_MEGABYTES * MEGABYTE:
        raise RegistryFileTooLarge(path=str(path), limit=text("{size} MB", size=LARGEST_MEGABYTES))
    return content


def _decoded(path: Path, content: bytes) -> str:
    """Return a text in UTF-8, or in windows-1254 when it holds nothing but what Turkish is written with."""
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = content.decode("cp1254", errors="replace")
        if {letter for letter in decoded if not letter.isascii()} - TURKISH_LETTERS:
            problem = text("it is written neither in UTF-8 nor in windows-1254; save it as UTF-8")
            raise RegistryFileUnreadable(path=str(path), problem=problem) from None
    mangled = next((letter for letter in decoded if letter in MANGLED), None)
    if mangled:
        problem = text("'{letter}' shows a wrong encoding; save the file as UTF-8", letter=mangled)
        raise RegistryFileUnreadable(path=str(path), problem=problem)
    return decoded


def _csv(path: Path, content: bytes, headings: Headings) -> Iterator[_Line]:
    written = _decoded(path, content)
    separator = max(SEPARATORS, key=lambda each: _known_columns(written, each, headings))
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True)
    try:
        rows = _rows(reader)
        _, columns = next(rows, (0, []))
        _require_distinct(path, columns, headings)
        body = list(islice(rows, MOST_RECORDS + 1))
    except csv.Error as broken:
        problem = text("line {line}: {problem}", line=reader.line_num, problem=broken)
        raise RegistryFileUnreadable(path=str(path), problem=problem) from None
    flaws = [RowFlaw(row, _uneven(cells, columns)) for row, cells in body if not _fits(cells, columns)]
    if flaws:
        raise RowsFlawed(source=str(path), flaws=flaws)
    for row, cells in body:
        yield _Line(row, list(zip(columns, cells, strict=False)))


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, with the line they begin on."""
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _known_columns(written: str, separator: str, headings: Headings) -> int:
    first = written.lstrip().partition("\n")[0]
    return sum(fold(word) in headings.fields for word in first.split(separator))


def _require_distinct(path: Path, columns: Sequence[str], headings: Headings) -> None:
    names = [name for word in columns if (name := headings.fields.get(fold(word)))]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        problem = text("two columns stand for {names}", names=field_names(twice))
        raise RegistryFileUnreadable(path=str(path), problem=problem)


def _fits(cells: Sequence[str], columns: Sequence[str]) -> bool:
    return len(cells) >= len(columns) and not any(cell.strip() for cell in cells[len(columns) :])


def _uneven(cells: Sequence[str], columns: Sequence[str]) -> Text:
    return text("the row has {cells} cells and the heading {columns}", cells=len(cells), columns=len(columns))


def _json(path: Path, content: bytes, headings: Headings) -> Iterator[_Line]:
    try:
        value = json.loads(_decoded(path, content))
    except (ValueError, RecursionError) as broken:
        raise RegistryFileUnreadable(path=str(path), problem=text("no JSON: {problem}", problem=broken)) from None
    for row, found in enumerate(_objects(value, headings), start=1):
        yield _Line(row, [(key, _word(cell)) for key, cell in found.items() if not isinstance(cell, dict | list)])


def _objects(value: object, headings: Headings) -> Iterator[Mapping[str, object]]:
    """Yield every object that has the key field, in the order they stand."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if any(headings.fields.get(fold(key)) == headings.key for key in each):
                yield each
            waiting.extend(reversed([inner for inner in each.values() if isinstance(inner, dict | list)]))
        elif isinstance(each, list):
            waiting.extend(reversed(each))


def _word(cell: object) -> str:
    return "" if cell is None else str(cell)


def _xml(path: Path, content: bytes, headings: Headings) -> Iterator[_Line]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as broken:
        raise RegistryFileUnreadable(path=str(path), problem=text("no XML: {problem}", problem=broken)) from None
    row = 0
    for element in root.iter(etree.Element):
        cells = [(etree.QName(child).localname, child.text or "") for child in element.iterchildren(etree.Element)]
        if any(headings.fields.get(fold(word)) == headings.key for word, _ in cells):
            row += 1
            yield _Line(row, cells)
