import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from printed_2023 import HEADING, write_csv, write_document
from typer.testing import CliRunner

from sekaps.cli import language
from sekaps.cli.plan_import import HELP, import_calendar
from sekaps.errors.imports import CalendarEmpty, CalendarFlawed
from sekaps.services.programmes import programme_text
from sekaps.settings import settings

APP = typer.Typer()
APP.command("import", help=HELP)(import_calendar)
KEPT = Path("programmes") / "sekaps.yaml"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    language.use("en")
    monkeypatch.setenv("SEKAPS_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield tmp_path / "home"
    settings.cache_clear()
    language.use("tr")


@pytest.fixture
def flawed(tmp_path: Path) -> Path:
    path = write_csv(tmp_path / "flawed.csv")
    path.write_text(path.read_text().replace("04-29 Eylül 2023", "04-31 Eylül 2023"))
    return path


def run(file: Path, *arguments: str) -> tuple[str, BaseException | None]:
    result = CliRunner().invoke(APP, [str(file), "--year", "2023", *arguments])
    return result.stdout, result.exception


def test_a_printed_calendar_is_imported_and_shown(tmp_path: Path, home: Path) -> None:
    printed, failure = run(write_document(tmp_path / "a.docx"))

    assert failure is None
    assert "Sözleşme ve tebliğ işlemleri" in printed
    assert "left out, heading: table 1, row 2, table 2, row 1" in printed
    assert f"imported: 13 dates of 2023, kept in {home.resolve() / KEPT}" in printed
    assert (home / KEPT).read_text() == programme_text("sekaps")


def test_the_import_as_json_has_exactly_the_promised_keys(tmp_path: Path) -> None:
    told = json.loads(run(write_csv(tmp_path / "a.csv"), "--json")[0])

    assert list(told) == ["programme", "year", "imported", "boundaries", "rows", "flaws", "gaps"]
    assert (told["programme"], told["year"], told["imported"], told["flaws"], told["gaps"]) == (
        "sekaps",
        2023,
        True,
        [],
        [],
    )
    assert told["boundaries"][5] == {
        "code": "district_close",
        "published": "2023-06-30",
        "proposed": "2023-06-30",
        "differs": False,
    }
    assert told["rows"][0] == {
        "place": ["line 4"],
        "number": "1",
        "sub": False,
        "dates": "09 Ocak- 29 Eylül 2023",
        "opens": "2023-01-09",
        "closes": "2023-09-29",
        "inherited": False,
        "activity": "Çerçeve protokol",
        "actor": "Bakanlıklar",
        "text": "",
    }


def test_a_flaw_stops_the_import_and_nothing_is_written(flawed: Path, home: Path) -> None:
    printed, failure = run(flawed)

    assert isinstance(failure, CalendarFlawed)
    assert (failure.exit_code, failure.flaws) == (1, 1)
    assert "! line 25: 31.09.2023 is not a day of the calendar" in printed
    assert "no date for: transfer_open" in printed
    assert not home.exists()


def test_a_flaw_is_told_in_json_too(flawed: Path) -> None:
    printed, failure = run(flawed, "--json")

    assert isinstance(failure, CalendarFlawed)
    assert json.loads(printed)["imported"] is False
    assert json.loads(printed)["flaws"] == [{"place": "line 25", "reason": "31.09.2023 is not a day of the calendar"}]


def test_in_part_the_rest_is_imported_and_the_gaps_stay_visible(flawed: Path, home: Path) -> None:
    printed, failure = run(flawed, "--partial")

    assert failure is None
    assert "no date for: transfer_open" in printed
    assert "imported: 12 dates of 2023" in printed
    assert (home / KEPT).is_file()


def test_a_calendar_without_a_date_is_not_imported_even_in_part(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(";".join(HEADING))
    failure = run(path, "--partial")[1]

    assert isinstance(failure, CalendarEmpty)
    assert failure.exit_code == 1
    assert not home.exists()


def test_both_dates_are_shown_where_the_rule_says_another(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    path.write_text(path.read_text().replace("30 Haziran 2023", "27 Haziran 2023"))
    told = json.loads(run(path, "--json")[0])

    assert told["boundaries"][5] == {
        "code": "district_close",
        "published": "2023-06-27",
        "proposed": "2023-06-30",
        "differs": True,
    }
    assert "27 June 2023" in run(path)[0]


def test_a_second_import_keeps_the_first(tmp_path: Path, home: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    path.write_text(path.read_text().replace("30 Haziran 2023", "27 Haziran 2023"))
    run(path)
    later = tmp_path / "later.csv"
    later.write_text("No;Tarih;Faaliyet\n4;02 Şubat-30 Nisan 2024;İhtiyaç tespit işlemleri\n")
    CliRunner().invoke(APP, [str(later), "--year", "2024"], catch_exceptions=False)

    kept = (home / KEPT).read_text()
    assert "{2023: 2023-06-27}" in kept
    assert "{2023: 2023-02-01, 2024: 2024-02-02}" in kept
