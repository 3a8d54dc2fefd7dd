"""What follows from allocations: detail protocols to conclude and notices to serve, prepared once each."""

from prefect import task

from sekaps.services import contracts
from sekaps.services.phases import lock_phase
from sekaps.tasks.ticks import Tick, writing


@task(task_run_name="conclude framework protocols")
def conclude_framework_protocols(tick: Tick) -> int:
    """Record the framework protocols that both ministries have signed as concluded."""
    with writing(tick) as (session, edition):
        return contracts.conclude_framework_protocols(session, edition, tick.as_of)


@task(task_run_name="prepare detail protocols")
def prepare_protocols(tick: Tick) -> int:
    """Prepare a detail protocol for each allocation that needs one."""
    with writing(tick) as (session, edition):
        lock_phase(session, edition, tick.phase)
        return contracts.prepare_protocols(session, edition, tick.as_of)


@task(task_run_name="prepare notices")
def prepare_notices(tick: Tick) -> int:
    """Prepare a notice for each obligation a commission decided."""
    with writing(tick) as (session, edition):
        lock_phase(session, edition, tick.phase)
        return contracts.prepare_notices(session, edition, tick.as_of)
