import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sekaps.cli import language, plan_holidays
from sekaps.errors.base import SekapsError
from sekaps.errors.calendar import YearUnknown
from sekaps.errors.holidays import HolidayListFlawed, HolidaysDisagree

APP = typer.Typer()
APP.command("holidays")(plan_holidays.holidays)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("tr")


def run(*arguments: str) -> tuple[str, SekapsError | None]:
    result = CliRunner().invoke(APP, arguments)
    assert result.exception is None or isinstance(result.exception, SekapsError), result.exception
    return " ".join(result.stdout.split()), result.exception


def calendar(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """Write the holidays of 2027 as the official calendar has them, with some words changed."""
    written = (
        "Tarih;Ad\n01.01.2027;Yılbaşı\n08.03.2027;Ramazan Bayramı Arifesi\n09.03.2027 - 11.03.2027;Ramazan Bayramı\n"
        "23.04.2027;Ulusal Egemenlik ve Çocuk Bayramı\n01.05.2027;Emek ve Dayanışma Günü\n"
        "15.05.2027;Kurban Bayramı Arifesi\n16.05.2027 - 19.05.2027;Kurban Bayramı\n"
        "19.05.2027;Atatürk'ü Anma, Gençlik ve Spor Bayramı\n15.07.2027;Demokrasi ve Millî Birlik Günü\n"
        "30.08.2027;Zafer Bayramı\n28.10.2027;Cumhuriyet Bayramı (13.00'ten itibaren)\n29.10.2027;Cumhuriyet Bayramı\n"
    )
    for before, after in changes:
        assert before in written
        written = written.replace(before, after)
    path = tmp_path / "resmi.csv"
    path.write_text(written, encoding="utf-8")
    return path


def test_sources_that_agree_are_both_named() -> None:
    printed, failure = run("--year", "2026")

    assert failure is None
    assert printed == (
        "holidays of 2026: the sources agree on all 17 days: holidays package 0.109, law 2429 with first days from"
        " Diyanet İşleri Başkanlığı duyurusu"
    )


def test_a_year_only_one_source_knows_is_no_failure_but_says_so() -> None:
    printed, failure = run("--year", "2031")

    assert failure is None
    assert printed.startswith("holidays of 2031: only one source, holidays package 0.109; nothing to compare it with")
    assert json.loads(run("--year", "2031", "--json")[0])["agrees"] is None


def test_the_official_calendar_agrees_with_both(tmp_path: Path) -> None:
    printed, failure = run("--year", "2027", "--against", str(calendar(tmp_path)))

    assert failure is None
    assert "the sources agree on all 16 days" in printed
    assert "file resmi.csv" in printed
    assert "the announcement of the religious holidays of 2027 has not been entered" in printed


def test_a_planted_disagreement_is_listed_with_every_source_and_fails(tmp_path: Path) -> None:
    path = calendar(tmp_path, ("08.03.2027;", "07.03.2027;"), (" (13.00'ten itibaren)", ""))
    printed, failure = run("--year", "2027", "--against", str(path))

    assert isinstance(failure, HolidaysDisagree)
    assert (failure.exit_code, failure.days) == (1, 3)
    assert "7 March 2027 Sunday no holiday no holiday half day Ramazan Bayramı Arifesi" in printed
    assert "28 October 2027 Thursday half day half day whole day" in printed


def test_a_disagreement_as_json_tells_what_each_source_says(tmp_path: Path) -> None:
    path = calendar(tmp_path, ("15.07.2027;Demokrasi ve Millî Birlik Günü\n", "yarın;Bayram\n"))
    printed, failure = run("--year", "2027", "--against", str(path), "--json")
    told = json.loads(printed)

    assert isinstance(failure, HolidaysDisagree)
    assert (told["agrees"], [each["day"] for each in told["disagreements"]]) == (False, ["2027-07-15"])
    assert [reading["extent"] for reading in told["disagreements"][0]["readings"]] == ["whole", "whole", "none"]
    assert told["flaws"] == [{"line": 10, "reason": "'yarın' is not a date or a date range"}]


def test_rows_that_could_not_be_read_are_listed_and_fail_even_where_the_rest_agrees(tmp_path: Path) -> None:
    path = calendar(tmp_path, ("30.08.2027;Zafer Bayramı\n", "30.08.2027;Zafer Bayramı\n32.13.2027;Bayram\n"))
    printed, failure = run("--year", "2027", "--against", str(path))

    assert isinstance(failure, HolidayListFlawed)
    assert (failure.exit_code, failure.flaws) == (1, 1)
    assert "! line 12: 32.13.2027 is not a day of the calendar" in printed


@pytest.mark.parametrize("year", ["23", "1899", "2150"])
def test_a_year_of_another_century_is_one_clear_line(year: str) -> None:
    _, failure = run("--year", year)

    assert isinstance(failure, YearUnknown)
    assert str(failure) == f"no holidays are known for {year}; ask between 1936 and 2100"
