"""Which rules of a boundary give every date published so far, and what each would give in the drafted year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sekaps.calendar.days import DayTable
from sekaps.calendar.editions import BoundaryDraft, Draft
from sekaps.calendar.editions import draft as draft_year
from sekaps.calendar.rules import Rule
from sekaps.errors.calendar import CalendarError


@dataclass(frozen=True, slots=True)
class Miss:
    """The first published date a rule does not give: none for given when it gives no date that year."""

    year: int
    published: date
    given: date | None


@dataclass(frozen=True, slots=True)
class RuleFit:
    """A rule of a boundary held against the published years: its date in the drafted year, and where it misses."""

    boundary: str
    rule: Rule
    is_own: bool
    date: date | None
    tried: tuple[int, ...]
    miss: Miss | None

    @property
    def fits(self) -> bool | None:
        """Whether it gives every published date; none when no published year could be tried."""
        return self.miss is None if self.tried else None


def rule_fits(drafted: Draft, days: DayTable) -> tuple[RuleFit, ...]:
    """Return every boundary's own rule and its alternatives, each held against the published years in the table."""
    published = {year for boundary in drafted.programme.boundaries.values() for year in boundary.published}
    years = {year: past for year in sorted(published) if (past := _drafted(drafted, year, days)) is not None}
    return tuple(fit for boundary in drafted.boundaries for fit in _fits_of(boundary, drafted, years))


def _drafted(drafted: Draft, year: int, days: DayTable) -> Draft | None:
    """Return a published year as its rules and dates give it, or none where that year cannot be drafted."""
    try:
        return draft_year(drafted.programme, year, days)
    except CalendarError:
        return None


def _fits_of(boundary: BoundaryDraft, drafted: Draft, years: Mapping[int, Draft]) -> Iterator[RuleFit]:
    published = drafted.programme.boundaries[boundary.code].published
    own = {year: past.boundary(boundary.code) for year, past in years.items() if year in published}
    if boundary.wording is not None:
        given = {year: past.proposed for year, past in own.items()}
        yield _fit(boundary.code, boundary.wording, boundary.proposed, given, published, is_own=True)
    for place, other in enumerate(boundary.alternatives):
        given = {year: past.alternatives[place].date for year, past in own.items()}
        yield _fit(boundary.code, other.rule, other.date, given, published, is_own=False)


def _fit(
    code: str,
    rule: Rule,
    day: date | None,
    given: Mapping[int, date | None],
    published: Mapping[int, date],
    *,
    is_own: bool,
) -> RuleFit:
    missed = (year for year in sorted(given) if given[year] != published[year])
    miss = next((Miss(year, published[year], given[year]) for year in missed), None)
    return RuleFit(code, rule, is_own=is_own, date=day, tried=tuple(sorted(given)), miss=miss)
