"""The iCalendar feed: what RFC 5545 asks, read by a parser of its own, and what amendments do to it."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from icalendar import Calendar
from small_country import Country, make_country, on

from sekaps.database import transaction
from sekaps.reports.feeds import feed
from sekaps.services.amendments import AmendmentOrder, propose, publish_amendment
from sekaps.services.editions import load_edition
from sekaps.services.feeds import feed_entries

CONTRACTS = "sekaps-2023-contracts_and_notifications-7.a-{}@sekaps.invalid"
Event = dict[str, str]


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        yield make_country(session)


def written(country: Country) -> bytes:
    edition = load_edition(country.session, "sekaps", 2023)
    return feed(edition, feed_entries(country.session, edition))


def events(content: bytes) -> dict[str, Event]:
    """Read a feed by the letter of RFC 5545: CRLF, lines of at most 75 octets, folded lines joined, events by UID."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    unfolded = re.sub(rb"\r\n[ \t]", b"", content).decode().split("\r\n")
    assert (unfolded[0], unfolded[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: dict[str, Event] = {}
    open_event: Event = {}
    inside: list[str] = []
    for line in unfolded[:-1]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            open_event = {} if value == "VEVENT" else open_event
        elif name == "END":
            assert inside.pop() == value
            if value == "VEVENT":
                assert open_event["UID"] not in found
                found[open_event["UID"]] = open_event
        elif inside[-1] == "VEVENT":
            open_event[name.partition(";")[0]] = value
    assert inside == []
    return found


def test_every_window_and_every_closing_day_is_an_event_whose_end_is_excluded(country: Country) -> None:
    found = events(written(country))
    windows = [key for key in country.edition.windows]
    assert len(found) == 2 * len(windows)
    window = found[CONTRACTS.format("window")]
    assert (window["DTSTART"], window["DTEND"], window["SEQUENCE"]) == ("20231002", "20240302", "0")
    assert window["STATUS"] == "CONFIRMED"
    closing = found[CONTRACTS.format("closes")]
    assert (closing["DTSTART"], closing["DTEND"]) == ("20240301", "20240302")
    assert all(event["DTEND"] > event["DTSTART"] for event in found.values())
    assert "seferberlik emri değildir" in window["DESCRIPTION"]


def test_the_ladder_stands_as_alarms_on_the_closing_day(country: Country) -> None:
    calendar = Calendar.from_ical(written(country))
    [closing] = [event for event in calendar.walk("VEVENT") if event["UID"] == CONTRACTS.format("closes")]
    assert len(closing.walk("VALARM")) == 5


def test_the_same_year_gives_the_same_bytes(country: Country) -> None:
    assert written(country) == written(country)


def test_an_amendment_raises_the_sequence_of_what_it_moved_and_of_nothing_else(country: Country) -> None:
    february = on(2024, 2, 1)
    order = AmendmentOrder({"year_close": date(2024, 3, 15)}, "flood", "E-1", "Ayşe")
    number = propose(country.session, country.edition, order, february)
    before = events(written(country))
    publish_amendment(country.session, country.edition, number, "Mehmet", february)
    after = events(written(country))
    assert after.keys() == before.keys()
    changed = {uid for uid, event in after.items() if event != before[uid]}
    assert {uid.split("-")[2] for uid in changed} == {"contracts_and_notifications"}
    window = after[CONTRACTS.format("window")]
    assert (window["DTEND"], window["SEQUENCE"], window["DTSTAMP"]) == ("20240316", "1", "20240201T070000Z")
