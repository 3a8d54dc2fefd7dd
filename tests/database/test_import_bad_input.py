"""Bad files and bad days, through the command line: nothing half-loaded, a clear line, the same command finishes it."""

import csv
import gzip
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pyarrow as pa
import pytest
from small_country import make_country
from sqlalchemy import URL, func, select

from sekaps.cli.main import run
from sekaps.database import engine, reading, transaction
from sekaps.models.allocation import Need
from sekaps.models.registry import Unit, UnitChange
from sekaps.models.trail import Act
from sekaps.services import bulk_load

HEADING = ("number", "unit", "item", "quantity", "priority", "scope", "beneficiary", "province", "district", "place")
ROWS = 6_000
PLACED = """
import os, signal, sys, time
from sekaps.cli.main import run
from sekaps.services import {module} as module
whole = module.{name}
def placed(*args, **kwargs):
    {does}
    return whole(*args, **kwargs)
module.{name} = placed
sys.exit(run(sys.argv[1:]))
"""
"""The command line, with something happening at one place of its work."""
WAITS = "print('there', flush=True); time.sleep(60)"
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
STOPPED = "error: stopped; what was done is kept, run the same command again to go on\n"
FULL = "error: the disk is full; what was done is kept, free some space and run the same command again\n"
KEYS = ["row", "number"]
"""The columns of the rows that are only looked through for numbers that stand twice."""
LOST = (
    "error: the database was restarted or cannot be reached any more; what was done is kept, run the same command"
    " again\n"
)


@pytest.fixture
def country(database: URL) -> URL:
    with transaction() as session:
        make_country(session)
    engine().dispose()
    return database


def row(number: int, **changes: str) -> list[str]:
    values = (f"N-{number}", "20000009", "diesel", "5", "1", "local", "military", "01", "1104", "Kışla")
    return list((dict(zip(HEADING, values, strict=True)) | changes).values())


def written(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([HEADING, *rows])
    return path


def words(*paths: Path) -> list[str]:
    return ["--lang", "en", "import", "needs", *map(str, paths), "--year", "2023", "--as-of", "2023-03-01"]


def started(code: str, arguments: Sequence[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def counted() -> tuple[int, int]:
    """Return how many needs and done acts of import there are."""
    with reading() as session:
        needs = session.scalar(select(func.count()).select_from(Need)) or 0
        done = select(func.count()).select_from(Act).where(Act.verb == "import_forms", Act.outcome == "done")
        return needs, session.scalar(done) or 0


def flaws_in(folder: Path, name: str) -> list[list[str]]:
    with (folder / "imports" / f"{name}.errors.csv").open(encoding="utf-8-sig", newline="") as file:
        return [line[:4] for line in list(csv.reader(file))[1:]]


@pytest.mark.parametrize("foreign", ["cp1254", "iso-8859-9"])
def test_rows_pasted_from_another_encoding_are_told_and_nothing_is_imported(
    country: URL, tmp_path: Path, foreign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "mixed.csv", [row(1), row(2)], "utf-8-sig")
    with path.open("ab") as file:
        file.write((",".join(row(3, place="Şehir içi")) + "\n").encode(foreign))
        file.write((",".join(row(4, quantity="-1")) + "\n").encode("utf-8"))
    assert run(words(path)) == 1
    assert flaws_in(tmp_path, "mixed.csv") == [
        ["4", "place", "Şehir içi", "encoding"],
        ["5", "quantity", "'-1", "positive"],
    ]
    assert capsys.readouterr().err.splitlines()[0] == (
        "row 4, place 'Şehir içi': is written in another encoding than the rest of the file; save all of it as UTF-8"
    )
    assert counted() == (0, 0)


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|'x'!A0", "+1+1", "-2+3+cmd|'x'!A0"])
def test_what_a_spreadsheet_would_calculate_is_refused_and_harmless_in_the_list(
    country: URL, tmp_path: Path, cell: str
) -> None:
    assert run(words(written(tmp_path / "f.csv", [row(1, place=cell)]))) == 1
    assert flaws_in(tmp_path, "f.csv") == [["2", "place", f"'{cell}", "formula"]]
    (tmp_path / "u.csv").write_text(f'detsis,ad\n20000777,"{cell}"\n', encoding="utf-8")
    assert run(["import", "units", str(tmp_path / "u.csv")]) == 1
    assert flaws_in(tmp_path, "u.csv")[0] == ["2", "name", f"'{cell}", "text"]


def test_a_formula_cell_of_a_workbook_is_refused(country: URL, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(list(HEADING))
    book.worksheets[0].append([*row(1)[:3], "=2+3", *row(1)[4:]])
    book.save(tmp_path / "f.xlsx")
    assert run(words(tmp_path / "f.xlsx")) == 1
    assert flaws_in(tmp_path, "f.xlsx") == [["2", "quantity", "'=2+3", "formula"]]


def test_a_packed_file_cut_off_is_refused_and_imported_once_it_is_whole(
    country: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed, path = (
        gzip.compress(written(tmp_path / "n.csv", [row(n) for n in range(500)]).read_bytes()),
        tmp_path / "n.csv.gz",
    )
    path.write_bytes(packed[: len(packed) // 2])
    assert run(words(path)) == 2
    assert (
        capsys.readouterr().err == f"error: {path} cannot be read: the packed file is cut off; nothing was imported\n"
    )
    path.write_bytes(packed)
    assert (run(words(path)), counted()) == (0, (500, 1))


def test_rows_that_do_not_fit_are_told_by_place_however_many_stand_together(
    country: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sekaps.services.table_files.BATCH_ROWS", 50)
    monkeypatch.setattr("sekaps.services.table_files.BATCH_BYTES", 4_096)
    short, bad = ["x"], row(1, quantity="0")
    rows = [*[short] * 3, *[row(n) for n in range(2, 300)], bad, *[short] * 700, row(400), row(401, quantity="0")]
    assert run(words(written(tmp_path / "u.csv", rows))) == 1
    found = {tuple(line[:2]) for line in flaws_in(tmp_path, "u.csv")}
    uneven = {(str(place), "") for place, each in enumerate(rows, 2) if each == short}
    assert found == {*uneven, (str(3 + 298 + 2), "quantity"), (str(len(rows) + 1), "quantity")}


def test_a_file_is_never_held_in_memory_as_a_whole(country: URL, tmp_path: Path) -> None:
    """Each process's own most memory, with batches of a megabyte: four times the file, hardly more memory."""
    peaks = []
    for megabytes in (48, 192):
        path = tmp_path / f"{megabytes}.csv"
        count = megabytes * 4_000
        written(path, [row(place, place="x" * 200) for place in range(count)])
        code = (
            "import sys; from sekaps.services import table_files; table_files.BATCH_BYTES = 1 << 20\n"
            "from sekaps.cli.main import run; assert run(sys.argv[1:]) == 0\n"
            "lines = open('/proc/self/status').readlines()\n"
            "print(next(line.split()[1] for line in lines if line.startswith('VmHWM')))"
        )
        process = started(code, [*words(path), "--check-only"])
        peaks.append(int(process.communicate()[0].split()[-1]) / 1024)
    assert peaks[1] - peaks[0] < 72, peaks  # held as a whole it would be twice that


def test_on_a_terminal_the_bar_tells_rate_and_time_left_and_elsewhere_nothing(country: URL, tmp_path: Path) -> None:
    path = written(tmp_path / "n.csv", [row(place) for place in range(ROWS)])
    code = "import sys; from sekaps.cli.main import run; sys.exit(run(sys.argv[1:]))"
    ours, theirs = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    command = [sys.executable, "-c", code, *words(path)]
    assert subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=theirs).returncode == 0
    shown = os.read(ours, 1 << 16).decode()
    assert ("6,000 rows, " in shown, " a second" in shown, "0:00:00" in shown, "storing" in shown) == (True,) * 4
    elsewhere = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert (elsewhere.returncode, elsewhere.stderr) == (0, b"")


def test_a_file_of_a_hundred_thousand_bad_rows_shows_a_few_and_where_the_rest_is(
    country: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "bad.csv", [row(place, quantity="0") for place in range(100_000)])
    assert run(words(path)) == 1
    told = capsys.readouterr().err.splitlines()
    listed = tmp_path / "imports" / "bad.csv.errors.csv"
    assert told == [
        *[f"row {place}, quantity '0': must be more than zero" for place in range(2, 7)],
        f"error: bad.csv: 100000 flaw(s) in 100000 rows; nothing was imported. All of them are in {listed}",
    ]
    assert len(flaws_in(tmp_path, "bad.csv")) == 100_000


def test_on_a_full_disk_nothing_is_kept_and_later_the_same_command_does_it(country: URL, tmp_path: Path) -> None:
    path = written(tmp_path / "n.csv", [row(place, place=f"depo {place}") for place in range(ROWS)])
    small = (60_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    code = "import sys; from sekaps.cli.main import run; sys.exit(run(sys.argv[1:]))"
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, {small})\n{code}"
    process = started(limited, words(path))
    assert (process.communicate()[1], process.returncode, counted()) == (FULL, 3, (0, 0))
    assert (run(words(path)), counted()) == (0, (ROWS, 1))


def test_a_full_sqlite_file_is_told_and_nothing_is_kept(sqlite_database: URL, tmp_path: Path) -> None:
    with transaction() as session:
        make_country(session)
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    engine().dispose()
    path = written(tmp_path / "n.csv", [row(place) for place in range(ROWS)])
    code = (
        "import sys; from sqlalchemy import event; from sekaps.database import engine\n"
        "from sekaps.cli.main import run\n"
        f"event.listen(engine(), 'connect', lambda c, _: c.execute('PRAGMA max_page_count={pages + 20}'))\n"
        "sys.exit(run(sys.argv[1:]))"
    )
    process = started(code, words(path))
    assert (process.communicate()[1], process.returncode, counted()) == (FULL, 3, (0, 0))
    assert (run(words(path)), counted()) == (0, (ROWS, 1))


@pytest.mark.parametrize(
    ("module", "name"),
    [("form_staging", "judge"), ("form_staging", "_tell_twice"), ("form_import", "_insert_lines")],
)
def test_stopped_by_ctrl_c_nothing_is_kept_and_the_same_command_finishes(
    country: URL, tmp_path: Path, module: str, name: str
) -> None:
    path = written(tmp_path / "n.csv", [row(place) for place in range(ROWS)])
    process = started(PLACED.format(module=module, name=name, does=WAITS), words(path))
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    process.send_signal(signal.SIGINT)
    assert (process.communicate()[1], process.returncode, counted()) == (STOPPED, 130, (0, 0))
    assert (run(words(path)), counted()) == (0, (ROWS, 1))
    assert not any((tmp_path / "imports").iterdir())


@pytest.mark.postgresql
def test_a_server_that_ends_the_connection_midway_is_told_and_the_same_command_finishes(
    postgres_database: URL, tmp_path: Path
) -> None:
    with transaction() as session:
        make_country(session)
    path = written(tmp_path / "n.csv", [row(place) for place in range(ROWS)])
    slow = "args[0].connection().exec_driver_sql('SELECT pg_sleep(60)')"
    process = started(PLACED.format(module="form_import", name="_insert_lines", does=slow), words(path))
    _end_who("query LIKE '%%pg_sleep(60)%%' AND pid <> pg_backend_pid()")
    assert (process.communicate()[1], process.returncode, counted()) == (LOST, 3, (0, 0))
    assert (run(words(path)), counted()) == (0, (ROWS, 1))


@pytest.mark.postgresql
def test_a_connection_lost_while_rows_stream_in_is_told_too(
    postgres_database: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction() as session:
        make_country(session)
    path, rows_of = written(tmp_path / "n.csv", [row(place) for place in range(ROWS)]), bulk_load._rows_of

    def ended(reader: pa.RecordBatchReader) -> Iterator[pl.DataFrame]:
        if reader.schema.names != KEYS:
            _end_who("query LIKE 'COPY staged_forms%%'")
        return rows_of(reader)

    with monkeypatch.context() as cutting:
        cutting.setattr(bulk_load, "_rows_of", ended)
        assert run(words(path)) == 3
    assert capsys.readouterr().err == LOST
    engine().dispose()
    assert counted() == (0, 0)
    assert (run(words(path)), counted()) == (0, (ROWS, 1))


def _end_who(does: str) -> None:
    """End the server's process that does something, once it does it."""
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND {does}"
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(2_400):
            if connection.exec_driver_sql(ended).all():
                return
            time.sleep(0.05)
    raise AssertionError(f"nobody does it: {does}")


UNITS = "detsis,ad,tür,il\n20000701,Bir Müdürlüğü,kurum,Adana\n20000702,İki Müdürlüğü,kurum,Adana\n"
PEOPLE = "kod,ad soyad,e-posta,birim no,görev,başlangıç\n701,Can Cin,c@x.tr,20000701,amir,02.03.2020\n"


def test_an_import_of_units_or_people_that_is_killed_leaves_nothing_and_is_finished_by_the_same_command(
    country: URL, tmp_path: Path
) -> None:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    for subject, more, module, name in (
        ("units", (), "registry_import", "_keep_history"),
        ("people", ("--by", "authority"), "signatory_import", "_write_terms"),
    ):
        arguments = ["--lang", "en", "import", subject, str(tmp_path / f"{subject}.csv"), *more]
        process = started(PLACED.format(module=module, name=name, does=KILLED), arguments)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        with reading() as session:
            acts = session.scalars(select(Act.id).where(Act.verb.in_(("import_signatories", "import_registry"))))
            assert len(acts.all()) == (subject == "people")
        assert run(arguments) == 0


def test_files_of_a_batch_that_were_taken_over_are_not_taken_again(
    country: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    for part in range(3):
        written(folder / f"part-{part}.csv", [row(100 * part + place) for place in range(10)])
    code = PLACED.format(module="form_import", name="_note", does=f"args[4].name == 'part-1.csv' and {KILLED}")
    process = started(code, words(folder))
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert counted() == (10, 1)
    assert run(words(folder)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "taken over before, and not again: part-0.csv",
        "part-1.csv:", "10 forms added, 0 recorded already",
        "part-2.csv:", "10 forms added, 0 recorded already",
    ]  # fmt: skip
    assert run(words(folder)) == 0
    assert counted() == (30, 3)


def test_a_batch_of_registry_changes_taken_again_does_not_undo_its_later_files(country: URL, tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "2.csv").write_text("detsis,aktif,ad\n20000701,0,Eski Ad\n", encoding="utf-8")
    (tmp_path / "3.csv").write_text("detsis,aktif,ad\n20000701,1,Yeni Ad\n", encoding="utf-8")
    arguments = ["--lang", "en", "import", "units", *(str(tmp_path / f"{n}.csv") for n in (1, 2, 3))]
    assert [run(arguments), run(arguments)] == [0, 0]
    with reading() as session:
        unit = session.scalars(select(Unit).where(Unit.number == 20000701)).one()
        history = session.scalars(select(UnitChange.what).where(UnitChange.unit_id == unit.id).order_by(UnitChange.id))
        assert (unit.name, unit.active_until) == ("Yeni Ad", None)
        assert list(history) == ["added", "changed", "closed", "changed", "reopened"]


def test_a_batch_stops_at_the_file_that_is_refused_and_goes_on_there_once_it_is_corrected(
    country: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [written(tmp_path / f"{n}.csv", [row(n, quantity="0" if n == 2 else "5")]) for n in (1, 2, 3)]
    assert run(words(*paths)) == 1
    assert counted() == (1, 1)
    written(paths[1], [row(2)])
    capsys.readouterr()
    assert run(words(*paths)) == 0
    assert capsys.readouterr().out.splitlines()[0] == "taken over before, and not again: 1.csv"
    assert counted() == (3, 3)


def test_only_judging_units_tells_what_would_change_and_stores_nothing(
    country: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "units.csv.gz").write_bytes(gzip.compress(UNITS.encode()))
    arguments = ["--lang", "en", "import", "units", str(tmp_path / "units.csv.gz")]
    assert run([*arguments, "--check-only"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "only judged, and nothing stored; it would have been:"
    assert run(arguments) == 0
    printed = capsys.readouterr()
    assert (printed.out[:8], printed.err) == ("2 added,", "")
