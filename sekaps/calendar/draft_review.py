"""A draft with its reasons: rules held against the published years, the year before, holiday sources, anomalies."""

from collections.abc import Iterator
from dataclasses import dataclass

from sekaps.calendar.anomalies import Anomaly, anomalies
from sekaps.calendar.days import DayFact, DayTable
from sekaps.calendar.editions import Draft
from sekaps.calendar.holiday_check import HolidayCheck, check_holidays
from sekaps.calendar.holiday_law import ReligiousDays
from sekaps.calendar.rule_fits import RuleFit, rule_fits
from sekaps.calendar.year_comparison import YearBefore, year_before


@dataclass(frozen=True, slots=True)
class DraftReview:
    """A draft and everything worth knowing before it is published."""

    draft: Draft
    days: DayTable
    fits: tuple[RuleFit, ...]
    before: YearBefore
    holidays: tuple[HolidayCheck, ...]
    anomalies: tuple[Anomaly, ...]

    def layers_of(self, code: str) -> tuple[DayFact, ...]:
        """Return what holds on the boundary's date beside its being a day: weekend, holiday, leave, closure."""
        return self.days.facts_on(self.draft.boundary(code).date)

    def fits_of(self, code: str) -> Iterator[RuleFit]:
        """Yield the boundary's own rule and its alternatives."""
        return (fit for fit in self.fits if fit.boundary == code)

    def numbers(self, *, boundary: str = "", window: str = "") -> tuple[int, ...]:
        """Return the places, from 1, of the anomalies of a boundary or of a window by its printed label."""
        return tuple(
            place
            for place, anomaly in enumerate(self.anomalies, start=1)
            if boundary in anomaly.boundaries or window in anomaly.windows
        )


def review(drafted: Draft, days: DayTable, religious: ReligiousDays) -> DraftReview:
    """Return the draft with its reasons; days reach over the year before and every published year."""
    fits, before = rule_fits(drafted, days), year_before(drafted, days)
    touched = [boundary.date.year for boundary in drafted.boundaries]
    years = range(min(drafted.year, *touched), max(drafted.year, *touched) + 1)
    checks = tuple(check_holidays(year, religious) for year in years)
    found = anomalies(drafted, days, fits=fits, before=before, checks=checks)
    return DraftReview(drafted, days, fits, before, checks, found)
