"""Gathers the lines of a printed calendar into its rows; every line is read, skipped with a reason, or a flaw."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sekaps.calendar.printed_dates import PrintedRange, read_range
from sekaps.calendar.printed_lines import (
    Column,
    Columns,
    LineNumber,
    Place,
    PrintedLine,
    columns_of,
    dates_of,
    is_mark,
    read_number,
    split_number,
    values_of,
)
from sekaps.calendar.printed_rows import CalendarRow, Flaw, RowCells, rows_of
from sekaps.texts import Text, text

EMPTY_LINE = text("empty")
MARK = text("classification mark or page number")
HEADING = text("heading")
NOT_BELOW_A_HEADING = text("not below a heading")
NO_HEADING = text("no heading names the columns: a date column, and one of row numbers or activities")
OPEN_ENDS = (",", "-", "–", ";", ":")
"""How a cell ends that goes on in the next line."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no part of the calendar, and why."""

    place: Place
    reason: Text


@dataclass(frozen=True, slots=True)
class PrintedCalendar:
    """A printed calendar as read: its rows, the lines left out, and what could not be read."""

    rows: tuple[CalendarRow, ...]
    skipped: tuple[Skipped, ...]
    flaws: tuple[Flaw, ...]


@dataclass(slots=True)
class _Reader:
    """The state of reading: what the columns say, the rows so far, and whether a page ended since the last of them."""

    year: int
    columns: Columns | None = None
    place: Place | None = None
    is_after_break: bool = False
    cells: list[RowCells] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def current(self) -> list[RowCells]:
        """The row being read and its sub-rows so far."""
        rows = [place for place, each in enumerate(self.cells) if not each.is_sub]
        return self.cells[rows[-1] if rows else 0 :]


def read_calendar(lines: Iterable[PrintedLine], year: int) -> PrintedCalendar:
    """Return the rows the lines of a printed calendar hold, in their order."""
    reader = _Reader(year)
    for line in lines:
        _read_line(reader, line)
    if not any(skipped.reason is HEADING for skipped in reader.skipped):
        reader.flaws.append(Flaw(text("the whole file"), NO_HEADING))
    rows, flaws = rows_of(reader.cells, year)
    return PrintedCalendar(tuple(rows), tuple(reader.skipped), (*reader.flaws, *flaws))


def _read_line(reader: _Reader, line: PrintedLine) -> None:
    _turn_page(reader, line)
    reason = _why_skipped(reader, line)
    if reason is not None:
        reader.skipped.append(Skipped(line.place, reason))
        reader.is_after_break = reader.is_after_break or reason is not EMPTY_LINE
        return
    problem = _take(reader, line)
    if problem is not None:
        reader.flaws.append(Flaw(line.place, problem))
    reader.is_after_break = False


def _turn_page(reader: _Reader, line: PrintedLine) -> None:
    """Forget the columns where another sheet, or a table of another width, begins."""
    last, here = reader.place, line.place
    reader.place = here
    if last is None or (last.sheet, last.table) == (here.sheet, here.table):
        return
    reader.is_after_break = True
    if last.sheet != here.sheet or len(line.cells) != len(reader.columns or ()):
        reader.columns = None


def _why_skipped(reader: _Reader, line: PrintedLine) -> Text | None:
    filled = [cell for cell in line.cells if cell.strip()]
    if not filled:
        return EMPTY_LINE
    if all(map(is_mark, filled)) or _is_page_number(reader, filled):
        return MARK
    columns = columns_of(line.cells)
    if columns is not None:
        reader.columns = columns
        return HEADING
    return NOT_BELOW_A_HEADING if reader.columns is None else None


def _is_page_number(reader: _Reader, filled: list[str]) -> bool:
    """Tell whether a lone number ends a page; the number that comes next in the calendar begins a row."""
    if len(filled) > 1 or not filled[0].strip().isdecimal():
        return False
    numbers = [int(each.number.row) for each in reader.cells if each.number.row]
    return int(filled[0]) != (numbers[-1] if numbers else 0) + 1


def _take(reader: _Reader, line: PrintedLine) -> Text | None:
    """Add a line to the rows; return why it cannot be."""
    values = values_of(line.cells, reader.columns or ())
    number = read_number(values[Column.NUMBER])
    if number is None:
        return text("'{written}' is not the number of a row, such as 5, 5.a or a)", written=values[Column.NUMBER])
    made = RowCells(
        places=[line.place],
        number=number,
        is_sub=False,
        dates=dates_of(values),
        activity=values[Column.ACTIVITY],
        actor=values[Column.ACTOR],
        text=values[Column.TEXT],
    )
    _find_number(reader, made)
    return _attach(reader, made)


def _find_number(reader: _Reader, made: RowCells) -> None:
    """Take the number or letter from the text where the number column has none, or only the row's own again."""
    inner, rest = split_number(made.activity or made.text)
    row = reader.cells[-1].number.row if reader.cells else ""
    if not made.number:
        made.number = inner
    elif made.number == LineNumber(row) and inner.letter:
        made.number = LineNumber(row, inner.letter)
    else:
        return
    if inner:
        made.activity, made.text = (rest, made.text) if made.activity else ("", rest)


def _attach(reader: _Reader, made: RowCells) -> Text | None:
    """Add the cells as a row or sub-row, or to the row they go on with; return why neither is possible."""
    is_numbered = bool(made.number.row)
    made.is_sub = bool(made.number.letter) or not (is_numbered or _starts_a_row(reader, made))
    if made.is_sub and not is_numbered:
        if not reader.cells:
            return text("it stands before the first row of the calendar")
        made.number = replace(made.number, row=reader.cells[-1].number.row)
    held = _held(reader, made, is_numbered=is_numbered)
    if held is None:
        reader.cells.append(made)
        return None
    if not _goes_on(reader, held, made):
        return text("row {number} stands here again; first at: {first}", number=made.number, first=held.places[0])
    held.take_up(made)
    return None


def _starts_a_row(reader: _Reader, made: RowCells) -> bool:
    """Tell whether a line without a number begins a row: it is dated, and this calendar prints no row numbers."""
    prints_numbers = any(each.number.row for each in reader.cells)
    return bool(made.dates and not made.number and not prints_numbers) and not _completes_the_date(reader, made)


def _held(reader: _Reader, made: RowCells, *, is_numbered: bool) -> RowCells | None:
    """Return the row this line goes on with or repeats; none when it begins one of its own."""
    if not is_numbered and not made.number.letter:
        return reader.cells[-1] if made.is_sub and _continues(reader, made) else None
    among = reader.cells if is_numbered else reader.current
    return next((each for each in among if each.number == made.number and each.is_sub == made.is_sub), None)


def _continues(reader: _Reader, made: RowCells) -> bool:
    """Tell whether a line without number and letter is the rest of the row above, not a sub-row."""
    if made.dates:
        return _completes_the_date(reader, made)
    above = reader.cells[-1].activity
    return reader.is_after_break or not made.activity or made.activity[0].islower() or above.endswith(OPEN_ENDS)


def _completes_the_date(reader: _Reader, made: RowCells) -> bool:
    """Tell whether the date of the row above is readable only with this line's, or the row is a bare number so far."""
    if not reader.cells:
        return False
    above = reader.cells[-1]
    if not above.dates:
        return not above.activity
    together = read_range(f"{above.dates} {made.dates}", reader.year)
    return isinstance(together, PrintedRange) and isinstance(read_range(above.dates, reader.year), Text)


def _goes_on(reader: _Reader, held: RowCells, made: RowCells) -> bool:
    """Tell whether a number printed again is its row going on over a page, not another row of that number."""
    if not any(each is held for each in reader.current):
        return False
    if not made.dates or made.dates == held.dates:
        return reader.is_after_break or not made.number.letter
    return held is reader.cells[-1] and _completes_the_date(reader, made)
