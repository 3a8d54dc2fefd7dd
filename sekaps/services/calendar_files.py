"""Reads the tables of a calendar file (CSV, Excel, Word, HTML) into lines of cells; knows formats, not calendars."""

import csv
import io
import warnings
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as BrokenStream  # noqa: N812

import docx
import openpyxl
from docx.table import Table
from openpyxl.utils.exceptions import InvalidFileException

from sekaps.calendar.printed_lines import Place, PrintedLine, columns_of
from sekaps.errors.imports import CalendarFileTooLarge, CalendarFileUnreadable
from sekaps.services.calendar_pages import html_tables
from sekaps.texts import Text, text

MEGABYTE = 1_000_000
LARGEST_MEGABYTES = 20
LARGEST_UNPACKED_MEGABYTES = 200
"""What a workbook or document may hold once unpacked."""
MOST_LINES = 5000
DELIMITERS = (";", "\t", ",", "|")
TURKISH_LETTERS = frozenset("çğıöşüÇĞİÖŞÜâîûÂÎÛ–—‘’“”…•°§«»·\u00a0")
"""What a Turkish text holds beside ASCII; a windows-1254 file with anything else was written in another encoding."""
MANGLED = frozenset("ÃÄÅÐÝÞðýþ\ufffd")
"""Letters no Turkish text has: they stand where a file was saved in one encoding and read in another."""
DAMAGED = (BadZipFile, BrokenStream, InvalidFileException, KeyError, ValueError, SyntaxError, EOFError)
"""What the readers of office files raise on files that are damaged or something else."""


def read_lines(path: Path) -> list[PrintedLine]:
    """Return every line of every table of a calendar file.

    Raises CalendarFileTooLarge, or CalendarFileUnreadable with what is wrong; nothing is read by halves.
    """
    readers = {".csv": _csv, ".txt": _csv, ".xlsx": _workbook, ".docx": _document, ".html": _page, ".htm": _page}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        problem = text("it is none of {kinds}; save it as one of them", kinds=list(readers))
        raise CalendarFileUnreadable(path=str(path), problem=problem)
    content = _content(path)
    lines = list(islice(reader(path, content), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        raise CalendarFileTooLarge(path=str(path), limit=text("{count} lines", count=MOST_LINES))
    _require_sound_letters(path, lines)
    return lines


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_MEGABYTES * MEGABYTE + 1)
    except OSError as failure:
        raise CalendarFileUnreadable(path=str(path), problem=failure.strerror or str(failure)) from None
    if len(content) > LARGEST_MEGABYTES * MEGABYTE:
        raise CalendarFileTooLarge(path=str(path), limit=text("{size} MB", size=LARGEST_MEGABYTES))
    return content


def _require_sound_letters(path: Path, lines: list[PrintedLine]) -> None:
    for line in lines:
        mangled = [letter for cell in line.cells for letter in cell if letter in MANGLED]
        if mangled:
            problem = text(
                "{place}: '{letter}' shows a wrong encoding; save the file as UTF-8", **_at(line, mangled[0])
            )
            raise CalendarFileUnreadable(path=str(path), problem=problem)


def _at(line: PrintedLine, letter: str) -> dict[str, object]:
    return {"place": line.place, "letter": letter}


def _decoded(path: Path, content: bytes) -> str:
    """Return a text in UTF-8, or in windows-1254 when it holds nothing but what Turkish is written with."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        decoded = content.decode("cp1254")
    except UnicodeDecodeError:
        decoded = "\0"
    strange = {letter for letter in decoded if not letter.isascii()} - TURKISH_LETTERS
    if strange or "\0" in decoded:
        problem = text("it is written neither in UTF-8 nor in windows-1254; save it as UTF-8")
        raise CalendarFileUnreadable(path=str(path), problem=problem)
    return decoded


def _csv(path: Path, content: bytes) -> Iterator[PrintedLine]:
    written = _decoded(path, content)
    parsed = [_parsed(written, delimiter) for delimiter in DELIMITERS]
    readable = [lines for lines in parsed if not isinstance(lines, csv.Error)]
    if not readable:
        raise CalendarFileUnreadable(path=str(path), problem=str(parsed[0]))
    yield from max(readable, key=_fitness)


def _parsed(written: str, delimiter: str) -> list[PrintedLine] | csv.Error:
    """Return the lines a delimiter gives, or what is wrong with the quotes then."""
    try:
        return list(islice(_records(written, delimiter), MOST_LINES + 1))
    except csv.Error as broken:
        return broken


def _records(written: str, delimiter: str) -> Iterator[PrintedLine]:
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for record in reader:
        yield PrintedLine(Place(line), tuple(record))
        line = reader.line_num + 1


def _fitness(lines: list[PrintedLine]) -> tuple[bool, int]:
    """Return how well a delimiter fits: it shows the heading, and it divides the lines."""
    return any(columns_of(line.cells) for line in lines), sum(len(line.cells) > 1 for line in lines)


def _workbook(path: Path, content: bytes) -> Iterator[PrintedLine]:
    _require_package(path, content)
    try:
        yield from _sheets(path, content)
    except DAMAGED as damaged:
        raise _damaged(path, text("an Excel workbook")) from damaged


def _sheets(path: Path, content: bytes) -> Iterator[PrintedLine]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out of a workbook, such as drop-down lists
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            if sheet.sheet_state == "visible":
                yield from _sheet_lines(path, sheet)


def _sheet_lines(path: Path, sheet: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[PrintedLine]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        place = Place(number, sheet=sheet.title)
        formula = next((cell for cell in row if cell.data_type == "f"), None)
        if formula is not None:
            problem = text(
                "sheet {sheet}, cell {cell} is a formula; paste the values", sheet=sheet.title, cell=formula.coordinate
            )
            raise CalendarFileUnreadable(path=str(path), problem=problem)
        cells = tuple(_cell_text(cell.value) for cell in row)
        if any(cells):
            yield PrintedLine(place, cells)


def _cell_text(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _document(path: Path, content: bytes) -> Iterator[PrintedLine]:
    _require_package(path, content)
    try:
        tables = docx.Document(io.BytesIO(content)).tables
        yield from (line for number, table in enumerate(tables, start=1) for line in _table_lines(number, table))
    except DAMAGED as damaged:
        raise _damaged(path, text("a Word document")) from damaged


def _table_lines(number: int, table: Table) -> Iterator[PrintedLine]:
    """Yield the lines of a table; a merged cell says its text once, at its first place."""
    seen: set[object] = set()
    for place, row in enumerate(table.rows, start=1):
        cells = [""] * row.grid_cols_before
        for cell in row.cells:
            cells.append("" if cell._tc in seen else cell.text)
            seen.add(cell._tc)
        yield PrintedLine(Place(place, table=number), tuple(cells))


def _page(path: Path, content: bytes) -> Iterator[PrintedLine]:
    yield from html_tables(_decoded(path, content))


def _require_package(path: Path, content: bytes) -> None:
    """Refuse a file that unpacks to far more than a calendar holds, before anything unpacks it."""
    try:
        with ZipFile(io.BytesIO(content)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except BadZipFile as damaged:
        raise _damaged(path, text("an Office file ({kind})", kind=path.suffix)) from damaged
    if unpacked > LARGEST_UNPACKED_MEGABYTES * MEGABYTE:
        raise CalendarFileTooLarge(path=str(path), limit=text("{size} MB", size=LARGEST_UNPACKED_MEGABYTES))


def _damaged(path: Path, kind: Text) -> CalendarFileUnreadable:
    return CalendarFileUnreadable(path=str(path), problem=text("it is not {kind}, or it is damaged", kind=kind))
