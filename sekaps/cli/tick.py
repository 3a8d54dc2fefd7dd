"""``sekaps tick``: everything due on a day, at once; what the schedule does every morning."""

from typing import Annotated

import typer

from sekaps.cli.asking import AsOf, Programme, Year, instant_of, require_database
from sekaps.cli.language import _, said
from sekaps.cli.prefect_server import prefect_api
from sekaps.reports.words import STATES
from sekaps.services.programmes import read_programme
from sekaps.settings import settings
from sekaps.texts import text

HELP = _("Do everything due on a day, as the schedule does every morning; doing it twice changes nothing.")


def tick(
    year: Year,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    phase: Annotated[str | None, typer.Option(help=_("Only this phase, such as needs_entry."))] = None,
) -> None:
    """Run the daily flow, or one phase's flow, for a day."""
    require_database()
    instant = instant_of(as_of)
    with prefect_api(settings().prefect_home):
        from sekaps.flows.daily import daily, flow_of  # importing Prefect takes seconds; only this verb pays

        reports = [flow_of(programme, phase)(year, instant)] if phase else daily(year, instant, programme)
    phases = read_programme(programme)
    for report in reports:
        done, owed = sum(step.done for step in report.steps), sum(step.total for step in report.steps)
        facts = {"phase": phases.phase(report.phase).name, "state": STATES[report.state], "done": done, "owed": owed}
        typer.echo(said(text("{phase}: {state}, {done} of {owed} done", **facts)))
    if not reports:
        typer.echo(said(text("nothing is due")))
