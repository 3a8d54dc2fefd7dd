"""Row 5, steps 5.a and 5.b: ministries allocate central resources, the ministry of defence approves."""

from datetime import datetime

from prefect import flow

from sekaps.domain.allocation import Stage
from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.allocations import propose, settle
from sekaps.tasks.dashboard import PhaseReport, count_undecided, publish_coverage, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind


@flow(name="central_allocation", flow_run_name=run_name)
def central_allocation(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """Resource-owner ministries meet central needs; allocations to military units await approval (5.a, 5.b)."""
    tick = open_phase(tick_of("central_allocation", edition, as_of))
    propose(tick, Stage.CENTRAL)
    remind(tick)
    undecided = count_undecided(tick)
    settle(tick, Stage.CENTRAL)
    state = close_when_due(tick, undecided)
    publish_coverage(tick)
    return publish_progress(tick, state)
