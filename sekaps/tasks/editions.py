"""Publishing an edition from a programme and its year."""

from prefect import task

from sekaps.calendar.editions import draft
from sekaps.database import transaction
from sekaps.errors.editions import PhaseUnknown
from sekaps.services import editions, phases
from sekaps.services.imported_calendars import text_with_imports
from sekaps.services.programmes import days_of_edition, parsed
from sekaps.settings import settings
from sekaps.tasks.ticks import Tick, consulting


@task(task_run_name="publish {tick.programme} {tick.year}")
def publish_edition(tick: Tick, decided_by: str, *, synthetic: bool = False) -> int:
    """Publish the year if it was not published yet, and return the edition's id."""
    written, days = text_with_imports(settings().home, tick.programme), days_of_edition(tick.year)
    planned = draft(parsed(written, tick.programme), tick.year, days)
    with transaction() as session:
        return editions.publish(
            session,
            planned,
            written,
            days,
            decided_by=decided_by,
            as_of=tick.as_of,
            synthetic=synthetic,
        )


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
