"""What is due in a published edition, and which flow does it."""

from prefect import task

from sekaps.errors.editions import PhaseUnknown
from sekaps.services import phases
from sekaps.tasks.ticks import Tick, consulting


@task(task_run_name="what is due")
def due_phases(tick: Tick) -> list[str]:
    """Return the phases with work due that no tick has come to yet."""
    with consulting(tick) as (session, edition):
        return phases.due_phases(session, edition, tick.as_of)


def phase_flow(tick: Tick, code: str) -> str | None:
    """Return the flow that the edition's own programme names for a phase; raise PhaseUnknown."""
    with consulting(tick) as (_, edition):
        known = {phase.code: phase.flow for phase in edition.programme.phases}
    if code not in known:
        raise PhaseUnknown(asked=code, known=list(known))
    return known[code]
