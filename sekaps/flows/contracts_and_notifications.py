"""Row 7: contracts are concluded with resource holders, obligation decisions are served."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import run_name, tick_of
from sekaps.tasks.contracts import prepare_notices, prepare_protocols, sweep_terms
from sekaps.tasks.dashboard import PhaseReport, count_unrecorded, publish_contracts, publish_progress
from sekaps.tasks.phases import close_when_due, open_phase
from sekaps.tasks.reminders import remind


@flow(name="contracts_and_notifications", flow_run_name=run_name)
def contracts_and_notifications(edition: int, as_of: datetime | None = None) -> PhaseReport:
    """Contracts (7.a) and notices (7.b, 7.c) are recorded until March of the next year (calendar row 7)."""
    tick = open_phase(tick_of("contracts_and_notifications", edition, as_of))
    prepare_protocols(tick)
    prepare_notices(tick)
    sweep_terms(tick)
    remind(tick)
    unrecorded = count_unrecorded(tick)
    state = close_when_due(tick, unrecorded)
    publish_contracts(tick)
    return publish_progress(tick, state)
