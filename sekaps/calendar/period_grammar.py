"""The written grammar of periods, in English and Turkish: a phrase in, a period out; a closed list, nothing is run."""

import re
from collections.abc import Callable
from datetime import date, time

from sekaps.calendar.periods import (
    After,
    Before,
    EachYear,
    EndOfNextMonth,
    InMonth,
    Lasts,
    Length,
    MonthDay,
    MonthPart,
    NotBefore,
    Period,
    Unit,
)

UNITS = {
    "minute": Unit.MINUTE,
    "hour": Unit.HOUR,
    "day": Unit.DAY,
    "working day": Unit.WORKING_DAY,
    "business day": Unit.WORKING_DAY,
    "week": Unit.WEEK,
    "month": Unit.MONTH,
    "year": Unit.YEAR,
    "dakika": Unit.MINUTE,
    "saat": Unit.HOUR,
    "gün": Unit.DAY,
    "iş günü": Unit.WORKING_DAY,
    "hafta": Unit.WEEK,
    "ay": Unit.MONTH,
    "yıl": Unit.YEAR,
}
HALF_MONTH = ("half a month", "half month", "yarım ay")
COMMON_YEAR = 2001

_LENGTH = rf"(?P<length>{'|'.join(HALF_MONTH)}|\d{{1,5}} [a-zığüşöç]+( [a-zığüşöç]+)?)"
_SPAN = r"(?P<opens>\d\d-\d\d) to (?P<closes>\d\d-\d\d)"

_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Period]], ...] = (
    (rf"{_LENGTH} (before|önce)", lambda found: Before(_length(found["length"]))),
    (rf"(at least|en az) {_LENGTH} (before|önce)", lambda found: Before(_length(found["length"]))),
    (rf"not earlier than {_LENGTH} before", lambda found: NotBefore(_length(found["length"]))),
    (rf"lasts {_LENGTH}", lambda found: Lasts(_length(found["length"]))),
    (
        r"by (?P<hour>\d\d:\d\d) on the (previous working day|working day before)",
        lambda found: Before(Length(1, Unit.WORKING_DAY), time.fromisoformat(found["hour"])),
    ),
    (r"end of the (following month|month after( receipt)?)", lambda found: EndOfNextMonth()),
    (r"(?P<part>beginning|middle|end) of the month", lambda found: InMonth(MonthPart(found["part"]))),
    (rf"each year from {_SPAN}", lambda found: _each_year(found, is_season=False)),
    (rf"season from {_SPAN}", lambda found: _each_year(found, is_season=True)),
    (rf"(within )?{_LENGTH}", lambda found: After(_length(found["length"]))),
)


def parse_period(phrase: str) -> Period | None:
    """Return the period a phrase states, or None when it states none."""
    plain = " ".join(phrase.replace("İ", "i").lower().split())
    for form, made in _FORMS:
        found = re.fullmatch(form, plain)
        if found:
            try:
                return made(found)
            except ValueError:
                return None
    return None


def _length(words: str) -> Length:
    if words in HALF_MONTH:
        return Length(1, Unit.HALF_MONTH)
    amount, _, unit = words.partition(" ")
    known = UNITS.get(unit) or UNITS.get(unit.removesuffix("s"))
    if known is None:
        raise ValueError(unit)
    return Length(int(amount), known)


def _each_year(found: re.Match[str], *, is_season: bool) -> EachYear:
    opens, closes = (date.fromisoformat(f"{COMMON_YEAR}-{found[end]}") for end in ("opens", "closes"))
    if closes < opens:
        raise ValueError(found[0])
    return EachYear(MonthDay(opens.month, opens.day), MonthDay(closes.month, closes.day), is_season)
