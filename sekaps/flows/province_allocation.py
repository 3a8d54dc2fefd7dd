"""Row 5, steps 5.2 and 5.3: province commissions and governors allocate the province's resources."""

from datetime import datetime

from prefect import flow

from sekaps.domain.allocation import Stage
from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.allocations import propose, settle
from sekaps.tasks.dashboard import PhaseReport, count_undecided, publish_coverage, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind


@flow(name="province_allocation", flow_run_name=run_name)
def province_allocation(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """The province commission serves military units first (5.2), the governor institutions and the public (5.3)."""
    tick = open_phase(tick_of("province_allocation", edition, as_of))
    propose(tick, Stage.PROVINCE)
    propose(tick, Stage.GOVERNOR)
    remind(tick)
    undecided = count_undecided(tick)
    settle(tick, Stage.PROVINCE)
    settle(tick, Stage.GOVERNOR)
    state = close_when_due(tick, undecided)
    publish_coverage(tick)
    return publish_progress(tick, state)
