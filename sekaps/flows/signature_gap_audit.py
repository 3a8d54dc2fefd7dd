"""Every night: which signature chains are incomplete, where they wait, since when and why; and the observatory."""

from datetime import datetime

from prefect import flow

from sekaps.flows.ticks import PROGRAMME, run_name, tick_of
from sekaps.tasks.dashboard import publish_gaps, publish_observatory
from sekaps.tasks.evidence import sign_trail_root, verify_evidence


@flow(name="signature_gap_audit", flow_run_name=run_name)
def signature_gap_audit(edition: int, as_of: datetime | None = None, programme: str = PROGRAMME) -> int:
    """Every incomplete chain is listed with its cause; returns how many there are. Signatures are verified again."""
    tick = tick_of("", edition, as_of, programme)
    sign_trail_root(tick)
    evidence = verify_evidence(tick)
    publish_observatory(tick)
    return publish_gaps(tick, evidence)
