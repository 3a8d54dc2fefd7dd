"""A year played twice, ticked twice, or killed in the middle comes to the same end state."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import URL

from sekaps import database as store
from sekaps.calendar.instants import at
from sekaps.settings import settings

SCALE = "0.001"
KILLED_AFTER = "2023-05-02"
PATIENCE_SECONDS = 600
NOT_COMPARED = {
    "outbox": {"attempts"},
    "certificates": {"id", "digest", "encoded"},
    "signatures": {"certificate_id", "signature"},
    "trail_roots": {"signature"},
}
"""A hand-over cut short counts as an attempt, and each home signs with keys of its own; nothing else may differ."""


@dataclass(frozen=True)
class Played:
    """A home in which the year was played, and what the command printed."""

    home: Path
    report: bytes


def start(home: Path) -> subprocess.Popen[bytes]:
    """Start the rehearsal as its user does, with a Prefect server of its own."""
    hidden = {"PREFECT_API_URL", "SEKAPS_DATABASE_URL", "PREFECT_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, "-m", "sekaps.cli.main", "rehearse", "--scale", SCALE, "--json"]
    return subprocess.Popen(
        command, env={**environment, "SEKAPS_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> bytes:
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, err.decode()
    return out


def kill_in_mid_year(process: subprocess.Popen[bytes], home: Path) -> None:
    """Kill -9 once the people have acted past a day of May."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while acted_through(home) < at(date.fromisoformat(KILLED_AFTER)).timestamp() * 1000:
        assert process.poll() is None, process.communicate()[1].decode()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def acted_through(home: Path) -> int:
    path = home / "sekaps.db"
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        row = connection.execute("SELECT acted_through FROM rehearsals").fetchone()
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()
    return int(row[0]) if row and row[0] is not None else 0


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Played, Played]:
    """The year played undisturbed, and the year killed in its middle and started again; both at once."""
    calm, killed = tmp_path_factory.mktemp("calm"), tmp_path_factory.mktemp("killed")
    undisturbed, disturbed = start(calm), start(killed)
    kill_in_mid_year(disturbed, killed)
    again = start(killed)
    return Played(calm, finish(undisturbed)), Played(killed, finish(again))


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, in order."""
    connection = sqlite3.connect(home / "sekaps.db")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for name in sorted(names):
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        kept = ", ".join(f'"{column}"' for column in columns if column not in NOT_COMPARED.get(name, set()))
        found[name] = sorted(connection.execute(f"SELECT {kept} FROM {name}").fetchall(), key=repr)
    connection.close()
    return found


def mail(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted((home / "mail").glob("*/*.eml"))}


def test_a_year_killed_in_its_middle_ends_as_an_undisturbed_one(homes: tuple[Played, Played]) -> None:
    calm, killed = homes
    assert killed.report == calm.report
    assert mail(killed.home) == mail(calm.home)
    for name, held in rows(calm.home).items():
        assert rows(killed.home)[name] == held, name


def test_the_rehearsal_run_again_gives_the_same_report_and_sends_nothing(homes: tuple[Played, Played]) -> None:
    calm, _ = homes
    before, posted = rows(calm.home), mail(calm.home)
    assert finish(start(calm.home)) == calm.report
    assert rows(calm.home) == before
    assert mail(calm.home) == posted


def test_a_year_in_which_a_resource_is_promised_twice_does_not_end_well(
    homes: tuple[Played, Played], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(homes[0].home, home)
    with sqlite3.connect(home / "sekaps.db") as connection:
        first = "(SELECT min(document_id) FROM resources WHERE allocated > 0)"
        connection.execute(f"UPDATE resources SET allocated = allocated - 1 WHERE document_id = {first}")
    connection.close()
    process = start(home)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "1 tahsis satırı kurala aykırı" in err.decode().splitlines()[-1]


def test_the_audit_finds_exactly_the_planted_gaps(homes: tuple[Played, Played]) -> None:
    gaps = json.loads(homes[0].report)["gaps"]
    assert gaps["by_kind"]["need_form"] == 2
    assert gaps["by_kind"]["resource_form"] == 5


def test_every_tick_of_the_year_run_again_changes_no_row(
    homes: tuple[Played, Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sekaps.flows.daily import flow_of
    from sekaps.services.editions import load_edition
    from sekaps.services.phases import phase_days
    from sekaps.tasks.ticks import Tick

    home = homes[0].home
    monkeypatch.setenv("SEKAPS_HOME", str(home))
    monkeypatch.delenv("SEKAPS_DATABASE_URL", raising=False)
    settings.cache_clear()
    before = rows(home)
    with store.reading() as session:
        edition = load_edition(session, "sekaps", 2023)
    for phase in edition.programme.phases:
        for day in phase_days(edition, phase):
            flow_of(Tick("sekaps", 2023, at(day)), phase.code)(2023, at(day))
    store.engine_for(URL.create("sqlite", database=str(home / "sekaps.db"))).dispose()
    settings.cache_clear()
    assert rows(home) == before
