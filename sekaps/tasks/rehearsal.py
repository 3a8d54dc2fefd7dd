"""Acting out a rehearsal: the demo country is made once, its people act up to an instant, each act once."""

from dataclasses import dataclass
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from sekaps.calendar.instants import local_day
from sekaps.demo.acting import Acted, Outlook, act_on, day_begins, look_ahead
from sekaps.demo.country import build_country
from sekaps.keyring import keyring
from sekaps.services import outbox, rehearsals
from sekaps.services.rehearsals import Cast
from sekaps.tasks.ticks import Tick, consulting, writing

ACTS_AT_ONCE = 20_000
"""After so many acts the people pause, so that whoever watches hears of it."""


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


@dataclass(frozen=True, slots=True)
class Acting:
    """How far the people came: with how many acts, whether they are at the tick's day, and what lies ahead."""

    acts: int
    is_done: bool
    outlook: Outlook


@task(task_run_name="people act until {tick.day}", cache_policy=NO_CACHE)
def act_until(tick: Tick, cast: Cast) -> Acting:
    """Let the people go on with what they do before the tick's day, for so many acts; return how far they came.

    Each part is kept by itself, with the instant it came to: whoever is killed goes on from there.
    """
    until = day_begins(local_day(tick.as_of))
    acted = _act_on(tick, cast, until)
    acts = acted.acts
    while acted.through < until and acts < ACTS_AT_ONCE:
        acted = _act_on(tick, cast, until)
        acts += acted.acts
    with consulting(tick) as (session, edition):
        outlook = look_ahead(session, edition, acted.through, until, scale=cast.scale, seed=cast.seed)
    return Acting(acts, acted.through >= until, outlook)


def _act_on(tick: Tick, cast: Cast, until: datetime) -> Acted:
    with writing(tick) as (session, edition):
        since = rehearsals.acted_through(session, edition.id)
        if since is not None and since >= until:
            return Acted(since, 0)
        acted = act_on(session, edition, since, until, scale=cast.scale, seed=cast.seed, seals=keyring())
        rehearsals.note_acted(session, edition.id, acted.through)
        return acted
