"""A year played with a virtual clock: the demo country acts, and the real flows run on every day something is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from prefect import flow

from sekaps.calendar.instants import at
from sekaps.database import reading
from sekaps.flows.daily import daily
from sekaps.flows.plan_year import plan_year
from sekaps.flows.ticks import PROGRAMME
from sekaps.services.editions import load_edition
from sekaps.services.phases import phase_days
from sekaps.services.rehearsals import Cast
from sekaps.tasks.dashboard import PhaseReport
from sekaps.tasks.rehearsal import act_until, make_country
from sekaps.tasks.ticks import Tick

DECIDED_BY = "rehearsal"


@dataclass(frozen=True, slots=True)
class Stop:
    """A day the rehearsal stopped at: which of how many, and what its ticks reported."""

    day: date
    place: int
    of: int
    reports: list[PhaseReport]


def play(edition: int, cast: Cast, programme: str = PROGRAMME) -> Iterator[Stop]:
    """Play the year and yield each day that was played; a year already begun goes on where it was."""
    begins = at(date(edition, 1, 1))
    plan_year(edition, begins, programme, DECIDED_BY, synthetic=True)
    make_country(Tick(programme, edition, begins), cast)
    days = stops(programme, edition)
    for place, day in enumerate(days, start=1):
        tick = Tick(programme, edition, at(day))
        act_until(tick, cast)
        yield Stop(day, place, len(days), daily(edition, tick.as_of, programme))


def stops(programme: str, year: int) -> list[date]:
    """Return every day of an edition on which something falls due."""
    with reading() as session:
        edition = load_edition(session, programme, year)
    return sorted({day for phase in edition.programme.phases for day in phase_days(edition, phase)})


@flow(name="rehearsal", flow_run_name="rehearsal {edition}")
def rehearsal(edition: int, scale: float = 0.01, seed: int = 7, programme: str = PROGRAMME) -> int:
    """The whole year is played in this run; returns how many days it stopped at."""
    return sum(1 for _ in play(edition, Cast(scale, seed), programme))
