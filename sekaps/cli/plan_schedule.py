"""``sekaps plan schedule``: the days on which a year runs by itself, shown and made on the Prefect server."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from sekaps import clock
from sekaps.cli.asking import AsJson, Programme, Year, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.prefect_server import prepare
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.domain.schedules import MORNING, NIGHT, Timetable
from sekaps.errors.systems import SchedulesNotMade
from sekaps.reports.plan_pages import month_of_year, months
from sekaps.services.editions import load_edition
from sekaps.services.timetables import edition_timetable
from sekaps.settings import settings
from sekaps.texts import text

if TYPE_CHECKING:
    from sekaps.tasks.schedules import MadeSchedule

HELP = _("Show the days on which the year runs by itself, and bring Prefect's schedules to them.")


def schedule(year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """Show what lies ahead of the year and make its schedules; fail when they cannot be made."""
    require_database()
    ahead = _ahead(programme, year)
    if ahead is None:
        _say_rehearsed(year)
        return
    if as_json:
        print_json(_as_json(programme, year, ahead))
        _make(programme, year, ahead)
        return
    print_timetable(ahead)
    _say_made(_make(programme, year, ahead))


def follow_schedule(programme: str, year: int, *, show: bool = True) -> None:
    """Bring the schedules to what was just decided and show them; where they cannot be made, say so in one line."""
    ahead = _ahead(programme, year)
    if ahead is None:
        return
    if show:
        print_timetable(ahead)
    try:
        _say_made(_make(programme, year, ahead), aside=not show)
    except SchedulesNotMade as failure:
        typer.echo(said(failure), err=True)


def print_timetable(ahead: Timetable) -> None:
    """Print the mornings that lie ahead, month by month, and the nights of the audit."""
    if not ahead.mornings:
        typer.echo(said(text("nothing lies ahead of this year")))
        return
    listed = table(_("Days on which the year runs by itself"), _("month"), _("days"), _("hour"))
    for first, days in months(ahead.mornings):
        listed.add_row(month_of_year(first, current()), days, f"{MORNING:%H:%M}")
    console().print(listed)
    if ahead.nights is not None:
        facts = {"hour": f"{NIGHT:%H:%M}", "opens": ahead.nights.opens, "closes": ahead.nights.closes}
        typer.echo(said(text("signature gaps are audited every night at {hour}, {opens} – {closes}", **facts)))


def _ahead(programme: str, year: int) -> Timetable | None:
    """Return what lies ahead of a real year; a rehearsed one plays its days itself."""
    with reading() as session:
        edition = load_edition(session, programme, year)
        return None if edition.synthetic else edition_timetable(session, edition, clock.now())


def _make(programme: str, year: int, ahead: Timetable) -> "list[MadeSchedule]":
    """Make the schedules; importing Prefect takes seconds, so that only a configured server is paid for."""
    if not os.environ.get("PREFECT_API_URL"):
        raise SchedulesNotMade(programme=programme, year=year, reason=text("PREFECT_API_URL is not set"))
    prepare(settings().prefect_home)
    from sekaps.tasks.schedules import make_schedules

    return make_schedules(programme, year, ahead)


def _say_made(made: "Sequence[MadeSchedule]", *, aside: bool = False) -> None:
    named = [f"{one.deployment} ({one.slug})" for one in made]
    if named:
        typer.echo(said(text("schedules on the Prefect server: {schedules}", schedules=named)), err=aside)
    else:
        typer.echo(said(text("the Prefect server has no schedule of this year any more")), err=aside)


def _say_rehearsed(year: int) -> None:
    typer.echo(said(text("{year} is a rehearsed year: its days are played, nothing is scheduled", year=year)))


def _as_json(programme: str, year: int, ahead: Timetable) -> dict[str, Any]:
    nights = ahead.nights
    return {
        "programme": programme,
        "year": year,
        "due_days": [day.isoformat() for day in ahead.mornings],
        "hour": f"{MORNING:%H:%M}",
        "nights": None if nights is None else {"from": nights.opens.isoformat(), "until": nights.closes.isoformat()},
        "night_hour": f"{NIGHT:%H:%M}",
    }
