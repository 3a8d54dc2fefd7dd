"""What one line of a printed calendar is: a heading, a mark, or a line of the table with its number or letter."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sekaps.calendar.printed_dates import folded, lowered
from sekaps.texts import Language, Text, text

LETTERS = "abcçdefgğhıijklmnoöprsştuüvyz"
LONGEST_HEADING = 60


class Column(StrEnum):
    """What a column of the calendar says, in the order in which a heading's words are tried."""

    OPENS = "opens"
    """The day the work begins, where the dates stand in two columns."""
    CLOSES = "closes"
    """The day it ends."""
    NUMBER = "number"
    """The row's number, the sub-row's letter, or both."""
    DATES = "dates"
    """The date or date range."""
    ACTOR = "actor"
    """Who does the work."""
    TEXT = "text"
    """What is said about it."""
    ACTIVITY = "activity"
    """What is done."""


_HEADING_WORDS = {
    Column.OPENS: r"baslangic|baslama|opens|start",
    Column.CLOSES: r"bitis|bitim|closes|end\b",
    Column.NUMBER: r"sira|s\b|no\b|nu\b|numara|row\b|number",
    Column.DATES: r"tarih|sure|donem|takvim|zaman|date|period",
    Column.ACTOR: r"sorumlu|yapan|yapacak|yurutecek|makam|kurum|kurulus|birim|actor|responsible",
    Column.TEXT: r"aciklama|metin|dusunce|not\b|notlar|esaslar|text|notes|remarks",
    Column.ACTIVITY: r"faaliyet|islem|yapilacak|konu|is\b|activity|work",
}
_HEADINGS = {column: re.compile(rf"\b(?:{words})") for column, words in _HEADING_WORDS.items()}

_MARK = re.compile(
    r"""(?: (?:hizmete|kisiye)\s?ozel | (?:cok\s)?gizli | ozel | tasnif\sdisi
    | ek\s?-?\s?\d*(?:\s?/?\s?[a-z])? | lahika\s?-?\s?\d*
    | (?:sayfa|s\.|sf\.)\s?(?:no\s?:?\s?)?\d+(?:\s?[/-]\s?\d+)? | \d+\s?/\s?\d+ | -\s?\d+\s?- )""",
    re.VERBOSE,
)
_NUMBER = re.compile(
    rf"""(?: (?P<row>\d{{1,3}}) (?: \s?[.\-/(]?\s?(?P<letter>[{LETTERS}]) | \s?[.\-/(]\s?(?P<digit>\d{{1,2}}) )?
    | \(?(?P<alone>[{LETTERS}]) | \((?P<inner>\d{{1,2}})\) ) [).\-]* \s?(?:\(?devam[ıi]?\)?)?""",
    re.VERBOSE,
)
_LETTERED = re.compile(
    rf"\s*(?:\((?P<a>[{LETTERS}]|\d{{1,2}})\)|(?P<b>[{LETTERS}])(?:\s?[).]|\s?-(?=\s)))[\s\-]*(?=\S)", re.I
)
_NUMBERED = re.compile(r"\s*(?P<row>\d{1,2})\s?[.)\-]\s+(?=\D)")
_SENTENCE_END = re.compile(rf"\n|;|(?<=[.])\s+(?=[A-ZÇĞİÖŞÜ(])|\s+(?=\(?[{LETTERS}]\)\s)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: the sheet of a workbook or the number of a table, and the line in it, from 1."""

    line: int
    sheet: str | None = None
    table: int | None = None

    def say(self, language: Language) -> str:
        """Return the place as people name it."""
        return self._words().say(language)

    def _words(self) -> Text:
        if self.sheet is not None:
            return text("sheet {sheet}, row {line}", sheet=self.sheet, line=self.line)
        if self.table is not None:
            return text("table {table}, row {line}", table=self.table, line=self.line)
        return text("line {line}", line=self.line)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of a table as it was found: its cells from left to right, and its place."""

    place: Place
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineNumber:
    """The row number and the sub-row letter (or number) a line states; empty where it states none."""

    row: str = ""
    letter: str = ""

    def __str__(self) -> str:
        return f"{self.row}.{self.letter}" if self.row and self.letter else self.row or self.letter

    def __bool__(self) -> bool:
        return bool(self.row or self.letter)


Columns = tuple[Column | None, ...]
"""What each column of a table says, from left to right; none for one that is not read."""


def columns_of(cells: Sequence[str]) -> Columns | None:
    """Return what the columns below this line say, or none when the line is no heading.

    A column without a heading of its own goes on saying what the one on its left says.
    """
    named = [_column(cell) for cell in cells]
    known = set(named)
    has_dates = bool(known & {Column.DATES, Column.OPENS})
    if not (has_dates and known & {Column.ACTIVITY, Column.NUMBER}) or any(map(_is_no_heading, cells)):
        return None
    for place, cell in enumerate(cells):
        if place and not cell.strip():
            named[place] = named[place - 1]
    return tuple(named)


def _column(cell: str) -> Column | None:
    plain = folded(cell)
    return next((column for column, words in _HEADINGS.items() if words.search(plain)), None)


def _is_no_heading(cell: str) -> bool:
    return len(cell) > LONGEST_HEADING or any(letter.isdigit() for letter in cell)


def is_mark(cell: str) -> bool:
    """Tell whether a cell holds a classification mark, an annex number or a page number and nothing else."""
    return _MARK.fullmatch(folded(cell)) is not None


def values_of(cells: Sequence[str], columns: Columns) -> Mapping[Column, str]:
    """Return what a line says in each column; the pieces of a divided column are joined."""
    pieces: dict[Column, list[str]] = {column: [] for column in Column}
    for cell, column in zip(cells, columns, strict=False):
        if column is not None and cell.strip():
            pieces[column].append(cell.strip())
    return {column: " ".join(found) for column, found in pieces.items()}


def dates_of(values: Mapping[Column, str]) -> str:
    """Return the printed dates of a line; an opening and a closing column are read as one range."""
    ends = [values[column] for column in (Column.OPENS, Column.CLOSES) if values[column]]
    return " ".join(filter(None, (values[Column.DATES], " - ".join(ends))))


def read_number(written: str) -> LineNumber | None:
    """Return the number or letter of a number cell (5, 5.a, a), (1)), empty for an empty one; none for neither."""
    if not written:
        return LineNumber()
    found = _NUMBER.fullmatch(lowered(written))
    if found is None:
        return None
    letter = found["letter"] or found["digit"] or found["alone"] or found["inner"] or ""
    return LineNumber(found["row"] or "", letter)


def split_number(written: str) -> tuple[LineNumber, str]:
    """Return the number or letter a text begins with, and the text after it."""
    if found := _LETTERED.match(written):
        return LineNumber(letter=lowered(found["a"] or found["b"])), written[found.end() :]
    if found := _NUMBERED.match(written):
        return LineNumber(row=found["row"]), written[found.end() :]
    return LineNumber(), written


def clauses_of(written: str) -> list[str]:
    """Return the lines, sentences and lettered items a cell is made of."""
    return [clause.strip() for clause in _SENTENCE_END.split(written) if clause.strip()]
