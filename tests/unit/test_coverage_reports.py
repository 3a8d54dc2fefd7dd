"""Coverage as tables, files, pictures and pages: rows agree with headings, and no name is ever a formula or a tag."""

import csv
import io
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree

import pytest
from covered import EMPTY, HOSTILE, RESOURCES, ROWS, SEEN, STAGES, unfinished
from openpyxl import load_workbook
from rich.console import Console
from sample_year import CASCADE, REPORT

from sekaps.domain.conservation import AllocationProof, Law, Violation
from sekaps.domain.coverage import Amounts, Figures, Side
from sekaps.reports import pages
from sekaps.reports.coverage_charts import flow_chart, flow_chart_as_png, needs_of, side_chart
from sekaps.reports.coverage_html import render_coverage
from sekaps.reports.coverage_map import coverage_map, coverage_map_as_png
from sekaps.reports.coverage_page import coverage_parts
from sekaps.reports.coverage_tables import (
    brief_rows_sheet,
    brief_sheet,
    brief_stage_sheet,
    brief_unfinished_sheet,
    coverage_sheets,
    resources_sheet,
    rows_sheet,
    side_sheet,
    stage_sheet,
    unfinished_sheet,
)
from sekaps.reports.coverage_words import amount, share_met
from sekaps.reports.html import render_html
from sekaps.reports.markdown import Masthead
from sekaps.reports.observatory_files import render_csv, render_xlsx
from sekaps.reports.observatory_tables import Sheet, told
from sekaps.reports.pictures import draw
from sekaps.reports.province_tiles import COLUMNS, PROVINCES, province_tiles
from sekaps.reports.province_tiles import ROWS as TILE_ROWS
from sekaps.reports.terminal import terminal_report
from sekaps.texts import Bilingual, Language

HEAD = Masthead("sekaps", Bilingual("Takvim", "Calendar"), 2023, SEEN.day, synthetic=True, phases={})
SHEETS = [
    *coverage_sheets(SEEN),
    rows_sheet(ROWS),
    brief_rows_sheet(ROWS),
    resources_sheet(RESOURCES),
    brief_unfinished_sheet(SEEN),
    brief_sheet(SEEN, Side.SECTOR, "tr"),
    brief_stage_sheet(SEEN, "tr"),
]


def words(svg: str) -> str:
    nodes = ElementTree.fromstring(svg).iter()
    return " ".join("".join(node.itertext()) for node in nodes if node.tag.endswith("text"))


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.title.say("en") for sheet in SHEETS])
def test_every_table_is_as_wide_as_its_headings_and_words_itself_in_both_languages(sheet: Sheet) -> None:
    assert sheet.rows
    assert {len(row) for row in sheet.rows} == {len(sheet.headings)}
    assert all(heading.say("tr") and heading.say("en") for heading in sheet.headings)


def test_a_side_tells_every_figure_whole_and_the_terminal_shortens_what_is_long() -> None:
    [_, food] = side_sheet(SEEN, Side.SECTOR).rows
    assert food[:15] == ("food", food[1], 1, 0, 0, 2_000_000, 0, 0, 2_000_000, 0, 0, 0, 1, 10, 0)
    assert [told(cell, "tr") for cell in brief_sheet(SEEN, Side.SECTOR, "tr").rows[1]] == [
        "Gıda", "1", "0", "%0", "2 Mn", "0", "0", "2 Mn", "0", "0",
    ]  # fmt: skip
    assert (amount(999_999, "en"), amount(1_260_000, "en")) == ("999,999", "1.3M")


def test_stages_are_told_in_the_calendars_order_with_zeros_where_nothing_was() -> None:
    assert [row[1:6] for row in stage_sheet(SEEN).rows] == [
        (2, 1, 130, 60, 70), (1, 0, 70, 20, 0), (0, 0, 0, 0, 0), (1, 0, 2_000_000, 0, 0), (0, 0, 0, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("figures", "written"),
    [
        (Figures(), "–"),
        (Figures(needs=1000, met=999, share=9_999_999), "%99"),
        (Figures(needs=2, met=2, share=20_000), "%100"),
        (Figures(needs=3, met=1, share=10_000), "%33"),
    ],
)
def test_the_share_met_is_never_all_while_a_need_is_not_met_in_full(figures: Figures, written: str) -> None:
    assert share_met(figures) == written


def test_a_row_in_a_file_names_its_papers_and_is_no_formula() -> None:
    written = render_csv(rows_sheet(ROWS), "en").decode("utf-8-sig")
    heading, first, second = csv.reader(io.StringIO(written), delimiter=";")
    found = dict(zip(heading, first, strict=True))
    assert (found["decisions"], found["contracts"], found["notices"]) == ("2023/1 (20000008)", "SZ-1", "TB-1")
    assert (found["unit"], found["allocated"], found["entered"]) == (f"'{HOSTILE}", "60", "130")
    assert second[heading.index("needing ministry")] == ""


def test_the_workbook_has_a_sheet_for_each_table_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(render_xlsx(coverage_sheets(SEEN), "en")))
    assert book.sheetnames == ["Stages", "By sector", "By province", "By needing ministry", "By planning ministry",
                               "By beneficiary", "By priority", "Bodies that have not finished"]  # fmt: skip
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert book["By sector"]["F3"].value == 2_000_000


def test_every_province_has_a_tile_of_its_own_near_those_it_lies_near() -> None:
    tiles = province_tiles()
    assert sorted(tiles) == sorted({f"{code:02d}" for code in range(1, 82)})
    assert len(set(tiles.values())) == 81
    assert set(tiles.values()) <= set(product(range(COLUMNS), range(TILE_ROWS)))
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        held = {row["il_kodu"]: (float(row["boylam"]), float(row["enlem"])) for row in csv.DictReader(file)}
    for one, other in product(held, held):
        if held[one][0] - held[other][0] > 3:  # over 250 km further east
            assert tiles[one][0] > tiles[other][0], (one, other)
        if held[one][1] - held[other][1] > 2:  # over 220 km further north
            assert tiles[one][1] < tiles[other][1], (one, other)


def test_the_map_greys_what_needs_nothing_and_marks_where_a_body_is_late() -> None:
    read = words(coverage_map(SEEN))
    for told_there in ("Adana", "Kahramanmaraş", "%75", "%0", "46", "ihtiyaç yok / no need", "süresi geçtiği"):
        assert told_there in read
    assert "İstanbul" in read
    assert read.count("%") == 2 + 6
    quiet = replace(SEEN, unfinished=(unfinished(2),))
    assert "süresi geçtiği" not in words(coverage_map(quiet))


def test_pictures_are_the_same_bytes_each_time_and_pictures_indeed() -> None:
    assert flow_chart(SEEN) == flow_chart(SEEN)
    assert coverage_map(SEEN) == coverage_map(SEEN)
    assert {drawn[:4] for drawn in (flow_chart_as_png(SEEN), coverage_map_as_png(SEEN))} == {b"\x89PNG"}


def test_the_flow_says_how_many_needs_each_stage_held_and_a_side_its_share() -> None:
    read = words(flow_chart(SEEN))
    for told_there in ("İlçe komisyonu / District commission: 2", "Merkez / Central: 1", "Valilik / Governorate: 0"):
        assert told_there in read
    assert "%75 · 2" in words(side_chart(SEEN, Side.SECTOR))


def test_a_stages_needs_are_what_it_was_asked_for_in_parts() -> None:
    assert needs_of(STAGES["district"]) == (1.3, 0.0, 0.0, 0.7)
    assert needs_of(STAGES["province"]) == pytest.approx((0.2, 0.5, 0.0, 0.0))
    assert needs_of(STAGES["central"]) == (0.0, 0.0, 1.0, 0.0)
    assert needs_of(Amounts()) == (0.0, 0.0, 0.0, 0.0)


def test_the_page_tells_flow_map_sectors_and_who_is_late_and_reads_nothing_from_the_registry() -> None:
    page = pages.coverage_page(HEAD, CASCADE, SEEN).markdown
    assert page.count("data:image/svg+xml;base64,") == 4
    assert "Bitirmeyenler: 2, süresi geçen 1 / Not finished: 2, late 1" in page
    assert "**07.07.2023**" in page
    assert "<b>" not in page.replace("\\<", "")
    assert "sekaps coverage rows --year 2023 --sector energy --province 01 --csv rows.csv" in page
    many = replace(SEEN, unfinished=tuple(unfinished(number) for number in range(40)))
    assert "ve 15 satır daha / and 15 more rows" in "\n".join(coverage_parts(many))
    assert coverage_parts(EMPTY) == ["**Bitirmeyen makam yok / every body has finished**"]


def test_the_html_page_asks_nothing_of_the_network_and_shows_hostile_names_as_text() -> None:
    page = render_coverage(SEEN)
    assert page.count("<svg") == 4
    assert "<b>|" not in page
    assert "&lt;b&gt;|" in page
    assert "//" not in page.replace("http://www.w3.org/", "")
    assert "4 imzalı ihtiyacı henüz hiçbir aşama ele almadı" in page
    empty = render_coverage(EMPTY)
    assert "<svg" not in empty
    assert "Bütün makamlar bitirdi." in empty


def test_a_table_of_who_has_not_finished_leads_with_the_last_day() -> None:
    assert [row[0].isoformat() for row in unfinished_sheet(SEEN).rows] == ["2023-07-07", "2023-07-13"]
    assert told(unfinished_sheet(SEEN).rows[1][6], "tr") == "boş görev"


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_years_report_sets_foresight_beside_serving_stage_by_stage(language: Language) -> None:
    printed = io.StringIO()
    Console(width=100, file=printed).print(terminal_report(REPORT, language))
    heading = "Öngörüyle" if language == "tr" else "With foresight"
    assert heading in printed.getvalue()
    page = render_html(REPORT, draw(REPORT))
    assert "Öngörüyle" in page
    assert page.index("Öngörüyle") < page.index('<td class="n">75</td>')
    assert "Öngörüyle" not in render_html(replace(REPORT, methods=()), draw(REPORT))


def test_the_page_tells_that_all_rows_agree_or_which_break_a_law() -> None:
    broken = Violation(Law.CAPACITY, "KSC-1", "10", "12")
    good = pages.coverage_page(HEAD, CASCADE, SEEN, AllocationProof(1, 2, 1_300, ())).markdown
    bad = pages.coverage_page(HEAD, CASCADE, SEEN, AllocationProof(1, 2, 1_300, (broken, broken))).markdown
    assert "Allocations proved: 1.300; **hepsi kurallara uygun / all obey the laws**" in good
    assert "no resource gives more than it has: 2**: KSC-1, KSC-1" in bad
