"""``sekaps report``: what became of a year, for the terminal, as JSON and as a page with pictures."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sekaps import clock
from sekaps.calendar.instants import at
from sekaps.cli.asking import AsJson, Programme, Year, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json
from sekaps.database import reading
from sekaps.reports.files import publish_report
from sekaps.reports.terminal import terminal_report
from sekaps.services.editions import load_edition
from sekaps.services.phases import last_due_day
from sekaps.services.year_report import year_report
from sekaps.settings import settings
from sekaps.texts import text

HELP = _("What became of a year: per phase, reminders, gaps, allocation, contracts and notices.")


def report(
    year: Year,
    programme: Programme = "sekaps",
    as_json: AsJson = False,
    folder: Annotated[Path | None, typer.Option(help=_("Where report.html and report.json are written."))] = None,
) -> None:
    """Show the report of a year and write its files."""
    require_database()
    show_report(programme, year, as_json=as_json, folder=folder)


def show_report(programme: str, year: int, *, as_json: bool, folder: Path | None = None) -> None:
    """Write the report's files, then print it; as of today, or of the year's last due day once that has passed."""
    with reading() as session:
        edition = load_edition(session, programme, year)
        made = year_report(session, edition, min(clock.now(), at(last_due_day(edition))))
    paths = publish_report(made, folder or settings().home.resolve() / "report")
    if as_json:
        print_json(json.loads(made.to_json()))
        return
    out = console()
    out.print(terminal_report(made, current()))
    for path in paths:
        out.print(said(text("written: {path}", path=path)), soft_wrap=True)
