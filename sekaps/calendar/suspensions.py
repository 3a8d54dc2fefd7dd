"""Stretches of days on which legal clocks stand still at a place, found in the day table."""

from dataclasses import dataclass
from datetime import date

from sekaps.calendar.days import ONE_DAY, DayFact, DayTable, Layer, Place, each_day


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive suspended days, and the fact that suspends the first of them."""

    first: date
    last: date
    fact: DayFact

    @property
    def restart(self) -> date:
        """The day on which clocks run again."""
        return self.last + ONE_DAY


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The suspensions of one place."""

    days: DayTable
    place: Place

    def is_suspended(self, day: date) -> bool:
        """Tell whether clocks stand still on a day."""
        return self._fact(day) is not None

    def stretch(self, day: date) -> Stretch | None:
        """Return the suspended days from a day on, or None when clocks run on it."""
        fact, last = self._fact(day), day
        if fact is None:
            return None
        while self.is_suspended(last + ONE_DAY):
            last += ONE_DAY
        return Stretch(day, last, fact)

    def next_stretch(self, first: date, last: date) -> Stretch | None:
        """Return the first suspended days that begin from first to last, both included."""
        return next(filter(None, map(self.stretch, each_day(first, last))), None)

    def _fact(self, day: date) -> DayFact | None:
        facts = self.days.facts_on(day, self.place)
        return next((fact for fact in facts if fact.layer is Layer.SUSPENSION), None)
