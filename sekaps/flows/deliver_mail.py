"""What waits in the outbox goes out: corrections written between due days, and messages the relay put off."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import PROGRAMME, run_name, tick_of
from sekaps.tasks.outbox import deliver_outbox


@flow(name="deliver_mail", flow_run_name=run_name)
def deliver_mail(edition: int, as_of: datetime | None = None, programme: str = PROGRAMME) -> int:
    """Every message due is handed over to the relay; returns how many it took."""
    return deliver_outbox(tick_of("", edition, as_of, programme).as_of).sent
