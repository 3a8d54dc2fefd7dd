"""Bad input gets one clear line on standard error and a non-zero exit, and nothing half-done."""

import sqlite3
from pathlib import Path

import pytest

from sekaps.cli.main import run
from sekaps.settings import settings

INVERTED = """
code: inverted
name: Inverted
boundaries: {a: {rule: 30 June}, b: {rule: 1 May}}
activities: [{code: one, name: One, window: [a, b]}]
"""
BROKEN = """
code: broken
name: Broken
boundaries: {a: {rule: 30 June}, b: {rule: 1 May}}
activities: [{code: one, name: One, window: [b, a]}]
invariants: [{order: [a, b]}]
"""
NEEDS_PUBLISHED = ["sign IBC-1 --as 1 --year 2023", "coverage --year 2023", "audit signatures", "report --year 2023"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEKAPS_HOME", str(tmp_path))
    monkeypatch.delenv("SEKAPS_DATABASE_URL", raising=False)
    settings.cache_clear()
    return tmp_path


def refused(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run a command in English that must be refused; return its exit code and its one line."""
    exit_code = run(["--lang", "en", *command.split()])
    [line] = capsys.readouterr().err.splitlines()
    return exit_code, line


@pytest.mark.parametrize(
    ("command", "exit_code", "says"),
    [
        ("plan draft --programme nope --year 2023", 2, "unknown programme 'nope'; known: deferment, sekaps"),
        ("plan draft --year 2040", 2, "religious holidays of 2040 are not confirmed (confirmed: 1936 to 2032)"),
        ("plan draft --year soon", 2, "Invalid value for '--year'"),
        ("plan explain nope --year 2023", 2, "no boundary 'nope' in this programme; it has: year_open"),
        ("day 2023-02-30", 2, "'2023-02-30' is not a date"),
        ("day 2023-06-30 --province 99", 2, "99"),
        ("frobnicate", 2, "No such command 'frobnicate'"),
        ("--lang xx day 2023-01-01", 2, "Invalid value for --lang: tr or en"),
        ("audit signatures", 3, "older than this program; run: sekaps db migrate"),
    ],
)
def test_a_wrong_word_is_told_in_one_line(
    command: str, exit_code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, line = refused(command, capsys)
    assert code == exit_code
    assert says in line


@pytest.mark.parametrize(
    ("programme", "says"),
    [
        (INVERTED, "one would open on 30 June 2023 (a) and close before that, on 1 May 2023 (b)"),
        (BROKEN, "the 2023 draft of broken breaks an invariant and cannot be published"),
    ],
)
def test_a_year_that_cannot_hold_is_refused(
    home: Path, programme: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "programme.yaml"
    path.write_text(programme)
    code, line = refused(f"plan draft --programme {path} --year 2023", capsys)
    assert code == 2
    assert says in line


@pytest.mark.parametrize("command", NEEDS_PUBLISHED)
def test_without_a_published_year_it_says_how_to_get_one(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["db", "migrate"]) == 0
    capsys.readouterr()
    code, line = refused(command, capsys)
    assert code == 2
    assert "publish one with 'sekaps plan publish', or play one with 'sekaps rehearse'" in line


def test_unknown_unit_document_and_person_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("db migrate", "plan propose --year 2023 --by Ayşe", "plan publish --year 2023 --by Mehmet"):
        assert run(command.split()) == 0
    capsys.readouterr()
    assert "no unit has the registry number 12345678" in refused("audit signatures --unit 12345678", capsys)[1]
    assert "no document of this edition has the number IBC-9" in refused("sign IBC-9 --as 1 --year 2023", capsys)[1]


@pytest.mark.parametrize("command", ["audit signatures", "db migrate", "rehearse"])
def test_a_database_newer_than_the_program_is_left_alone(
    home: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["db", "migrate"]) == 0
    capsys.readouterr()
    with sqlite3.connect(home / "sekaps.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    code, line = refused(command, capsys)
    assert code == 3
    assert "newer than this program; install the newer program" in line


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+psycopg://u:secret@127.0.0.1:1/x", "cannot be reached"),
        ("nonsense", "SEKAPS_DATABASE_URL"),
    ],
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEKAPS_DATABASE_URL", url)
    settings.cache_clear()
    _, line = refused("audit signatures", capsys)
    assert says in line
    assert "secret" not in line


def test_a_rehearsal_never_touches_a_real_year(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("db migrate", "plan propose --year 2023 --by Ayşe", "plan publish --year 2023 --by Mehmet"):
        assert run(command.split()) == 0
    capsys.readouterr()
    for command in ("rehearse", "rehearse --fresh"):
        assert "holds the real 2023 edition" in refused(command, capsys)[1]


def test_nobody_chooses_the_day_of_an_act_in_a_real_year(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("db migrate", "plan propose --year 2023 --by Ayşe", "plan publish --year 2023 --by Mehmet"):
        assert run(command.split()) == 0
    capsys.readouterr()
    order = "extend needs_entry --year 2023 --until 2023-05-05 --reason flood --letter E-1 --as-of 2023-05-02"
    assert "2023 is a real edition: what is done there happens now" in refused(order, capsys)[1]
