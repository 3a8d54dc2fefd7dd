"""``sekaps plan import``: takes a published calendar over from the table it was printed in."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sekaps.calendar.printed_rows import CalendarRow
from sekaps.calendar.printed_tables import PrintedCalendar, read_calendar
from sekaps.calendar.programmes import Programme
from sekaps.calendar.published import PublishedCalendar, published_calendar
from sekaps.cli.asking import AsJson, Year
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.errors.imports import CalendarEmpty, CalendarFlawed
from sekaps.services.calendar_files import read_lines
from sekaps.services.imported_calendars import keep_imported, text_with_imports
from sekaps.services.programmes import days_of_edition, parsed
from sekaps.settings import settings
from sekaps.texts import text

HELP = _("Take a published calendar over from the table people have: CSV, Excel, Word or HTML.")
NOTHING = "–"


def import_calendar(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The printed calendar: .csv, .xlsx, .docx or .html."))],
    year: Year,
    programme: Annotated[str, typer.Option(help=_("Code of a shipped programme, or path of a YAML file."))] = "sekaps",
    partial: Annotated[bool, typer.Option("--partial", help=_("Import what can be read; the gaps stay."))] = False,
    as_json: AsJson = False,
) -> None:
    """Read the printed calendar, show what it publishes, and keep its dates with the programme."""
    home = settings().home.resolve()
    written = text_with_imports(home, programme)
    known = parsed(written, programme)
    days = days_of_edition(year)
    printed = read_calendar(read_lines(file), year)
    calendar = published_calendar(known, printed, year, days)
    is_taken = bool(calendar.dates) and (partial or not calendar.flaws)
    path = keep_imported(home, known.code, written, year=year, dates=calendar.dates) if is_taken else None
    if as_json:
        print_json(_as_json(known, calendar, is_imported=is_taken))
    else:
        _print(known, printed, calendar, path)
    if calendar.flaws and not partial:
        raise CalendarFlawed(source=str(file), flaws=len(calendar.flaws))
    if not is_taken:
        raise CalendarEmpty(source=str(file), programme=known.code)


def _as_json(programme: Programme, calendar: PublishedCalendar, *, is_imported: bool) -> dict[str, object]:
    return {
        "programme": programme.code,
        "year": calendar.year,
        "imported": is_imported,
        "boundaries": [_boundary_as_json(code, calendar) for code in programme.boundaries],
        "rows": [_row_as_json(row) for row in calendar.rows],
        "flaws": [{"place": said(flaw.place), "reason": said(flaw.reason)} for flaw in calendar.flaws],
        "gaps": list(calendar.gaps),
    }


def _boundary_as_json(code: str, calendar: PublishedCalendar) -> dict[str, object]:
    return {
        "code": code,
        "published": _iso(calendar.dates.get(code)),
        "proposed": _iso(calendar.proposed[code]),
        "differs": any(each.code == code for each in calendar.differences),
    }


def _row_as_json(row: CalendarRow) -> dict[str, object]:
    return {
        "place": [said(place) for place in row.places],
        "number": str(row.number),
        "sub": row.is_sub,
        "dates": row.dates,
        "opens": _iso(row.window.opens if row.window else None),
        "closes": _iso(row.window.closes if row.window else None),
        "inherited": row.is_inherited,
        "activity": row.activity,
        "actor": row.actor,
        "text": row.text,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _print(programme: Programme, printed: PrintedCalendar, calendar: PublishedCalendar, path: Path | None) -> None:
    out = console()
    out.print(f"[bold]{escape(said(programme.name))} · {calendar.year}[/bold]\n")
    _print_rows(out, calendar)
    _print_boundaries(out, programme, calendar)
    reasons: dict[str, list[object]] = {}
    for skipped in printed.skipped:
        reasons.setdefault(said(skipped.reason), []).append(skipped.place)
    for reason, places in reasons.items():
        _line(out, text("left out, {reason}: {places}", reason=reason, places=places))
    for flaw in calendar.flaws:
        _line(out, text("! {place}: {reason}", place=flaw.place, reason=flaw.reason), style="yellow")
    if calendar.gaps:
        _line(out, text("no date for: {gaps}", gaps=list(calendar.gaps)), style="yellow")
    if path:
        facts: Mapping[str, object] = {"count": len(calendar.dates), "year": calendar.year, "path": path}
        _line(out, text("imported: {count} dates of {year}, kept in {path}", **facts))


def _print_rows(out: Console, calendar: PublishedCalendar) -> None:
    rows = table(_("Rows read"), _("row"), _("opens"), _("closes"), _("work"))
    for row in calendar.rows:
        ends = (row.window.opens, row.window.closes) if row.window else (None, None)
        style = "dim" if row.is_inherited else None
        days = [said(day) if day else NOTHING for day in ends]
        number = "" if row.is_sub and not row.number.letter else str(row.number)
        rows.add_row(escape(number), *days, escape(row.activity or row.text), style=style)
    out.print(rows)


def _print_boundaries(out: Console, programme: Programme, calendar: PublishedCalendar) -> None:
    differing = {each.code for each in calendar.differences}
    boundaries = table(_("Boundaries"), _("boundary"), _("published"), _("proposed by the rule"))
    for code in programme.boundaries:
        days = [calendar.dates.get(code), calendar.proposed[code]]
        cells = [said(day) if day else NOTHING for day in days]
        boundaries.add_row(code, *cells, style="yellow" if code in differing or code in calendar.gaps else None)
    out.print(boundaries)


def _line(out: Console, line: object, style: str = "") -> None:
    out.print(escape(said(line)), style=style, soft_wrap=True)
