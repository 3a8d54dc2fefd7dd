"""Reads files of the registry: tables of any kind, and the web service's records as JSON or XML, into named cells."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl
from lxml import etree

from sekaps.domain.form_fields import RULES
from sekaps.domain.registry_cells import Record, fold
from sekaps.errors.forms import TableUnreadable
from sekaps.errors.registry import RegistryFileTooLarge, RowFlaw, RowsFlawed
from sekaps.services.calendar_files import MANGLED, MEGABYTE, TURKISH_LETTERS
from sekaps.services.registry_headings import Headings
from sekaps.services.table_files import Told, open_table
from sekaps.texts import text

LARGEST_MEGABYTES = 50
"""What a service's answer may hold; the whole registry, some 26,500 units, has about 8. Tables are streamed."""
MOST_RECORDS = 200_000
EMPTY = text("it holds no row")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The records of a file, the columns of it that stand for none of our fields, and what it is known again by."""

    records: tuple[Record, ...]
    passed_over: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    cells: Sequence[tuple[str, str]]
    """The words that name the cells, as they stand in the file, with what the cells hold."""


Reader = Callable[[Path, bytes, Headings], Iterable[_Line]]
"""Reads the records of a service's answer."""


def read_records(path: Path, headings: Headings, told: Told = lambda rows, share: None) -> ReadFile:
    """Return every record of a file, its cells by our fields' names, telling of each batch how far it is.

    Raises TableUnreadable, RegistryFileTooLarge or RowsFlawed; nothing is read by halves.
    """
    reader = {".json": _json, ".xml": _xml}.get(path.suffix.lower())
    return _read_table(path, headings, told) if reader is None else _read_service(path, headings, reader)


def _read_table(path: Path, headings: Headings, told: Told) -> ReadFile:
    """Return the records of a table, rows without a single cell left out; it may be as long as the registry is."""
    table = open_table(path, headings)
    records: list[Record] = []
    flaws: list[RowFlaw] = []
    for batch in table.batches():
        records += _records(batch.frame)
        flaws += _flaws(batch.flaws)
        if max(len(records), len(flaws)) > MOST_RECORDS:
            raise RegistryFileTooLarge(path=str(path), limit=text("{count} rows", count=MOST_RECORDS))
        told(len(records), batch.share)
    if flaws:
        raise RowsFlawed(source=path.name, flaws=flaws)
    if not records:
        raise TableUnreadable(path=str(path), problem=EMPTY)
    return ReadFile(tuple(records), table.passed_over, table.digest)


def _records(frame: pl.DataFrame) -> Iterator[Record]:
    names = [name for name in frame.columns if name != "row"]
    trimmed = frame.select("row", pl.col(names).str.strip_chars().fill_null("")).filter(
        pl.any_horizontal(pl.col(names) != "")
    )
    for row, *cells in trimmed.iter_rows():
        yield Record(row, dict(zip(names, cells, strict=True)))


def _flaws(found: pl.DataFrame) -> Iterator[RowFlaw]:
    """Yield the flaws of a table's rows in themselves: cells too many or too few, another encoding."""
    for row, column, value, rule in found.iter_rows():
        yield RowFlaw(row, RULES[rule], column, value or "", rule)


def _read_service(path: Path, headings: Headings, reader: Reader) -> ReadFile:
    content = _content(path)
    lines = list(islice(reader(path, content, headings), MOST_RECORDS + 1))
    if len(lines) > MOST_RECORDS:
        raise RegistryFileTooLarge(path=str(path), limit=text("{count} rows", count=MOST_RECORDS))
    if not lines:
        raise TableUnreadable(path=str(path), problem=EMPTY)
    return _named(path, lines, headings, hashlib.sha256(content).hexdigest())


def _named(path: Path, lines: Sequence[_Line], headings: Headings, digest: str) -> ReadFile:
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
        problem = text("it has no column for {missing}", missing=headings.named(missing))
        raise TableUnreadable(path=str(path), problem=problem)
    return ReadFile(tuple(records), tuple(sorted(passed_over)), digest)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_MEGABYTES * MEGABYTE + 1)
    except OSError as failure:
        raise TableUnreadable(path=str(path), problem=failure.strerror or str(failure)) from None
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
            raise TableUnreadable(path=str(path), problem=problem) from None
    mangled = next((letter for letter in decoded if letter in MANGLED), None)
    if mangled:
        problem = text("'{letter}' shows a wrong encoding; save the file as UTF-8", letter=mangled)
        raise TableUnreadable(path=str(path), problem=problem)
    return decoded


def _json(path: Path, content: bytes, headings: Headings) -> Iterator[_Line]:
    try:
        value = json.loads(_decoded(path, content))
    except (ValueError, RecursionError) as broken:
        raise TableUnreadable(path=str(path), problem=text("no JSON: {problem}", problem=broken)) from None
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
        raise TableUnreadable(path=str(path), problem=text("no XML: {problem}", problem=broken)) from None
    row = 0
    for element in root.iter(etree.Element):
        cells = [(etree.QName(child).localname, child.text or "") for child in element.iterchildren(etree.Element)]
        if any(headings.fields.get(fold(word)) == headings.key for word, _ in cells):
            row += 1
            yield _Line(row, cells)
