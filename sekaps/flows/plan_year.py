"""The year begins: a programme's calendar is drafted from its published dates and rules, and published."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import PROGRAMME, run_name, tick_of
from sekaps.tasks.dashboard import publish_year
from sekaps.tasks.editions import publish_edition


@flow(name="plan_year", flow_run_name=run_name)
def plan_year(
    edition: int,
    as_of: datetime | None = None,
    programme: str = PROGRAMME,
    decided_by: str = "coordinator",
    *,
    synthetic: bool = False,
) -> int:
    """The year is published once, unless it breaks an invariant of its programme; returns the edition's id."""
    tick = tick_of("", edition, as_of, programme)
    edition_id = publish_edition(tick, decided_by, synthetic=synthetic)
    publish_year(tick)
    return edition_id
