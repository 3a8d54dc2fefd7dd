"""Row 1: ministries with needs and ministries owning resources agree on framework protocols."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.contracts import conclude_framework_protocols
from sekaps.tasks.dashboard import PhaseReport, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind
from sekaps.tasks.signatures import audit_signatures


@flow(name="framework_protocols", flow_run_name=run_name)
def framework_protocols(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """Framework protocols are concluded or updated nearly all year (calendar row 1)."""
    tick = open_phase(tick_of("framework_protocols", edition, as_of))
    conclude_framework_protocols(tick)
    remind(tick)
    gaps = audit_signatures(tick)
    state = close_when_due(tick, gaps)
    return publish_progress(tick, state)
