"""The iCalendar feeds: what RFC 5545 asks, whose entries they hold, and what amendments, extensions and orders do."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from small_country import ADANA, SEYHAN, Country, make_country, on
from sqlalchemy import insert, update
from typer.testing import CliRunner

from sekaps.calendar.editions import draft
from sekaps.cli.app import app
from sekaps.database import transaction
from sekaps.errors.editions import PersonUnknown, UnitUnknown
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.programmes import Edition
from sekaps.models.registry import Mandate, Unit
from sekaps.reports.feeds import render_feed
from sekaps.services.amendments import AmendmentOrder, propose, publish_amendment
from sekaps.services.editions import insert_revision, load_edition
from sekaps.services.extensions import extend, revoke
from sekaps.services.feeds import Feed, person_feed, unit_feed, year_feed
from sekaps.services.orders import issue_order, revoke_order
from sekaps.services.programmes import parsed, programme_text
from sekaps.services.requests import DayOrderRequest, ExtensionOrder

CONTRACTS = "sekaps-2023-contracts_and_notifications-7.a-{}@sekaps.invalid"
NEEDS = "sekaps-2023-needs_entry-4.a-{}-{}@sekaps.invalid"
MILITARY, INSTITUTION = 20000009, 20000010
DECEMBER = on(2023, 12, 1)
REQUIRED = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"}
Event = dict[str, str]


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        made = make_country(session)
        made.document("N-1", "military", made.chains["need"])
        yield made


def written(country: Country, feed: Feed | None = None) -> bytes:
    edition = load_edition(country.session, "sekaps", 2023)
    return render_feed(edition, feed or year_feed(country.session, edition, DECEMBER))


def of_unit(country: Country, number: int, as_of: datetime = DECEMBER) -> Feed:
    edition = load_edition(country.session, "sekaps", 2023, as_of)
    return unit_feed(country.session, edition, number, as_of)


def of_person(country: Country, who: str, as_of: datetime = DECEMBER) -> Feed:
    number = 1000 + list(country.people).index(who)
    return person_feed(country.session, load_edition(country.session, "sekaps", 2023, as_of), number, as_of)


def steps(feed: Feed) -> list[tuple[int | None, str]]:
    return [(entry.unit, entry.step) for entry in feed.entries]


def entry_of(feed: Feed, step: str = "4.a") -> tuple[date, int, datetime, bool]:
    [found] = [entry for entry in feed.entries if entry.step == step]
    return found.closes, found.sequence, found.changed_at, found.withdrawn


def granted(letter: str, until: date, **scope: str) -> ExtensionOrder:
    named = {"scope": "unit", "scope_code": str(MILITARY)} | scope
    return ExtensionOrder(
        "needs_entry", "4.a", **named, until=until, authority="koordinatör", reason="sel", letter_number=letter
    )


def allocate(country: Country) -> int:
    """Make an allocation of a need to a resource, for papers to follow from, and return its id."""
    row = {
        "edition_id": country.edition.id,
        "need_id": country.signed_need("N-9", 5),
        "resource_id": country.signed_resource("R-9", 5),
        "stage": "central",
        "body_id": country.units["energy"],
        "quantity": 5,
        "state": "lapsed",
        "proposed_at": on(2023, 5, 2),
    }
    return country.session.scalars(insert(Allocation).values(row).returning(Allocation.id)).one()


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
                assert open_event.keys() >= REQUIRED
                found[open_event["UID"]] = open_event
        elif inside[-1] == "VEVENT":
            open_event[name.partition(";")[0]] = value
    assert inside == []
    return found


# The whole year


def test_the_feed_says_what_a_published_calendar_says_of_itself(country: Country) -> None:
    head = written(country).split(b"BEGIN:VEVENT")[0].decode().split("\r\n")
    assert {
        "VERSION:2.0",
        "PRODID:-//sekaps//calendar//TR",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:SEKAPS faaliyet takvimi 2023",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
    } <= set(head)


def test_every_window_and_every_closing_day_is_an_event_whose_end_is_excluded(country: Country) -> None:
    found = events(written(country))
    assert len(found) == 2 * len(country.edition.windows)
    window = found[CONTRACTS.format("window")]
    assert (window["DTSTART"], window["DTEND"], window["SEQUENCE"]) == ("20231002", "20240302", "0")
    assert window["STATUS"] == "CONFIRMED"
    assert window["SUMMARY"].startswith("7.a Sözleşme ve tebliğ işlemleri / Contracts and notifications · İhtiyaç")
    closing = found[CONTRACTS.format("closes")]
    assert (closing["DTSTART"], closing["DTEND"]) == ("20240301", "20240302")
    assert all(event["DTEND"] > event["DTSTART"] for event in found.values())
    assert "seferberlik emri değildir" in window["DESCRIPTION"]
    assert "Sentetik veri" in window["DESCRIPTION"]


def test_the_ladder_stands_as_alarms_at_nine_on_the_office_days_of_its_rungs(country: Country) -> None:
    calendar = Calendar.from_ical(written(country))
    [closing] = [event for event in calendar.walk("VEVENT") if event["UID"] == CONTRACTS.format("closes")]
    triggers = [alarm["TRIGGER"].dt for alarm in closing.walk("VALARM")]
    assert len(triggers) == 5
    assert triggers[-2:] == [timedelta(days=-3, hours=9), timedelta(days=-1, hours=9)]


def test_the_same_year_gives_the_same_bytes(country: Country) -> None:
    assert written(country) == written(country)


def test_an_amendment_raises_the_sequence_of_what_it_moved_and_of_nothing_else(country: Country) -> None:
    february = on(2024, 2, 1)
    order = AmendmentOrder({"year_close": date(2024, 3, 15)}, "flood", "E-1", "Ayşe")
    number = propose(country.session, country.edition, order, february)
    before = events(written(country))
    publish_amendment(country.session, country.edition, number, "Mehmet", february)
    after = events(written(country, year_feed(country.session, country.edition, february)))
    assert after.keys() == before.keys()
    changed = {uid for uid, event in after.items() if event != before[uid]}
    assert {uid.split("-")[2] for uid in changed} == {"contracts_and_notifications"}
    window = after[CONTRACTS.format("window")]
    assert (window["DTEND"], window["SEQUENCE"], window["DTSTAMP"]) == ("20240316", "1", "20240201T070000Z")


def amend_programme(country: Country, text: str, as_of: datetime) -> None:
    """Store the programme as the edition's next revision."""
    held = load_edition(country.session, "sekaps", 2023)
    drafted = draft(parsed(text, "sekaps"), 2023, held.snapshot)
    decision = {"reason": "r", "letter_number": "E-2", "decided_by": "x"}
    number = held.revision + 1
    insert_revision(
        country.session, held.id, drafted, text, held.snapshot, number=number, as_of=as_of, decision=decision
    )
    country.session.execute(update(Edition).where(Edition.id == held.id).values(revision=number))


def without(text: str, first: str, last: str) -> str:
    """Return a programme file without what stands between two of its lines."""
    start = text.index(first)
    return text[:start] + text[text.index(last, start) :]


def test_a_step_that_a_revision_withdrew_is_cancelled_and_taken_up_again_by_the_next(country: Country) -> None:
    text, may, june = programme_text("sekaps"), on(2023, 5, 8), on(2023, 6, 1)
    amend_programme(country, without(text, "      - id: 7.c\n", "\nphases:"), may)
    cancelled = events(written(country))[CONTRACTS.replace("7.a", "7.c").format("closes")]
    assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", "1")
    assert (cancelled["DTSTAMP"], cancelled["DTSTART"]) == ("20230508T070000Z", "20240301")
    assert cancelled["DESCRIPTION"].startswith("Tebliğ edildi veya edilmedi kaydı girilir.")
    afad = of_unit(country, 20000005)
    assert entry_of(afad, "7.c") == (date(2024, 3, 1), 1, may, True)
    assert afad.entries[-1].alarm_days == ()
    amend_programme(country, text, june)
    assert entry_of(of_unit(country, 20000005), "7.c") == (date(2024, 3, 1), 2, june, False)


def test_what_is_given_to_the_nation_moves_the_whole_year_and_what_is_given_to_one_unit_does_not(
    country: Country,
) -> None:
    april = on(2023, 4, 20)
    extend(country.session, country.edition, granted("E-1", date(2023, 5, 5)), april)
    assert entry_of(year_feed(country.session, country.edition, DECEMBER))[:2] == (date(2023, 4, 28), 0)
    extend(country.session, country.edition, granted("E-2", date(2023, 5, 4), scope="nation", scope_code=""), april)
    assert entry_of(year_feed(country.session, country.edition, DECEMBER))[:2] == (date(2023, 5, 4), 1)


# One unit's


def test_a_unit_has_the_steps_it_owes_documents_in_and_those_of_the_same_actor(country: Country) -> None:
    feed = of_unit(country, MILITARY)
    assert steps(feed) == [(MILITARY, "4.a"), (MILITARY, "7.a")]
    assert feed.whose == "military"
    assert {entry.who for entry in feed.entries} == {"military"}
    found = events(written(country, feed))
    assert NEEDS.format("window", MILITARY) in found
    assert found[NEEDS.format("closes", MILITARY)]["SUMMARY"].endswith("Statement of needs · military")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (20000004, ["5.3"]),
        (20000005, ["3.c", "7.c"]),
        (20000008, ["5.1"]),
        (20000002, ["1(1)", "2(2)", "2(3)", "3.a", "5.a", "6(2)"]),
        (INSTITUTION, []),
    ],
)
def test_a_unit_acts_in_the_steps_whose_actor_is_of_its_kind(
    country: Country, number: int, expected: list[str]
) -> None:
    assert [entry.step for entry in of_unit(country, number).entries] == expected


def test_the_body_that_acts_for_the_nation_is_known_by_its_name(country: Country) -> None:
    ministry = country.units["energy"]
    country.session.execute(update(Unit).where(Unit.id == ministry).values(name="MİLLÎ SAVUNMA BAKANLIĞI"))
    assert {"2(1)", "5.b"} <= {entry.step for entry in of_unit(country, 20000003).entries}


def test_papers_to_conclude_and_to_serve_are_part_of_a_units_year(country: Country) -> None:
    institution, governorate = country.units["institution"], country.units["governorate"]
    allocation = allocate(country)
    since = {"edition_id": country.edition.id, "allocation_id": allocation, "prepared_at": on(2023, 10, 2)}
    sides = {"need_side_id": institution, "resource_side_id": governorate}
    country.session.execute(insert(Protocol).values(**since, **sides, kind="detail", number="DP-1", state="open"))
    parts = {"addressee_id": institution, "served_by_id": governorate, "recorded_by_id": governorate}
    country.session.execute(insert(Notice).values(**since, **parts, number="TB-1", state="prepared"))
    assert [entry.step for entry in of_unit(country, INSTITUTION).entries] == ["7.a"]
    assert [entry.step for entry in of_unit(country, 20000004).entries] == ["5.3", "7.b"]


def test_an_extension_and_its_revocation_move_the_closing_day_of_the_unit_it_covers(country: Country) -> None:
    april, may = on(2023, 4, 20), on(2023, 5, 2)
    extension = extend(country.session, country.edition, granted("E-1", date(2023, 5, 5)), april)
    assert entry_of(of_unit(country, MILITARY)) == (date(2023, 5, 5), 1, april, False)
    closing = events(written(country, of_unit(country, MILITARY)))[NEEDS.format("closes", MILITARY)]
    assert (closing["DTSTART"], closing["SEQUENCE"], closing["DTSTAMP"]) == ("20230505", "1", "20230420T070000Z")
    assert "letter E-1 opens it from 20 April 2023 until 5 May 2023" in closing["DESCRIPTION"]
    revoke(country.session, country.edition, extension, "koordinatör", may)
    assert entry_of(of_unit(country, MILITARY)) == (date(2023, 4, 28), 2, may, False)
    assert entry_of(of_unit(country, MILITARY, april)) == (date(2023, 5, 5), 1, april, False)


def test_the_longest_of_several_extensions_holds_and_each_of_them_counts(country: Country) -> None:
    april, later = on(2023, 4, 20), on(2023, 4, 21)
    extend(country.session, country.edition, granted("E-1", date(2023, 5, 9)), april)
    extend(
        country.session, country.edition, granted("E-2", date(2023, 5, 5), scope="province", scope_code=ADANA), later
    )
    assert entry_of(of_unit(country, MILITARY)) == (date(2023, 5, 9), 2, later, False)


def test_an_extension_of_another_unit_is_nowhere_in_a_units_feed(country: Country) -> None:
    before = written(country, of_unit(country, MILITARY))
    order = granted("E-9", date(2023, 5, 9), scope_code=str(INSTITUTION))
    extend(country.session, country.edition, order, on(2023, 4, 20))
    assert written(country, of_unit(country, MILITARY)) == before


def test_a_closing_day_moved_by_an_order_is_moved_in_the_units_it_reaches(country: Country) -> None:
    places = (("district", SEYHAN),)
    snow = DayOrderRequest(
        kind="closure", since=date(2023, 4, 28), until=date(2023, 4, 28), places=places,
        authority="Valilik", reason="Kar", letter_number="V-7",
    )  # fmt: skip
    ordered, revoked = on(2023, 4, 26), on(2023, 4, 27)
    order, _ = issue_order(country.session, country.edition, snow, ordered)
    assert entry_of(of_unit(country, MILITARY)) == (date(2023, 5, 2), 1, ordered, False)
    assert entry_of(of_unit(country, 20000005), "3.c")[:2] == (date(2023, 4, 28), 0)
    revoke_order(country.session, country.edition, order, "Valilik", revoked)
    assert entry_of(of_unit(country, MILITARY)) == (date(2023, 4, 28), 2, revoked, False)


def test_an_unknown_unit_and_an_unknown_person_are_told(country: Country) -> None:
    with pytest.raises(UnitUnknown):
        of_unit(country, 29999999)
    with pytest.raises(PersonUnknown):
        person_feed(country.session, country.edition, 999, DECEMBER)


# One person's


def test_a_person_has_the_steps_whose_chains_name_the_post_under_the_name_of_the_signing_unit(
    country: Country,
) -> None:
    feed = of_person(country, "ministry approver")
    assert (20000002, "4.a") in steps(feed)
    assert {entry.who for entry in feed.entries} == {"ministry"}
    assert str(MILITARY).encode() not in written(country, feed)
    assert "4.a" not in [step for _, step in steps(of_person(country, "energy approver"))]


def test_a_person_with_posts_in_two_units_has_an_entry_for_each(country: Country) -> None:
    person, post = country.people["military officer"], country.posts["industry", "head"]
    country.signed_resource("R-1", 10)
    deputy = {"post_id": post, "person_id": person, "kind": "deputy", "from_at": on(2023, 3, 1)}
    country.session.execute(insert(Mandate).values(**deputy, until_at=on(2023, 4, 1)))
    march, may = of_person(country, "military officer", on(2023, 3, 15)), of_person(country, "military officer")
    assert steps(march) == [(MILITARY, "4.a"), (MILITARY, "7.a"), (20000011, "3.c"), (20000011, "4.c")]
    assert steps(may) == [(MILITARY, "4.a"), (MILITARY, "7.a")]
    names = [entry["SUMMARY"].split(" · ")[-1] for entry in events(written(country, march)).values()]
    assert set(names) == {"military", "industry"}


# On the command line


@pytest.fixture
def stored(database: object) -> None:
    with transaction() as session:
        made = make_country(session)
        made.document("N-1", "military", made.chains["need"])


def export(*arguments: str) -> tuple[bytes, BaseException | None]:
    result = CliRunner().invoke(app, ["plan", "export", "--year", "2023", *arguments])
    return result.stdout_bytes, result.exception


@pytest.mark.usefixtures("stored")
def test_each_format_is_written_as_the_files_name_ends(tmp_path: Path) -> None:
    begins = {
        "ics": b"BEGIN:VCAL",
        "xlsx": b"PK",
        "pdf": b"%PDF",
        "html": b"<!DOCTYPE",
        "svg": b"<svg",
        "png": b"\x89PNG",
    }
    for suffix, magic in begins.items():
        path = tmp_path / f"a.{suffix.upper()}"
        _, failure = export("--out", str(path))
        assert (suffix, failure) == (suffix, None)
        assert path.read_bytes().startswith(magic)
    assert sorted(tmp_path.glob("a.*")) == sorted(tmp_path / f"a.{suffix.upper()}" for suffix in begins)


@pytest.mark.usefixtures("stored")
def test_feeds_and_pages_may_go_to_standard_output() -> None:
    assert len(events(export()[0])) > 40
    assert len(events(export("--unit", str(MILITARY))[0])) == 4
    assert b"military officer" in export("--person", "1024")[0]
    assert export("--format", "html")[0].startswith(b"<!DOCTYPE")


@pytest.mark.usefixtures("stored")
def test_who_has_no_part_in_the_year_gets_no_file(tmp_path: Path) -> None:
    _, failure = export("--unit", str(INSTITUTION), "--out", str(tmp_path / "a.ics"))
    assert str(failure) == "nothing was written: institution has no part in 2023"
    assert not (tmp_path / "a.ics").exists()


@pytest.mark.usefixtures("stored")
def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    _, failure = export("--out", str(tmp_path / "nowhere" / "a.ics"))
    assert "cannot be written: No such file or directory; a file that was there is unchanged" in str(failure)


@pytest.mark.usefixtures("stored")
def test_the_picture_marks_a_day_when_one_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert export("--out", str(path))[1] is None
    assert "05.05.2023" not in path.read_text()
    assert export("--out", str(path), "--as-of", "2023-05-05")[1] is None
    assert "05.05.2023" in path.read_text()
