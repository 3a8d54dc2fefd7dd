"""Reminding: everything a person has open is gathered once, and one digest a day says so."""

from prefect import task

from sekaps.models.programmes import WHOLE_ROW
from sekaps.services.edition_work import open_work
from sekaps.services.reminders import DigestCounts, claim_digests
from sekaps.tasks.ticks import Tick, phase_of, writing


@task(task_run_name="remind of {tick.phase}")
def remind(tick: Tick) -> DigestCounts:
    """Write the digests of everyone whom a rung of this phase is due for; who was told today is not told again."""
    with writing(tick) as (session, edition):
        phase = phase_of(edition, tick)
        steps = {(phase.activity, step.key) for step in edition.steps(phase)} or {(phase.activity, WHOLE_ROW)}
        return claim_digests(session, edition, open_work(session, edition, tick.as_of), tick.as_of, steps=steps)
