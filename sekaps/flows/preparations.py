"""Row 2: units that will state needs in special modules are chosen and authorised."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.dashboard import PhaseReport, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind
from sekaps.tasks.signatures import audit_signatures


@flow(name="preparations", flow_run_name=run_name)
def preparations(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """Preparations are recorded and signed in January, before needs entry opens (calendar row 2)."""
    tick = open_phase(tick_of("preparations", edition, as_of))
    remind(tick)
    gaps = audit_signatures(tick)
    state = close_when_due(tick, gaps)
    return publish_progress(tick, state)
