"""An import that is cut off leaves nothing half-loaded, and the same command finishes the job later."""

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_country import make_country
from sqlalchemy import URL, func, select

from sekaps.cli.main import run
from sekaps.database import engine, reading, transaction
from sekaps.models.allocation import Need
from sekaps.models.documents import Document
from sekaps.models.trail import Act
from sekaps.services import form_import, form_staging

ROWS = 12_000
HEADING = ("number", "unit", "item", "quantity", "priority", "scope", "beneficiary", "province", "district")
CUT = """
import os, signal, sys
from sekaps.cli.main import run
from sekaps.services import {module} as module
def cut(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = cut
run(sys.argv[1:])
"""


@pytest.fixture
def path(database: URL, tmp_path: Path) -> Path:
    with transaction() as session:
        make_country(session)
    with (tmp_path / "needs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING)
        for place in range(ROWS):
            writer.writerow((f"N-{place}", 20000009, "diesel", 1 + place, 1, "local", "military", "01", "1104"))
    engine().dispose()
    return tmp_path / "needs.csv"


def words(path: Path) -> list[str]:
    return ["--lang", "en", "import", "needs", str(path), "--year", "2023", "--as-of", "2023-03-01"]


def counted() -> tuple[int, int, int]:
    """Return how many documents, needs and acts of import there are."""
    with reading() as session:
        queries = [select(func.count()).select_from(table) for table in (Document, Need)]
        queries.append(select(func.count()).select_from(Act).where(Act.verb == "import_forms"))
        documents, needs, acts = (session.scalar(query) or 0 for query in queries)
    return documents, needs, acts


@pytest.mark.parametrize(
    ("module", "name"),
    [("form_staging", "_tell_twice"), ("form_import", "_insert_documents"), ("form_import", "_insert_lines"),
     ("form_import", "analyse")],
)  # fmt: skip
def test_a_killed_import_leaves_nothing_and_the_same_command_finishes_it(path: Path, module: str, name: str) -> None:
    assert hasattr(form_staging if module == "form_staging" else form_import, name)
    killed = subprocess.run([sys.executable, "-c", CUT.format(module=module, name=name), *words(path)], env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    assert counted() == (0, 0, 0)
    assert run(words(path)) == 0
    assert counted() == (ROWS, ROWS, 1)
    assert list((path.parent / "imports").iterdir()) == []
