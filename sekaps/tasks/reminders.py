"""Reminding: everything a person has open is gathered once, and one digest a day says so."""

from prefect import task
from sqlalchemy.orm import Session

from sekaps.domain.reminders import OpenWork
from sekaps.models.programmes import WHOLE_ROW
from sekaps.services.decision_work import open_decisions, open_records
from sekaps.services.editions import EditionView
from sekaps.services.open_work import open_documents
from sekaps.services.reminders import DigestCounts, claim_digests
from sekaps.tasks.ticks import Tick, phase_of, writing


@task(task_run_name="remind of {tick.phase}")
def remind(tick: Tick) -> DigestCounts:
    """Write the digests of everyone whom a rung of this phase is due for; who was told today is not told again."""
    with writing(tick) as (session, edition):
        phase = phase_of(edition, tick)
        steps = {(phase.activity, step.key) for step in edition.steps(phase)} or {(phase.activity, WHOLE_ROW)}
        return claim_digests(session, edition, open_work(session, edition, tick), tick.as_of, steps=steps)


def open_work(session: Session, edition: EditionView, tick: Tick) -> list[OpenWork]:
    """Return all open work of the edition, whatever its kind."""
    return [
        *open_documents(session, edition.id, tick.as_of),
        *open_decisions(session, edition, tick.as_of),
        *open_records(session, edition, tick.as_of),
    ]
