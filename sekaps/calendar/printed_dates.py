"""Dates and date ranges as Turkish calendars print them; a closed list of forms, anything else has a reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sekaps.texts import Bilingual, Text, text, weekday_name

MONTHS = ("ocak", "subat", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul", "ekim", "kasim", "aralik")
WEEKDAYS = ("pazartesi", "sali", "carsamba", "persembe", "cuma", "cumartesi", "pazar")
LETTERS_OF_AN_ABBREVIATION = 3
LONGEST_RANGE = 120
"""Characters a printed range has at most; longer cells are not looked at."""
YEARS_BEFORE, YEARS_AFTER = 1, 2
"""How far from the edition's year a printed year may lie."""

_LOWER = str.maketrans("Iİ", "ıi")
_PLAIN = str.maketrans("çğıöşüâîû–—−‐‑’‘ʼ´`\u00a0", "cgiosuaiu-----''''' ")
_COMBINING_DOT = "\u0307"


@dataclass(frozen=True, slots=True)
class PrintedRange:
    """The days a calendar prints: none for closes when it says only from when, none for opens when only until when."""

    opens: date | None
    closes: date | None


class _Unreadable(Exception):
    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


def lowered(written: str) -> str:
    """Return a text in Turkish lower case (I to ı, İ to i), runs of blanks as one."""
    return " ".join(written.translate(_LOWER).lower().replace(_COMBINING_DOT, "").split())


def folded(written: str) -> str:
    """Return a text as it is compared: lower case, Turkish letters as their plain neighbours, one kind of dash."""
    return " ".join(lowered(written).translate(_PLAIN).split())


def _names(words: tuple[str, ...]) -> str:
    return "|".join(words)


def _date(end: str) -> str:
    """Return the pattern of one printed date; the names of its parts end in the letter given."""
    month = _names((*MONTHS, *(month[:LETTERS_OF_AN_ABBREVIATION] for month in MONTHS)))
    return rf"""(?:
        (?P<iso_{end}>\d{{4}}-\d\d-\d\d)
      | (?P<day_{end}>\d{{1,2}})
        (?: \s?[./]\s?(?P<number_{end}>\d{{1,2}}) (?:\s?[./]\s?(?P<dotted_{end}>\d{{1,4}}))? \.?
          | \.?\s?(?P<month_{end}>{month})\b\.? (?:\s?(?P<year_{end}>\d{{1,4}}))?
          | \.?\s?(?P<joined_{end}>{_names(MONTHS)})(?=dan|den|tan|ten|y?[ae]\b)
          | \.? )
        (?:\s?,?\s?\(?(?P<weekday_{end}>{_names(WEEKDAYS)})\b\)?)?
    )"""


_FROM = r"(?: \s?'?\s?(?:dan|den|tan|ten)\b | \starihinden\b | \sgununden\b )"
_UNTIL = r"(?: \s?'?\s?(?:y?[ae])\b | \starihine\b | \sgunune\b )"
_INCLUDED = r"(?: \s?\(?dahil\)? )?"
_BETWEEN = r"\s(?:tarihleri\s)?aras[a-z]*"
_FORMS = rf"""
    {_date("a")} {_INCLUDED}
    (?: (?P<since>{_FROM}\sitibaren)
      | (?P<until>{_UNTIL}\skadar)
      | (?: \s?-\s? | \sile\s | {_FROM}\s ) {_date("b")} (?: {_UNTIL}\skadar | {_BETWEEN} )?
    )? {_INCLUDED}
"""
_WHOLE = re.compile(_FORMS + r"\.?", re.VERBOSE)
_INSIDE = re.compile(rf"(?<![\w./-]) {_FORMS} (?![\w/])", re.VERBOSE)


def read_range(written: str, year: int) -> PrintedRange | Text:
    """Return the range a cell prints in the calendar of a year, or the reason why it cannot be read."""
    plain = folded(written)
    found = _WHOLE.fullmatch(plain) if len(plain) <= LONGEST_RANGE else None
    if found is None:
        return text("'{written}' is not a date or a date range", written=_short(written))
    return _read(found, year)


def ranges_in(written: str, year: int) -> list[PrintedRange | Text]:
    """Return every range that stands inside a running text; a single date there is no range."""
    return [_read(found, year) for found in _ranges(written)]


def without_ranges(written: str) -> str:
    """Return a text in its compared form, its ranges taken out."""
    plain = folded(written)
    for found in _ranges(written):
        plain = plain.replace(found[0], " ")
    return plain


def _ranges(written: str) -> Iterator[re.Match[str]]:
    """Yield the ranges of a running text; numbers alone (5.1-5.3) may be articles, so they need a month or a year."""
    for found in _INSIDE.finditer(folded(written)):
        is_dated = any(found[f"{part}_{end}"] for part in ("iso", "dotted", "month", "joined") for end in "ab")
        if is_dated and (found["since"] or found["until"] or _says(found, "b")):
            yield found


def _read(found: re.Match[str], year: int) -> PrintedRange | Text:
    try:
        return _range(found, year)
    except _Unreadable as unreadable:
        return unreadable.reason


def _range(found: re.Match[str], year: int) -> PrintedRange:
    if not _says(found, "b"):
        day = _day(found, "a", month=None, year=year, edition=year)
        return PrintedRange(None if found["until"] else day, None if found["since"] else day)
    closes = _day(found, "b", month=None, year=_stated_year(found, "a") or year, edition=year)
    opens = _day(found, "a", month=closes.month, year=closes.year, edition=year)
    if closes < opens:
        reason = text(
            "it would open on {opens} and close on {closes}; where a range crosses a year both years are written",
            opens=opens,
            closes=closes,
        )
        raise _Unreadable(reason)
    return PrintedRange(opens, closes)


def _says(found: re.Match[str], end: str) -> bool:
    return bool(found[f"day_{end}"] or found[f"iso_{end}"])


def _stated_year(found: re.Match[str], end: str) -> int | None:
    if found[f"iso_{end}"]:
        return int(found[f"iso_{end}"][:4])
    written = found[f"dotted_{end}"] or found[f"year_{end}"]
    if written and len(written) != len("2023"):
        raise _Unreadable(text("the year '{written}' is not written in four digits", written=written))
    return int(written) if written else None


def _stated_month(found: re.Match[str], end: str) -> int | None:
    if found[f"iso_{end}"]:
        return int(found[f"iso_{end}"][5:7])
    if found[f"number_{end}"]:
        return int(found[f"number_{end}"])
    name = found[f"month_{end}"] or found[f"joined_{end}"]
    return next((place for place, month in enumerate(MONTHS, start=1) if name and month.startswith(name)), None)


def _day(found: re.Match[str], end: str, *, month: int | None, year: int, edition: int) -> date:
    """Return one end of the range; month and year are those that hold where it does not state its own."""
    stated_year = _stated_year(found, end) or year
    stated_month = _stated_month(found, end) or month
    if stated_month is None:
        raise _Unreadable(text("the date has no month"))
    first, last = edition - YEARS_BEFORE, edition + YEARS_AFTER
    if not first <= stated_year <= last:
        facts = {"year": stated_year, "edition": edition, "first": first, "last": last}
        raise _Unreadable(text("the year {year} is not one of the {edition} calendar ({first} to {last})", **facts))
    day = int(found[f"iso_{end}"][-2:] if found[f"iso_{end}"] else found[f"day_{end}"])
    return _checked(_existing(stated_year, stated_month, day), found[f"weekday_{end}"])


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        written = f"{day:02}.{month:02}.{year}"
        raise _Unreadable(text("{written} is not a day of the calendar", written=written)) from None


def _checked(day: date, weekday: str | None) -> date:
    if weekday and WEEKDAYS[day.weekday()] != weekday:
        named = Bilingual(tr=weekday_name(day, "tr"), en=weekday_name(day, "en"))
        raise _Unreadable(text("{day} is a {named}, not '{weekday}'", day=day, named=named, weekday=weekday))
    return day


def _short(written: str) -> str:
    plain = " ".join(written.split())
    return plain if len(plain) <= LONGEST_RANGE // 2 else f"{plain[: LONGEST_RANGE // 2]}…"
