"""Runs the benchmarks: each job in a process of its own, in pairs against peers and floors; tells, keeps and draws.

``make bench`` runs them all, an hour and a half on two cores; ``python benchmarks/run.py signing mail`` runs some. A
smaller country is measured with BENCH_SCALE=0.1 BENCH_LARGEST=1 in the environment. Figures are CPU seconds; read the
ratios, machines differ. What was measured goes to ``var/bench.json``, and from there to ``docs/performance.md``.
"""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests" / "database")]

from page import write_page  # noqa: E402
from results import Result  # noqa: E402
from sqlalchemy import create_engine, make_url, text  # noqa: E402
from sqlalchemy.exc import OperationalError  # noqa: E402

SCALE = float(os.environ.get("BENCH_SCALE", "1.0"))
"""The share of the nation that is loaded, stored and audited; plans are always made for the whole of it."""
LARGEST = float(os.environ.get("BENCH_LARGEST", "3.0"))
"""The largest country whose growth is measured."""
MEASURED = ("sqlalchemy", "psycopg", "prefect", "spiffworkflow", "dbos", "django-viewflow", "polars", "aiosmtplib")
SERVER = os.environ.get("SEKAPS_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


@contextmanager
def database(url: str | None = None) -> Iterator[None]:
    """Make the configured database a fresh one: a file of its own, or the one of that address."""
    from sekaps.database import engine, migrate
    from sekaps.settings import settings

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SEKAPS_HOME": folder}
        os.environ.pop("SEKAPS_DATABASE_URL", None)
        if url is not None:
            os.environ["SEKAPS_DATABASE_URL"] = url
        settings.cache_clear()
        migrate()
        yield
        engine().dispose()


@contextmanager
def on_server(purpose: str) -> Iterator[str]:
    """Give the address of a database made for one purpose on the PostgreSQL server."""
    name, admin = f"sekaps_bench_{purpose}_{os.getpid()}", create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def signing() -> Iterable[Result]:
    """Measure signing on SQLite."""
    from signing import measure_sqlite
    from small_country import make_country

    from sekaps.database import transaction

    with database():
        with transaction() as session:
            country = make_country(session)
        yield from measure_sqlite(country)


def signing_on_server() -> Iterable[Result]:
    """Measure signing on PostgreSQL."""
    from signing import measure_postgresql
    from small_country import make_country

    from sekaps.database import transaction

    with on_server("ours") as url, on_server("viewflow") as other, database(url):
        with transaction() as session:
            country = make_country(session)
        yield from measure_postgresql(country, other.replace("+psycopg", ""))


def mail() -> Iterable[Result]:
    """Measure a night's mail."""
    from mail import measure
    from small_country import make_country

    from sekaps.database import transaction

    with database():
        with transaction() as session:
            country = make_country(session)
        yield from measure(country)


def allocation() -> Iterable[Result]:
    """Measure the plan of the nation, and storing a part of it."""
    from allocation import computing, storing

    yield from computing()
    with database():
        yield storing("SQLite", SCALE)


def allocation_on_server() -> Iterable[Result]:
    """Measure storing a part of the nation's plan on PostgreSQL."""
    from allocation import storing

    with on_server("plan") as url, database(url):
        yield storing("PostgreSQL", SCALE)


def imports() -> Iterable[Result]:
    """Measure the validated import of files into SQLite."""
    from imports import measured

    yield from measured(SCALE, "sqlite")


def imports_on_server() -> Iterable[Result]:
    """Measure the validated import of files into PostgreSQL."""
    from imports import measured

    yield from measured(SCALE, "postgresql")


def audit() -> Iterable[Result]:
    """Measure the nightly audit, the counting proof and Prefect's share of a night on SQLite."""
    import prefect_night
    from generated import fill
    from nightly import measure

    from sekaps.database import engine
    from sekaps.settings import settings

    with database():
        fill(SCALE)
        yield from measure(SCALE)
        engine().dispose()
        yield from prefect_night.measure(settings().home, f"{SCALE:.0%} of the country, sqlite")


def audit_growth() -> Iterable[Result]:
    """Measure that the audit does not grow with the complete forms."""
    from generated import fill
    from nightly import growth

    from sekaps.database import engine

    with database():
        fill(SCALE, sealed=False)
        once = engine()
        with database():
            fill(SCALE, complete=2.0, sealed=False)
            yield from growth(once, engine(), f"{SCALE:.0%} of the country, sqlite")


def audit_on_server() -> Iterable[Result]:
    """Measure the nightly audit and the counting proof on PostgreSQL."""
    from generated import fill
    from nightly import measure

    with on_server("night") as url, database(url):
        fill(SCALE)
        yield from measure(SCALE)


def growth() -> Iterable[Result]:
    """Measure how time and memory grow from 1 % to 300 % of the nation, and keep the points."""
    from growth import SCALES, judge, measure

    points = []
    for point in measure(scale for scale in SCALES if scale <= LARGEST):
        print(f"{point.job}, {point.scale:.0%}: {point.seconds:.2f} s, {point.mebibytes:.0f} MiB", flush=True)
        points.append(point)
    _kept("growth.json").write_text(json.dumps([asdict(point) for point in points], indent=2) + "\n")
    yield from judge(points)


JOBS: dict[str, Callable[[], Iterable[Result]]] = {
    job.__name__: job
    for job in (
        signing,
        signing_on_server,
        audit,
        audit_on_server,
        audit_growth,
        allocation,
        allocation_on_server,
        imports,
        imports_on_server,
        mail,
        growth,
    )
}
MARK = "result: "
FAILED: list[str] = []
"""Jobs that ended with an error: the others are measured and kept all the same, and the run fails at its end."""


def run(job: str) -> list[Result]:
    """Run one job in a process of its own and return what it measured, telling as it goes."""
    command = [sys.executable, str(HERE / "run.py"), "--one", job]
    found = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if not line.startswith(MARK):
                print(f"    {line}", end="", flush=True)
                continue
            found.append(Result(**json.loads(line.removeprefix(MARK))))
            print(told(found[-1]), flush=True)
    if process.returncode:
        print(f"error: the job {job} failed; run it alone: python benchmarks/run.py --one {job}", file=sys.stderr)
        FAILED.append(job)
    return found


def told(result: Result) -> str:
    """Return a result as one line."""
    verdict = "" if result.target == "-" else f"  (target {result.target}: {'met' if result.met else 'NOT MET'})"
    return f"{result.ratio:10.3f} x  ({result.lowest:g} to {result.highest:g})  {result.job}{verdict}"


def jobs_here() -> list[str]:
    """Return the jobs this machine can run; without a PostgreSQL server those on it are left out, and that is said."""
    try:
        create_engine(SERVER).connect().close()
    except OperationalError:
        print("left out: what runs on PostgreSQL; there is no server", file=sys.stderr)
        return [job for job in JOBS if not job.endswith("_on_server")]
    return list(JOBS)


def facts() -> dict[str, str]:
    """Return what machine this is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "-")
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "Python": platform.python_version(),
        "databases": f"SQLite {sqlite3.sqlite_version}, {_server_version()}",
        "ours and peers": ", ".join(f"{name} {version(name)}" for name in MEASURED),
        "share of the nation loaded": f"{SCALE:.0%}",
    }


def _server_version() -> str:
    try:
        with create_engine(SERVER).connect() as connection:
            return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
    except OperationalError:
        return "no PostgreSQL"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def main(asked: list[str]) -> None:
    """Run the jobs asked for, or all, and keep what they measured."""
    results = [result for job in asked or jobs_here() for result in run(job)]
    _kept("bench.json").write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")
    if FAILED:
        sys.exit(f"error: failed: {', '.join(FAILED)}; what the others measured is in {_kept('bench.json')}")
    if not asked:
        points = json.loads(_kept("growth.json").read_text(encoding="utf-8"))
        write_page(results, points, facts(), HERE.parent / "docs")


def _kept(name: str) -> Path:
    """Return the file a run leaves behind under that name."""
    home = Path(os.environ.get("SEKAPS_HOME", "var"))
    home.mkdir(parents=True, exist_ok=True)
    return home / name


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        for one in JOBS[sys.argv[2]]():
            print(MARK + json.dumps(asdict(one)), flush=True)
    else:
        main(sys.argv[1:])
