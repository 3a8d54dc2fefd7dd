"""Between due days: legal terms that end are told of, and what waits in the outbox goes out."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import PROGRAMME, run_name, tick_of
from sekaps.tasks.contracts import sweep_terms
from sekaps.tasks.dashboard import publish_reminders
from sekaps.tasks.outbox import deliver_outbox


@flow(name="deliver_mail", flow_run_name=run_name)
def deliver_mail(edition: int, as_of: datetime | None = None, programme: str = PROGRAMME) -> int:
    """Terms of hours and days need letters between due days; every message due is handed over; returns how many."""
    tick = tick_of("", edition, as_of, programme)
    sweep_terms(tick)
    try:
        return deliver_outbox(tick.as_of).sent
    finally:
        publish_reminders(tick)
