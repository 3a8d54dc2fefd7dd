"""The cascade's verbs: propose a stage, settle a stage, move what is left to central planning."""

from prefect import task

from sekaps.domain.allocation import Stage
from sekaps.services import allocations
from sekaps.services.phases import lock_phase
from sekaps.tasks.ticks import Tick, writing


@task(task_run_name="propose {stage} allocations")
def propose(tick: Tick, stage: Stage) -> allocations.Proposal:
    """Propose the stage's allocations for the signed needs it has not taken up yet."""
    with writing(tick) as (session, edition):
        lock_phase(session, edition, tick.phase)
        return allocations.propose(session, edition, stage, tick.as_of)


@task(task_run_name="settle {stage} allocations")
def settle(tick: Tick, stage: Stage) -> int:
    """Settle the stage once its window has passed: what was not decided lapses, what is unmet moves on."""
    with writing(tick) as (session, edition):
        lock_phase(session, edition, tick.phase)
        return allocations.settle(session, edition, stage, tick.as_of)


@task(task_run_name="move unreserved local resources to central planning")
def transfer_resources(tick: Tick) -> int:
    """Move the local resources that no local need reserved to central planning."""
    with writing(tick) as (session, edition):
        lock_phase(session, edition, tick.phase)
        return allocations.transfer_resources(session, edition, tick.as_of)
