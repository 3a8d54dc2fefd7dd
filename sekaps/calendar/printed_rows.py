"""The rows of a printed calendar with their dates: own, inherited from the row, or found in the running text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sekaps.calendar.printed_dates import PrintedRange, ranges_in, read_range
from sekaps.calendar.printed_lines import LineNumber, Place, clauses_of, split_number
from sekaps.texts import Sayable, Text, text


@dataclass(frozen=True, slots=True)
class Flaw:
    """What cannot be read or used: where it stands, and why."""

    place: Sayable
    reason: Text


@dataclass(slots=True)
class RowCells:
    """The cells of a row or sub-row, gathered from the lines it is printed on."""

    places: list[Place]
    number: LineNumber
    is_sub: bool
    dates: str
    activity: str
    actor: str
    text: str

    def take_up(self, other: "RowCells") -> None:
        """Go on with the cells of a later line; what is only printed again is not taken twice."""
        self.places += other.places
        for name in ("dates", "activity", "actor", "text"):
            held, more = getattr(self, name), getattr(other, name)
            setattr(self, name, held if held == more else f"{held} {more}".strip())


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A row of the printed calendar, or a sub-row of it; number as printed, empty where nothing is."""

    places: tuple[Place, ...]
    number: LineNumber
    is_sub: bool
    dates: str
    window: PrintedRange | None
    is_inherited: bool
    """Whether the window is that of its row, because the sub-row prints none."""
    activity: str
    actor: str
    text: str


def rows_of(cells: Sequence[RowCells], year: int) -> tuple[list[CalendarRow], list[Flaw]]:
    """Return the rows the gathered cells make in the calendar of a year, and what of them cannot be read."""
    rows: list[CalendarRow] = []
    flaws: list[Flaw] = []
    parent: CalendarRow | None = None
    for each in cells:
        if not each.is_sub or (parent and parent.number.row != each.number.row):
            parent = None
        made = list(_rows_of(each, parent, year, flaws))
        parent = parent or (None if each.is_sub else made[0])
        rows += made
    return rows, [*flaws, *_undated(rows, flaws)]


def _rows_of(cells: RowCells, parent: CalendarRow | None, year: int, flaws: list[Flaw]) -> Iterator[CalendarRow]:
    """Yield the row itself and the sub-rows its text holds."""
    clauses = _items_of([*clauses_of(cells.activity), *clauses_of(cells.text)])
    own = _own_window(cells, clauses, year, flaws)
    row = CalendarRow(
        places=tuple(cells.places),
        number=cells.number,
        is_sub=cells.is_sub,
        dates=cells.dates,
        window=own or (parent.window if parent else None),
        is_inherited=own is None and parent is not None,
        activity=_title(cells.activity),
        actor=cells.actor,
        text=cells.text,
    )
    yield row
    for letter, clause in clauses:
        window = _window_in(clause, row.places[0], year, flaws)
        is_news = window is not None and window != row.window
        if is_news or (letter and not cells.is_sub):
            yield _sub_row(row, letter, clause, window)


def _items_of(clauses: list[str]) -> list[tuple[str, str]]:
    """Return each clause with its letter; what follows a lettered one without a range of its own belongs to it."""
    items: list[tuple[str, str]] = []
    for clause in clauses:
        number, words = split_number(clause)
        if number.letter or not items or not items[-1][0]:
            items.append((number.letter, words if number.letter else clause))
        else:
            items[-1] = (items[-1][0], f"{items[-1][1]} {clause}")
    return items


def _title(activity: str) -> str:
    """Return the name of the work, without the lettered items below it."""
    clauses = clauses_of(activity)
    lettered = [place for place, clause in enumerate(clauses) if split_number(clause)[0].letter]
    return " ".join(clauses[: lettered[0]] if lettered else clauses)


def _own_window(cells: RowCells, clauses: list[tuple[str, str]], year: int, flaws: list[Flaw]) -> PrintedRange | None:
    """Return the window of the date column; a sub-row without one may say it in its text."""
    if cells.dates:
        return _readable(read_range(cells.dates, year), cells.places[0], flaws)
    if not cells.is_sub:
        return None
    return _window_in(" ; ".join(clause for _, clause in clauses), cells.places[0], year, flaws)


def _window_in(clause: str, place: Place, year: int, flaws: list[Flaw]) -> PrintedRange | None:
    found = ranges_in(clause, year)
    if len(found) > 1:
        flaws.append(Flaw(place, text("several date ranges stand together: {clause}", clause=clause)))
        return None
    return _readable(found[0], place, flaws) if found else None


def _readable(found: PrintedRange | Text, place: Place, flaws: list[Flaw]) -> PrintedRange | None:
    if isinstance(found, Text):
        flaws.append(Flaw(place, found))
        return None
    return found


def _sub_row(row: CalendarRow, letter: str, clause: str, window: PrintedRange | None) -> CalendarRow:
    return CalendarRow(
        places=row.places,
        number=LineNumber(row.number.row, letter),
        is_sub=True,
        dates="",
        window=window or row.window,
        is_inherited=window is None,
        activity=clause,
        actor="",
        text="",
    )


def _undated(rows: list[CalendarRow], flaws: list[Flaw]) -> Iterator[Flaw]:
    """Yield the rows that say no date themselves and have no dated sub-row."""
    known = {flaw.place for flaw in flaws}
    for place, row in enumerate(rows):
        below = [each for each in rows[place + 1 :] if each.is_sub and each.number.row == row.number.row]
        is_orphan = row.is_sub and not row.is_inherited
        dated_below = not row.is_sub and any(each.window for each in below)
        if row.window is None and (is_orphan or not row.is_sub) and not dated_below and row.places[0] not in known:
            yield Flaw(row.places[0], text("it has no date: {activity}", activity=row.activity or row.text))
