"""Row 5, step 5.1: the district commission meets local needs of military units."""

from datetime import datetime

from prefect import flow

from sekaps.domain.allocation import Stage
from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.allocations import propose, settle
from sekaps.tasks.dashboard import PhaseReport, count_undecided, publish_coverage, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind


@flow(name="district_allocation", flow_run_name=run_name)
def district_allocation(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """District commissions decide what the district's resources meet; the rest passes to the province (step 5.1)."""
    tick = open_phase(tick_of("district_allocation", edition, as_of))
    propose(tick, Stage.DISTRICT)
    remind(tick)
    undecided = count_undecided(tick)
    settle(tick, Stage.DISTRICT)
    state = close_when_due(tick, undecided)
    publish_coverage(tick)
    return publish_progress(tick, state)
