"""How the country stands on the evening of a day: what was signed when by whom, in columns, planted gaps and all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

import numpy as np
import polars as pl

from sekaps.calendar.instants import at
from sekaps.demo.chance import Flags, Places
from sekaps.demo.duties import Duties, Seats, Small
from sekaps.demo.planting import ANYWHERE, CAUSES, NONE, Field, Planted, plant
from sekaps.demo.signing_days import NEVER, YearDays, day_of, instants, planned_moments
from sekaps.domain.gaps import Cause

LEFT_AT = time(17, 30)
"""The hour at which a head leaves, on the day of the last signature."""
INSTANT = pl.Datetime("ms", "UTC")


@dataclass(frozen=True, slots=True)
class Answer:
    """A gap the audits are to find: planted there, or of work that is not finished yet."""

    document: str
    kind: str
    slot: int
    cause: Cause
    planted: bool


@dataclass(frozen=True)
class Evening:
    """The work done by the end of a day: a moment by document and slot where something was done, 0 where not.

    In the slot of a document that was sent back the moment is that of sending it back.
    """

    duties: Duties
    seats: Seats
    moments: Small
    planted: Planted
    through: date
    opened: Flags
    """By step whether its window had opened."""

    @cached_property
    def lengths(self) -> Small:
        """How many slots each document's chain has."""
        return self.seats.lengths(self.duties.chain)

    @cached_property
    def instants(self) -> Mapping[int, datetime]:
        """The instant of every moment."""
        return instants(self.moments)

    @cached_property
    def returned(self) -> Places:
        """The documents that were sent back."""
        return np.flatnonzero(self.planted.has(Cause.RETURNED))

    @cached_property
    def signed(self) -> Small:
        """How many slots of each document are signed."""
        done: Small = (self.moments != NEVER).sum(axis=1, dtype=np.int32)
        done[self.returned] -= 1
        return done

    @cached_property
    def next_slot(self) -> Small:
        """The slot each document waits for; 0 for none."""
        waits = np.where(self.signed < self.lengths, self.signed + 1, 0)
        waits[self.returned] = 1
        return waits

    def standing(self, first: int, last: int, opened: pl.Series) -> pl.DataFrame:
        """Return how the documents from one place up to another stand, waiting from those instants if untouched."""
        moments, waits = self.moments[first:last], self.next_slot[first:last]
        state = np.where(waits == 0, 2, np.where(self.signed[first:last] > 0, 1, 0))
        back = self.returned[(self.returned >= first) & (self.returned < last)] - first
        state[back] = 3
        earliest = np.where(moments == NEVER, np.iinfo(np.int32).max, moments).min(axis=1)
        return pl.DataFrame({
            "state": pl.Series(("expected", "recorded", "complete", "returned")).gather(state),
            "round": np.ones(len(waits), dtype=np.int32),
            "next_slot": waits,
            "waiting_since": self._at(moments.max(axis=1)).fill_null(opened),
            "recorded_at": self._at(earliest),
        })  # fmt: skip

    def _at(self, moments: Small) -> pl.Series:
        return pl.Series(moments).replace_strict(self.instants, default=None, return_dtype=INSTANT)

    @cached_property
    def leavings(self) -> dict[int, tuple[datetime, Cause]]:
        """When each mandate ended whose post was left, and the cause that made of it."""
        cause_of = {post: cause for cause, posts in self.planted.vacated.items() for post in posts}
        seats, posts = self.seats.post[self.duties.chain], list(cause_of)
        rows = np.flatnonzero(np.isin(seats, posts).any(axis=1))
        post, moment = seats[rows].ravel(), self.moments[rows].ravel()
        mandate = self.seats.mandate[self.duties.chain[rows]].ravel()
        last: dict[int, tuple[datetime, Cause]] = {}
        for left, cause in cause_of.items():
            day = date.fromordinal(int(day_of(moment[post == left].max())) or self.through.toordinal())
            last[int(mandate[post == left][0])] = at(day, LEFT_AT), cause
        return last


def evening_of(
    duties: Duties,
    seats: Seats,
    year: YearDays,
    through: date,
    *,
    wanted: Mapping[str, Mapping[Cause, int]],
    unit_kinds: Sequence[str],
    seed: int,
) -> Evening:
    """Return how everything stands on the evening of a day, with the gaps that are wanted among what is finished."""
    moments = planned_moments(duties, seats, year, seed)
    finished = day_of(moments.max(axis=1)) <= through.toordinal()
    planted = plant(Field(duties, seats, finished, unit_kinds, seed), wanted)
    moments[day_of(moments) > through.toordinal()] = NEVER
    _leave_out(moments, planted)
    opened = np.array([year.window(*step).opens <= through for step in duties.steps], dtype=bool)
    return Evening(duties, seats, moments, planted, through, opened)


def _leave_out(moments: Small, planted: Planted) -> None:
    """Take away what the planted causes leave undone, and let the last two sign the wrong way round."""
    slots = np.arange(1, moments.shape[1] + 1)
    undone = planted.has(Cause.NOT_STARTED, Cause.WAITING, Cause.POST_VACANT, Cause.MANDATE_EXPIRED)
    moments[(undone[:, None]) & (slots >= planted.slot[:, None])] = NEVER
    returned = planted.has(Cause.RETURNED)
    moments[(returned[:, None]) & (slots > planted.slot[:, None])] = NEVER
    for place in np.flatnonzero(planted.has(Cause.OUT_OF_ORDER)):
        slot = int(planted.slot[place])
        moments[place, [slot - 2, slot - 1]] = moments[place, [slot - 1, slot - 2]]


def answers(evening: Evening) -> Iterator[Answer]:
    """Yield every gap the audits are to find, those of work that is merely unfinished included."""
    planted, duties = evening.planted, evening.duties
    waits = (evening.next_slot != 0) & evening.opened[duties.step]
    for place in np.flatnonzero(waits | planted.has(*ANYWHERE)).tolist():
        is_planted = bool(planted.cause[place] != NONE)
        slot = int(evening.next_slot[place] or planted.slot[place])
        unfinished = Cause.NOT_STARTED if slot == 1 else Cause.WAITING
        cause = CAUSES[planted.cause[place]] if is_planted else unfinished
        yield Answer(duties.number(place), duties.kinds[duties.kind[place]], slot, cause, is_planted)
