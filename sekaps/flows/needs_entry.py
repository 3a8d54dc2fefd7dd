"""Row 4: institutions state their needs, provincial directorates those of the public by age group."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.dashboard import PhaseReport, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind
from sekaps.tasks.signatures import audit_signatures


@flow(name="needs_entry", flow_run_name=run_name)
def needs_entry(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """Needs are recorded and signed, ministry approval included (calendar row 4)."""
    tick = open_phase(tick_of("needs_entry", edition, as_of))
    remind(tick)
    gaps = audit_signatures(tick)
    state = close_when_due(tick, gaps)
    return publish_progress(tick, state)
