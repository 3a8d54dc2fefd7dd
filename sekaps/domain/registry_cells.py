"""What the cells of a registry file say: numbers, instants, choices; every reader returns the value or its flaw."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sekaps.calendar.instants import at
from sekaps.texts import Text, text

NUMBER = re.compile(r"[1-9]\d{7}")
"""A registry number (T.C. Devlet Teşkilatı Numarası): eight digits; no check digit is published."""
LONGEST_NAME = 300
FORMULA = re.compile(r"[=+@]|-\S")
"""How a cell begins that a spreadsheet would calculate; a dash alone only says that there is nothing."""
MIDNIGHT = time(0)
NO_DATE = ("0001-01-01", "9999-12-31", "31.12.9999")
"""What systems write where there is no date."""
DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[ T](\d{1,2})[:.](\d{2})(?::\d{2})?)?")
TURKISH_TO_ASCII = str.maketrans("ıİIçğöşüâîûÇĞÖŞÜÂÎÛ", "iiicgosuaiuCGOSUAIU")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file before it is understood: its number from 1, and its cells by the names of our fields."""

    row: int
    cells: Mapping[str, str]


@lru_cache(maxsize=4096)
def fold(written: str) -> str:
    """Return a word without case, Turkish marks, blanks and punctuation, so that headings are told by their letters."""
    return re.sub(r"[^a-z0-9]", "", written.translate(TURKISH_TO_ASCII).lower())


def read_number(written: str) -> int | Text:
    """Return a registry number, or what is wrong with it."""
    if NUMBER.fullmatch(written):
        return int(written)
    return text("'{written}' is no registry number: eight digits, the first from 1 to 9", written=written[:40])


def read_reference(written: str) -> int | None | Text:
    """Return the registry number of another unit, or None where none is named."""
    return None if written in ("", "0") else read_number(written)


def read_name(written: str) -> str | None | Text:
    """Return a name with single blanks, or None where there is none."""
    name = " ".join(written.split())
    if len(name) > LONGEST_NAME:
        return text("a text of {length} characters; at most {limit} are kept", length=len(name), limit=LONGEST_NAME)
    if is_formula(name):
        return a_formula(name)
    if not name.isprintable():
        return text("'{written}' holds characters that cannot be printed", written=ascii(name[:40]))
    return name or None


def is_formula(written: str) -> bool:
    """Tell whether a spreadsheet would calculate a text instead of showing it."""
    return FORMULA.match(written) is not None


def a_formula(written: str) -> Text:
    """Return what is wrong with a text that begins like a formula."""
    return text("'{written}' begins like a formula; write what it stands for", written=written[:40])


def read_choice(written: str, choices: Mapping[str, str]) -> str | None | Text:
    """Return the code a word stands for (the code itself is understood too), or None where there is none."""
    word = fold(written)
    if not word:
        return None
    found = choices.get(word) or next((code for code in choices.values() if fold(code) == word), None)
    return found or text("'{written}' is none of: {codes}", written=written[:40], codes=sorted(set(choices.values())))


def read_start(written: str) -> datetime | None | Text:
    """Return the instant something begins; a date alone stands for its first moment."""
    return _instant(written, whole_day=False)


def read_end(written: str) -> datetime | None | Text:
    """Return the instant something is over; a date alone belongs to it, so the day after begins then."""
    return _instant(written, whole_day=True)


def _instant(written: str, *, whole_day: bool) -> datetime | None | Text:
    if not written or written.startswith(NO_DATE):
        return None
    moment = _moment(written)
    if moment is None:
        return text("'{written}' is no date such as 2026-03-01, 01.03.2026 or 01.03.2026 08:30", written=written[:40])
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else at(moment.date(), moment.time())
    return at(moment + timedelta(days=1) if whole_day else moment, MIDNIGHT)


def _moment(written: str) -> date | datetime | None:
    """Return the date, or the date with its hour; midnight exactly is how systems write a date alone."""
    try:
        if found := DAY_FIRST.fullmatch(written):
            day, month, year, hour, minute = (int(part or 0) for part in found.groups())
            moment = datetime(year, month, day, hour, minute)  # noqa: DTZ001 - local, given its zone by the caller
        else:
            moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.date() if moment.time() == MIDNIGHT and moment.tzinfo is None else moment
