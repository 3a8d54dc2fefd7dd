"""``sekaps coverage``: how much of what was needed was met, by whom and where, and the rows behind each figure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.cli.asking import AsJson, AsOf, Programme, instant_of, require_database
from sekaps.cli.coverage_json import coverage_json, row_json
from sekaps.cli.coverage_printing import print_sheet
from sekaps.cli.language import _, current, said
from sekaps.cli.places import find_place
from sekaps.cli.printing import console, print_json
from sekaps.database import reading
from sekaps.domain.allocation import Stage
from sekaps.domain.coverage import Coverage, Side
from sekaps.errors.exports import ExportNotWritten
from sekaps.reports.coverage_html import render_coverage
from sekaps.reports.coverage_tables import (
    brief_rows_sheet,
    brief_sheet,
    brief_stage_sheet,
    brief_unfinished_sheet,
    coverage_sheets,
    resources_sheet,
    rows_sheet,
    side_sheet,
)
from sekaps.reports.coverage_words import NOT_ADDED
from sekaps.reports.observatory_files import render_csv, render_xlsx
from sekaps.reports.observatory_tables import Sheet
from sekaps.services.coverage import measure_coverage
from sekaps.services.coverage_part import find_part
from sekaps.services.coverage_rows import coverage_rows, resource_rows
from sekaps.services.editions import EditionView, latest_year, load_edition
from sekaps.services.files import replace_file
from sekaps.services.phases import last_due_day
from sekaps.texts import Count, text

WORK_SHOWN, ROWS_SHOWN = 15, 40
app = typer.Typer(
    help=_("How much of what was needed was met, by which stage, by each side; and who has not finished.")
)

EditionYear = Annotated[int | None, typer.Option("--year", help=_("The edition's year; otherwise the latest."))]
Sector = Annotated[str | None, typer.Option(help=_("Only this sector, such as energy."))]
Province = Annotated[str | None, typer.Option(help=_("Only this province (plate code)."))]
Ministry = Annotated[int | None, typer.Option(help=_("Only needs of this ministry's units (registry number)."))]
ItemMinistry = Annotated[int | None, typer.Option(help=_("Only items this ministry plans (registry number)."))]
Beneficiary = Annotated[
    Literal["military", "institution", "public"] | None,
    typer.Option(help=_("Only needs for military, institution or public.")),
]
Priority = Annotated[int | None, typer.Option(min=1, max=9, help=_("Only needs of this priority."))]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help=_("Write a CSV file."))]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    year: EditionYear = None,
    programme: Programme = "sekaps",
    by: Annotated[Side, typer.Option(help=_("The side whose rows are shown."))] = Side.SECTOR,
    sector: Sector = None,
    province: Province = None,
    ministry: Ministry = None,
    item_ministry: ItemMinistry = None,
    beneficiary: Beneficiary = None,
    priority: Priority = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    csv: CsvFile = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help=_("Write every table as a workbook."))] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help=_("Write a page with pictures and a map."))] = None,
) -> None:
    """Show coverage, unless the rows behind it are asked for."""
    if context.invoked_subcommand is not None:
        return
    find_place(province, None)
    require_database()
    with reading() as session:
        edition = _edition(session, programme, year)
        part = find_part(session, sector=sector, province=province, ministry=ministry, item_ministry=item_ministry,
                         beneficiary=beneficiary, priority=priority)  # fmt: skip
        latest = at(last_due_day(edition))
        coverage = measure_coverage(session, edition, min(instant_of(as_of, end_of_day=True), latest), part)
    _write_files(coverage, by, csv=csv, xlsx=xlsx, html=html)
    if as_json:
        print_json(coverage_json(coverage))
    elif (csv or xlsx or html) is None:
        _print(coverage, by)


@app.command("rows", help=_("The very rows behind figures: each need at each stage, with its papers' numbers."))
def rows(
    year: EditionYear = None,
    programme: Programme = "sekaps",
    sector: Sector = None,
    province: Province = None,
    ministry: Ministry = None,
    item_ministry: ItemMinistry = None,
    beneficiary: Beneficiary = None,
    priority: Priority = None,
    stage: Annotated[Stage | None, typer.Option(help=_("Only this stage."))] = None,
    as_json: AsJson = False,
    csv: CsvFile = None,
) -> None:
    """List the rows behind the figures of a part."""
    find_place(province, None)
    require_database()
    with reading() as session:
        edition = _edition(session, programme, year)
        part = find_part(session, sector=sector, province=province, ministry=ministry, item_ministry=item_ministry,
                         beneficiary=beneficiary, priority=priority)  # fmt: skip
        found = coverage_rows(session, edition, part, stage)
    _list(found, (rows_sheet(found), brief_rows_sheet(found)), as_json=as_json, csv=csv)


@app.command("resources", help=_("The signed resources behind what is offered and used."))
def resources(
    year: EditionYear = None,
    programme: Programme = "sekaps",
    sector: Sector = None,
    province: Province = None,
    item_ministry: ItemMinistry = None,
    as_json: AsJson = False,
    csv: CsvFile = None,
) -> None:
    """List the resources behind the figures of a part."""
    find_place(province, None)
    require_database()
    with reading() as session:
        part = find_part(session, sector=sector, province=province, item_ministry=item_ministry)
        found = resource_rows(session, _edition(session, programme, year), part)
    _list(found, (resources_sheet(found),) * 2, as_json=as_json, csv=csv)


def _write_files(coverage: Coverage, by: Side, *, csv: Path | None, xlsx: Path | None, html: Path | None) -> None:
    if csv is not None:
        _write(csv, render_csv(side_sheet(coverage, by), current()))
    if xlsx is not None:
        _write(xlsx, render_xlsx(coverage_sheets(coverage), current()))
    if html is not None:
        _write(html, render_coverage(coverage).encode())


def _edition(session: Session, programme: str, year: int | None) -> EditionView:
    return load_edition(session, programme, year or latest_year(session, programme))


def _list(found: Sequence[Any], sheets: tuple[Sheet, Sheet], *, as_json: bool, csv: Path | None) -> None:
    """Write rows whole, or print the narrow table of them."""
    whole, narrow = sheets
    if csv is not None:
        _write(csv, render_csv(whole, current()))
    if as_json:
        print_json([row_json(row) for row in found])
    elif csv is None:
        print_sheet(narrow, ROWS_SHOWN)


def _write(out: Path, written: bytes) -> None:
    try:
        replace_file(out, written)
    except OSError as failure:
        raise ExportNotWritten(path=str(out), reason=failure.strerror or str(failure)) from failure
    typer.echo(said(text("written: {path}", path=out)), err=True)


def _print(coverage: Coverage, by: Side) -> None:
    out = console()
    print_sheet(brief_stage_sheet(coverage, current()), len(Stage))
    print_sheet(brief_sheet(coverage, by, current()), len(coverage.by[by]) + 1)
    out.print(said(NOT_ADDED), style="dim")
    if coverage.total.untouched:
        out.print(said(text("{count} signed needs no stage has taken up yet", count=Count(coverage.total.untouched))))
    out.print()
    if coverage.unfinished:
        print_sheet(brief_unfinished_sheet(coverage), WORK_SHOWN)
    else:
        out.print(said(text("every body has finished")))
