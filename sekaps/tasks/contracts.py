"""What follows from allocations: detail protocols to conclude, notices to serve, and the legal terms that run."""

from prefect import task

from sekaps.services import legal_terms, notices, protocols, term_letters
from sekaps.services.phases import lock_phase
from sekaps.tasks.ticks import Tick, writing


@task(task_run_name="conclude framework protocols")
def conclude_framework_protocols(tick: Tick) -> int:
    """Record the framework protocols that both ministries have signed as concluded."""
    with writing(tick) as (session, edition):
        return protocols.conclude_framework_protocols(session, edition, tick.as_of)


@task(task_run_name="prepare detail protocols")
def prepare_protocols(tick: Tick) -> int:
    """Prepare a detail protocol for each allocation that needs one."""
    with writing(tick) as (session, edition):
        lock_phase(session, edition, tick.phase)
        return protocols.prepare_protocols(session, edition, tick.as_of)


@task(task_run_name="prepare notices")
def prepare_notices(tick: Tick) -> int:
    """Prepare a notice for each obligation a commission decided."""
    with writing(tick) as (session, edition):
        lock_phase(session, edition, tick.phase)
        return notices.prepare_notices(session, edition, tick.as_of)


@task(task_run_name="lapse legal terms")
def sweep_terms(tick: Tick) -> int:
    """Lapse the legal terms whose last moment has passed, write to those who must act, and return how many lapsed."""
    with writing(tick) as (session, edition):
        swept = legal_terms.sweep_terms(session, edition, tick.as_of)
        term_letters.remind_terms(session, edition, tick.as_of)
    return swept.lapsed
