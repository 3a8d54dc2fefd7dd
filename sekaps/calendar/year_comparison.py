"""A drafted year beside the year before it: how far each boundary moved, how many working days each window has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sekaps.calendar.days import DayTable
from sekaps.calendar.editions import Draft
from sekaps.calendar.editions import draft as draft_year
from sekaps.calendar.rules import add_months
from sekaps.errors.calendar import CalendarError
from sekaps.texts import Bilingual, Sayable, Text, text, weekday_name

MONTHS_A_YEAR = 12
SHORTER_SHARE = 0.9
"""Share of last year's working days below which a window counts as much shorter: a tenth of its time is gone."""
SHORTER_DAYS = 2
"""Working days that must be missing as well, so that a window of a few days does not alarm over one."""


@dataclass(frozen=True, slots=True)
class BoundaryShift:
    """A boundary's date now and one year before."""

    code: str
    before: date
    now: date

    @property
    def days(self) -> int:
        """Days later in the year than before, negative when earlier; 29 February counts as the 28th."""
        return (self.now - add_months(self.before, MONTHS_A_YEAR)).days

    @property
    def text(self) -> Text:
        """Both dates with their weekdays."""
        return text(
            "{now} {weekday}; one year before {before} {weekday_before}",
            now=self.now,
            weekday=_weekday(self.now),
            before=self.before,
            weekday_before=_weekday(self.before),
        )

    @property
    def length(self) -> Text:
        """The shift in words."""
        count = abs(self.days)
        if count == 0:
            return text("same date")
        if count == 1:
            return text("1 day later") if self.days > 0 else text("1 day earlier")
        return text("{count} days later", count=count) if self.days > 0 else text("{count} days earlier", count=count)


@dataclass(frozen=True, slots=True)
class WindowChange:
    """The working days of a row's window (key empty) or a step's, now and one year before."""

    activity: str
    key: str
    before: int
    now: int

    @property
    def days(self) -> int:
        """Working days more than the year before, negative when fewer."""
        return self.now - self.before

    @property
    def is_much_shorter(self) -> bool:
        """Whether so many working days are gone that the work may not fit."""
        return self.now < SHORTER_SHARE * self.before and -self.days >= SHORTER_DAYS


@dataclass(frozen=True, slots=True)
class YearBefore:
    """The year before a drafted one: what changed since, or the reason why it cannot be drafted."""

    year: int
    boundaries: Mapping[str, BoundaryShift] = field(default_factory=dict)
    windows: Mapping[tuple[str, str], WindowChange] = field(default_factory=dict)
    problem: Sayable | None = None


def year_before(drafted: Draft, days: DayTable) -> YearBefore:
    """Return the comparison with the same programme's year before, its published dates winning over its rules."""
    year = drafted.year - 1
    try:
        before = draft_year(drafted.programme, year, days)
    except CalendarError as refusal:
        return YearBefore(year, problem=refusal.message)
    earlier = {(window.activity, window.key): window.working_days for window in before.windows}
    windows = [
        WindowChange(window.activity, window.key, earlier[window.activity, window.key], window.working_days)
        for window in drafted.windows
    ]
    shifts = [BoundaryShift(each.code, before.boundary(each.code).date, each.date) for each in drafted.boundaries]
    return YearBefore(
        year,
        {shift.code: shift for shift in shifts},
        {(change.activity, change.key): change for change in windows},
    )


def _weekday(day: date) -> Bilingual:
    return Bilingual(tr=weekday_name(day, "tr"), en=weekday_name(day, "en"))
