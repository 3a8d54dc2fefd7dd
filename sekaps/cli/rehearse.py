"""``sekaps rehearse``: a whole year played with a virtual clock through the real flows."""

import shutil
import sys
from contextlib import ExitStack
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sekaps.cli.asking import AsJson
from sekaps.cli.language import _, said
from sekaps.cli.prefect_server import prefect_api
from sekaps.cli.report import show_report
from sekaps.database import connected, empty, migrate, reading
from sekaps.demo.post_office import post_office
from sekaps.services.editions import find_edition
from sekaps.services.rehearsals import Cast, begun, require_playable
from sekaps.settings import relay_at, settings

PROGRAMME = "sekaps"
HELP = _("Play a whole year with the demo country and a virtual clock; ends with its report.")


def rehearse(
    year: Annotated[int, typer.Option(help=_("The year to play."))] = 2023,
    scale: Annotated[
        float, typer.Option(min=0.0001, max=1.0, help=_("Size of the country: 1 is the real one."))
    ] = 0.01,
    seed: Annotated[int, typer.Option(help=_("Seed of everything that is drawn."))] = 7,
    fresh: Annotated[bool, typer.Option("--fresh", help=_("Start again: forget the rehearsal played here."))] = False,
    as_json: AsJson = False,
) -> None:
    """Play the year, going on where an earlier run of the same rehearsal stopped, and show its report."""
    cast = Cast(scale, seed)
    _prepare(year, cast, fresh=fresh)
    _play(year, cast)
    show_report(PROGRAMME, year, as_json=as_json)


def _prepare(year: int, cast: Cast, *, fresh: bool) -> None:
    with connected():
        pass
    migrate()
    with reading() as session:
        require_playable(session, None if fresh else year)
        held = None if fresh else find_edition(session, PROGRAMME, year)
        if held is not None:
            begun(session, held.id, cast)
    if fresh:
        empty()
        shutil.rmtree(settings().home / "mail", ignore_errors=True)


def _play(year: int, cast: Cast) -> None:
    with ExitStack() as stack:
        stack.enter_context(prefect_api(settings().prefect_home))
        office = stack.enter_context(post_office(settings().home / "mail"))
        stack.enter_context(relay_at(office.port))
        progress = stack.enter_context(_progress())
        bar = progress.add_task(_("starting"), total=None)
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

        from sekaps.flows.rehearsal import play  # importing Prefect takes seconds; only this verb pays

        stack.enter_context(temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}))
        for stop in play(year, cast):
            progress.update(bar, total=stop.of, completed=stop.place, description=said(stop.day))


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(file=sys.stderr))
