"""``sekaps plan export``: the published year for other programs and for paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.cli.asking import AsOf, Programme, Year, instant_of, require_database
from sekaps.cli.language import _, current, said
from sekaps.database import reading
from sekaps.errors.exports import ExportNotWritten, ExportRefused
from sekaps.reports.feeds import render_feed
from sekaps.reports.gantt import Chart, png_chart, svg_chart
from sekaps.reports.official_gantt import plan_chart
from sekaps.reports.official_html import render_official_html
from sekaps.reports.official_pdf import render_pdf
from sekaps.reports.official_table import OfficialTable, official_table
from sekaps.reports.official_xlsx import render_xlsx
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.feeds import person_feed, unit_feed, year_feed
from sekaps.services.files import replace_file
from sekaps.services.revisions import list_revisions
from sekaps.texts import text

HELP = _("Write a published year as a calendar feed, as the official table (Excel, PDF, HTML) or as a picture.")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the whole year, or the part of one unit or person, as of an instant."""

    unit: int | None
    person: int | None
    as_of: datetime
    is_day_given: bool


def export(
    year: Year,
    programme: Programme = "sekaps",
    unit: Annotated[int | None, typer.Option(help=_("Registry number of a unit: its part of the year (ics)."))] = None,
    person: Annotated[
        int | None, typer.Option(help=_("Manager code of a person: that part of the year (ics)."))
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help=_("ics, xlsx, pdf, html, svg or png; otherwise as FILE ends."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("File to write; otherwise standard output (ics, html)."))
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Write the file, whole or not at all."""
    order = Order(unit, person, instant_of(as_of, end_of_day=True), as_of is not None)
    name = _format(form, out, order)
    require_database()
    with reading() as session:
        written = FORMATS[name](session, load_edition(session, programme, year, order.as_of), order)
    if out is None:
        typer.echo(written, nl=False)
        return
    typer.echo(said(text("written: {path}", path=_keep(out, written))))


def _format(form: str | None, out: Path | None, order: Order) -> str:
    """Return the format asked for, or the one the file's name ends in; raise ExportRefused."""
    asked = form or (out.suffix.removeprefix(".") if out else "ics")
    name = asked.lower()
    if name not in FORMATS:
        raise ExportRefused(problem=text("'{asked}' is none of {known}; choose one with --format", asked=asked,
                                         known=list(FORMATS)))  # fmt: skip
    if out is None and name not in PRINTABLE:
        raise ExportRefused(problem=text("{name} goes to a file only; name it with --out", name=name))
    if order.unit is not None and order.person is not None:
        raise ExportRefused(problem=text("give --unit or --person, not both"))
    if name != "ics" and (order.unit is not None or order.person is not None):
        raise ExportRefused(problem=text("one unit's or one person's part of the year is written as ics only"))
    return name


def _keep(out: Path, written: bytes) -> Path:
    try:
        return replace_file(out, written)
    except OSError as failure:
        raise ExportNotWritten(path=str(out), reason=failure.strerror or str(failure)) from failure


def _ics(session: Session, edition: EditionView, order: Order) -> bytes:
    if order.unit is not None:
        feed = unit_feed(session, edition, order.unit, order.as_of)
    elif order.person is not None:
        feed = person_feed(session, edition, order.person, order.as_of)
    else:
        feed = year_feed(session, edition, order.as_of)
    if not feed.entries:
        raise ExportRefused(problem=text("{name} has no part in {year}", name=feed.whose, year=str(edition.year)))
    return render_feed(edition, feed)


def _xlsx(session: Session, edition: EditionView, order: Order) -> bytes:
    return render_xlsx(_table(session, edition))


def _pdf(session: Session, edition: EditionView, order: Order) -> bytes:
    return render_pdf(_table(session, edition), png_chart(plan_chart(edition, "tr")))


def _html(session: Session, edition: EditionView, order: Order) -> bytes:
    return render_official_html(_table(session, edition), svg_chart(plan_chart(edition, "tr"))).encode()


def _svg(session: Session, edition: EditionView, order: Order) -> bytes:
    return svg_chart(_chart(edition, order)).encode()


def _png(session: Session, edition: EditionView, order: Order) -> bytes:
    return png_chart(_chart(edition, order))


def _chart(edition: EditionView, order: Order) -> Chart:
    today = local_day(order.as_of) if order.is_day_given else None
    return plan_chart(edition, current(), today, is_titled=True)


def _table(session: Session, edition: EditionView) -> OfficialTable:
    return official_table(edition, list_revisions(session, edition)[-1])


FORMATS: dict[str, Callable[[Session, EditionView, Order], bytes]] = {
    "ics": _ics,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "html": _html,
    "svg": _svg,
    "png": _png,
}
PRINTABLE = ("ics", "html")
"""What is text and may go to standard output."""
