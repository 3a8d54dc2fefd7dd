"""Opening and closing a phase, and saying so: each change is made once and told as an event once it is kept."""

from prefect import task
from prefect.events import emit_event

from sekaps.services import phases
from sekaps.tasks.ticks import Tick, phase_of, writing

OPENED, NEAR_END = "sekaps.phase.opened", "sekaps.phase.near-end"
CLOSED, CLOSED_WITH_GAPS = "sekaps.phase.closed", "sekaps.phase.closed-with-gaps"


@task(task_run_name="open {tick.phase}")
def open_phase(tick: Tick) -> Tick:
    """Open the phase when its first day has come, note when it nears its end, and return the tick to go on with."""
    with writing(tick) as (session, edition):
        phase = phase_of(edition, tick)
        opened = phases.open_when_due(session, edition, phase, tick.as_of)
        near_end = phases.mark_near_end(session, edition, phase, tick.as_of)
        window = edition.phase_window(phase)
    if opened:
        tell(tick, OPENED, opens=window.opens.isoformat(), closes=window.closes.isoformat())
    if near_end:
        tell(tick, NEAR_END, closes=window.closes.isoformat())
    return tick


@task(task_run_name="close {tick.phase}")
def close_when_due(tick: Tick, gaps: int) -> str:
    """Close the phase once its last day has passed, note that the tick is done, and return the phase's state."""
    with writing(tick) as (session, edition):
        closed = phases.close_when_due(session, edition, phase_of(edition, tick), tick.as_of, gaps)
        phases.note_tick(session, edition, tick.phase, tick.as_of)
        status = phases.phase_status(session, edition, tick.phase)
    if closed:
        tell(tick, CLOSED_WITH_GAPS if gaps else CLOSED, gaps=str(gaps))
    return status.state


def tell(tick: Tick, event: str, **facts: str) -> None:
    """Emit an event about the tick's phase; the database, not the event, is the record of it."""
    resource = {
        "prefect.resource.id": f"sekaps.phase.{tick.programme}.{tick.year}.{tick.phase}",
        "prefect.resource.name": tick.name,
    }
    emit_event(event=event, resource=resource, payload={"as_of": tick.day, **facts})
