"""Reads the statutory periods and office hours shipped with the engine, and reckons a deadline from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from sekaps.calendar.days import NATION, DayTable, Place
from sekaps.calendar.holidays_tr import KNOWN_YEARS
from sekaps.calendar.legal_clock import Deadline, Recess, Service, deadline
from sekaps.calendar.office_hours import OfficeHours, read_office_hours
from sekaps.calendar.period_files import Catalogue, StatutoryPeriod, read_catalogue
from sekaps.calendar.period_grammar import parse_period
from sekaps.calendar.periods import Before, EachYear, EndOfNextMonth, InMonth, NotBefore, Period, Unit
from sekaps.errors.calendar import PeriodUnknown, YearUnknown
from sekaps.services.programmes import day_table
from sekaps.texts import Sayable, text

DATA = Path(__file__).parent.parent / "data"
NEAR_MATCHES = 5
A_YEAR_OF = {
    Unit.MINUTE: 365 * 24 * 60,
    Unit.HOUR: 365 * 24,
    Unit.DAY: 365,
    Unit.WORKING_DAY: 245,
    Unit.WEEK: 52,
    Unit.HALF_MONTH: 24,
    Unit.MONTH: 12,
    Unit.YEAR: 1,
}
"""How many of a unit a year holds, rounded down, to know which years a period may reach."""


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """A period as it was asked for, and its row of the catalogue when it has one."""

    period: Period
    row: StatutoryPeriod | None = None

    @property
    def recess(self) -> Recess | None:
        """The recess that prolongs it."""
        if self.row is None or self.row.recess is None:
            return None
        return recesses()[self.row.recess]

    def preface(self) -> Iterator[Sayable]:
        """Yield the step before counting: which period it is."""
        if self.row is None:
            yield text("the period: {wording}", wording=self.period.wording)
            return
        facts = {"name": self.row.name, "wording": self.period.wording, "starts": self.row.starts}
        source = text("{law}, article {article}", law=self.row.law, article=self.row.article)
        yield text("{name} ({source}): {wording}; it starts from: {starts}", source=source, **facts)

    def outcome(self) -> Iterator[Sayable]:
        """Yield the steps after counting: what follows, and what is a reading."""
        if self.row is None:
            return
        if self.row.then is not None:
            yield text("then: {what}", what=self.row.then)
        if not self.row.confirmed:
            yield text("not confirmed by the text; the reading taken: {note}", note=self.row.note)


def statutory_periods() -> tuple[StatutoryPeriod, ...]:
    """Return every period of the catalogue, in the order of its files."""
    return tuple(period for file in _catalogues() for period in file.periods)


def recesses() -> dict[str, Recess]:
    """Return the recesses of the catalogue by their code."""
    return {code: written.recess for file in _catalogues() for code, written in file.recesses.items()}


def find_period(asked: str) -> AskedPeriod:
    """Return the period of a code of the catalogue or of a phrase such as 15 days; raise PeriodUnknown."""
    by_code = {row.code: row for row in statutory_periods()}
    if asked in by_code:
        return AskedPeriod(by_code[asked].period, by_code[asked])
    period = parse_period(asked)
    if period is None:
        raise PeriodUnknown(asked=asked, near=_near(asked, list(by_code)))
    return AskedPeriod(period)


def find_deadline(asked: str, event: date, place: Place = NATION, service: Service | None = None) -> Deadline:
    """Return the deadline of a period asked for by code or phrase, its reasoning included."""
    found = find_period(asked)
    days = _days_reached(found.period, event)
    counted = deadline(found.period, event, days, place, office=office_hours(), service=service, recess=found.recess)
    steps = (*found.preface(), *counted.steps, *found.outcome())
    return Deadline(counted.last_moment, counted.last_day, steps, counted.first_moment)


@lru_cache(maxsize=1)
def office_hours() -> OfficeHours:
    """Return the office hours of the country and of the provinces that have their own."""
    path = DATA / "office_hours.yaml"
    return read_office_hours(path.read_text(encoding="utf-8"), path.name)


@lru_cache(maxsize=1)
def _catalogues() -> tuple[Catalogue, ...]:
    paths = sorted(DATA.glob("periods*.yaml"))
    return tuple(read_catalogue(path.read_text(encoding="utf-8"), path.name) for path in paths)


def _near(asked: str, codes: list[str]) -> list[str]:
    holding = [code for code in codes if asked and asked.lower() in code]
    return (holding or get_close_matches(asked.lower(), codes, NEAR_MATCHES))[:NEAR_MATCHES]


def _days_reached(period: Period, event: date) -> DayTable:
    """Return the days from the event to where the period may end, with a margin of a year and more on both sides."""
    first, last = KNOWN_YEARS
    reached = _year_reached(period, event)
    for year in (event.year, reached):
        if not first <= year <= last:
            raise YearUnknown(year=year, first=first, last=last)
    opens, closes = min(event.year, reached) - 2, max(event.year, reached) + 2
    return day_table(date(max(opens, first), 1, 1), date(min(closes, last), 12, 31))


def _year_reached(period: Period, event: date) -> int:
    if isinstance(period, EachYear | InMonth | EndOfNextMonth):
        return event.year
    years = period.length.amount // A_YEAR_OF[period.length.unit]
    return event.year - years if isinstance(period, Before | NotBefore) else event.year + years
