"""What a printed calendar publishes: the date of every boundary, its gaps, and where it differs from the rules."""

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.util import load_yaml_guess_indent

from sekaps.calendar.days import DayTable
from sekaps.calendar.editions import Draft, draft
from sekaps.calendar.printed_matching import find_activity, find_step
from sekaps.calendar.printed_rows import CalendarRow, Flaw
from sekaps.calendar.printed_tables import PrintedCalendar
from sekaps.calendar.programmes import Activity, Boundary, Programme
from sekaps.errors.calendar import CalendarError
from sekaps.texts import Text, text

MOST_COLUMNS = 4096
"""Width no line of a programme file reaches: what is not changed is not wrapped either."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A boundary whose published date is not the one its rule proposes."""

    code: str
    published: date
    proposed: date


@dataclass(frozen=True, slots=True)
class PublishedCalendar:
    """What a printed calendar says of one year of a programme."""

    year: int
    dates: Mapping[str, date]
    proposed: Mapping[str, date | None]
    """What the rules give for every boundary, the published dates holding."""
    gaps: tuple[str, ...]
    """The boundaries of the programme the calendar gives no date for."""
    differences: tuple[Difference, ...]
    flaws: tuple[Flaw, ...]
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """A date a row gives for a boundary."""

    code: str
    day: date
    row: CalendarRow


def published_calendar(programme: Programme, printed: PrintedCalendar, year: int, days: DayTable) -> PublishedCalendar:
    """Return what the rows of a printed calendar publish for a year of the programme."""
    flaws = list(printed.flaws)
    given = list(_given(programme, printed.rows, flaws))
    dates = _agreed(programme, given, flaws)
    drafted = _drafted(with_published(programme, year, dates), year, days, flaws)
    proposed = {each.code: each.proposed for each in drafted.boundaries} if drafted else {}
    pairs = ((code, day, proposed.get(code)) for code, day in dates.items())
    return PublishedCalendar(
        year=year,
        dates=dates,
        proposed={code: proposed.get(code) for code in programme.boundaries},
        gaps=tuple(code for code in programme.boundaries if code not in dates),
        differences=tuple(Difference(code, day, rule) for code, day, rule in pairs if rule and rule != day),
        flaws=tuple(flaws),
        rows=printed.rows,
    )


def unpublished(programme: Programme, year: int, codes: Collection[str]) -> Programme:
    """Return the programme with those boundaries left to their rules in one year."""
    boundaries = {
        code: boundary.model_copy(update={"published": _without(boundary.published, year)})
        if code in codes
        else boundary
        for code, boundary in programme.boundaries.items()
    }
    return programme.model_copy(update={"boundaries": boundaries})


def _without(published: Mapping[int, date], year: int) -> dict[int, date]:
    return {one: day for one, day in published.items() if one != year}


def with_published(programme: Programme, year: int, dates: Mapping[str, date]) -> Programme:
    """Return the programme with these dates published for a year; dates of other boundaries stay as they are."""
    boundaries = {code: _with_date(each, year, dates.get(code)) for code, each in programme.boundaries.items()}
    return programme.model_copy(update={"boundaries": boundaries})


def _with_date(boundary: Boundary, year: int, day: date | None) -> Boundary:
    return boundary.model_copy(update={"published": boundary.published | {year: day}}) if day else boundary


def published_yaml(programme_text: str, year: int, dates: Mapping[str, date]) -> str:
    """Return a programme file with these dates published for a year, its comments and layout kept."""
    yaml = _writer(programme_text)
    file = yaml.load(programme_text)
    for code, day in dates.items():
        file["boundaries"][code].setdefault("published", _flow_mapping())[year] = day
    written = io.StringIO()
    yaml.dump(file, written)
    return written.getvalue()


def _writer(programme_text: str) -> YAML:
    """Return a writer that indents as the file does; ruamel guesses lists, mappings show in the boundaries."""
    file, sequence, offset = load_yaml_guess_indent(programme_text)
    boundaries = file["boundaries"]
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = MOST_COLUMNS
    yaml.indent(mapping=2 if boundaries.fa.flow_style() else boundaries.lc.col, sequence=sequence, offset=offset)
    return yaml


def _flow_mapping() -> CommentedMap:
    made = CommentedMap()
    made.fa.set_flow_style()
    return made


def _given(programme: Programme, rows: tuple[CalendarRow, ...], flaws: list[Flaw]) -> Iterator[_Given]:
    activity: Activity | Text | None = None
    head: CalendarRow | None = None
    for row in rows:
        if not row.is_sub or head is None or row.number.row != head.number.row:
            activity, head = find_activity(programme, row), row
            if isinstance(activity, Text):
                flaws.append(Flaw(row.places[0], activity))
        if isinstance(activity, Activity) and row.window is not None and not row.is_inherited:
            yield from _ends(programme, activity, head, row, flaws)


def _ends(
    programme: Programme, activity: Activity, head: CalendarRow, row: CalendarRow, flaws: list[Flaw]
) -> Iterator[_Given]:
    """Yield the dates a row with a window of its own gives; a sub-row of unknown work must keep to its row's."""
    step = find_step(activity, programme, row) if row.is_sub else None
    if isinstance(step, Text):
        flaws += [] if row.window == head.window else [Flaw(row.places[0], step)]
        return
    codes = activity.window_of(step) if step else activity.window
    days = (row.window.opens, row.window.closes) if row.window else ()
    yield from (_Given(code, day, row) for code, day in zip(codes, days, strict=False) if day)


def _agreed(programme: Programme, given: list[_Given], flaws: list[Flaw]) -> dict[str, date]:
    """Return the one date the rows give for each boundary, in the programme's order; two dates are a flaw."""
    dates: dict[str, date] = {}
    for code in programme.boundaries:
        found = {each.day: each for each in reversed(given) if each.code == code}
        if len(found) == 1:
            dates[code] = next(iter(found))
        elif found:
            told = [_as_told(each) for each in reversed(found.values())]
            reason = text("{code} is given several dates: {told}", code=code, told=told)
            flaws.append(Flaw(list(found.values())[-1].row.places[0], reason))
    return dates


def _as_told(given: _Given) -> Text:
    return text("{day} ({place})", day=given.day, place=given.row.places[0])


def _drafted(programme: Programme, year: int, days: DayTable, flaws: list[Flaw]) -> Draft | None:
    """Return the draft the dates give; dates that make none are a flaw of the calendar as a whole."""
    try:
        return draft(programme, year, days)
    except CalendarError as impossible:
        flaws.append(Flaw(text("the whole calendar"), text("{problem}", problem=impossible)))
        return None
