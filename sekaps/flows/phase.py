"""A phase of any programme whose work is documents signed inside a window; for phases without a flow of their own."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.dashboard import PhaseReport, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind
from sekaps.tasks.signatures import audit_signatures


@flow(name="phase", flow_run_name=run_name)
def phase(edition: int, as_of: datetime | None = None, *, programme: str, code: str) -> PhaseReport:
    """The phase's documents are signed between its first and its last day."""
    tick = open_phase(tick_of(code, edition, as_of, programme))
    remind(tick)
    gaps = audit_signatures(tick)
    state = close_when_due(tick, gaps)
    return publish_progress(tick, state)
