"""``sekaps coverage``: its JSON keeps its shape, a part is asked for by codes, and files hold the very rows."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from cascade_play import play_year
from small_country import make_country

from sekaps.cli.main import run
from sekaps.database import transaction

STAGES = [
    {"stage": "district", "needed": 100, "allocated": 30, "transferred": 70, "unmet": 0},
    {"stage": "province", "needed": 70, "allocated": 20, "transferred": 50, "unmet": 0},
    {"stage": "governor", "needed": 0, "allocated": 0, "transferred": 0, "unmet": 0},
    {"stage": "central", "needed": 0, "allocated": 0, "transferred": 0, "unmet": 0},
    {"stage": "transferred", "needed": 50, "allocated": 40, "transferred": 0, "unmet": 10},
]


@pytest.fixture(autouse=True)
def played(database: object) -> None:
    """A need of a hundred met by its district, its province and the centre, short of ten."""
    with transaction() as session:
        country = make_country(session)
        country.signed_need("IBC-1", 100)
        country.signed_resource("KSC-1", 30)
        country.signed_resource("KSC-2", 20, district_code="1219")
        country.signed_resource("KSC-3", 40, scope="central")
        play_year(country)


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run(["--lang", "en", "coverage", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_json_keeps_its_stages_and_has_every_side_beside_them(capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "--year", "2023")
    assert told["stages"] == STAGES
    sides = {key: [line["code"] for line in lines] for key, lines in told.items() if key.startswith("by_")}
    assert sides == {
        "by_sector": ["energy"],
        "by_province": ["01"],
        "by_ministry": [20000002],
        "by_item_ministry": [20000003],
        "by_beneficiary": ["military"],
        "by_priority": [1],
    }
    assert told["by_sector"][0]["stages"] == STAGES
    assert told["by_sector"][0]["resources"] == {"resources": 3, "offered": 90, "used": 90}
    assert (told["total"]["share_met"], told["total"]["unmet"], told["unfinished"]) == (0.9, 10, [])


def test_a_part_is_asked_for_by_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "--province", "01", "--sector", "energy", "--priority", "1")["stages"] == STAGES
    assert asked(capsys, "--province", "34")["total"]["needs"] == 0


def test_rows_of_a_stage_are_written_to_a_file_with_their_decision(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    words = ["rows", "--sector", "energy", "--province", "01", "--stage", "province", "--csv", str(out)]
    assert run(["--lang", "en", "coverage", *words]) == 0
    [row] = csv.DictReader(out.read_text("utf-8-sig").splitlines(), delimiter=";")
    assert (row["need"], row["stage"], row["needed"], row["allocated"], row["transferred"]) == (
        "IBC-1", "province", "70", "20", "50",
    )  # fmt: skip
    assert row["decisions"].startswith("2023/1 (")
    assert [one["decisions"] for one in asked(capsys, "rows", "--stage", "province")] == [[row["decisions"]]]


def test_the_resources_behind_what_is_used_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "resources")
    assert [(one["resource"], one["offered"], one["used"]) for one in told] == [
        ("KSC-1", 30, 30), ("KSC-2", 20, 20), ("KSC-3", 40, 40),
    ]  # fmt: skip


def test_files_are_written_and_what_cannot_be_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("c.csv", "c.xlsx", "c.html")]
    files = [word for path in paths for word in (f"--{path.suffix[1:]}", str(path))]
    assert run(["coverage", "--by", "province", *files]) == 0
    assert [path.read_bytes()[:3] for path in paths] == [b"\xef\xbb\xbf", b"PK\x03", b"<!D"]
    assert capsys.readouterr().out == ""
    assert run(["--lang", "en", "coverage", "--html", str(tmp_path / "none" / "c.html")]) == 3
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("words", [["--by", "ministry"], ["rows"], ["resources"]])
def test_people_are_shown_tables_of_at_most_a_hundred_columns(
    words: list[str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", language, "coverage", *words]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 100
    assert ("KSC-1" if words == ["resources"] else "IBC-1" if words == ["rows"] else "ministry") in printed


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--sector", "coal"], "no sector 'coal'; there are: energy"),
        (["--province", "99"], "99"),
        (["--ministry", "29999999"], "29999999"),
        (["--beneficiary", "nobody"], "nobody"),
        (["rows", "--stage", "moon"], "moon"),
    ],
)
def test_what_is_unknown_is_refused_in_one_line(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "en", "coverage", *words]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert says in line
