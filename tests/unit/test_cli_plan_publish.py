"""The decisions over a year on the command line: each asks for two people, and says who must do what."""

import json
from pathlib import Path

import pytest

from sekaps.cli.main import run
from sekaps.settings import settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEKAPS_HOME", str(tmp_path))
    for name in ("SEKAPS_DATABASE_URL", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    assert run(["db", "migrate"]) == 0
    return tmp_path


def say(command: str, capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    """Run a command in English; return what it said."""
    capsys.readouterr()
    assert run(["--lang", "en", "plan", *command.split(), "--year", "2023"]) == code
    told = capsys.readouterr()
    return " ".join((told.err if code else told.out).split())


def test_one_person_proposes_and_is_told_what_the_other_types(capsys: pytest.CaptureFixture[str]) -> None:
    told = say("propose --by Ayşe --letter E-1 --reason yearly", capsys)
    assert "another person publishes it: sekaps plan publish --programme sekaps --year 2023 --by NAME" in told
    assert "two people are needed: Ayşe proposed it" in say("publish --by Ayşe", capsys, 2)
    assert "is published, revision 1" in say("publish --by Mehmet", capsys)
    assert "is published, revision 1" in say("publish --by Fatma", capsys)


def test_unproposed_it_is_not_published(capsys: pytest.CaptureFixture[str]) -> None:
    told = say("publish --by Mehmet", capsys, 2)
    assert "one person proposes: sekaps plan propose --year 2023 --by NAME, and another publishes" in told


def test_proposals_are_listed_with_what_became_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    say("propose --by Ayşe", capsys)
    assert say("publish --by Mehmet --withdraw", capsys) == "proposal 1 is withdrawn"
    say("propose --by Fatma --letter E-2", capsys)
    listed = json.loads(say("proposals --json", capsys))
    assert [(one["state"], one["proposed_by"], one["decided_by"]) for one in listed] == [
        ("withdrawn", "Ayşe", "Mehmet"),
        ("proposed", "Fatma", None),
    ]
    assert listed[0]["dates"]["needs_close"] == "2023-04-28"
    assert "Fatma" in say("proposals", capsys)


def test_a_year_that_is_not_over_is_not_closed_and_nobody_chooses_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    say("propose --by Ayşe", capsys)
    say("publish --by Mehmet", capsys)
    assert "these phases are still planned or open: Framework protocols" in say("close --by A --letter E-9", capsys, 2)
    assert "what is done there happens now" in say("close --by A --letter E-9 --as-of 2024-04-01", capsys, 2)
    assert "nobody has proposed it" in say("close --by A --withdraw", capsys, 2)


def test_a_year_of_the_past_has_nothing_ahead(capsys: pytest.CaptureFixture[str]) -> None:
    say("propose --by Ayşe", capsys)
    assert "nothing lies ahead of this year" in say("publish --by Mehmet", capsys)
    assert "make them with: sekaps plan schedule --programme sekaps --year 2023" in say("schedule", capsys, 3)
