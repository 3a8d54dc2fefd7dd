"""Taking one file of needs, resources or a supplier's feed over, from the command line."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typer

from sekaps.cli.language import said
from sekaps.cli.printing import print_json
from sekaps.cli.progress import Bar, bar
from sekaps.cli.refusals import keeping_refusals
from sekaps.cli.row_flaws import listing_flaws
from sekaps.database import reading, transaction
from sekaps.domain.form_columns import References
from sekaps.domain.form_fields import FormKind
from sekaps.domain.suppliers import Feed
from sekaps.errors.forms import RowsRefused
from sekaps.services.editions import EditionView
from sekaps.services.flaw_files import FlawFile
from sekaps.services.form_headings import form_headings
from sekaps.services.form_import import VERB, FormsReport, Source, load_forms
from sekaps.services.form_references import read_references
from sekaps.services.form_staging import staged_file
from sekaps.services.table_files import TableFile, open_table
from sekaps.texts import Text, counted, text


@dataclass(frozen=True, slots=True)
class FormOrder:
    """What files of forms are about, and whether they are only judged."""

    kind: FormKind
    feed: Feed | None
    as_of: str | None
    check_only: bool

    @property
    def facts(self) -> dict[str, str]:
        """What the trail says of every file of the kind."""
        return {"kind": self.kind.value, "feed": self.feed.value if self.feed else ""}


def take_forms(
    order: FormOrder, path: Path, errors: Path, edition: EditionView, at: datetime, *, as_json: bool
) -> None:
    """Take a file over, all of it or nothing, and tell what it changed."""
    asked = {"source": path.name, "kind": order.kind.value, "year": edition.year}
    with listing_flaws(errors, as_json=as_json) as flaws, keeping_refusals(VERB, asked, order.as_of):
        table = open_table(path, form_headings(order.kind, order.feed))
        with reading() as session, bar() as progress:
            references = read_references(session, edition, order.kind, at, feed=order.feed)
            report = _judge_and_load(order, table, references, edition, flaws, at, progress)
    _tell(order, path, report, table, flaws, as_json=as_json)


def _judge_and_load(
    order: FormOrder,
    table: TableFile,
    references: References,
    edition: EditionView,
    flaws: FlawFile,
    at: datetime,
    progress: Bar,
) -> FormsReport:
    by_decision = edition.allocation_rules.local_by_decision
    with staged_file(table, order.kind, references, by_decision, flaws, progress.read) as staged:
        if flaws.count:
            flaws.close()
            raise RowsRefused(
                source=table.path.name, flaws=flaws.count, rows=staged.flawed_rows, errors=str(flaws.path)
            )
        if order.check_only:
            return FormsReport(0, staged.rows, staged.waiting)
        progress.storing()
        source = Source(table.path.name, table.digest, order.feed)
        with transaction() as session:
            return load_forms(session, edition, order.kind, staged, flaws, as_of=at, source=source)


def _tell(
    order: FormOrder, path: Path, report: FormsReport, table: TableFile, flaws: FlawFile, *, as_json: bool
) -> None:
    if as_json:
        left = {"errors": str(flaws.path)} if flaws.count else {}
        facts = {"imported": not order.check_only, "passed_over": list(table.passed_over), "digest": table.digest}
        print_json({"file": path.name, **facts, **asdict(report), **left})
        return
    for line in _lines(order, report, table, flaws):
        typer.echo(said(line))


def _lines(order: FormOrder, report: FormsReport, table: TableFile, flaws: FlawFile) -> Sequence[Text]:
    told = counted(asdict(report))
    if order.check_only:
        lines = [text("{unchanged} rows judged, nothing wrong with them; nothing was stored", **told)]
    elif report.added or report.changed or report.left:
        lines = [text("{added} forms added, {unchanged} recorded already", **told)]
    else:
        lines = [text("nothing changed: all {unchanged} forms are recorded already", **told)]
    if report.changed:
        lines.append(text("{changed} resources changed as the feed tells of them now", **told))
    if report.left:
        problem = text(
            "{left} resources stay as they are, signed or shared out already: {path}", path=flaws.path, **told
        )
        lines.append(problem)
    if report.waiting:
        lines.append(text("{waiting} resources become local once a commission decides it", **told))
    if table.passed_over:
        lines.append(text("columns passed over: {columns}", columns=list(table.passed_over)))
    return lines
