"""Every night: which signature chains are incomplete, where they wait, since when and why."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import PROGRAMME, run_name, tick_of
from sekaps.tasks.dashboard import publish_gaps


@flow(name="signature_gap_audit", flow_run_name=run_name)
def signature_gap_audit(edition: int, as_of: datetime | None = None, programme: str = PROGRAMME) -> int:
    """Every incomplete chain is listed with its cause; returns how many there are."""
    return publish_gaps(tick_of("", edition, as_of, programme))
