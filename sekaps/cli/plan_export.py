"""``sekaps plan export``: the published year for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from sekaps.cli.asking import Programme, Year, require_database
from sekaps.cli.language import _, said
from sekaps.database import reading
from sekaps.reports.feeds import feed
from sekaps.services.editions import load_edition
from sekaps.services.feeds import feed_entries
from sekaps.services.files import replace_file
from sekaps.texts import text

HELP = _("Write a published year as an iCalendar feed (.ics) that calendar programs open.")


def export(
    year: Year,
    programme: Programme = "sekaps",
    out: Annotated[Path | None, typer.Option(help=_("File to write; otherwise standard output."))] = None,
) -> None:
    """Write the feed, whole or not at all."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        written = feed(edition, feed_entries(session, edition))
    if out is None:
        typer.echo(written.decode(), nl=False)
        return
    typer.echo(said(text("written: {path}", path=replace_file(out, written))))
