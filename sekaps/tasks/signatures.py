"""The audit of a phase's signatures: how many chains are incomplete now."""

from prefect import task

from sekaps.services.gaps import count_open
from sekaps.tasks.ticks import Tick, consulting, phase_of


@task(task_run_name="audit signatures of {tick.phase}")
def audit_signatures(tick: Tick) -> int:
    """Return how many documents of the phase wait for a signature at the tick's instant."""
    with consulting(tick) as (session, edition):
        phase = phase_of(edition, tick)
        steps = {step.key for step in edition.steps(phase)}
        counts = count_open(session, edition, tick.as_of)
    return sum(n for (activity, step, _), n in counts.items() if activity == phase.activity and step in steps)
