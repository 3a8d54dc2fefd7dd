"""A year played with a virtual clock: the demo country acts, and the real flows run on every day something is due."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from prefect import flow

from sekaps.calendar.instants import at
from sekaps.database import reading
from sekaps.demo.acting import Outlook
from sekaps.flows.daily import daily
from sekaps.flows.plan_year import plan_year
from sekaps.flows.ticks import PROGRAMME
from sekaps.services.editions import load_edition
from sekaps.services.gates import extension_terms
from sekaps.services.phases import extension_days, phase_days
from sekaps.services.rehearsals import Cast
from sekaps.tasks.dashboard import PhaseReport
from sekaps.tasks.rehearsal import act_until, make_country
from sekaps.tasks.ticks import Tick

PROPOSED_BY, DECIDED_BY = "Deniz Akgün (prova)", "Umut Erdem (prova)"
"""The two invented people who publish a rehearsed year."""
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stop:
    """A day the rehearsal stops at: which of how many, and how far the people came with what they do before it."""

    day: date
    place: int
    of: int
    acts: int = 0
    outlook: Outlook | None = None
    reports: list[PhaseReport] | None = None
    """What its ticks reported, once they were made."""

    @property
    def is_played(self) -> bool:
        """Whether the people have come to it and its ticks were made."""
        return self.reports is not None


def play(edition: int, cast: Cast, programme: str = PROGRAMME) -> Iterator[Stop]:
    """Play the year; each day stopped at is yielded as people come nearer to it and at last when it was played.

    A year already begun goes on where it was.
    """
    begins = at(date(edition, 1, 1))
    plan_year(edition, PROPOSED_BY, DECIDED_BY, begins, programme, synthetic=True)
    make_country(Tick(programme, edition, begins), cast)
    played = date.min
    while (stop := next_stop(programme, edition, played)) is not None:
        tick = Tick(programme, edition, at(stop.day))
        yield from people_act(tick, cast, stop)
        yield replace(stop, reports=daily(edition, tick.as_of, programme))
        played = stop.day


def people_act(tick: Tick, cast: Cast, stop: Stop) -> Iterator[Stop]:
    """Let the people come to a stop, and yield it after each part of what they do."""
    acts, is_done = 0, False
    while not is_done:
        acting = act_until(tick, cast)
        acts, is_done = acts + acting.acts, acting.is_done
        yield replace(stop, acts=acts, outlook=acting.outlook)


def next_stop(programme: str, year: int, played: date) -> Stop | None:
    """Return the first stop after a day, nothing played of it yet; none when the year is over."""
    days = stops(programme, year)
    return next((Stop(day, place, len(days)) for place, day in enumerate(days, 1) if day > played), None)


def stops(programme: str, year: int) -> list[date]:
    """Return every day of an edition on which something falls due.

    An extension's own days count from the stop after the one at which it is known, so that a rehearsal started
    again, which knows it from the beginning, stops at the same days.
    """
    with reading() as session:
        edition = load_edition(session, programme, year)
        issued = extension_terms(session, edition.id, END_OF_TIME)
    phases = edition.programme.phases
    ordinary = sorted({day for phase in phases for day in phase_days(edition, phase)})
    found = set(ordinary)
    for extension in issued:
        known_at = next((day for day in ordinary if day > extension.since), ordinary[-1])
        days = {day for phase in phases for day in extension_days(edition, phase, [extension])}
        found |= {day for day in days if day > known_at}
    return sorted(found)


@flow(name="rehearsal", flow_run_name="rehearsal {edition}")
def rehearsal(edition: int, scale: float = 0.01, seed: int = 7, programme: str = PROGRAMME) -> int:
    """The whole year is played in this run; returns how many days it stopped at."""
    return sum(stop.is_played for stop in play(edition, Cast(scale, seed), programme))
