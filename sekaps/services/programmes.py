"""Reads the programmes and day tables shipped with the engine, and programmes from a path."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from sekaps.calendar.day_files import read_day_facts
from sekaps.calendar.days import DayFact, DayTable, Layer
from sekaps.calendar.holidays_tr import KNOWN_YEARS, require_confirmed, statutory_facts
from sekaps.calendar.programmes import Programme, load_programme
from sekaps.errors.programmes import ProgrammeUnknown

PACKAGE = Path(__file__).parent.parent
PROGRAMMES = PACKAGE / "programmes"
DAYS = PACKAGE / "data" / "days_tr.yaml"


def shipped_programmes() -> list[str]:
    """Return the codes of the programmes that come with the engine."""
    return sorted(path.stem for path in PROGRAMMES.glob("*.yaml"))


def read_programme(code_or_path: str) -> Programme:
    """Return a shipped programme by its code, or the programme of a YAML file by its path."""
    return parsed(programme_text(code_or_path), code_or_path)


@lru_cache(maxsize=8)
def parsed(written: str, source: str) -> Programme:
    """Return the programme of a text, read once for each text."""
    return load_programme(written, source)


def programme_text(code_or_path: str) -> str:
    """Return a programme file as it is written, by the shipped programme's code or by path."""
    known = shipped_programmes()
    path = PROGRAMMES / f"{code_or_path}.yaml" if code_or_path in known else Path(code_or_path)
    if not path.is_file():
        raise ProgrammeUnknown(asked=code_or_path, known=known)
    return path.read_text(encoding="utf-8")


def day_table(first: date, last: date) -> DayTable:
    """Return the days from first to last with every holiday, leave and suspension known for them."""
    decided = (fact for fact in _decided_facts() if first <= fact.day <= last)
    facts = sorted((*statutory_facts(first, last), *decided), key=lambda fact: fact.day)
    return DayTable(first, last, tuple(facts))


def days_of_edition(year: int) -> DayTable:
    """Return the days an edition of that year may touch: its own year and the ones before and after.

    A suspension of legal clocks is not among them: it comes into an edition by an order, with its letter.
    """
    require_confirmed(year)
    days = day_table(date(max(year - 1, KNOWN_YEARS[0]), 1, 1), date(year + 1, 12, 31))
    return replace(days, facts=tuple(fact for fact in days.facts if fact.layer is not Layer.SUSPENSION))


@lru_cache(maxsize=1)
def _decided_facts() -> tuple[DayFact, ...]:
    return read_day_facts(DAYS.read_text(encoding="utf-8"))
