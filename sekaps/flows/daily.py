"""Everything due on a day: the phases with work that day, the audit if one closed, legal terms, and the mail."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib import import_module

from prefect import flow

from sekaps.flows.phase import phase
from sekaps.flows.signature_gap_audit import signature_gap_audit
from sekaps.flows.ticks import PROGRAMME, run_name, tick_of
from sekaps.tasks.contracts import sweep_terms
from sekaps.tasks.dashboard import PhaseReport, publish_reminders, publish_year
from sekaps.tasks.editions import due_phases, phase_flow
from sekaps.tasks.outbox import deliver_outbox
from sekaps.tasks.ticks import Tick

OWN_FLOWS = "sekaps.flows."
"""A programme may name flows of this package only: nothing else from a file is ever imported."""


@flow(name="daily", flow_run_name=run_name)
def daily(edition: int, as_of: datetime | None = None, programme: str = PROGRAMME) -> list[PhaseReport]:
    """Each phase with something due is ticked, in the calendar's order; missed days are made up for."""
    tick = tick_of("", edition, as_of, programme)
    reports = [flow_of(tick, code)(edition, tick.as_of) for code in due_phases(tick)]
    if any(report.closed_today for report in reports):
        signature_gap_audit(edition, tick.as_of, programme)
    sweep_terms(tick)
    try:
        deliver_outbox(tick.as_of)
    finally:
        publish_reminders(tick)
        publish_year(tick)
    return reports


def flow_of(tick: Tick, code: str) -> Callable[[int, datetime], PhaseReport]:
    """Return the flow that runs a phase: the one its programme names, or the one that suits every phase."""
    named = phase_flow(tick, code)
    if named is None or not named.startswith(OWN_FLOWS):
        return partial(phase, programme=tick.programme, code=code)
    module, _, name = named.rpartition(".")
    found: Callable[[int, datetime], PhaseReport] = getattr(import_module(module), name)
    return found
