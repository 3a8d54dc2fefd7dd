from datetime import date

import pytest
from printed_2023 import LINES, printed_lines

from sekaps.calendar.editions import draft
from sekaps.calendar.printed_tables import read_calendar
from sekaps.calendar.programmes import Programme, load_programme
from sekaps.calendar.published import (
    Difference,
    PublishedCalendar,
    published_calendar,
    published_yaml,
    with_published,
)
from sekaps.services.programmes import days_of_edition, programme_text, read_programme

SEKAPS = read_programme("sekaps")
PRINTED_2023 = {code: boundary.published[2023] for code, boundary in SEKAPS.boundaries.items()}
H = ("No", "Tarih", "Faaliyet")
CALENDAR_2013 = [
    ("Faaliyet", "Tarih", "Sıra"),
    ("Çerçeve protokol", "07.01.2013-30.09.2013", "1"),
    ("Ön hazırlıklar", "07-31.01.2013", "2"),
    ("Kaynak tespit işlemleri", "07.01-30.04.2013", "3"),
    ("İhtiyaç tespit işlemleri", "01.02-30.04.2013", "4"),
    ("Kaynak tahsis işlemleri", "02.05-02.09.2013", "5"),
    ("b) MSB onayı", "01.08-02.09.2013", ""),
    ("İlçe MMM Komisyonlarının tahsisleri", "02.05-28.06.2013", ""),
    ("İl MMM Komisyonlarının tahsisleri", "01.07-02.09.2013", ""),
    ("Aktarım", "03-30.09.2013", "6"),
    ("Sözleşme ve tebliğ", "01.10.2013-03.03.2014", "7"),
]


def published(*lines: tuple[str, ...], year: int = 2023, programme: Programme = SEKAPS) -> PublishedCalendar:
    printed = read_calendar(printed_lines(list(lines)), year)
    return published_calendar(programme, printed, year, days_of_edition(year))


def told(calendar: PublishedCalendar) -> list[tuple[str, str]]:
    return [(flaw.place.say("en"), flaw.reason.say("en")) for flaw in calendar.flaws]


def test_the_printed_2023_calendar_publishes_the_thirteen_dates_of_the_programme() -> None:
    calendar = published(*LINES)

    assert dict(calendar.dates) == PRINTED_2023
    assert (calendar.flaws, calendar.gaps, calendar.differences) == ((), (), ())


def test_the_annex_alone_leaves_three_boundaries_open() -> None:
    calendar = published(*((*cells[:4], "") for cells in LINES))

    assert calendar.gaps == ("district_close", "province_open", "approval_open")
    assert calendar.flaws == ()


def test_narrower_windows_may_be_rows_of_their_own() -> None:
    extra = [
        ("a", "02 Mayıs-01 Eylül 2023", "Merkezî tahsis", "", ""),
        ("b", "01 Ağustos-01 Eylül 2023", "Onay", "", ""),
        ("(1)", "02 Mayıs-30 Haziran 2023", "İlçede", "", ""),
        ("(2)", "03 Temmuz-01 Eylül 2023", "İlde", "", ""),
    ]

    assert dict(published(*((*cells[:4], "") for cells in LINES[:19]), *extra, *LINES[20:]).dates) == PRINTED_2023


def test_a_2013_calendar_in_dotted_dates_is_published_against_its_rules() -> None:
    calendar = published(*CALENDAR_2013, year=2013)

    assert told(calendar) == []
    assert (calendar.gaps, len(calendar.dates)) == ((), 13)
    assert calendar.dates["district_close"] == date(2013, 6, 28)
    assert calendar.differences == (Difference("year_open", date(2013, 1, 7), date(2013, 1, 14)),)


def test_a_published_date_wins_and_the_rule_is_shown_beside_it() -> None:
    lines = [tuple(cell.replace("30 Haziran 2023", "27 Haziran 2023") for cell in cells) for cells in LINES]
    calendar = published(*lines)

    assert calendar.differences == (Difference("district_close", date(2023, 6, 27), date(2023, 6, 30)),)
    assert calendar.dates["district_close"] == date(2023, 6, 27)


def test_two_dates_for_one_boundary_are_a_flaw_and_leave_it_open() -> None:
    lines = [tuple(cell.replace("09 Ocak-28 Nisan", "09 Ocak-27 Nisan") for cell in cells) for cells in LINES]
    calendar = published(*lines)

    assert told(calendar) == [
        ("line 8", "needs_close is given several dates: 27 April 2023 (line 8), 28 April 2023 (line 9)")
    ]
    assert calendar.gaps == ("needs_close",)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("9", "01 Mart 2023", "Bilinmeyen iş"), "it is nothing the programme knows: Bilinmeyen iş"),
        (
            ("1", "01 Mart 2023", "Sözleşme ve tebliğ işlemleri"),
            "row 1 is called 'Sözleşme ve tebliğ işlemleri', which is row 7 of the programme",
        ),
    ],
)
def test_rows_that_mean_no_activity_are_flaws(row: tuple[str, ...], reason: str) -> None:
    calendar = published(H, row, ("a", "02 Mart 2023", "Alt iş"))

    assert told(calendar) == [("line 2", reason)]
    assert dict(calendar.dates) == {}


def test_rows_without_numbers_are_known_by_their_names() -> None:
    calendar = published(
        ("Tarih", "Faaliyet"),
        ("09 Ocak-29 Eylül 2023", "ÇERÇEVE PROTOKOL"),
        ("02 Ekim 2023'ten itibaren", "Sözleşme ve tebliğ işlemleri"),
    )

    assert told(calendar) == []
    assert sorted(calendar.dates) == ["contracts_open", "transfer_close", "year_open"]


def test_a_sub_row_of_unknown_work_must_keep_to_its_row() -> None:
    calendar = published(
        H,
        ("5", "02 Mayıs-01 Eylül 2023", "Kaynak tahsis işlemleri"),
        ("x", "02 Mayıs-01 Eylül 2023", "Başka"),
        ("f", "02 Mayıs-01 Eylül 2023", "Başka"),
        ("g", "03 Mayıs-01 Eylül 2023", "Bambaşka"),
        ("ğ", "04 Mayıs-01 Eylül 2023", "Askerî birliklerin mahallî ihtiyaçları"),
    )

    assert told(calendar) == [
        ("line 3", "'x' is not the number of a row, such as 5, 5.a or a)"),
        ("line 5", "it is nothing the programme knows: Bambaşka"),
        ("line 6", "it fits several steps of the programme: Askerî birliklerin mahallî ihtiyaçları"),
    ]


def test_dates_no_year_can_be_drafted_from_are_a_flaw_of_the_whole() -> None:
    calendar = published(H, ("4", "28 Nisan 2023", "İhtiyaç tespit işlemleri"), ("5", "01 Ekim 2023", "Kaynak tahsis"))

    assert told(calendar) == [
        (
            "the whole calendar",
            "5.1 would open on 1 October 2023 (allocation_open) and close before that, on 30 June 2023"
            " (district_close); correct one of the two boundaries",
        )
    ]
    assert set(calendar.proposed.values()) == {None}


FLAT = """\
# A programme laid out otherwise.
code: flat
name: Flat
boundaries:
    opens: {rule: 1 March}   # spring
    closes:
        rule: 31 March

        published:
            2022: 2022-03-31   # the first one
activities:
- code: work
  name: 'Work'
  window: [opens, closes]
  steps:
  - {does: Count}
  - {id: b, does: Weigh}
"""


def test_dates_are_written_into_the_file_its_comments_and_layout_kept() -> None:
    shipped = programme_text("sekaps")
    written = published_yaml(shipped, 2024, {"year_open": date(2024, 1, 8)})

    assert written == shipped.replace("{2023: 2023-01-09}", "{2023: 2023-01-09, 2024: 2024-01-08}")
    assert published_yaml(shipped, 2023, PRINTED_2023) == shipped


def test_a_file_laid_out_otherwise_keeps_its_layout() -> None:
    written = published_yaml(FLAT, 2023, {"opens": date(2023, 3, 2), "closes": date(2023, 3, 30)})

    assert written == FLAT.replace("{rule: 1 March}  ", "{rule: 1 March, published: {2023: 2023-03-02}}").replace(
        "# the first one\n", "# the first one\n            2023: 2023-03-30\n"
    )
    assert load_programme(written, "flat").boundaries["opens"].published == {2023: date(2023, 3, 2)}


def test_boundaries_written_on_one_line_stay_there() -> None:
    short = "code: x\nboundaries: {a: {rule: 1 March}}\n"

    assert published_yaml(short, 2023, {"a": date(2023, 3, 2)}) == (
        "code: x\nboundaries: {a: {rule: 1 March, published: {2023: 2023-03-02}}}\n"
    )


def test_a_programme_without_numbers_or_actors_is_matched_too() -> None:
    calendar = published(
        H, ("1", "2-30 Mart 2023", "Work"), ("b", "2-30 Mart 2023", ""), programme=load_programme(FLAT, "flat")
    )

    assert dict(calendar.dates) == {"opens": date(2023, 3, 2), "closes": date(2023, 3, 30)}


def test_published_dates_rule_the_draft() -> None:
    changed = with_published(SEKAPS, 2026, {"needs_close": date(2026, 4, 24)})

    drafted = draft(changed, 2026, days_of_edition(2026))
    assert drafted.boundary("needs_close").date == date(2026, 4, 24)
    assert drafted.boundary("needs_close").proposed == date(2026, 4, 30)
    assert changed.boundaries["year_open"] == SEKAPS.boundaries["year_open"]
    assert 2026 not in SEKAPS.boundaries["needs_close"].published
