"""A year as an iCalendar feed (RFC 5545) that ordinary calendar programs open; Turkish first, English second."""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from sekaps.calendar.days import DayTable
from sekaps.domain.reminders import rung_day
from sekaps.reports.words import PLANNING
from sekaps.services.editions import EditionView
from sekaps.services.feeds import FeedEntry
from sekaps.texts import Sayable, text

DOMAIN = "sekaps.invalid"
"""Domain of the entries' identities; reserved by RFC 2606, so that it is nobody's."""
ONE_DAY = timedelta(days=1)
LAST_DAY = text("last day")


def feed(edition: EditionView, entries: Iterable[FeedEntry]) -> bytes:
    """Return the feed of an edition: each window, and each closing day with its ladder as alarms.

    An entry keeps its UID over the years of amendments; SEQUENCE counts the revisions that moved it, and one that
    a revision withdrew is CANCELLED. DTSTAMP is the instant of that revision, never the clock.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//sekaps//calendar//TR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{edition.programme.name.tr} {edition.year}")
    for entry in entries:
        calendar.add_component(_window(edition, entry))
        calendar.add_component(_closing(edition, entry))
    written: bytes = calendar.to_ical()
    return written


def _window(edition: EditionView, entry: FeedEntry) -> Event:
    event = _event(edition, entry, "window")
    event.add("summary", _both(entry.title) if not entry.step else f"{entry.step} {_both(entry.does)}")
    event.add("dtstart", entry.opens)
    event.add("dtend", entry.closes + ONE_DAY)
    return event


def _closing(edition: EditionView, entry: FeedEntry) -> Event:
    event = _event(edition, entry, "closes")
    event.add("summary", f"{_both(LAST_DAY)}: {entry.step} {_both(entry.title)}".replace(":  ", ": "))
    event.add("dtstart", entry.closes)
    event.add("dtend", entry.closes + ONE_DAY)
    for rung in () if entry.withdrawn else entry.rungs:
        event.add_component(_alarm(entry, rung, edition.days))
    return event


def _event(edition: EditionView, entry: FeedEntry, kind: str) -> Event:
    event = Event()
    name = "-".join((edition.programme.code, str(edition.year), entry.activity, entry.step or "row", kind))
    event.add("uid", f"{name}@{DOMAIN}")
    event.add("dtstamp", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    said = (entry.does, *((entry.consequence,) if entry.consequence else ()), PLANNING)
    event.add("description", "\n\n".join(_both(one, "\n") for one in said))
    return event


def _alarm(entry: FeedEntry, rung: int, days: DayTable) -> Alarm:
    """Return an alarm at nine on the office day a rung falls on."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _both(entry.title))
    before = rung_day(entry.closes, rung, days) - entry.closes
    alarm.add("trigger", before + timedelta(hours=9))
    return alarm


def _both(said: Sayable, between: str = " / ") -> str:
    turkish, english = said.say("tr"), said.say("en")
    return turkish if turkish == english else f"{turkish}{between}{english}"
