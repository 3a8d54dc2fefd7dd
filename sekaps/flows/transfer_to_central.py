"""Row 6: what the provinces neither reserved nor could meet moves to central planning."""

from datetime import datetime

from prefect import flow

from sekaps.domain.allocation import Stage
from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.allocations import propose, settle, transfer_resources
from sekaps.tasks.dashboard import PhaseReport, count_undecided, publish_coverage, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind


@flow(name="transfer_to_central", flow_run_name=run_name)
def transfer_to_central(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """Unreserved local resources move by themselves; ministries meet the transferred needs from them (row 6)."""
    tick = open_phase(tick_of("transfer_to_central", edition, as_of))
    transfer_resources(tick)
    propose(tick, Stage.TRANSFERRED)
    remind(tick)
    undecided = count_undecided(tick)
    settle(tick, Stage.TRANSFERRED)
    state = close_when_due(tick, undecided)
    publish_coverage(tick)
    return publish_progress(tick, state)
