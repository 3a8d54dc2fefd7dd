"""Measures Prefect's share of a night: ``flows.daily`` under a server, and the same code without Prefect.

Without Prefect means: the decorators give the functions back as they are, artifacts and events are not made, so that
the very same flows and tasks run. Each night runs in a process of its own on a copy of the database; a post office in
this one takes the mail, uncounted. The server was running before, and what it uses idle is deducted.
"""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests" / "database")]

from results import Result, judged, measured_value, peak_mebibytes  # noqa: E402

AT_MOST, FORMS_A_RUN, NIGHTS, START_SECONDS = 0.10, 1_000, 5, 180
IDLE_SECONDS = 15
TICKS = os.sysconf("SC_CLK_TCK")
AS_OF = "2023-04-28T20:00:00+00:00"
"""The last day of needs entry, 23:00 in Türkiye."""


def measure(home: Path, share: str) -> Iterator[Result]:
    """Yield Prefect's share of nights on copies of a filled SQLite database, and the flow runs of a night."""
    nights: list[tuple[float, float]] = []
    peak = 0.0
    with tempfile.TemporaryDirectory() as name, _server(Path(name)) as server, _mail_taken(Path(name)):
        folder, idle = Path(name), _idle(server.pid)
        for _ in range(NIGHTS):
            before, began = _used(server.pid), time.monotonic()
            told = _night(home, folder, "prefect", server.url)
            served = _used(server.pid) - before - idle * (time.monotonic() - began)
            peak = max(peak, told["peak"])
            whole, touched = told["cpu"] + max(served, 0.0), told["forms"]
            plain = _night(home, folder, "plain", server.url)["cpu"]
            nights.append((max(whole - plain, 0.0), whole))
        runs = _flow_runs(folder) // NIGHTS
    why = "a night's half a dozen flow runs cost the same for any country, so that their share falls as it grows"
    yield judged(f"Prefect's share of a night's CPU, {share}", nights, at_most=AT_MOST, note=why)
    yield judged(f"flow runs of a night, {share} / one for each {FORMS_A_RUN:,} forms touched",
                 [(runs, touched / FORMS_A_RUN)], at_most=1)  # fmt: skip
    yield measured_value(f"memory of a night with its evidence and mail, {share}, MiB", peak, 1024)


@dataclass(frozen=True)
class _Server:
    """A Prefect server of its own: its process and its address."""

    pid: int
    url: str


@contextmanager
def _mail_taken(folder: Path) -> Iterator[None]:
    from sekaps.demo.post_office import post_office
    from sekaps.settings import relay_at

    with post_office(folder / "mail") as office, relay_at(office.port):
        yield


@contextmanager
def _server(folder: Path) -> Iterator[_Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=_environment(folder, folder), **silent)
    try:
        _wait(f"http://127.0.0.1:{port}/api/health")
        yield _Server(process.pid, f"http://127.0.0.1:{port}/api")
    finally:
        process.terminate()
        process.wait()


def _wait(health: str) -> None:
    for _ in range(START_SECONDS * 2):
        try:
            urlopen(health).close()  # noqa: S310 - this machine's own server
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    sys.exit("error: the Prefect server did not start")


def _idle(pid: int) -> float:
    """Return the CPU seconds the server uses in a second of its own, night or no night."""
    time.sleep(IDLE_SECONDS)  # what it does once at its start is over
    before = _used(pid)
    time.sleep(IDLE_SECONDS)
    return (_used(pid) - before) / IDLE_SECONDS


def _environment(home: Path, folder: Path, url: str | None = None) -> dict[str, str]:
    told = {"SEKAPS_HOME": str(home), "PREFECT_HOME": str(folder / "prefect"), "PREFECT_LOGGING_LEVEL": "WARNING"}
    quiet = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    return {**os.environ, **told, **quiet} | ({} if url is None else {"PREFECT_API_URL": url})


def _used(pid: int) -> float:
    """Return the CPU seconds a process and all below it have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(_used(int(child)) for child in below)


def _night(home: Path, folder: Path, way: str, url: str) -> Any:
    """Run one night on a copy of the database and return what it tells: its CPU seconds and the forms it touched."""
    with tempfile.TemporaryDirectory(dir=folder) as copy:
        shutil.copytree(home, copy, dirs_exist_ok=True)
        command = [sys.executable, str(HERE / "prefect_night.py"), way]
        done = subprocess.run(command, env=_environment(Path(copy), folder, url), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _flow_runs(folder: Path) -> int:
    with sqlite3.connect(folder / "prefect" / "prefect.db") as connection:
        return int(connection.execute("SELECT count(*) FROM flow_run").fetchone()[0])


def _without_prefect() -> None:
    """Let the decorators give back the functions as they are, before a flow is imported."""
    import prefect
    import prefect.artifacts
    import prefect.events

    def bare(function: Any = None, **_: Any) -> Any:
        return function if function is not None else bare

    prefect.flow, prefect.task = bare, bare  # type: ignore[assignment]
    prefect.artifacts.create_markdown_artifact = lambda **_: None  # type: ignore[assignment]
    prefect.events.emit_event = lambda **_: None  # type: ignore[assignment]


def _forms_touched() -> int:
    """Return how many forms a night counts, reminds of or verifies: those open, and those verified anew or again."""
    from sqlalchemy import func, select

    from sekaps.database import reading
    from sekaps.models.documents import Document, Signature
    from sekaps.models.evidence import EvidenceCheck
    from sekaps.models.trail import Act

    with reading() as session:
        waiting = session.scalar(select(func.count()).where(Document.next_slot > 0)) or 0
        last = session.scalars(select(EvidenceCheck).order_by(EvidenceCheck.day.desc()).limit(1)).one()
        again = Act.sequence.between(last.again_first, last.again_through)
        spans = Act.sequence.between(last.first, last.through) | again
        signed = select(func.count(Signature.document_id.distinct())).join(Act, Act.id == Signature.act_id)
        return waiting + (session.scalar(signed.where(spans)) or 0)


def run_night(way: str) -> None:
    """Run one night in this process and tell; copying and importing are not counted."""
    if way == "plain":
        _without_prefect()
    from datetime import datetime

    from sekaps.flows.daily import daily

    begun = time.process_time()
    daily(2023, datetime.fromisoformat(AS_OF))
    told = {"cpu": time.process_time() - begun, "peak": peak_mebibytes()}
    print(json.dumps({**told, "forms": _forms_touched()}))


def main(way: str) -> None:
    """Run a night one way, or measure on copies of the configured home: ``python benchmarks/prefect_night.py``."""
    if way:
        run_night(way)
        return
    for result in measure(Path(os.environ["SEKAPS_HOME"]), "the configured database"):
        print(result)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
