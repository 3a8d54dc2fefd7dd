"""What a change of dates does to a year: windows that move, and working days lost or gained in each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sekaps.calendar.days import DayTable
from sekaps.calendar.editions import Draft, draft
from sekaps.calendar.programmes import Programme
from sekaps.calendar.published import with_published
from sekaps.calendar.windows import Window


@dataclass(frozen=True, slots=True)
class WindowMove:
    """A window of a row (step empty) or step that is not where it was, with the working days it had and has."""

    activity: str
    step: str
    before: Window
    after: Window
    working_days_before: int
    working_days_after: int

    @property
    def working_days_gained(self) -> int:
        """Working days gained (negative: lost)."""
        return self.working_days_after - self.working_days_before


def redraft(programme: Programme, year: int, days: DayTable, dates: Mapping[str, date]) -> Draft:
    """Return the year with those boundaries published on other dates; what follows from them by rule moves along.

    Boundaries with a published date of their own stay where they were published.
    """
    return draft(with_published(programme, year, dates), year, days)


def followers(programme: Programme, codes: Iterable[str]) -> frozenset[str]:
    """Return the boundaries whose rules hang on any of those, directly or through one another."""
    found = frozenset(codes)
    while True:
        more = {code for code, one in programme.boundaries.items() if one.rule and one.rule.needs & found}
        if more <= found:
            return found - frozenset(codes)
        found |= more


def moves(before: Draft, after: Draft, days: DayTable) -> tuple[WindowMove, ...]:
    """Return the windows that differ between two drafts of one year, in the calendar's order."""
    earlier = {(window.activity, window.key): window for window in before.windows}
    return tuple(
        WindowMove(
            activity=window.activity,
            step=window.key,
            before=Window(was.opens, was.closes),
            after=Window(window.opens, window.closes),
            working_days_before=days.working_days(was.opens, was.closes),
            working_days_after=window.working_days,
        )
        for window in after.windows
        for was in [earlier[window.activity, window.key]]
        if (was.opens, was.closes) != (window.opens, window.closes)
    )
