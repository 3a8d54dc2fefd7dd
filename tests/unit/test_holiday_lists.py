from datetime import date
from pathlib import Path

import pytest

from sekaps.calendar.days import DayFact
from sekaps.errors.base import SekapsError
from sekaps.errors.holidays import HolidayListEmpty, HolidayListUnreadable
from sekaps.services.holiday_lists import HolidayList, read_holiday_list


def table(tmp_path: Path, written: str) -> HolidayList:
    path = tmp_path / "tatil.csv"
    path.write_text(written, encoding="utf-8")
    return read_holiday_list(path, 2027)


def feed(tmp_path: Path, *entries: str) -> HolidayList:
    path = tmp_path / "tatil.ics"
    events = "".join(f"BEGIN:VEVENT\r\nUID:x\r\n{entry}\r\nEND:VEVENT\r\n" for entry in entries)
    path.write_bytes(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode())
    return read_holiday_list(path, 2027)


def days(given: HolidayList) -> list[tuple[str, bool]]:
    return [(fact.day.isoformat(), fact.is_whole_day) for fact in given.listing.facts]


def flaws(given: HolidayList) -> list[tuple[int, str]]:
    return [(flaw.line, str(flaw.reason.say("en"))) for flaw in given.flaws]


def test_a_table_of_date_and_name_is_read_in_the_forms_people_write(tmp_path: Path) -> None:
    given = table(
        tmp_path,
        "Tarih;Tatil\n1 Ocak 2027 Cuma;Yılbaşı\n08.03.2027;Ramazan Bayramı Arifesi\n2027-03-09;Ramazan Bayramı\n"
        "\n28/10/2027;Cumhuriyet Bayramı;saat 13.00'ten itibaren\n",
    )

    assert days(given) == [("2027-01-01", True), ("2027-03-08", False), ("2027-03-09", True), ("2027-10-28", False)]
    assert given.flaws == ()


def test_a_range_that_begins_with_the_eve_has_one_half_day(tmp_path: Path) -> None:
    given = table(tmp_path, "08.03.2027 - 10.03.2027;Ramazan Bayramı (arefe dâhil)\n")

    assert days(given) == [("2027-03-08", False), ("2027-03-09", True), ("2027-03-10", True)]


def test_rows_of_other_years_are_left_aside(tmp_path: Path) -> None:
    assert days(table(tmp_path, "01.01.2026;Yılbaşı\n01.01.2027;Yılbaşı\n01.01.2028;Yılbaşı\n")) == [
        ("2027-01-01", True)
    ]


def test_each_row_that_cannot_be_read_has_its_line_and_a_reason(tmp_path: Path) -> None:
    given = table(
        tmp_path,
        "01.01.2027;Yılbaşı\nyarın;Bayram\n31.02.2027;Bayram\n01.01.2127;Yılbaşı\n01.05.2027;\n"
        "01.06.2027-31.08.2027;Yaz tatili\n01.06.2027'den itibaren;Tatil\n",
    )

    assert flaws(given) == [
        (2, "'yarın' is not a date or a date range"),
        (3, "31.02.2027 is not a day of the calendar"),
        (4, "1 January 2127 is a date of another century; years go from 1936 to 2100"),
        (5, "the day has no name; a row is a date and a name"),
        (6, "1 June 2027 to 31 August 2027 is no holiday; it lasts 92 days"),
        (7, "'01.06.2027'den itibaren' has no first or no last day"),
    ]
    assert days(given) == [("2027-01-01", True)]


def test_a_feed_gives_whole_days_ranges_and_half_days(tmp_path: Path) -> None:
    given = feed(
        tmp_path,
        "SUMMARY:Yılbaşı\r\nDTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270102",
        "SUMMARY:Ramazan Bayramı\r\nDTSTART;VALUE=DATE:20270309\r\nDTEND;VALUE=DATE:20270312",
        "SUMMARY:Cumhuriyet Bayramı\r\nDTSTART;TZID=Europe/Istanbul:20271028T130000"
        "\r\nDTEND;TZID=Europe/Istanbul:20271030T000000",
        "SUMMARY:Kurban Bayramı\r\nDTSTART:20270515T100000Z\r\nDURATION:PT4H",
        "SUMMARY:Zafer Bayramı\r\nDTSTART;VALUE=DATE:20270830",
        "SUMMARY:Kaldırıldı\r\nSTATUS:CANCELLED\r\nDTSTART;VALUE=DATE:20270601",
    )

    assert days(given) == [
        ("2027-01-01", True),
        *((f"2027-03-{day}", True) for day in ("09", "10", "11")),
        ("2027-05-15", False),
        ("2027-08-30", True),
        ("2027-10-28", False),
        ("2027-10-29", True),
    ]


def test_each_entry_of_a_feed_that_cannot_be_read_has_its_line_and_a_reason(tmp_path: Path) -> None:
    given = feed(
        tmp_path,
        "SUMMARY:Yılbaşı\r\nDTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=YEARLY",
        "SUMMARY:Bayram",
        "SUMMARY:Bayram\r\nDTSTART;VALUE=DATE:2027039",
        "SUMMARY:Bayram\r\nDTSTART;VALUE=DATE:21270309",
    )

    unreadable = "the entry has no readable first day (DTSTART) or last day (DTEND)"
    assert flaws(given) == [
        (4, "the entry repeats by a rule; save each day as an entry of its own"),
        (10, unreadable),
        (14, unreadable),
        (19, "9 March 2127 is a date of another century; years go from 1936 to 2100"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        ("a.ics", b"hello", HolidayListUnreadable, "it is not an iCalendar file"),
        ("a.ics", b"", HolidayListUnreadable, "it is an iCalendar file without entries"),
        ("a.ics", "BEGIN:VCALENDAR ı".encode("cp1254"), HolidayListUnreadable, "it is not written in UTF-8"),
        ("a.ics", b" " * 5_000_001, HolidayListUnreadable, "it is far larger than a year's holidays"),
        ("a.pdf", b"%PDF", HolidayListUnreadable, "it is none of .csv"),
        ("a.csv", b"Tarih;Ad\n01.01.2026;Y\n", HolidayListEmpty, "names no holiday of 2027"),
        (None, b"", HolidayListUnreadable, "No such file"),
    ],
)
def test_a_file_that_is_no_list_of_holidays_is_one_clear_line(
    tmp_path: Path, name: str | None, content: bytes, kind: type[SekapsError], said: str
) -> None:
    path = tmp_path / (name or "missing.ics")
    if name:
        path.write_bytes(content)
    with pytest.raises(kind) as refused:
        read_holiday_list(path, 2027)

    assert said in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_day_of_the_list_is_a_statutory_fact_with_the_name_it_was_given(tmp_path: Path) -> None:
    (fact,) = table(tmp_path, "01.01.2027;Yılbaşı\n").listing.facts

    assert isinstance(fact, DayFact)
    assert (fact.day, fact.name.tr, fact.layer.value) == (date(2027, 1, 1), "Yılbaşı", "statutory")
