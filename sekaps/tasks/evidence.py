"""The evidence of an edition every night: signatures verified again, and the root of the audit trail signed."""

from dataclasses import replace

from prefect import task

from sekaps.calendar.instants import local_day
from sekaps.database import reading, transaction
from sekaps.domain.evidence import EvidenceCount
from sekaps.keyring import keyring
from sekaps.services.evidence_nights import check_night, keep_night, plan_night
from sekaps.services.trail_roots import keep_root, next_root
from sekaps.tasks.ticks import Tick, consulting


@task(task_run_name="verify evidence")
def verify_evidence(tick: Tick) -> EvidenceCount:
    """Verify what is new, doubtful or has its turn tonight, and return what was found and since when the rest holds."""
    trust = keyring().trust(tick.as_of)
    with consulting(tick) as (session, edition):
        night = plan_night(session, edition.id, trust, local_day(tick.as_of))
        found = check_night(session, edition.id, trust, night)
    with transaction() as session:
        return replace(found, oldest=keep_night(session, edition.id, night, found, tick.as_of))


@task(task_run_name="sign the trail's root of {tick.day}")
def sign_trail_root(tick: Tick) -> bool:
    """Sign and keep the root over all acts since the last one; return whether this call did, once a day."""
    with reading() as session:
        root = next_root(session, local_day(tick.as_of))
    if root is None:
        return False
    keys = keyring()
    with transaction() as session:
        keep_root(session, root, keys.own(tick.as_of), keys.timestamper(tick.as_of), tick.as_of)
    return True
