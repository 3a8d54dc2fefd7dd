"""Acting out a rehearsal: the demo country is made once, its people act up to an instant, each act once."""

from datetime import timedelta

from prefect import task

from sekaps.calendar.instants import at, local_day
from sekaps.demo.acting import ActCounts, act_out
from sekaps.demo.country import build_country
from sekaps.keyring import keyring
from sekaps.services import outbox, rehearsals
from sekaps.services.rehearsals import Cast
from sekaps.tasks.ticks import Tick, writing


@task(task_run_name="make the demo country")
def make_country(tick: Tick, cast: Cast) -> bool:
    """Make the demo country unless it stands already; return whether this call made it."""
    with writing(tick) as (session, edition):
        rehearsals.require_playable(session, tick.year)
        if rehearsals.begun(session, edition.id, cast):
            outbox.release_all(session, edition.id)  # an earlier run that was killed delivers nothing any more
            return False
        build_country(session, edition.id, edition.windows, scale=cast.scale, seed=cast.seed, created_at=tick.as_of)
        rehearsals.begin(session, edition.id, cast)
        return True


@task(task_run_name="people act until {tick.day}")
def act_until(tick: Tick, cast: Cast) -> ActCounts:
    """Let the people act on every day before the tick's own that they have not acted on yet."""
    through = local_day(tick.as_of) - timedelta(days=1)
    with writing(tick) as (session, edition):
        acted = rehearsals.acted_through(session, edition.id)
        after = local_day(acted) if acted else None
        if after is not None and after >= through:
            return ActCounts()
        counts = act_out(session, edition, after, through, scale=cast.scale, seed=cast.seed, seals=keyring())
        rehearsals.note_acted(session, edition.id, at(through))
        return counts
