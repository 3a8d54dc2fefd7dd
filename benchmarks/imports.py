"""Measures the validated import of the country's needs and resources against an unvalidated load of the same rows.

Reference: ADBC (SQLite) or a streamed COPY (PostgreSQL) of ready-made rows into the same tables, ids and all. Each run
is a process of its own on a database of its own; figures are CPU seconds of it and of the server's processes for it.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "database"))

import adbc_driver_sqlite.dbapi  # noqa: E402
import polars as pl  # noqa: E402
import psycopg  # noqa: E402
from results import PAIRS, Result, judged, measured_value, peak_mebibytes  # noqa: E402
from server_seconds import server_seconds  # noqa: E402
from small_country import NEW_YEAR, publish  # noqa: E402
from sqlalchemy import make_url  # noqa: E402

from sekaps.cli.main import run  # noqa: E402
from sekaps.database import engine, migrate, transaction  # noqa: E402
from sekaps.demo.country_files import FILES, registry_numbers, stated  # noqa: E402
from sekaps.demo.forms import FormSize  # noqa: E402
from sekaps.demo.paperwork import Paperwork  # noqa: E402
from sekaps.demo.places import real_places  # noqa: E402
from sekaps.demo.population import country_population, store  # noqa: E402
from sekaps.demo.table_writers import CsvFile  # noqa: E402
from sekaps.settings import settings  # noqa: E402

SERVER = os.environ.get("SEKAPS_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
TARGET, GIBIBYTE = 2.0, 1 << 30
TABLES = {"needs": ("documents", "needs"), "resources": ("documents", "resources")}
DOCUMENT = ("id", "edition_id", "kind", "number", "activity", "step", "unit_id", "chain_id", "state", "round",
            "next_slot", "waiting_since", "previous_id")  # fmt: skip


def write_files(home: Path, scale: float) -> None:
    """Make the country without forms in the configured database, and its forms as two files."""
    migrate()
    people = country_population(real_places(), scale=scale, seed=7)
    with transaction() as session:
        publish(session)
        store(session, people, NEW_YEAR)
    numbers, files = registry_numbers(people), {kind: CsvFile(home / f"{name}.csv") for kind, name in FILES.items()}
    for part in Paperwork(people, 2023, size=FormSize(scale), seed=7).parts():
        if part.kind in files:
            files[part.kind].add(stated(part, numbers))
    for file in files.values():
        file.close()
    engine().dispose()


def ours(home: Path) -> float:
    """Import both files through the command line's own path; return the CPU seconds of the server's processes."""
    for name in TABLES:
        words = ["import", name, str(home / f"{name}.csv"), "--year", "2023", "--as-of", "2023-03-01"]
        assert run(words) == 0
    with engine().connect() as connection:
        seconds = _server_seconds(connection.connection.driver_connection)
    engine().dispose()
    return seconds


def keep_reference(home: Path) -> None:
    """Write what the import stored as ready-made rows of the tables."""
    with engine().connect() as connection:
        driver: Any = connection.connection.driver_connection
        for name, (_, lines) in TABLES.items():
            kind = "need_form" if name == "needs" else "resource_form"
            columns = list(connection.exec_driver_sql(f"SELECT * FROM {lines} LIMIT 0").keys())
            of_kind = f"SELECT {{}} FROM documents d JOIN {lines} l ON l.document_id = d.id WHERE d.kind = '{kind}'"
            for part, names in (("documents", [f"d.{c}" for c in DOCUMENT]), (lines, [f"l.{c}" for c in columns])):
                cursor = driver.cursor()
                cursor.execute(of_kind.format(", ".join(names)))
                plain = [each.split(".")[1] for each in names]
                with (home / f"{name}-{part}.csv").open("w", encoding="utf-8", newline="") as file:
                    writer = csv.writer(file)
                    writer.writerow(plain)
                    writer.writerows(cursor)
        connection.rollback()
    engine().dispose()


def reference(home: Path) -> float:
    """Load the ready-made rows without looking at them; return the CPU seconds of the server's processes."""
    url = settings().database
    if url.get_backend_name() == "sqlite":
        with adbc_driver_sqlite.dbapi.connect(url.database) as connection, connection.cursor() as cursor:
            for name, parts in TABLES.items():
                for part in parts:
                    frame = pl.read_csv(home / f"{name}-{part}.csv", infer_schema_length=100_000,
                                        schema_overrides=_texts(home / f"{name}-{part}.csv"))  # fmt: skip
                    cursor.adbc_ingest(part, frame.to_arrow(compat_level=pl.CompatLevel.oldest()), mode="append")
            connection.commit()
        return 0.0
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        for name, parts in TABLES.items():
            for part in parts:
                with (home / f"{name}-{part}.csv").open("rb") as file:
                    heading = file.readline().decode().strip()
                    with connection.cursor().copy(f"COPY {part} ({heading}) FROM STDIN (FORMAT csv)") as copy:
                        while block := file.read(1 << 18):
                            copy.write(block)
        connection.commit()
        return _server_seconds(connection)


def _server_seconds(connection: Any) -> float:
    """Return the CPU seconds of every process the server runs for this database; nothing of it is there before."""
    if not isinstance(connection, psycopg.Connection):
        return 0.0
    pids = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid IS NOT NULL")
    return sum(server_seconds(pid) for (pid,) in pids)


def _texts(path: Path) -> dict[str, Any]:
    heading = path.open(encoding="utf-8").readline().strip().split(",")
    codes = ("province_code", "district_code", "number", "holder_number", "step", "place", "address", "age_group")
    return {name: pl.String for name in heading if name in codes}


def one(job: str, home: Path) -> None:
    """Do one job in this process and print its CPU seconds and peak memory."""
    import sekaps.cli.app  # noqa: F401 - starting the command line is no part of the load

    begun, wall = time.process_time(), time.perf_counter()
    server = {"ours": ours, "reference": reference}[job](home)
    told = {"cpu": time.process_time() - begun + server, "wall": time.perf_counter() - wall,
            "peak": peak_mebibytes() * 2**20}  # fmt: skip
    print(json.dumps(told))


class Ground:
    """A database that is put back to where it was before each run."""

    def __init__(self, kind: str, home: Path) -> None:
        self.kind, self.home = kind, home
        self.name = f"sekaps_bench_{os.getpid()}"
        self.url = f"sqlite:///{home / 'run.db'}" if kind == "sqlite" else str(
            make_url(SERVER).set(database=self.name).render_as_string(hide_password=False))  # fmt: skip

    def fresh(self) -> None:
        """Put the database back to where it was."""
        if self.kind == "sqlite":
            for left in self.home.glob("run.db*"):
                left.unlink()
            (self.home / "run.db").write_bytes((self.home / "template.db").read_bytes())
            return
        self._admin(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self._admin(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_template")

    def made(self) -> None:
        """Keep the database as it is now as the template of every run."""
        if self.kind == "sqlite":
            with engine().connect() as connection:
                connection.exec_driver_sql("SELECT 1")
            engine().dispose()
            (self.home / "run.db").rename(self.home / "template.db")
            return
        self._admin(f"ALTER DATABASE {self.name} RENAME TO {self.name}_template")

    def create(self) -> None:
        """Make the database."""
        if self.kind != "sqlite":
            self._admin(f"CREATE DATABASE {self.name}")

    def drop(self) -> None:
        """Leave nothing behind."""
        if self.kind != "sqlite":
            for name in (self.name, f"{self.name}_template"):
                self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _admin(self, statement: str) -> None:
        url = make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)


def measure(kind: str, home: Path, scale: float) -> list[Result]:
    """Return the ratio and the peak memory on one kind of database."""
    ground = Ground(kind, home)
    os.environ |= {"SEKAPS_HOME": str(home), "SEKAPS_DATABASE_URL": ground.url}
    settings.cache_clear()
    ground.create()
    try:
        write_files(home, scale)
        ground.made()
        ground.fresh()
        ours(home)
        keep_reference(home)
        runs = [{job: _run(ground, job, home) for job in ("ours", "reference")} for _ in range(PAIRS)]
    finally:
        ground.drop()
    mine, floor = ([each[job]["cpu"] for each in runs] for job in ("ours", "reference"))
    peak = max(each["ours"]["peak"] for each in runs)
    loader = "ADBC" if kind == "sqlite" else "streamed COPY"
    job = f"validated import, {scale:.0%} of the country, {kind}"
    return [
        judged(f"{job} / unvalidated {loader}", list(zip(mine, floor, strict=True)), at_most=TARGET),
        measured_value(f"{job}: peak memory / 1 GiB", round(peak / GIBIBYTE, 3), 1),
    ]


def _run(ground: Ground, job: str, home: Path) -> dict[str, float]:
    ground.fresh()
    done = subprocess.run([sys.executable, __file__, "--one", job, str(home)], check=True, stdout=subprocess.PIPE)
    told: dict[str, float] = json.loads(done.stdout.decode().strip().splitlines()[-1])
    return told


def measured(scale: float, kind: str) -> Iterator[Result]:
    """Yield what is measured on one kind of database, in a folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        yield from measure(kind, Path(home), scale)


if __name__ == "__main__":
    one(sys.argv[2], Path(sys.argv[3]))
