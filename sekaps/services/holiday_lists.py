"""Reads the holidays people have in a file (iCalendar, or date and name in CSV); rows it cannot read have a reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from sekaps.calendar.days import DayFact, Layer, each_day
from sekaps.calendar.holiday_check import Listing
from sekaps.calendar.holidays_tr import KNOWN_YEARS
from sekaps.calendar.printed_dates import folded, read_range
from sekaps.calendar.printed_lines import PrintedLine
from sekaps.errors.holidays import HolidayListEmpty, HolidayListUnreadable
from sekaps.errors.imports import CalendarFileUnreadable
from sekaps.services.calendar_files import read_lines
from sekaps.texts import ZONE, Bilingual, Sayable, Text, text

NOON = time(12)
HALF_DAY_BEGINS = time(13)
LARGEST_BYTES = 5_000_000
"""What a year's calendar of holidays never reaches."""
LONGEST_HOLIDAY_DAYS = 14
"""Days; a longer entry is a period, not a holiday."""
_HALF_DAY = re.compile(r"\bar[ei]fe|\byarim gun|\bogleden sonra|\b13[.:]00|\bhalf.?day")
_STATED_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class ListFlaw:
    """A row that could not be read: its line in the file, and why."""

    line: int
    reason: Sayable


@dataclass(frozen=True, slots=True)
class HolidayList:
    """What a file lists of one year, and the rows of it that could not be read."""

    listing: Listing
    flaws: tuple[ListFlaw, ...]


Row = tuple[DayFact, ...] | ListFlaw


def read_holiday_list(path: Path, year: int) -> HolidayList:
    """Return the holidays a file lists for a year; raise HolidayListUnreadable or HolidayListEmpty."""
    rows = list(_calendar_rows(path) if path.suffix.lower() == ".ics" else _table_rows(path, year))
    flaws = tuple(row for row in rows if isinstance(row, ListFlaw))
    facts = (fact for row in rows if not isinstance(row, ListFlaw) for fact in row)
    of_year = tuple(sorted((fact for fact in facts if fact.day.year == year), key=lambda fact: fact.day))
    if not of_year and not flaws:
        raise HolidayListEmpty(path=str(path), year=year)
    return HolidayList(Listing(text("file {name}", name=path.name), of_year), flaws)


def _table_rows(path: Path, year: int) -> Iterator[Row]:
    try:
        lines = read_lines(path)
    except CalendarFileUnreadable as failure:
        raise HolidayListUnreadable(path=str(path), problem=failure.problem) from None
    for place, line in enumerate(lines):
        is_heading = place == 0 and not any(letter.isdigit() for letter in line.cells[0]) if line.cells else False
        if any(cell.strip() for cell in line.cells) and not is_heading:
            yield _table_row(line, year)


def _table_row(line: PrintedLine, year: int) -> Row:
    written, name = line.cells[0].strip(), " ".join(cell.strip() for cell in line.cells[1:] if cell.strip())
    stated = _STATED_YEAR.search(written)
    read = read_range(written, int(stated[0]) if stated else year)
    if isinstance(read, Text):
        return ListFlaw(line.place.line, read)
    if not name:
        return ListFlaw(line.place.line, text("the day has no name; a row is a date and a name"))
    if read.opens is None or read.closes is None:
        return ListFlaw(line.place.line, text("'{written}' has no first or no last day", written=written))
    return _facts(line.place.line, read.opens, read.closes, name, is_half=False)


def _facts(line: int, first: date, last: date, name: str, *, is_half: bool) -> Row:
    """Return the days of an entry; only its first can be the eve, on which the holiday begins at 13:00."""
    if not KNOWN_YEARS[0] <= first.year <= KNOWN_YEARS[1]:
        facts = {"day": first, "first": KNOWN_YEARS[0], "last": KNOWN_YEARS[1]}
        return ListFlaw(line, text("{day} is a date of another century; years go from {first} to {last}", **facts))
    count = (last - first).days + 1
    if count > LONGEST_HOLIDAY_DAYS:
        span = {"first": first, "last": last, "count": count}
        return ListFlaw(line, text("{first} to {last} is no holiday; it lasts {count} days", **span))
    begins_at_noon = is_half or _HALF_DAY.search(folded(name)) is not None
    named = Bilingual(tr=name, en=name)
    return tuple(
        DayFact(day, Layer.STATUTORY, named, starts=HALF_DAY_BEGINS if begins_at_noon and day == first else None)
        for day in each_day(first, last)
    )


def _calendar_rows(path: Path) -> Iterator[Row]:
    written = _calendar_text(path)
    lines = [
        number for number, line in enumerate(written.splitlines(), start=1) if line.strip().upper() == "BEGIN:VEVENT"
    ]
    try:
        calendars = Calendar.from_ical(written, multiple=True)
    except (ValueError, IndexError, KeyError):
        raise HolidayListUnreadable(path=str(path), problem=text("it is not an iCalendar file")) from None
    events = [part for calendar in calendars for part in calendar.walk("VEVENT") if isinstance(part, Event)]
    if not events:
        raise HolidayListUnreadable(path=str(path), problem=text("it is an iCalendar file without entries"))
    yield from (_event_row(line, event) for line, event in zip(lines, events, strict=False))


def _calendar_text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise HolidayListUnreadable(path=str(path), problem=text("it is far larger than a year's holidays"))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as failure:
        raise HolidayListUnreadable(path=str(path), problem=failure.strerror or str(failure)) from None
    except UnicodeDecodeError:
        raise HolidayListUnreadable(path=str(path), problem=text("it is not written in UTF-8")) from None


def _event_row(line: int, event: Event) -> Row:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return ()
    if event.get("RRULE") is not None:
        return ListFlaw(line, text("the entry repeats by a rule; save each day as an entry of its own"))
    try:
        start, end = event.start, event.end
    except (ValueError, TypeError, AttributeError):
        return ListFlaw(line, text("the entry has no readable first day (DTSTART) or last day (DTEND)"))
    name = str(event.get("SUMMARY", "")).strip()
    is_half = isinstance(start, datetime) and _local(start).time() >= NOON
    return _facts(line, _day(start), max(_day(start), _day(_last_moment(end))), name or "–", is_half=is_half)


def _last_moment(end: date) -> date:
    """Return the last moment, or day, of an entry; DTEND is the first that no longer belongs to it (RFC 5545)."""
    return end - (timedelta(microseconds=1) if isinstance(end, datetime) else timedelta(days=1))


def _day(moment: date) -> date:
    return _local(moment).date() if isinstance(moment, datetime) else moment


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZONE) if moment.tzinfo else moment
