"""``sekaps tick``: everything due on a day, at once; what the schedule does every morning."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sekaps.cli.asking import AsOf, Programme, Year, instant_of, require_database
from sekaps.cli.language import _, said
from sekaps.cli.prefect_server import prefect_api
from sekaps.database import reading
from sekaps.reports.words import STATES
from sekaps.services.editions import load_edition
from sekaps.settings import settings
from sekaps.texts import text

if TYPE_CHECKING:
    from sekaps.tasks.dashboard import PhaseReport

HELP = _("Do everything due on a day, as the schedule does every morning; doing it twice changes nothing.")


def tick(
    year: Year,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    phase: Annotated[str | None, typer.Option(help=_("Only this phase, such as needs_entry."))] = None,
) -> None:
    """Run the daily flow, or one phase's flow, for a day."""
    require_database()
    reports = _run(programme, year, instant_of(as_of), phase)
    with reading() as session:
        phases = load_edition(session, programme, year).programme
    for report in reports:
        done, owed = sum(step.done for step in report.steps), sum(step.total for step in report.steps)
        facts = {"phase": phases.phase(report.phase).name, "state": STATES[report.state], "done": done, "owed": owed}
        typer.echo(said(text("{phase}: {state}, {done} of {owed} done", **facts)))
    if not reports:
        typer.echo(said(text("nothing is due")))


def _run(programme: str, year: int, as_of: datetime, phase: str | None) -> "list[PhaseReport]":
    """Run the flows; importing Prefect takes seconds, and only this verb pays."""
    with prefect_api(settings().prefect_home):
        from sekaps.flows.daily import daily, flow_of
        from sekaps.tasks.ticks import Tick

        if phase is None:
            return daily(year, as_of, programme)
        return [flow_of(Tick(programme, year, as_of), phase)(year, as_of)]
