"""``sekaps observatory``: what waits for signatures, by whose pen and how long, and the letters that get it moving."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from sekaps.cli.asking import AsJson, AsOf, Programme, instant_of, instant_of_act, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.observatory_json import observatory_json
from sekaps.cli.places import find_place
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading, transaction
from sekaps.domain.closing_acts import CLOSING_ACTS, PENDING, sending_command
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import HORIZON_DAYS, Hold, Observatory, Side, count_causes
from sekaps.errors.exports import ExportNotWritten, ExportRefused
from sekaps.reports.observatory_files import render_csv, render_xlsx
from sekaps.reports.observatory_tables import (
    Sheet,
    age_sheet,
    cause_sheet,
    crossing_sheet,
    ending_sheet,
    is_count,
    people_sheet,
    sheets,
    side_sheet,
    stuck_sheet,
    told,
    vacancy_sheet,
)
from sekaps.services.editions import EditionView, latest_year, load_edition
from sekaps.services.files import replace_file
from sekaps.services.gap_letters import send_gap_letters
from sekaps.services.observatory import observe, select_part
from sekaps.texts import Count, text

TOP = 10
CSV, XLSX = ".csv", ".xlsx"
app = typer.Typer(help=_("What waits for signatures, by whose pen and how long; and what is about to hold up more."))

EditionYear = Annotated[int | None, typer.Option("--year", help=_("The edition's year; otherwise the latest."))]
Ministry = Annotated[int | None, typer.Option(help=_("Only the units of this ministry (registry number)."))]
Province = Annotated[str | None, typer.Option(help=_("Only the units of this province (plate code)."))]
Unit = Annotated[int | None, typer.Option(help=_("Only this unit and those below it (registry number)."))]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    year: EditionYear = None,
    programme: Programme = "sekaps",
    by: Annotated[Side | None, typer.Option(help=_("Only the gaps by this side."))] = None,
    ministry: Ministry = None,
    province: Province = None,
    unit: Unit = None,
    top: Annotated[int, typer.Option(min=1, help=_("How many rows of a table are shown."))] = TOP,
    days: Annotated[
        int, typer.Option(min=1, help=_("How many days ahead posts and deputies that end are looked for."))
    ] = HORIZON_DAYS,
    as_of: AsOf = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Write every row to FILE.csv or FILE.xlsx."))
    ] = None,
) -> None:
    """Show the observatory, unless a letter is to be sent."""
    if context.invoked_subcommand is not None:
        return
    if out is not None and out.suffix.lower() not in (CSV, XLSX):
        raise ExportRefused(problem=text("name a file that ends in .csv or .xlsx"))
    find_place(province, None)
    require_database()
    instant = instant_of(as_of, end_of_day=True)
    with reading() as session:
        edition = _edition(session, programme, year, instant)
        selection = select_part(session, ministry=ministry, province=province, unit=unit)
        seen = observe(session, edition, instant, selection=selection, horizon_days=days)
    if out is not None:
        _write(out, seen, by)
    elif as_json:
        print_json(observatory_json(seen, top))
    else:
        _print(seen, by, top)


def _edition(session: Session, programme: str, year: int | None, as_of: datetime | None = None) -> EditionView:
    return load_edition(session, programme, year or latest_year(session, programme), as_of)


def _write(out: Path, seen: Observatory, by: Side | None) -> None:
    """Write the whole observatory as a workbook, or one of its tables as CSV."""
    if out.suffix.lower() == XLSX:
        written = render_xlsx(sheets(seen), current())
    else:
        written = render_csv(crossing_sheet(seen) if by is None else side_sheet(seen, by), current())
    try:
        replace_file(out, written)
    except OSError as failure:
        raise ExportNotWritten(path=str(out), reason=failure.strerror or str(failure)) from failure
    typer.echo(said(text("written: {path}", path=out)))


def _print(seen: Observatory, by: Side | None, top: int) -> None:
    out = console()
    out.print(f"[bold]{escape(said(_headline(seen)))}[/bold]")
    stuck, unheard = Count(sum(one.documents for one in seen.stuck)), Count(seen.unheard)
    for line in (
        *([text("{count} of them nobody can finish as posts are held now", count=stuck)] if stuck else []),
        *([text("{count} of them wait for nobody who could be told", count=unheard)] if unheard else []),
        text("waiting is counted in calendar days"),
    ):
        out.print(said(line))
    out.print()
    if by is not None:
        _print_sheet(side_sheet(seen, by), top)
        return
    _print_sheet(cause_sheet(seen), top)
    _print_commands(seen)
    endings = [ending_sheet(seen, hold).joined(1) for hold in Hold]
    people, vacant = people_sheet(seen).joined(2).joined(0), vacancy_sheet(seen).joined(1)
    _print_sheet(age_sheet(seen), len(Cause))
    for sheet in (people, vacant, *endings, stuck_sheet(seen).joined(2)):
        _print_sheet(sheet, top)


def _headline(seen: Observatory) -> object:
    return text("{programme} {year}, {day}: {count} documents wait for a signature", programme=seen.programme.upper(),
                year=str(seen.year), day=seen.day, count=Count(seen.documents))  # fmt: skip


def _print_commands(seen: Observatory) -> None:
    """Print, for each cause there is, what closes it and the command that writes to those who can."""
    for cause, count in count_causes(seen.piles).items():
        if count:
            act = CLOSING_ACTS[cause]
            typer.echo(said(text("{cause}: {by}", cause=cause.meaning, by=act.by)))
            typer.echo(f"  {act.command}")
            typer.echo(f"  {sending_command(cause, seen.programme, seen.year)}")
    typer.echo()


def _print_sheet(sheet: Sheet, top: int) -> None:
    if not sheet.rows:
        return
    out, shown = console(), sheet.first(top)
    listed = table(said(sheet.title), *map(said, sheet.headings))
    rows = [[told(cell, current()) for cell in row] for row in shown.rows]
    for place, (column, cell) in enumerate(zip(listed.columns, shown.rows[0], strict=True)):
        column.justify = "right" if is_count(cell) else "left"
        if isinstance(cell, int | date) or not any(" " in row[place] for row in rows):
            longest_word = max(map(len, said(sheet.headings[place]).split()))
            column.width = max(longest_word, *(len(row[place]) for row in rows))
    for row in rows:
        listed.add_row(*map(escape, row))
    out.print(listed)
    if len(sheet.rows) > top:
        out.print(said(text("… and {count} more; --top or --out lists all", count=Count(len(sheet.rows) - top))))


@app.command(help=_("Write one letter to each person who can close gaps of a cause; nobody gets two a day."))
def send(
    cause: Annotated[Cause, typer.Argument(help=_("The cause of the gaps."))],
    year: EditionYear = None,
    programme: Programme = "sekaps",
    ministry: Ministry = None,
    province: Province = None,
    unit: Unit = None,
    what_if: Annotated[bool, typer.Option("--what-if", help=_("Say who would be written to; write nothing."))] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Write the letters, or say how many there would be."""
    find_place(province, None)
    if cause not in PENDING:
        raise typer.BadParameter(_("nobody's signature is waited for there; it is found in what was signed already"))
    require_database()
    with reading() if what_if else transaction() as session:
        edition = _edition(session, programme, year)
        instant_of_act(edition, as_of)  # refuses a day of one's own choosing in a real year
        instant = instant_of(as_of, end_of_day=True)
        selection = select_part(session, ministry=ministry, province=province, unit=unit)
        sent = send_gap_letters(session, edition, cause, instant, selection=selection, is_trial=what_if)
    if as_json:
        print_json({"cause": cause.value, "what_if": what_if, "people": sent.people, "documents": sent.documents,
                    "told_today": sent.told_today, "unheard": sent.unheard})  # fmt: skip
        return
    would = text("would be written: {people} letters about {documents} documents", people=Count(sent.people),
                 documents=Count(sent.documents))  # fmt: skip
    written = text("written: {people} letters about {documents} documents", people=Count(sent.people),
                   documents=Count(sent.documents))  # fmt: skip
    typer.echo(said(would if what_if else written))
    if sent.told_today:
        typer.echo(said(text("{people} people have had today's letter already", people=Count(sent.told_today))))
    if sent.unheard:
        typer.echo(said(text("{documents} documents wait for nobody who could be told", documents=Count(sent.unheard))))
