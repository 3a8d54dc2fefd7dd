"""``sekaps import``: files of needs, resources, supplier feeds, units and people; all of a file, or nothing of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from sekaps.cli import registry, signatory
from sekaps.cli.asking import AsJson, AsOf, Programme, instant_of_act, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import print_json
from sekaps.cli.refusals import keeping_refusals
from sekaps.database import reading, transaction
from sekaps.domain.form_fields import FormKind
from sekaps.domain.suppliers import Feed
from sekaps.errors.forms import RowsRefused
from sekaps.services.bulk_load import sweep
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.form_headings import form_headings
from sekaps.services.form_import import VERB, FormsReport, load_forms
from sekaps.services.form_references import read_references
from sekaps.services.form_staging import FlawFile, Staged, Told, staged_file
from sekaps.services.table_files import TableFile, open_table
from sekaps.settings import settings
from sekaps.texts import text

HELP = _("Take a file over, all of it or nothing: CSV (also .gz, .zst), Excel or Parquet. The same file twice is one.")


class Subject(StrEnum):
    """What a file is about."""

    NEEDS = "needs"
    RESOURCES = "resources"
    VEHICLES = "vehicles"
    MACHINES = "machines"
    MANPOWER = "manpower"
    UNITS = "units"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class _Order:
    """A file of forms that is to be taken over."""

    kind: FormKind
    feed: Feed | None
    path: Path
    errors: Path
    check_only: bool


def import_file(
    subject: Annotated[Subject, typer.Argument(metavar="SUBJECT", help=_("What the file is about."))],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file."))],
    year: Annotated[int, typer.Option(help=_("The edition's year; needed for forms."))] = 0,
    check_only: Annotated[bool, typer.Option("--check-only", help=_("Judge every row, and store nothing."))] = False,
    errors: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Where to list every flaw; otherwise in the home folder."))
    ] = None,
    by: Annotated[str, typer.Option(help=_("For people: manager code of who records, or 'authority'."))] = "",
    whole: Annotated[bool, typer.Option("--whole", help=_("For units: close the units the file lacks."))] = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Take the file over and say what it changed."""
    if subject is Subject.UNITS:
        registry.import_file(file, whole=whole, as_json=as_json)
    elif subject is Subject.PEOPLE:
        if not by:
            raise typer.BadParameter(_("people are recorded by somebody; say who"), param_hint="--by")
        signatory.import_list(file, by, as_json=as_json)
    else:
        if not year:
            raise typer.BadParameter(_("forms belong to a year; say which"), param_hint="--year")
        _import_forms(_order(subject, file, errors, check_only=check_only), programme, year, as_of, as_json=as_json)


def _order(subject: Subject, file: Path, errors: Path | None, *, check_only: bool) -> _Order:
    folder = settings().home.resolve() / "imports"
    kind = FormKind.NEED if subject is Subject.NEEDS else FormKind.RESOURCE
    feed = next((each for each in Feed if each.value == subject.value), None)
    return _Order(kind, feed, file, (errors or folder / f"{file.name}.errors.csv").resolve(), check_only)


def _import_forms(order: _Order, programme: str, year: int, as_of: str | None, *, as_json: bool) -> None:
    require_database()
    sweep(order.errors.parent)
    asked = {"source": order.path.name, "kind": order.kind.value, "year": year}
    flaws = FlawFile(order.errors, current())
    with reading() as session:
        edition = load_edition(session, programme, year)
        at = instant_of_act(edition, as_of)
        with keeping_refusals(VERB, asked, as_of):
            table = open_table(order.path, form_headings(order.kind, of_feed=order.feed is not None))
            references = read_references(session, edition, order.kind, at, feed=order.feed)
            by_decision = edition.allocation_rules.local_by_decision
            with _bar() as told, staged_file(table, order.kind, references, by_decision, flaws, told) as staged:
                report = _load(order, edition, table, staged, flaws, at)
    _tell(order, report, table, as_json=as_json)


def _load(
    order: _Order, edition: EditionView, table: TableFile, staged: Staged, flaws: FlawFile, at: datetime
) -> FormsReport:
    flaws.close()
    source = order.path.name
    if flaws.count:
        raise RowsRefused(source=source, flaws=flaws.count, rows=staged.flawed_rows, errors=str(order.errors))
    if order.check_only:
        return FormsReport(0, staged.rows, staged.waiting)
    facts = {"source": source, "digest": table.digest, "feed": order.feed.value if order.feed else ""}
    with transaction() as session:
        return load_forms(session, edition, order.kind, staged, flaws, as_of=at, facts=facts, source=source)


@contextmanager
def _bar() -> Iterator[Told]:
    """Show how far a file is read, how fast, and how long it still takes; on a terminal only."""
    console = Console(stderr=True)
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=1.0, rate="")

        def told(rows: int, share: float) -> None:
            elapsed = progress.tasks[0].elapsed or 1.0
            rate = said(text("{rows} rows, {rate} a second", rows=f"{rows:,}", rate=f"{rows / max(elapsed, 0.1):,.0f}"))
            progress.update(task, completed=share, rate=rate)

        yield told


def _tell(order: _Order, report: FormsReport, table: TableFile, *, as_json: bool) -> None:
    if as_json:
        facts = {"imported": not order.check_only, "passed_over": list(table.passed_over), "digest": table.digest}
        print_json({**facts, **asdict(report)})
        return
    told = asdict(report)
    if order.check_only:
        line = text("{unchanged} rows judged, nothing wrong with them; nothing was stored", **told)
    elif not report.added:
        line = text("nothing changed: all {unchanged} forms are recorded already", **told)
    else:
        line = text("{added} forms added, {unchanged} recorded already", **told)
    typer.echo(said(line))
    if report.waiting:
        typer.echo(said(text("{waiting} resources become local once a commission decides it", **told)))
    if table.passed_over:
        typer.echo(said(text("columns passed over: {columns}", columns=list(table.passed_over))))
