"""A year as an iCalendar feed (RFC 5545) that ordinary calendar programs open; Turkish first, English second."""

from datetime import date, timedelta

from icalendar import Alarm, Calendar, Event

from sekaps.reports.words import PLANNING, SYNTHETIC, both
from sekaps.services.editions import EditionView
from sekaps.services.feeds import Feed, FeedEntry
from sekaps.texts import ZONE, Sayable, is_sayable, text

DOMAIN = "sekaps.invalid"
"""Domain of the entries' identities; reserved by RFC 2606, so that it is nobody's."""
ONE_DAY = timedelta(days=1)
ALARM_TIME = timedelta(hours=9)
"""When on its day an alarm sounds."""
LAST_DAY = text("Last day")


def render_feed(edition: EditionView, feed: Feed) -> bytes:
    """Return the feed: each window, and each closing day with its ladder as alarms.

    An entry keeps its UID over the years of amendments; SEQUENCE counts what changed it (revisions, extensions and
    their revocations), and one that a revision withdrew is CANCELLED. DTSTAMP is the instant of the last change,
    never the clock: the same year gives the same bytes.
    """
    name = " · ".join(filter(None, (f"{edition.programme.name.tr} {edition.year}", feed.whose)))
    calendar = Calendar()
    calendar.add("prodid", "-//sekaps//calendar//TR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", ONE_DAY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for entry in feed.entries:
        calendar.add_component(_window(edition, entry))
        calendar.add_component(_closing(edition, entry))
    written: bytes = calendar.to_ical()
    return written


def _window(edition: EditionView, entry: FeedEntry) -> Event:
    return _event(edition, entry, "window", _title(entry), entry.opens)


def _closing(edition: EditionView, entry: FeedEntry) -> Event:
    event = _event(edition, entry, "closes", f"{both(LAST_DAY)}: {_title(entry)}", entry.closes)
    for day in entry.alarm_days:
        event.add_component(_alarm(entry, day))
    return event


def _event(edition: EditionView, entry: FeedEntry, kind: str, summary: str, starts: date) -> Event:
    event = Event()
    event.add("uid", f"{_identity(edition, entry, kind)}@{DOMAIN}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", summary)
    event.add("dtstart", starts)
    event.add("dtend", entry.closes + ONE_DAY)
    said = (entry.does, entry.extended, entry.consequence, PLANNING, SYNTHETIC if edition.synthetic else None)
    event.add("description", "\n\n".join(_lines(one) for one in said if one))
    return event


def _identity(edition: EditionView, entry: FeedEntry, kind: str) -> str:
    unit = (str(entry.unit),) if entry.unit else ()
    return "-".join((edition.programme.code, str(edition.year), entry.activity, entry.step or "row", kind, *unit))


def _title(entry: FeedEntry) -> str:
    """Return what a calendar program shows: the step, the work, and whose it is."""
    work = f"{entry.step} {both(entry.title)}".strip()
    if not entry.who:
        return work
    return f"{work} · {entry.who.say('tr') if is_sayable(entry.who) else entry.who}"


def _alarm(entry: FeedEntry, day: date) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{entry.closes:%d.%m.%Y}: {_title(entry)}")
    alarm.add("trigger", day - entry.closes + ALARM_TIME)
    return alarm


def _lines(said: Sayable) -> str:
    """Return a sentence in Turkish and, where it differs, in English below it."""
    return "\n".join(dict.fromkeys((said.say("tr"), said.say("en"))))
