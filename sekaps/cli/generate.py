"""``sekaps generate``: a country of the real one's size, as it stands on the evening of a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from sekaps.calendar.programmes import Programme as ProgrammeRules
from sekaps.cli.asking import AsJson, read_day
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import analyse, connected, migrate, reading, transaction
from sekaps.demo.generating import CountryOrder, Generated, generate, generate_files, require_empty
from sekaps.demo.planted_check import require_as_planted
from sekaps.demo.stages import CONTENTS, FORMS, SIGNATURES, Told
from sekaps.demo.table_writers import Format
from sekaps.domain.gaps import Cause
from sekaps.services.publication import PlannedYear, planned_year
from sekaps.settings import settings
from sekaps.texts import Count, counted, text

PROGRAMME = "sekaps"
HELP = _("Make a country of the real one's size in an empty database: forms, chains, signatures, planted gaps.")
LARGEST_SCALE = 3.0
STAGES = {
    FORMS: text("forms"),
    CONTENTS: text("digests of what is signed"),
    SIGNATURES: text("signatures"),
}


def generate_country(
    scale: Annotated[
        float, typer.Option(min=0.0001, max=LARGEST_SCALE, help=_("Size of the country: 1 is the real one."))
    ] = 0.01,
    seed: Annotated[int, typer.Option(help=_("Seed of everything that is drawn."))] = 7,
    year: Annotated[int, typer.Option(help=_("The year of the edition it works in."))] = 2023,
    as_of: Annotated[
        str | None, typer.Option(metavar="DAY", help=_("The evening it stands on; otherwise when both windows closed."))
    ] = None,
    unsealed: Annotated[
        bool, typer.Option("--unsealed", help=_("Leave the evidence of signatures out, which takes most of the time."))
    ] = False,
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help=_("Write tables into a new folder, not into the database."))
    ] = None,
    as_format: Annotated[Format, typer.Option("--format", help=_("What the tables are written as."))] = Format.CSV,
    check: Annotated[
        bool, typer.Option("--check", help=_("Audit it afterwards: gaps, evidence and trail must be as planted."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Generate into the configured, empty database, and say what was made."""
    order = CountryOrder(scale, seed, None if as_of is None else read_day(as_of), sealed=not unsealed)
    planned = planned_year(settings().home, PROGRAMME, year)
    if to is None:
        made = _into_database(planned, order, check=check)
    else:
        with _bar() as told:
            made = generate_files(planned, order, to, as_format, told)
    _tell(made, planned.draft.programme, as_json=as_json)


def _into_database(planned: PlannedYear, order: CountryOrder, *, check: bool) -> Generated:
    with connected():
        pass
    migrate()
    with reading() as session:
        require_empty(session)
    with _bar() as told, transaction() as session:
        made = generate(session, planned, order, told)
    analyse()
    with reading() as session:
        require_as_planted(session, made, thoroughly=check and order.sealed)
    return made


@contextmanager
def _bar() -> Iterator[Told]:
    """Show the stage, how far it is, how fast, and how long it still takes; on a terminal only."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rate]}"),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks = {
            stage: progress.add_task(said(name), total=None, start=False, rate="") for stage, name in STAGES.items()
        }

        def told(stage: str, done: int, total: int) -> None:
            task = tasks[stage]
            progress.start_task(task)
            elapsed = progress.tasks[task].elapsed or 0.1
            rate = said(text("{rate} a second", rate=Count(done / max(elapsed, 0.1))))
            progress.update(task, completed=done, total=total, rate=rate)

        yield told


def _tell(made: Generated, programme: ProgrammeRules, *, as_json: bool) -> None:
    counts = {"organisations": made.organisations, "people": made.people, "documents": sum(made.documents.values())}
    counts |= {"signatures": made.signatures}
    if as_json:
        facts = {"year": made.year, "as_of": made.through.isoformat(), **counts, "unfinished": made.unfinished}
        print_json({**facts, "documents_by_kind": made.documents, "planted": made.planted})
        return
    told = text(
        "{organisations} organisations, {people} people, {documents} documents, {signatures} signatures",
        **counted(counts),
    )
    typer.echo(said(told))
    _print_planted(made, programme)


def _print_planted(made: Generated, programme: ProgrammeRules) -> None:
    listed = table(_("Planted gaps"), _("what"), _("cause"), _("documents"))
    for kind, causes in made.planted.items():
        for cause, count in causes.items():
            listed.add_row(said(programme.documents[kind].name), said(Cause(cause).meaning), said(Count(count)))
    console().print(listed)
    if made.unfinished:
        typer.echo(said(text("{count} documents wait in windows that are still open", count=Count(made.unfinished))))
