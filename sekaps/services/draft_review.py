"""Reads what a draft is held against: the announced religious days, and the days of every year it is compared with."""

from datetime import date
from functools import lru_cache

from sekaps.calendar.days import DayTable
from sekaps.calendar.draft_review import DraftReview, review
from sekaps.calendar.editions import Draft
from sekaps.calendar.holiday_law import ReligiousDays, read_religious_days
from sekaps.calendar.holidays_tr import KNOWN_YEARS, is_confirmed
from sekaps.services.programmes import PACKAGE, day_table

RELIGIOUS_DAYS = PACKAGE / "data" / "religious_days_tr.yaml"


@lru_cache(maxsize=1)
def religious_days() -> ReligiousDays:
    """Return the first days of the religious holidays shipped with the engine, the second source of the check."""
    return read_religious_days(RELIGIOUS_DAYS.read_text(encoding="utf-8"))


def reviewed(drafted: Draft) -> DraftReview:
    """Return a draft with its reasons."""
    return review(drafted, days_of_review(drafted), religious_days())


def days_of_review(drafted: Draft) -> DayTable:
    """Return the days of the drafted year, the year before and every confirmed published year, one year wider."""
    published = {year for boundary in drafted.programme.boundaries.values() for year in boundary.published}
    years = {drafted.year, drafted.year - 1} | {year for year in published if is_confirmed(year)}
    first, last = max(min(years) - 1, KNOWN_YEARS[0]), min(max(years) + 1, KNOWN_YEARS[1])
    return day_table(date(first, 1, 1), date(last, 12, 31))
