"""Row 3: resource catalogs, determination forms and merged ledgers are made and signed."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.dashboard import PhaseReport, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind
from sekaps.tasks.signatures import audit_signatures


@flow(name="catalog_signing", flow_run_name=run_name)
def catalog_signing(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """Catalogs (3.a), determination forms (3.b) and merged ledgers (3.c) are signed (calendar row 3)."""
    tick = open_phase(tick_of("catalog_signing", edition, as_of))
    remind(tick)
    gaps = audit_signatures(tick)
    state = close_when_due(tick, gaps)
    return publish_progress(tick, state)
