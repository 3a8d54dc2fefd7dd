import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from printed_2023 import write_csv, write_document, write_page, write_workbook

from sekaps.calendar.printed_lines import Place, PrintedLine
from sekaps.calendar.printed_tables import read_calendar
from sekaps.calendar.published import published_calendar
from sekaps.errors.imports import CalendarFileTooLarge, CalendarFileUnreadable, CalendarNotWritten
from sekaps.services import calendar_files
from sekaps.services.calendar_files import read_lines
from sekaps.services.imported_calendars import imported_path, imported_programme, keep_imported, text_with_imports
from sekaps.services.programmes import days_of_edition, programme_text, read_programme

SEKAPS = read_programme("sekaps")
PRINTED_2023 = {code: boundary.published[2023] for code, boundary in SEKAPS.boundaries.items()}


def refusal(path: Path) -> str:
    with pytest.raises((CalendarFileUnreadable, CalendarFileTooLarge)) as refused:
        read_lines(path)
    return str(refused.value).replace(str(path), path.name)


def test_the_four_kinds_of_file_publish_the_same_thirteen_dates(tmp_path: Path) -> None:
    files = [
        write_csv(tmp_path / "utf8.csv"),
        write_csv(tmp_path / "bom.csv", "utf-8-sig", ","),
        write_csv(tmp_path / "windows.TXT", "cp1254", "\t"),
        write_workbook(tmp_path / "a.xlsx"),
        write_document(tmp_path / "a.docx"),
        write_page(tmp_path / "a.html"),
        write_page(tmp_path / "windows.htm", "cp1254"),
    ]
    for file in files:
        calendar = published_calendar(SEKAPS, read_calendar(read_lines(file), 2023), 2023, days_of_edition(2023))

        assert (file.name, dict(calendar.dates), calendar.flaws) == (file.name, PRINTED_2023, ())


def test_lines_of_a_csv_know_their_place_behind_cells_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('No;Tarih\r\n"1\n(devamı)";x\r\n2;y\r\n')

    assert [line.place for line in read_lines(path)] == [Place(1), Place(2), Place(4)]


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([5.0, 5.1, datetime(2023, 1, 9), None, "x"])  # noqa: DTZ001
    book.active.append([])
    book.active.append([None, "=text"[1:]])
    book.create_sheet("Gizli").append(["eski"])
    book["Gizli"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    assert read_lines(tmp_path / "a.xlsx") == [
        PrintedLine(Place(1, sheet="Sheet"), ("5", "5.1", "09.01.2023", "", "x")),
        PrintedLine(Place(3, sheet="Sheet"), ("", "text")),
    ]


def test_spanned_cells_of_a_page_stand_at_their_first_place(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<table><tr><th colspan='2'>Sıra</th><th>Tarih</th></tr>"
        "<tr><td rowspan='2'>5</td><td>a<td>1 Mart<br/>2023 <table><tr><td>iç</table></tr>"
        "<tr><td>b<td colspan='çok'><p>2\nMart</p><!-- x --><p>2023</p></table>"
    )

    assert read_lines(tmp_path / "a.html") == [
        PrintedLine(Place(1, table=1), ("Sıra", "", "Tarih")),
        PrintedLine(Place(2, table=1), ("5", "a", "1 Mart\n2023")),
        PrintedLine(Place(3, table=1), ("", "b", "2 Mart\n2023")),
        PrintedLine(Place(1, table=2), ("iç",)),
    ]


def test_an_empty_page_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("")

    assert read_lines(tmp_path / "a.html") == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"", "it is none of .csv, .txt, .xlsx, .docx, .html, .htm; save it as one of them"),
        ("a.csv", "İş".encode("utf-16"), "it is written neither in UTF-8 nor in windows-1254; save it as UTF-8"),
        ("a.csv", "Şubat".encode("cp857"), "it is written neither in UTF-8 nor in windows-1254; save it as UTF-8"),
        ("a.csv", b"\x81\xff", "it is written neither in UTF-8 nor in windows-1254; save it as UTF-8"),
        ("a.csv", "Ä°ÅŸlem".encode(), "line 1: 'Ä' shows a wrong encoding; save the file as UTF-8"),
        (
            "a.html",
            "<table><tr><td>Ýþlem</table>".encode(),
            "table 1, row 1: 'Ý' shows a wrong encoding; save the file as UTF-8",
        ),
        ("a.csv", b"x" * 200_000, "field larger than field limit (131072)"),
        ("a.xlsx", b"no archive", "it is not an Office file (.xlsx), or it is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert refusal(path) == f"{name} cannot be read: {said}; nothing was imported"


@pytest.mark.parametrize(("name", "kind"), [("a.xlsx", "an Excel workbook"), ("a.docx", "a Word document")])
def test_an_archive_of_something_else_is_refused(tmp_path: Path, name: str, kind: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as package:
        package.writestr("x", "y")

    assert (
        refusal(tmp_path / name) == f"{name} cannot be read: it is not {kind}, or it is damaged; nothing was imported"
    )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.csv") == "a.csv cannot be read: No such file or directory; nothing was imported"


def test_a_formula_is_refused_with_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["No", "=1+1"])
    book.save(tmp_path / "a.xlsx")

    assert "sheet Sheet, cell B1 is a formula; paste the values" in refusal(tmp_path / "a.xlsx")


def test_files_larger_than_a_calendar_are_refused_before_they_are_read(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(200_000_000)

    assert refusal(tmp_path / "a.csv") == (
        "a.csv holds more than 20 MB, more than a calendar has; save the calendar's table alone"
    )


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_files, "LARGEST_UNPACKED_MEGABYTES", 0)

    assert "more than 0 MB" in refusal(write_workbook(tmp_path / "a.xlsx"))


def test_more_lines_than_a_calendar_has_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;y\n" * 5001)

    assert "more than 5000 lines" in refusal(tmp_path / "a.csv")


def test_an_imported_calendar_is_kept_and_found_again(tmp_path: Path) -> None:
    assert imported_programme(tmp_path, "sekaps") is None
    assert text_with_imports(tmp_path, "sekaps") == programme_text("sekaps")

    path = keep_imported(tmp_path, "sekaps", programme_text("sekaps"), year=2024, dates={"year_open": date(2024, 1, 8)})

    assert imported_programme(tmp_path, "sekaps") == path == imported_path(tmp_path, "sekaps")
    assert [file.name for file in path.parent.iterdir()] == ["sekaps.yaml"]
    assert "{2023: 2023-01-09, 2024: 2024-01-08}" in text_with_imports(tmp_path, "sekaps")


def test_where_nothing_can_be_written_the_error_says_so(tmp_path: Path) -> None:
    (tmp_path / "programmes").write_text("a file, no folder")

    with pytest.raises(CalendarNotWritten, match=r"cannot be written: .*; what was imported before is unchanged"):
        keep_imported(tmp_path, "sekaps", programme_text("sekaps"), year=2023, dates=PRINTED_2023)
