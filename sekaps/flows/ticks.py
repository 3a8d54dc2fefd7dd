"""What every flow of a programme shares: the instant it stands for, and the name its run goes by."""

from datetime import UTC, datetime

from prefect.runtime import flow_run

from sekaps import clock
from sekaps.calendar.instants import local_day
from sekaps.tasks.ticks import Tick

PROGRAMME = "sekaps"
"""Programme of the flows in this package that act on documents of their own."""


def tick_of(phase: str, edition: int, as_of: datetime | None, programme: str = PROGRAMME) -> Tick:
    """Return the tick a run stands for: the instant asked for, else the one it was scheduled for."""
    return Tick(programme=programme, year=edition, as_of=instant(as_of), phase=phase)


def instant(as_of: datetime | None) -> datetime:
    """Return the instant in UTC: as asked, else when the run was scheduled, else now."""
    found = as_of or flow_run.scheduled_start_time or clock.now()
    return datetime.fromisoformat(found.isoformat()).astimezone(UTC)


def run_name() -> str:
    """Return the name of a run: what runs, for which year, as of which day (needs_entry 2023 · 2023-04-14)."""
    asked = flow_run.parameters
    as_of = asked.get("as_of")
    when = instant(datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of)
    return f"{flow_run.flow_name} {asked['edition']} · {local_day(when).isoformat()}"
