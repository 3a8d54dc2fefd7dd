"""The observatory as tables, files and a page: every row adds up, and no name is ever a formula or a tag."""

import csv
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from observed import CEM, DAY, HOSTILE, SEEN, pile
from openpyxl import load_workbook
from sample_year import REPORT

from sekaps.domain.observatory import Hold, Observatory, Side
from sekaps.reports.markdown import Masthead
from sekaps.reports.observatory_files import FORMULA_SIGNS, guarded, render_csv, render_xlsx
from sekaps.reports.observatory_page import observatory_page
from sekaps.reports.observatory_tables import (
    Sheet,
    age_sheet,
    cause_sheet,
    crossing_sheet,
    ending_sheet,
    sheets,
    side_sheet,
    told,
)
from sekaps.texts import Bilingual, text

HEAD = Masthead("sekaps", Bilingual("Takvim", "Calendar"), 2023, DAY, synthetic=True, phases={})
EMPTY = Observatory("sekaps", 2023, False, DAY, 14, (), (), ())


def rows(written: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("side", [Side.CAUSE, Side.MINISTRY, Side.PROVINCE, Side.MODULE])
def test_every_side_adds_up_to_all_documents(side: Side) -> None:
    sheet = side_sheet(SEEN, side)
    assert sum(row[1] for row in sheet.rows if isinstance(row[1], int)) == 37
    assert all(len(row) == len(sheet.headings) for row in sheet.rows)


def test_every_table_is_as_wide_as_its_headings_and_an_empty_year_has_no_rows() -> None:
    for sheet in sheets(SEEN):
        assert sheet.rows
        assert {len(row) for row in sheet.rows} == {len(sheet.headings)}
    assert [len(sheet.rows) for sheet in sheets(EMPTY)] == [0] * len(sheets(EMPTY))


def test_the_cause_table_names_the_act_and_the_ages_end_with_their_sum() -> None:
    assert [told(row[-1], "en") for row in cause_sheet(SEEN).rows][0] == "Record the document and sign it first."
    assert age_sheet(SEEN).rows[-1][1:] == (30, 2, 1, 3, 1)


def test_a_deputy_that_ends_is_told_with_who_is_back() -> None:
    backs = [told(row[5], "en") for row in ending_sheet(SEEN, Hold.DEPUTY).rows]
    assert backs == ["Ayşe Şahin", "nobody"]
    assert ending_sheet(SEEN, Hold.OWN).rows[1][-2:] == (2, 1)


def test_neighbouring_cells_told_as_one_say_the_same_thing_once() -> None:
    joined = Sheet(text("unit"), (text("post"), text("at")), (("A", "A"), ("A", "B"))).joined(0)
    assert [told(row[0], "en") for row in joined.rows] == ["A", "A, B"]
    assert told(joined.headings[0], "en") == "post, at"
    assert [told(cell, "tr") for cell in (date(2023, 4, 28), 1500, None)] == ["28.04.2023", "1.500", "–"]


def test_csv_is_what_turkish_excel_opens() -> None:
    written = render_csv(crossing_sheet(SEEN), "en")
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.endswith(b"\r\n")
    found = rows(written)
    assert found[0][:4] == ["cause", "ministry", "province", "module"]
    assert sum(int(row[4]) for row in found[1:]) == 37
    assert re.fullmatch(r"\d\d\.\d\d\.2023", found[1][5])


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_no_cell_of_a_csv_file_is_a_formula(sign: str) -> None:
    assert guarded(f"{sign}1+1") == f"'{sign}1+1"
    assert guarded(f"a{sign}") == f"a{sign}"
    hostile = replace(SEEN, piles=(pile(1, ministry=f"{sign}cmd"),))
    assert rows(render_csv(side_sheet(hostile, Side.MINISTRY), "en"))[1][0] == f"'{sign}cmd"


def test_the_workbook_has_numbers_dates_frozen_headings_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(render_xlsx(sheets(SEEN), "en")))
    assert len(book.sheetnames) == len(sheets(SEEN)) == len(set(book.sheetnames))
    people = book["Who holds up most"]
    assert (people.freeze_panes, people.auto_filter.ref) == ("A2", "A1:I4")
    assert [people["A2"].value, people["B2"].value, people["E2"].value] == [CEM.name, CEM.number, 30]
    assert people["F2"].value.date() == date(2023, 4, 29)
    assert people["F2"].number_format == "dd.mm.yyyy"
    vacant = book["Vacant posts that documents wai"]
    assert (vacant["B3"].value, vacant["B3"].data_type) == (HOSTILE, "s")
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_page_stays_small_and_reads_nothing_from_the_registry() -> None:
    many = replace(SEEN, piles=tuple(pile(day, chain_id=day, province=f"İl {day}") for day in range(300)))
    for seen in (SEEN, many, EMPTY):
        page = observatory_page(HEAD, seen)
        assert page.key == "sekaps-2023-observatory"
        assert len(page.markdown.encode()) < 60_000
        assert "<script" not in page.markdown.replace("\\<", "")
    assert "ve 275 satır daha" in observatory_page(HEAD, many).markdown
    assert "data:image/svg+xml;base64," in page.markdown or not EMPTY.documents
    assert REPORT.year == 2023


def test_the_page_says_its_figure_and_the_command_that_writes_to_those_who_can() -> None:
    page = observatory_page(HEAD, SEEN)
    assert (
        page.description
        == "01.05.2023: 37 belge imza bekliyor, 6 belgeyi kimse tamamlayamaz (37 wait, 6 nobody can finish)"
    )
    assert "`sekaps observatory send waiting --programme sekaps --year 2023`" in page.markdown
    assert "send returned" not in page.markdown
    assert "20.000.003" not in page.markdown
