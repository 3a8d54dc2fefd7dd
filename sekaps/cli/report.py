"""``sekaps report``: what became of a year, for the terminal, as JSON and as a page with pictures."""

from pathlib import Path
from typing import Annotated

import typer

from sekaps.cli.asking import AsJson, Programme, Year, require_database
from sekaps.cli.language import _

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
    """Write the report's files, then print it."""
