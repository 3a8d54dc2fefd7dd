import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sekaps.calendar.days import NATION, Place
from sekaps.calendar.programmes import programme_schema
from sekaps.cli import day, language, plan, programme
from sekaps.cli.places import find_place, place_name
from sekaps.errors.base import SekapsError
from sekaps.errors.calendar import DayUnreadable, PlaceUnknown, YearUnconfirmed, YearUnknown
from sekaps.errors.programmes import ProgrammeInvalid

APP = typer.Typer()
APP.add_typer(plan.app, name="plan")
APP.add_typer(programme.app, name="programme")
APP.command("day")(day.day)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("tr")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(APP, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(*arguments: str) -> SekapsError:
    result = CliRunner().invoke(APP, arguments)
    assert isinstance(result.exception, SekapsError)
    return result.exception


def test_the_draft_as_json_has_exactly_the_promised_keys() -> None:
    drafted = json.loads(run("plan", "draft", "--year", "2023", "--json"))

    assert list(drafted) == [
        *("programme", "year", "boundaries", "windows"),
        *("days", "alternatives", "year_before", "anomalies", "holiday_check"),
    ]
    assert (drafted["programme"], drafted["year"]) == ("sekaps", 2023)
    assert {tuple(boundary) for boundary in drafted["boundaries"]} == {
        ("code", "rule", "proposed", "published", "date", "warnings")
    }
    assert {tuple(window) for window in drafted["windows"]} == {
        ("activity", "step", "opens", "closes", "calendar_days", "working_days", "warnings")
    }


def test_the_boundary_of_30_june_as_json() -> None:
    drafted = json.loads(run("plan", "draft", "--programme", "sekaps", "--year", "2023", "--json"))

    assert next(b for b in drafted["boundaries"] if b["code"] == "district_close") == {
        "code": "district_close",
        "rule": "last weekday of June",
        "proposed": "2023-06-30",
        "published": "2023-06-30",
        "date": "2023-06-30",
        "warnings": [
            {
                "code": "statutory_holiday",
                "text": "30 June 2023 is the 3rd day of Kurban Bayramı; last full working day 23 June 2023",
                "data": {"day": "2023-06-30", "last_full_working_day": "2023-06-23"},
            }
        ],
    }


def test_the_reasons_of_30_june_as_json() -> None:
    drafted = json.loads(run("plan", "draft", "--year", "2023", "--json"))
    holiday = {"layer": "statutory", "name": "Eid al-Adha", "from": None, "to": None}

    assert drafted["days"]["district_close"] == {"weekday": "Friday", "layers": [holiday]}
    assert drafted["year_before"]["boundaries"]["district_close"] == {
        "date": "2022-06-30",
        "days_later": 0,
        "text": "30 June 2023 Friday; one year before 30 June 2022 Thursday",
    }
    assert drafted["alternatives"]["district_close"][1] == {
        "rule": "last working day of June",
        "own": False,
        "date": "2023-06-27",
        "fits": False,
        "tried": [2023],
        "misses": {"year": 2023, "published": "2023-06-30", "given": "2023-06-27"},
    }
    assert drafted["anomalies"] == [
        {
            "rank": 3,
            "code": "statutory_holiday",
            "text": "30 June 2023 is the 3rd day of Kurban Bayramı; last full working day 23 June 2023",
            "boundaries": ["district_close"],
            "windows": ["5.1"],
            "dates": ["2023-06-30"],
        }
    ]


def test_the_year_before_and_the_holiday_check_as_json() -> None:
    drafted = json.loads(run("plan", "draft", "--year", "2023", "--json"))
    windows = {(each["activity"], each["step"]): each for each in drafted["year_before"]["windows"]}

    assert windows["needs_entry", None] == {
        "activity": "needs_entry",
        "step": None,
        "working_days": 64,
        "change": -2,
    }
    assert [(check["year"], check["agrees"], check["announced"]) for check in drafted["holiday_check"]] == [
        (2023, True, True),
        (2024, True, True),
    ]


def test_the_anomalies_of_a_draft_stand_first_and_are_numbered_and_marked() -> None:
    lines = [line.strip() for line in run("plan", "draft", "--year", "2030").splitlines()]

    assert lines[1] == "no date of this year is published yet; the rules propose all 13"
    assert lines.index("Worth a second look, the gravest first (marked ! with its number below)") < lines.index(
        "Boundaries"
    )
    assert any(line.startswith("1   much shorter window       row 2") for line in lines)
    assert any(line.startswith("! 1, 3") for line in lines)


def test_a_draft_with_nothing_strange_says_so_and_so_does_one_without_a_year_before(tmp_path: Path) -> None:
    path = tmp_path / "calm.yaml"
    path.write_text(
        "code: calm\nname: Calm\nboundaries:\n  opens: {published: {2026: 2026-03-02}}\n"
        "  closes: {rule: 31 March, alternatives: [fifth Friday of March, fifth Monday of March]}\n"
        "activities:\n  - {code: work, name: Work, window: [opens, closes]}\n"
    )
    printed = " ".join(run("plan", "draft", "--programme", str(path), "--year", "2026").split())

    assert "Nothing in this year asks for a second look." in printed
    assert "no comparison with 2025: boundary opens has no rule and no date published for 2025" in printed
    assert "1 of 2 dates are published; the rules propose the others" in printed
    assert "no date this year: fifth Friday of March" in printed


def test_the_layers_of_a_date_are_worded_below_it(tmp_path: Path) -> None:
    path = tmp_path / "layers.yaml"
    path.write_text(
        "code: layers\nname: Layers\nboundaries:\n  opens: {rule: 28 January}\n  closes: {rule: 27 June}\n"
        "activities:\n  - {code: work, name: Work, window: [opens, closes]}\n"
    )
    printed = " ".join(run("plan", "draft", "--programme", str(path), "--year", "2023").split())

    assert all(word in printed for word in ("weekend", "from 13:00", "until 13:00"))
    assert "all 2" in printed


def test_a_year_without_published_dates_says_so_in_json() -> None:
    drafted = json.loads(run("plan", "draft", "--year", "2027", "--json", "--rules-only"))

    assert {boundary["published"] for boundary in drafted["boundaries"]} == {None}
    assert all(boundary["proposed"] == boundary["date"] for boundary in drafted["boundaries"])


@pytest.mark.parametrize("chosen", ["tr", "en"])
def test_the_draft_as_tables_fits_100_columns(chosen: language.Language) -> None:
    language.use(chosen)
    printed = run("plan", "draft", "--year", "2023")

    assert max(map(len, printed.splitlines())) <= 100
    assert ("nisan ayının son iş günü" if chosen == "tr" else "last working day of April") in printed
    assert ("180,5" if chosen == "tr" else "180.5") in printed


def test_a_programme_of_bare_steps_prints_too(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text(
        "code: bare\nname: Bare\nboundaries:\n  opens: {published: {2026: 2026-03-02}}\n  closes: {rule: 31 March}\n"
        "activities:\n  - {code: work, name: Work, window: [opens, closes], steps: [{id: a, does: Count them}]}\n"
    )
    printed = run("plan", "draft", "--programme", str(path), "--year", "2026")

    assert "Count them" in printed
    assert "–" in printed


def test_an_unconfirmed_year_is_refused() -> None:
    assert isinstance(refusal("plan", "draft", "--year", "2033"), YearUnconfirmed)


def test_a_day_as_json_tells_its_layers_and_why() -> None:
    told = json.loads(run("day", "2023-06-27", "--json"))

    assert told == {
        "day": "2023-06-27",
        "weekday": "Tuesday",
        "place": {"province": None, "district": None, "name": "Türkiye"},
        "working_day": True,
        "full_working_day": False,
        "layers": told["layers"],
        "explanation": [
            "27 June 2023 is a Tuesday",
            "27 June 2023 is a half day: Kurban Bayramı begins at 13:00",
            "27 June 2023 until 13:00: administrative leave (Eid al-Adha)",
            "it counts as a working day, but is not worked in full",
        ],
    }
    assert [(layer["layer"], layer["from"], layer["to"]) for layer in told["layers"]] == [
        ("statutory", "13:00", None),
        ("leave", None, "13:00"),
    ]
    assert set(told["layers"][0]) == {"layer", "name", "from", "to", "place", "source", "estimated"}


def test_a_day_is_told_for_a_place() -> None:
    printed = run("day", "2026-02-06", "--province", "27", "--district", "nizip")

    assert "6 February 2026, Friday · Gaziantep / Nizip" in printed
    assert "administrative leave" in printed
    assert "administrative leave" not in run("day", "2026-02-06", "--province", "34")


@pytest.mark.parametrize(
    ("arguments", "kind", "said"),
    [
        (("2023-06-31",), DayUnreadable, "'2023-06-31' is not a date; write year-month-day, such as 2023-06-30"),
        (("2101-01-01",), YearUnknown, "no holidays are known for 2101; ask between 1936 and 2100"),
        (
            ("2023-06-30", "--province", "82"),
            PlaceUnknown,
            "unknown place '82'; provinces are plate codes from 01 to 81, such as 34",
        ),
        (
            ("2023-06-30", "--province", "34", "--district", "Nizip"),
            PlaceUnknown,
            "unknown place 'Nizip'; give a district's code or its name, with --province",
        ),
    ],
)
def test_what_is_not_a_day_or_a_place_is_one_clear_line(
    arguments: tuple[str, ...], kind: type[SekapsError], said: str
) -> None:
    error = refusal("day", *arguments)

    assert isinstance(error, kind)
    assert str(error) == said


def test_a_district_name_of_several_provinces_asks_for_one() -> None:
    with pytest.raises(PlaceUnknown, match="several provinces have it: 53, 60; add --province"):
        find_place(None, "Pazar")


@pytest.mark.parametrize(
    ("province", "district", "place", "name"),
    [
        (None, None, NATION, "Türkiye"),
        ("34", None, Place("34"), "İstanbul"),
        ("27", "1546", Place("27", "1546"), "Gaziantep / Nizip"),
        (None, "1546", Place("27", "1546"), "Gaziantep / Nizip"),
        ("35", "ÇİĞLİ", Place("35", "2007"), "İzmir / Çiğli"),
    ],
)
def test_a_place_is_found_by_code_or_by_name_in_turkish_case(
    province: str | None, district: str | None, place: Place, name: str
) -> None:
    assert find_place(province, district) == place
    assert place_name(place) == name


def test_checking_a_sound_programme_says_what_is_in_it() -> None:
    assert run("programme", "check", "sekaps") == (
        "Mobilization resource planning, annual calendar: 13 boundaries, 7 activities, 9 phases; no errors\n"
    )


def test_checking_a_flawed_programme_refuses_it(tmp_path: Path) -> None:
    path = tmp_path / "flawed.yaml"
    path.write_text("code: x\n")
    error = refusal("programme", "check", str(path))

    assert isinstance(error, ProgrammeInvalid)
    assert [flaw.path for flaw in error.flaws] == ["name", "boundaries", "activities"]
    assert error.say("tr").endswith("programda 3 hata var; hiçbir şey okunmadı")


def test_the_schema_is_printed_as_json() -> None:
    assert json.loads(run("programme", "schema")) == programme_schema()


@pytest.mark.parametrize(
    ("arguments", "environment", "chosen"),
    [
        (["day"], {}, "tr"),
        (["--lang", "en", "day"], {"SEKAPS_LANG": "tr"}, "en"),
        (["--lang=en", "day"], {}, "en"),
        (["day", "--lang"], {}, "tr"),
        (["--lang", "de"], {"SEKAPS_LANG": "en"}, "en"),
        ([], {"SEKAPS_LANG": "tr", "LANG": "en_US.UTF-8"}, "tr"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LC_ALL": "tr_TR.UTF-8", "LANG": "en_GB.UTF-8"}, "tr"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "tr_TR"}, "en"),
        ([], {"LANG": "C.UTF-8"}, "tr"),
    ],
)
def test_the_language_follows_the_option_then_the_variable_then_an_english_locale(
    arguments: list[str], environment: dict[str, str], chosen: str
) -> None:
    assert language.resolve(arguments, environment) == chosen


def test_help_is_said_in_the_language_of_the_run() -> None:
    assert language._("Write JSON.") == "Write JSON."
    language.use("tr")
    assert language._("Write JSON.") == "JSON yaz."


def test_a_boundary_explains_how_it_came_to_its_date() -> None:
    reasons = json.loads(run("plan", "explain", "district_close", "--year", "2023", "--json"))["boundaries"]
    assert list(reasons) == ["district_close"]
    assert "30 June 2023 is the 3rd day of Kurban Bayramı" in reasons["district_close"]
    assert "the rule 'last working day of June' would give 27 June 2023" in reasons["district_close"]
    assert len(json.loads(run("plan", "explain", "--year", "2023", "--json"))["boundaries"]) == 13
