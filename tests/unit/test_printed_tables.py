from datetime import date

import pytest
from printed_2023 import HEADING, LINES, printed_lines

from sekaps.calendar.printed_dates import PrintedRange
from sekaps.calendar.printed_lines import (
    Column,
    LineNumber,
    Place,
    PrintedLine,
    clauses_of,
    columns_of,
    is_mark,
    read_number,
    split_number,
)
from sekaps.calendar.printed_tables import PrintedCalendar, read_calendar

YEAR = 2023
N, D, A, S, T = Column.NUMBER, Column.DATES, Column.ACTIVITY, Column.ACTOR, Column.TEXT


def read(*lines: tuple[str, ...]) -> PrintedCalendar:
    return read_calendar(printed_lines(list(lines)), YEAR)


def numbers(calendar: PrintedCalendar) -> list[str]:
    return [str(row.number) for row in calendar.rows]


def told(calendar: PrintedCalendar) -> list[tuple[str, str]]:
    return [(flaw.place.say("en"), flaw.reason.say("en")) for flaw in calendar.flaws]


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (HEADING, (N, D, A, S, T)),
        (("Faaliyet", "Süre", "No"), (A, D, N)),
        (("Açıklama", "İşlemi Yapan", "Yapılacak İşlem", "İşlem Tarihi", "S. Nu."), (T, S, A, D, N)),
        (("Sıra", "", "Tarih", "İşlem", "Dayanak"), (N, N, D, A, None)),
        (("No", "Başlangıç Tarihi", "Bitiş Tarihi", "İş"), (N, Column.OPENS, Column.CLOSES, A)),
        (("Row", "Date", "Activity", "Responsible", "Notes"), (N, D, A, S, T)),
        (("Sorumlu", "Faaliyet"), None),
        (("Tarih", "Açıklama"), None),
        (("5", "Tarih", "Faaliyet"), None),
        (("Tarih", "Faaliyet " * 10), None),
    ],
)
def test_a_heading_names_its_columns_in_any_order(cells: tuple[str, ...], columns: object) -> None:
    assert columns_of(cells) == columns


@pytest.mark.parametrize(
    ("cell", "is_one"),
    [("HİZMETE ÖZEL", True), ("Gizli", True), ("EK-2", True), ("Ek - 2/A", True), ("Sayfa 2/5", True), ("- 2 -", True)]
    + [("2/5", True), ("2", False), ("Ek işlemler", False), ("", False)],
)
def test_marks_are_known(cell: str, is_one: bool) -> None:
    assert is_mark(cell) is is_one


@pytest.mark.parametrize(
    ("written", "number"),
    [("", ("", "")), ("5", ("5", "")), ("5.", ("5", "")), ("5.a", ("5", "a")), ("5/b)", ("5", "b")), ("5Ç", ("5", "ç"))]
    + [("a)", ("", "a")), ("(a)", ("", "a")), ("I.", ("", "ı")), ("(2)", ("", "2")), ("5.1", ("5", "1"))]
    + [("5(2)", ("5", "2")), ("4 (devamı)", ("4", "")), ("beş", None), ("1234", None)],
)
def test_a_number_cell_says_row_and_letter(written: str, number: tuple[str, str] | None) -> None:
    assert read_number(written) == (LineNumber(*number) if number else None)


@pytest.mark.parametrize(
    ("written", "number", "rest"),
    [
        ("a) Kataloglar", LineNumber("", "a"), "Kataloglar"),
        ("Ç. Halk", LineNumber("", "ç"), "Halk"),
        ("(b) - Form", LineNumber("", "b"), "Form"),
        ("c - Cetvel", LineNumber("", "c"), "Cetvel"),
        ("5. Tahsis", LineNumber("5"), "Tahsis"),
        ("e-İmza ile", LineNumber(), "e-İmza ile"),
        ("Tahsis", LineNumber(), "Tahsis"),
    ],
)
def test_a_text_may_begin_with_its_number(written: str, number: LineNumber, rest: str) -> None:
    assert split_number(written) == (number, rest)


def test_a_cell_is_taken_apart_into_lines_sentences_and_items() -> None:
    assert clauses_of("Birinci. İkinci; a) üç b) dört\n\nbeş 01.02.2023") == [
        "Birinci.",
        "İkinci",
        "a) üç",
        "b) dört",
        "beş 01.02.2023",
    ]


def test_the_printed_2023_calendar_is_read_row_by_row() -> None:
    calendar = read_calendar(printed_lines(), YEAR)

    assert calendar.flaws == ()
    assert numbers(calendar) == (
        [
            "1",
            "2",
            "2.1",
            "2.2",
            "3",
            "3.a",
            "3.b",
            "3.c",
            "4",
            "4.a",
            "4.b",
            "4.c",
            "4.ç",
            "5",
            "5",
            "5",
            "5",
            "5",
            "6",
            "7",
        ]
    )
    row = next(row for row in calendar.rows if str(row.number) == "4.a")
    assert (row.activity, row.actor) == ("İhtiyaçlar kaydedilir, imza süreçleri tamamlanır.", "Bakanlıklar")
    assert (row.places, row.is_inherited) == ((Place(10), Place(15)), True)
    assert row.window == PrintedRange(date(2023, 2, 1), date(2023, 4, 28))


def test_every_line_is_accounted_for() -> None:
    calendar = read_calendar(printed_lines(), YEAR)
    read_places = {place for row in calendar.rows for place in row.places}
    skipped = {each.place: each.reason.say("en") for each in calendar.skipped}

    assert read_places | set(skipped) == {Place(line) for line in range(1, len(LINES) + 1)}
    assert skipped == {
        Place(1): "classification mark or page number",
        Place(2): "not below a heading",
        Place(3): "heading",
        Place(11): "classification mark or page number",
        Place(12): "classification mark or page number",
        Place(13): "classification mark or page number",
        Place(14): "heading",
    }


def test_columns_may_stand_in_any_order() -> None:
    turned = [tuple(reversed(cells)) for cells in LINES]

    assert [(row.number, row.window) for row in read(*turned).rows] == [
        (row.number, row.window) for row in read(*LINES).rows
    ]


H = ("No", "Tarih", "Faaliyet", "Sorumlu")


def test_flaws_have_a_place_and_a_reason() -> None:
    calendar = read(
        H,
        ("", "", "Başı olmayan", ""),
        ("1", "31 Nisan 2023", "Var olmayan gün", ""),
        ("2", "", "Tarihsiz", ""),
        ("iki", "01 Mart 2023", "Numarasız", ""),
        ("3", "01 Mart 2023", "Üç", ""),
        ("4", "02 Mart 2023", "Dört", ""),
        ("3", "05 Mart 2023", "Yine üç", ""),
        ("5.a", "", "Satırı olmayan", ""),
        ("6", "03 Mart 2023", "01 Mart-02 Mart 2023 ile 05 Mart-06 Mart 2023", ""),
        ("7", "04 Mart 2023", "01 Mart-02 Mart 1923", ""),
    )

    assert told(calendar) == [
        ("line 2", "it stands before the first row of the calendar"),
        ("line 5", "'iki' is not the number of a row, such as 5, 5.a or a)"),
        ("line 8", "row 3 stands here again; first at: line 6"),
        ("line 3", "31.04.2023 is not a day of the calendar"),
        ("line 10", "several date ranges stand together: 01 Mart-02 Mart 2023 ile 05 Mart-06 Mart 2023"),
        ("line 11", "the year 1923 is not one of the 2023 calendar (2022 to 2025)"),
        ("line 4", "it has no date: Tarihsiz"),
        ("line 9", "it has no date: Satırı olmayan"),
    ]


def test_a_file_without_a_heading_is_a_flaw() -> None:
    assert told(read(("1", "01 Mart 2023", "Bir"))) == [
        ("the whole file", "no heading names the columns: a date column, and one of row numbers or activities")
    ]


def test_a_row_may_go_on_over_the_page_under_its_own_number_or_with_the_rest_of_its_date() -> None:
    calendar = read(
        H,
        ("1", "09 Ocak -", "Çerçeve protokol yapılması veya", "Bakanlıklar"),
        ("EK-2", "", "", ""),
        ("", "29 Eylül 2023", "güncellenmesi", ""),
        ("2", "09-31 Ocak 2023", "Ön hazırlıklar", ""),
        ("2", "", "", ""),
        ("2 (devamı)", "09-31 Ocak 2023", "işlemleri", ""),
        ("3", "09 Ocak -", "Kaynak", ""),
        ("3", "28 Nisan 2023", "tespiti", ""),
    )

    assert calendar.flaws == ()
    assert [(str(row.number), row.activity) for row in calendar.rows] == [
        ("1", "Çerçeve protokol yapılması veya güncellenmesi"),
        ("2", "Ön hazırlıklar işlemleri"),
        ("3", "Kaynak tespiti"),
    ]
    assert calendar.rows[2].window == PrintedRange(date(2023, 1, 9), date(2023, 4, 28))


def test_a_lone_number_ends_a_page_unless_it_is_the_next_row() -> None:
    calendar = read(
        H, ("1", "09 Ocak 2023", "Bir", ""), ("7", "", "", ""), ("2", "", "", ""), ("", "10 Ocak 2023", "İki", "")
    )

    assert [(str(row.number), row.activity) for row in calendar.rows] == [("1", "Bir"), ("2", "İki")]
    assert [each.place for each in calendar.skipped] == [Place(1), Place(3)]


def test_rows_without_numbers_begin_at_their_dates() -> None:
    calendar = read(
        ("Tarih", "Faaliyet"),
        ("09 Ocak -", "Çerçeve"),
        ("31 Ocak 2023", "protokol"),
        ("01 Şubat 2023", "İhtiyaç tespiti"),
        ("", "a) Halkın ihtiyaçları"),
        ("", "Kurumların ihtiyaçları"),
        ("", ""),
    )

    assert calendar.flaws == ()
    assert [(row.is_sub, row.number.letter, row.activity) for row in calendar.rows] == [
        (False, "", "Çerçeve protokol"),
        (False, "", "İhtiyaç tespiti"),
        (True, "a", "Halkın ihtiyaçları"),
        (True, "", "Kurumların ihtiyaçları"),
    ]


def test_numbers_and_letters_may_stand_in_the_text() -> None:
    calendar = read(
        ("Tarih", "Faaliyet", "Açıklama"),
        ("02 Mayıs-01 Eylül 2023", "5. Tahsis", ""),
        ("01 Ağustos-01 Eylül 2023", "", "b) Onaylanır"),
        ("04 Eylül 2023", "6. Aktarım a) Kendiliğinden. Her yıl b) Tahsis", ""),
    )

    assert [(str(row.number), row.activity, row.text, row.is_inherited) for row in calendar.rows] == [
        ("5", "Tahsis", "", False),
        ("5.b", "", "Onaylanır", False),
        ("6", "Aktarım", "", False),
        ("6.a", "Kendiliğinden. Her yıl", "", True),
        ("6.b", "Tahsis", "", True),
    ]


def test_a_row_number_printed_on_every_line_takes_the_letters_of_the_text() -> None:
    calendar = read(
        H,
        ("5", "02 Mayıs-01 Eylül 2023", "Tahsis", ""),
        ("5", "01 Ağustos-01 Eylül 2023", "b) Onay", ""),
        ("5", "", "c) İl MMM 03 Temmuz-01 Eylül 2023", ""),
        ("", "", "c) Yine", ""),
    )

    assert numbers(calendar) == ["5", "5.b", "5.c"]
    assert calendar.rows[2].window == PrintedRange(date(2023, 7, 3), date(2023, 9, 1))
    assert told(calendar) == [("line 5", "row 5.c stands here again; first at: line 4")]


def test_a_row_dated_only_by_its_sub_rows_is_no_flaw() -> None:
    calendar = read(H, ("5", "", "Tahsis", ""), ("a", "02 Mayıs 2023", "Askerî", ""), ("b", "", "Kurumlar", ""))

    assert [row.window is None for row in calendar.rows] == [True, False, True]
    assert calendar.flaws == ()


def test_a_table_of_another_width_or_sheet_needs_a_heading_of_its_own() -> None:
    lines = [
        PrintedLine(Place(1, table=1), H),
        PrintedLine(Place(2, table=1), ("1", "09 Ocak 2023", "Bir", "")),
        PrintedLine(Place(1, table=2), ("2", "10 Ocak 2023", "İki", "")),
        PrintedLine(Place(1, table=3), ("İmza", "Tarih")),
        PrintedLine(Place(1, sheet="Notlar"), ("3", "11 Ocak 2023", "Üç", "")),
    ]
    calendar = read_calendar(lines, YEAR)

    assert numbers(calendar) == ["1", "2"]
    assert [each.place.say("en") for each in calendar.skipped] == [
        "table 1, row 1",
        "table 3, row 1",
        "sheet Notlar, row 1",
    ]


def test_two_date_columns_make_one_range() -> None:
    calendar = read(("No", "Başlangıç", "Bitiş", "İş"), ("1", "09.01.2023", "29.09.2023", "Çerçeve protokol"))

    assert calendar.rows[0].window == PrintedRange(date(2023, 1, 9), date(2023, 9, 29))
