"""The official table: what it prints, how it is laid out in Excel, PDF and HTML, and that it can be read back."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from sekaps.calendar.editions import draft
from sekaps.calendar.printed_tables import read_calendar
from sekaps.calendar.published import published_calendar
from sekaps.calendar.windows import Window
from sekaps.errors.exports import ExportRefused
from sekaps.reports.gantt import png_chart, svg_chart
from sekaps.reports.official_gantt import plan_chart
from sekaps.reports.official_html import render_official_html
from sekaps.reports.official_pdf import render_pdf
from sekaps.reports.official_table import (
    COLUMNS,
    LONGEST_SPANNED,
    MOST_SPANNED,
    OfficialTable,
    official_table,
    printed_window,
    upper,
)
from sekaps.reports.official_xlsx import DATE_COLUMNS, render_xlsx
from sekaps.services.calendar_files import read_lines
from sekaps.services.editions import EditionView
from sekaps.services.programmes import days_of_edition, read_programme
from sekaps.services.revisions import RevisionLine

BIDS = re.compile(r"""(?:src|href|action|xlink:href)=["'](?!\#|data:)|url\((?!["']?\#)|@import""")
"""What would make a browser ask for something."""
DECIDED = datetime(2022, 12, 15, 5, 30, tzinfo=UTC)
REVISION = RevisionLine(2, DECIDED, "Ayşe", "afet", "E-<17>")


def edition(programme: str = "sekaps", *, synthetic: bool = False) -> EditionView:
    """Return the 2023 edition of a shipped programme as its files give it."""
    days = days_of_edition(2023)
    drafted = draft(read_programme(programme), 2023, days)
    windows = {(each.activity, each.key): Window(each.opens, each.closes) for each in drafted.windows}
    return EditionView(1, drafted.programme, 2023, 2, "published", synthetic, windows, days, days)


EDITION = edition()
TABLE = official_table(EDITION, REVISION)
PICTURE = png_chart(plan_chart(EDITION, "tr"))


def sheet_of(table: OfficialTable) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(table))).active


def html_of(table: OfficialTable) -> str:
    return render_official_html(table, svg_chart(plan_chart(EDITION, "tr")))


def pages_of(written: bytes, folder: Path) -> list[str]:
    """Return the text of each page as another program reads it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("left out: pdftotext is not installed")
    (folder / "a.pdf").write_bytes(written)
    command = ["pdftotext", "-layout", str(folder / "a.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\f")[:-1]


def changed(place: int, **values: object) -> OfficialTable:
    """Return the table with one of its rows changed."""
    rows = list(TABLE.rows)
    rows[place] = replace(rows[place], **values)
    return replace(TABLE, rows=tuple(rows))


@pytest.mark.parametrize(
    ("opens", "closes", "printed"),
    [
        (date(2023, 1, 9), date(2023, 9, 29), "09 Ocak - 29 Eylül 2023"),
        (date(2023, 1, 9), date(2023, 1, 31), "09 - 31 Ocak 2023"),
        (date(2023, 10, 2), date(2024, 3, 1), "02 Ekim 2023 - 01 Mart 2024"),
        (date(2023, 3, 1), date(2024, 3, 31), "01 Mart 2023 - 31 Mart 2024"),
        (date(2023, 5, 5), date(2023, 5, 5), "05 Mayıs 2023"),
    ],
)
def test_a_window_is_printed_as_official_calendars_print_it(opens: date, closes: date, printed: str) -> None:
    assert printed_window(Window(opens, closes)) == printed


def test_the_titles_are_in_turkish_capitals_and_name_the_issue() -> None:
    assert upper("millî istihbarat, ılık") == "MİLLÎ İSTİHBARAT, ILIK"
    assert TABLE.masthead == ("T.C.", "MİLLÎ GÜVENLİK KURULU GENEL SEKRETERLİĞİ")
    assert TABLE.title == "2023 YILI SEKAPS FAALİYET TAKVİMİ"
    assert TABLE.issue == "Sürüm No: 2  ·  Karar tarihi: 15 Aralık 2022  ·  Yazı No: E-<17>"
    first = official_table(EDITION, replace(REVISION, letter_number=None))
    assert first.issue.endswith("Yazı No: –")


def test_a_real_year_bears_no_warning_and_a_rehearsed_one_does() -> None:
    assert TABLE.warning == ""
    assert "Sentetik veri" in official_table(edition(synthetic=True), REVISION).warning


def test_sub_rows_stand_below_their_row_and_print_dates_where_they_differ_from_those_above() -> None:
    fifth = [row for row in TABLE.rows if row.number.startswith("5")]
    assert [(row.number, row.dates, row.is_sub) for row in fifth] == [
        ("5", "02 Mayıs - 01 Eylül 2023", False),
        ("5.a", "", True),
        ("5.b", "01 Ağustos - 01 Eylül 2023", True),
        ("5.1", "02 Mayıs - 30 Haziran 2023", True),
        ("5.2", "03 Temmuz - 01 Eylül 2023", True),
        ("5.3", "02 Mayıs - 01 Eylül 2023", True),
    ]
    assert (fifth[1].opens, fifth[1].closes) == (date(2023, 5, 2), date(2023, 9, 1))


def test_a_last_day_on_a_holiday_is_remarked() -> None:
    [remarked] = [row for row in TABLE.rows if "tatile rastlar" in row.remarks]
    assert remarked.number == "5.1"
    assert remarked.remarks.endswith("(Kurban Bayramı); önceki son tam iş günü: 23 Haziran 2023.")


def test_a_lone_step_without_a_letter_is_told_in_its_row() -> None:
    first, second = TABLE.rows[:2]
    assert (first.number, first.activity, first.actor) == ("1", "Çerçeve protokol", "Bütün bakanlıklar")
    assert [line.split()[0] for line in first.remarks.splitlines()] == ["İhtiyaç", "Yapılmayan"]
    assert (second.number, second.is_sub) == ("2", False)
    assert TABLE.rows[2].number == "(1)"


def test_a_date_cell_stands_beside_the_rows_it_holds_for() -> None:
    spans = [(row.number, span) for row, span in TABLE.spanned_rows if span]
    assert spans[:5] == [("1", 1), ("2", 4), ("3", 4), ("4", 5), ("5", 2)]
    assert sum(span for _, span in spans) == len(TABLE.rows)


def test_what_is_kept_together_fits_on_a_page() -> None:
    many = replace(TABLE, rows=(TABLE.rows[0], *(replace(TABLE.rows[2], number=str(n)) for n in range(7))))
    assert [span for _, span in many.spanned_rows if span] == [MOST_SPANNED, 3]
    long = changed(2, activity="x" * (LONGEST_SPANNED + 1))
    assert [span for _, span in long.spanned_rows[:4]] == [1, 1, 3, 0]


@pytest.mark.parametrize("programme", ["sekaps", "deferment"])
def test_excel_and_html_are_read_back_with_the_same_dates(programme: str, tmp_path: Path) -> None:
    given = edition(programme)
    table = official_table(given, REVISION)
    (tmp_path / "a.xlsx").write_bytes(render_xlsx(table))
    (tmp_path / "a.html").write_text(render_official_html(table, svg_chart(plan_chart(given, "tr"))))
    drafted = draft(given.programme, 2023, given.days)
    for name in ("a.xlsx", "a.html"):
        printed = read_calendar(read_lines(tmp_path / name), 2023)
        read = published_calendar(given.programme, printed, 2023, given.days)
        assert (name, read.flaws, read.gaps) == (name, (), ())
        assert dict(read.dates) == {each.code: each.date for each in drafted.boundaries}


def test_excel_prints_on_a4_with_its_heading_on_each_page() -> None:
    sheet = sheet_of(TABLE)
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$6:$6", "A7")
    assert [cell.value for cell in sheet[6]] == [*COLUMNS, *DATE_COLUMNS]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {f"A{line}:G{line}" for line in range(1, 6)}
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == (TABLE.coordinator, "Sayfa &P / &N")
    assert all(cell.alignment.wrap_text and cell.border.left.style == "thin" for cell in sheet[8])


def test_excel_has_real_dates_beside_the_printed_ones() -> None:
    cells = sheet_of(TABLE)[7]
    assert [cell.value for cell in cells[:3]] == [1, "09 Ocak - 29 Eylül 2023", "Çerçeve protokol"]
    assert [cell.value.date() for cell in cells[5:]] == [date(2023, 1, 9), date(2023, 9, 29)]
    assert [cell.number_format for cell in cells[5:]] == ["dd.mm.yyyy"] * 2


def test_what_looks_like_a_formula_stays_a_text_in_excel() -> None:
    assert sheet_of(changed(0, activity="=1+1"))["C7"].data_type == "s"


def test_the_page_asks_nothing_of_the_network_and_escapes_what_it_is_given() -> None:
    page = html_of(replace(TABLE, coordinator='A"&</style>'))
    assert BIDS.findall(page) == []
    assert "E-&lt;17&gt;" in page
    assert 'content: "A\\22 \\26 \\3c /style\\3e ";' in page
    assert '"&</style>' not in page
    assert "<svg" in page


def test_the_pdf_repeats_its_heading_and_numbers_its_pages(tmp_path: Path) -> None:
    pages = pages_of(render_pdf(TABLE, PICTURE), tmp_path)
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert re.search(rf"Millî Güvenlik Kurulu Genel Sekreterliği +Sayfa {number} / 3\s*$", page)
    assert all("TARİH ARALIĞI" in page and "AÇIKLAMA" in page for page in pages[:2])
    assert "2023 YILI SEKAPS FAALİYET TAKVİMİ" in pages[0]
    assert "02 Ekim 2023 - 01 Mart 2024" in pages[1]
    assert "YILIN GÖRÜNÜMÜ" in pages[2]


def test_the_pdf_keeps_a_row_with_the_sub_rows_that_share_its_dates(tmp_path: Path) -> None:
    first, second, _ = pages_of(render_pdf(TABLE, PICTURE), tmp_path)
    assert "4.ç" in first
    assert re.findall(r"^ *(5(?:\.\w)?) ", first, re.MULTILINE) == []
    assert re.findall(r"^ *(5(?:\.\w)?) ", second, re.MULTILINE)[0] == "5"


def test_a_row_longer_than_a_page_is_refused() -> None:
    with pytest.raises(ExportRefused, match="nothing was written: a row of the table is longer than a page"):
        render_pdf(changed(2, activity="uzun " * 1500), PICTURE)


def test_the_same_table_gives_the_same_bytes() -> None:
    assert render_pdf(TABLE, PICTURE) == render_pdf(TABLE, PICTURE)
    assert render_xlsx(TABLE) == render_xlsx(TABLE)
    assert png_chart(plan_chart(EDITION, "tr")) == PICTURE
    assert html_of(TABLE) == html_of(TABLE)


def words(svg: str) -> str:
    nodes = ElementTree.fromstring(svg).iter()
    return " ".join("".join(node.itertext()) for node in nodes if node.tag.endswith("text"))


def test_the_picture_shows_rows_and_steps_with_windows_of_their_own_in_one_language() -> None:
    chart = plan_chart(EDITION, "tr")
    assert [bar.label.split()[0] for bar in chart.bars] == ["1", "2", "3", "4", "5", "5.b", "5.1", "5.2", "6", "7"]
    read = words(svg_chart(chart))
    assert "5.b Millî Savunma Bakanlığı" in read
    assert "02.10–01.03.24" in read
    for layer in ("resmî tatil", "yarım gün", "idari izin"):
        assert layer in read
    assert "holiday" not in read
    assert "statutory holiday" in words(svg_chart(plan_chart(EDITION, "en")))


def test_a_picture_on_its_own_says_what_year_it_shows_and_whether_it_was_rehearsed() -> None:
    assert "SEKAPS faaliyet takvimi 2023" not in words(svg_chart(plan_chart(EDITION, "tr")))
    read = words(svg_chart(plan_chart(edition(synthetic=True), "tr", is_titled=True)))
    assert "SEKAPS faaliyet takvimi 2023" in read
    assert "Sentetik veri" in read


def test_the_picture_marks_a_day_only_when_it_is_given() -> None:
    assert "05.05.2023" not in words(svg_chart(plan_chart(EDITION, "tr")))
    assert "05.05.2023" in words(svg_chart(plan_chart(EDITION, "tr", date(2023, 5, 5))))
    assert PICTURE.startswith(b"\x89PNG")
