"""Statutory holidays of Türkiye (law 2429) as day facts; the dates come from the ``holidays`` package."""

from datetime import date, time
from functools import lru_cache
from importlib.metadata import version

from holidays import country_holidays

from sekaps.calendar.days import DayFact, Layer
from sekaps.errors.calendar import YearUnconfirmed, YearUnknown
from sekaps.texts import Bilingual

CONFIRMED_YEARS = (1936, 2032)
"""First and last year whose religious holidays are known; the package computes the later ones."""
KNOWN_YEARS = (1936, 2100)
"""First and last year a day table may ask for."""
NOON_CLOSING = time(13)
"""The hour at which a half day's holiday begins (law 2429, articles 1 and 2)."""
HALF_DAY_SUFFIX = " (saat 13.00'ten)"
ESTIMATED_SUFFIX = " (tahmini)"
SOURCE = f"2429 sayılı Kanun; holidays {version('holidays')}"

ENGLISH_NAMES = {
    "Yılbaşı": "New Year's Day",
    "Ulusal Egemenlik ve Çocuk Bayramı": "National Sovereignty and Children's Day",
    "Ulusal Egemenlik Bayramı": "National Sovereignty Day",
    "Bahar Bayramı": "Spring Day",
    "Emek ve Dayanışma Günü": "Labor and Solidarity Day",
    "Atatürk'ü Anma, Gençlik ve Spor Bayramı": "Commemoration of Atatürk, Youth and Sports Day",
    "Gençlik ve Spor Bayramı": "Youth and Sports Day",
    "Hürriyet ve Anayasa Bayramı": "Freedom and Constitution Day",
    "Demokrasi ve Millî Birlik Günü": "Democracy and National Unity Day",
    "Zafer Bayramı": "Victory Day",
    "Cumhuriyet Bayramı": "Republic Day",
    "Ramazan Bayramı": "Eid al-Fitr",
    "Kurban Bayramı": "Eid al-Adha",
}


def statutory_facts(first: date, last: date) -> tuple[DayFact, ...]:
    """Return the statutory holidays from first to last, whole days and half days, in order of date."""
    for year in (first.year, last.year):
        _require_known(year)
    facts = (fact for year in range(first.year, last.year + 1) for fact in _facts_of(year))
    return tuple(fact for fact in facts if first <= fact.day <= last)


def require_confirmed(year: int) -> None:
    """Refuse a year whose religious holidays are not confirmed."""
    if not is_confirmed(year):
        raise YearUnconfirmed(year=year, first=CONFIRMED_YEARS[0], last=CONFIRMED_YEARS[1])


def is_confirmed(year: int) -> bool:
    """Tell whether the religious holidays of a year are confirmed."""
    return CONFIRMED_YEARS[0] <= year <= CONFIRMED_YEARS[1]


@lru_cache(maxsize=64)
def _facts_of(year: int) -> tuple[DayFact, ...]:
    # The package's default language follows the process locale, and half days are a category of their own.
    found = country_holidays("TR", years=year, language="tr", categories=("public", "half_day"))
    return tuple(_fact(day, printed) for day in sorted(found) for printed in found.get_list(day))


def _fact(day: date, printed: str) -> DayFact:
    unmarked = printed.removesuffix(ESTIMATED_SUFFIX)
    name = unmarked.removesuffix(HALF_DAY_SUFFIX)
    return DayFact(
        day,
        Layer.STATUTORY,
        Bilingual(tr=name, en=ENGLISH_NAMES.get(name, name)),
        starts=NOON_CLOSING if name != unmarked else None,
        source=SOURCE,
        estimated=unmarked != printed,
    )


def _require_known(year: int) -> None:
    if not KNOWN_YEARS[0] <= year <= KNOWN_YEARS[1]:
        raise YearUnknown(year=year, first=KNOWN_YEARS[0], last=KNOWN_YEARS[1])
