"""The year as the demo country will act it out: who signs what on which day, who leaves, who is given more time."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.demo.behaviour import Habits
from sekaps.demo.bodies import Bodies, make_bodies
from sekaps.demo.diary import Diary
from sekaps.demo.gaps import GapPlan, Ground, PlannedGap, plan_planted
from sekaps.demo.matters import Agenda
from sekaps.demo.prolongations import Prolongation, plan_prolongations
from sekaps.demo.roster import Duty, Roster, newest_rows, read_chains, read_duties, read_roster, resource_ministries
from sekaps.domain.gaps import Cause
from sekaps.services.editions import EditionView

T = TypeVar("T")
Pairs: TypeAlias = NDArray[np.int32]
"""Rows of document and person, each person's together; plain numbers, as a whole country signs four million times."""
Signings: TypeAlias = Mapping[date, Mapping[int, Pairs]]
"""By day and slot who signs what."""
SIGNING = {1: time(9, 30), 2: time(10), 3: time(10, 30)}
"""Local time at which each slot is signed, so that a form can pass through its chain in one morning."""
SIGNED_TOGETHER = 2_000
"""So many documents are signed at one instant; who comes after signs a second later."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Signing:
    """What is meant to be signed of a slot at one instant, and by whom."""

    at: datetime
    slot: int
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class YearPlan:
    """Everything people decide by themselves, by day; what they do about others' acts is decided when it comes."""

    roster: Roster
    bodies: Bodies
    agenda: Agenda
    signings: Signings
    leavings: Mapping[date, list[int]]
    prolongations: Mapping[date, list[Prolongation]]
    gaps: tuple[PlannedGap, ...]

    def signings_on(self, day: date) -> Iterator[Signing]:
        """Yield what is meant to be signed on a day, in the order of its instants."""
        for slot, pairs in sorted(self.signings.get(day, {}).items()):
            for place, first in enumerate(range(0, len(pairs), SIGNED_TOGETHER)):
                as_of = at(day, SIGNING[slot]) + place * SECOND
                yield Signing(as_of, slot, pairs[first : first + SIGNED_TOGETHER])

    def meant(self, since: datetime | None = None, until: datetime | None = None) -> int:
        """Return how many signatures are meant in the year, or only after one instant or before another."""
        return sum(
            len(signing.pairs)
            for day in self.signings
            for signing in self.signings_on(day)
            if (since is None or signing.at > since) and (until is None or signing.at < until)
        )


_last_plan: dict[tuple[object, ...], YearPlan] = {}
"""The plan made last: a year is acted out in hundreds of calls, and each would make the same one."""


def year_plan(session: Session, edition: EditionView, *, scale: float, seed: int) -> YearPlan:
    """Return the plan of an edition; the same country, windows, scale and seed always give the same."""
    address = str(session.get_bind().engine.url)
    windows = tuple(sorted((*key, window.opens, window.closes) for key, window in edition.windows.items()))
    key = (address, edition.id, windows, edition.revision, newest_rows(session), scale, seed)
    if key not in _last_plan:
        _last_plan.clear()
        _last_plan[key] = _make_plan(session, edition, scale=scale, seed=seed)
    return _last_plan[key]


def plan_gaps(session: Session, edition: EditionView, *, scale: float, seed: int) -> tuple[PlannedGap, ...]:
    """Return the gaps planted in the year, by document number, to compare with those the audit finds."""
    return year_plan(session, edition, scale=scale, seed=seed).gaps


def _make_plan(session: Session, edition: EditionView, *, scale: float, seed: int) -> YearPlan:
    roster, diary = read_roster(session), Diary(edition.days)
    duties = read_duties(session, edition.id)
    prolongations = plan_prolongations(roster, duties, edition, diary, scale=scale, seed=seed)
    habits = Habits(seed, edition.windows, diary, roster.units)
    ground = Ground(duties, read_chains(session), roster, prolongations, habits)
    planted = plan_planted(ground, scale=scale)
    bodies = make_bodies(roster, diary, edition, resource_ministries(session), seed)
    return YearPlan(
        roster=roster,
        bodies=bodies,
        agenda=Agenda(bodies),
        signings=_signings(ground, planted),
        leavings=_by_day((leaving.day, leaving.mandate_id) for leaving in planted.leavings.values()),
        prolongations=_by_day((prolongation.given_on, prolongation) for prolongation in prolongations.all),
        gaps=tuple(planted.gaps[number] for number in sorted(planted.gaps)),
    )


def _by_day(pairs: Iterable[tuple[date, T]]) -> dict[date, list[T]]:
    found: dict[date, list[T]] = defaultdict(list)
    for day, value in pairs:
        found[day].append(value)
    return dict(found)


def _signings(ground: Ground, planted: GapPlan) -> Signings:
    meant: dict[date, dict[int, array[int]]] = defaultdict(lambda: defaultdict(lambda: array("i")))
    for duty in ground.duties:
        chain = ground.chains[duty.chain_id]
        for slot, day in enumerate(_days_of(duty, ground, planted), start=1):
            if day is not None:
                meant[day][slot].extend((duty.id, chain[slot - 1].person_id))
    return {day: {slot: _by_person(pairs) for slot, pairs in slots.items()} for day, slots in meant.items()}


def _by_person(pairs: "array[int]") -> Pairs:
    rows = np.frombuffer(pairs, dtype=np.int32).reshape(-1, 2)
    return rows[np.argsort(rows[:, 1], kind="stable")]


def _days_of(duty: Duty, ground: Ground, planted: GapPlan) -> list[date | None]:
    """Return for each slot the day its holder means to sign it, or None."""
    chain, habits = ground.chains[duty.chain_id], ground.habits
    gap = planted.gaps.get(duty.number)
    if gap is not None:
        return _gap_days(gap, habits.prompt_days(duty, len(chain)), habits.late_day(duty))
    prolongation = ground.prolongations.of(duty, ground.roster)
    if prolongation is not None:
        return [*habits.prolonged_days(duty, len(chain), prolongation)]
    leavings = (planted.leavings.get(seat.post_id) for seat in chain)
    before = min((leaving.day for leaving in leavings if leaving is not None), default=None)
    return [*habits.prompt_days(duty, len(chain), before=before)]


def _gap_days(gap: PlannedGap, days: list[date], late_day: date) -> list[date | None]:
    signed: list[date | None] = [*days[: gap.slot - 1]]
    tries = gap.late and gap.cause is not Cause.POST_VACANT
    return [*signed, late_day if tries else None]
