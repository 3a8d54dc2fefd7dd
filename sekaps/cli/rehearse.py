"""``sekaps rehearse``: a whole year played with a virtual clock through the real flows."""

import shutil
from contextlib import ExitStack
from typing import Annotated

import typer

from sekaps.calendar.instants import at
from sekaps.cli.asking import AsJson
from sekaps.cli.language import _, said
from sekaps.cli.prefect_server import prefect_api
from sekaps.cli.rehearsal_progress import YearBar
from sekaps.cli.report import show_report
from sekaps.database import connected, empty, migrate, reading
from sekaps.demo.post_office import post_office
from sekaps.demo.year_plan import plan_gaps
from sekaps.errors.editions import AuditMismatch, ConservationBroken
from sekaps.services.allocation_proof import prove_allocations
from sekaps.services.editions import find_edition, load_edition
from sekaps.services.gaps import find_gaps
from sekaps.services.phases import last_due_day
from sekaps.services.rehearsals import Cast, begun, require_playable
from sekaps.settings import relay_at, settings
from sekaps.texts import Count, text

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
    _compare_with_planted(year, cast)
    _prove_allocation(year)
    if not as_json:
        _say_where_next()


def _compare_with_planted(year: int, cast: Cast) -> None:
    """Raise when the audit's gaps are not exactly the ones the demo planted: then one of the two is wrong."""
    with reading() as session:
        edition = load_edition(session, PROGRAMME, year)
        plan = plan_gaps(session, edition, scale=cast.scale, seed=cast.seed)
        planted = {(gap.document_number, gap.slot, gap.cause) for gap in plan}
        found = {(gap.document, gap.slot, gap.cause) for gap in find_gaps(session, edition, at(last_due_day(edition)))}
    if planted != found:
        raise AuditMismatch(planted=len(planted), found=len(found), first=min(str(one) for one in planted ^ found))
    told = text("the audit found exactly the {count} gaps that were planted", count=Count(len(planted)))
    typer.echo(said(told), err=True)


def _prove_allocation(year: int) -> None:
    """Raise when a row of the year's allocation breaks a law: then what was played is not to be shown to anybody."""
    with reading() as session:
        edition = load_edition(session, PROGRAMME, year)
        proof = prove_allocations(session, edition, at(last_due_day(edition)))
    if proof.violations:
        first = proof.violations[0]
        raise ConservationBroken(count=len(proof.violations), row=first.row, law=first.law.meaning)
    typer.echo(said(text("{lines} allocation lines proved; none breaks a law", lines=Count(proof.lines))), err=True)


def _say_where_next() -> None:
    home = settings().home
    typer.echo(said(text("mail: {folder}; dashboard: make ui (or sekaps ui)", folder=home / "mail")))


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
        bar = stack.enter_context(YearBar())
        from prefect.settings import (
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW,
            temporary_settings,
        )

        from sekaps.flows.rehearsal import play  # importing Prefect takes seconds; only this verb pays

        quiet = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW: "ignore"}
        stack.enter_context(temporary_settings(quiet))  # people act outside of any flow, whatever Prefect thinks of it
        for stop in play(year, cast):
            bar.show(stop)
