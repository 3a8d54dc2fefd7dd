"""Measures the engine's hot paths in pairs against a floor in the same run; prints ratios and writes var/bench.json.

Run with ``make bench``. Figures are CPU seconds of this process; read the ratios, machines differ.
"""

import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "database"))

from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from small_country import SIGNED, Country, make_country, on  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from sekaps.database import engine, migrate, reading, transaction  # noqa: E402
from sekaps.keyring import keyring  # noqa: E402
from sekaps.models.documents import Document  # noqa: E402
from sekaps.services.gaps import count_open, find_gaps  # noqa: E402
from sekaps.services.requests import SignRequest  # noqa: E402
from sekaps.services.signing import sign  # noqa: E402
from sekaps.settings import settings  # noqa: E402

PAIRS = 5
COMPLETE, OPEN, BULK = 200_000, 1_000, 1_000
AS_OF = on(2023, 6, 1)
ONE_ACT = """
INSERT INTO acts SELECT max(id) + 1, 'x', 1, at, verb, outcome, mandate_id, authority, edition_id, revision, activity,
    step, documents, facts, previous_hash, hash FROM acts
"""


@dataclass(frozen=True)
class Result:
    """One job against its floor: medians in seconds, the median ratio, and the target it should meet."""

    job: str
    ours: float
    reference: float
    ratio: float
    target: str
    met: bool


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds a piece of work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def compare(job: str, ours: Callable[[], object], reference: Callable[[], object], at_most: float) -> Result:
    """Run the two in turn and return the median of the pairwise ratios."""
    pairs = [(cpu(ours), cpu(reference)) for _ in range(PAIRS)]
    ratio = statistics.median(mine / max(floor, 1e-6) for mine, floor in pairs)
    mine, floor = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Result(job, round(mine, 6), round(floor, 6), round(ratio, 3), f"<= {at_most}", ratio <= at_most)


def fill(country: Country) -> list[int]:
    """Add the complete and the open documents and return the ids of those to sign in bulk."""
    row = {"edition_id": country.edition.id, "kind": "need_form", "activity": "needs_entry", "step": "4.a"}
    row |= {"unit_id": country.units["military"], "chain_id": country.chains["need"], "round": 1}
    expected = {"state": "expected", "next_slot": 1, "waiting_since": on(2023, 2, 1, 0), "recorded_at": None}
    complete = [{**row, **SIGNED, "number": f"C-{place}"} for place in range(COMPLETE)]
    waiting = [{**row, **expected, "number": f"O-{place}"} for place in range(OPEN)]
    country.session.execute(insert(Document), complete)
    return list(country.session.scalars(insert(Document).returning(Document.id), waiting))


def audit(country: Country, path: Path) -> list[Result]:
    """Measure the gap audit against one sequential read of the database file."""

    def count() -> None:
        with reading() as session:
            count_open(session, country.edition, AS_OF)

    def listing() -> None:
        with reading() as session:
            find_gaps(session, country.edition, AS_OF)

    def read_file() -> None:
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass

    return [
        compare("open documents by step and slot / one read of the file", count, read_file, 0.5),
        compare("every gap with its cause / one read of the file", listing, read_file, 0.5),
    ]


def bulk_signing(country: Country, ids: list[int], path: Path) -> list[Result]:
    """Measure signing in one act, without and with evidence, against the bare driver; everything is rolled back.

    With evidence the floor signs and checks as many digests with a bare key too.
    """
    person, mandate = country.people["military officer"], country.mandates["military officer"]
    requests = [SignRequest(document_id, person) for document_id in ids[:BULK]]

    keys, key, hashing = keyring(), ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256())

    def engine_signs() -> None:
        with transaction() as session:
            sign(session, country.edition, requests, on(2023, 3, 1))
            session.rollback()

    def engine_seals() -> None:
        with transaction() as session:
            sign(session, country.edition, requests, on(2023, 3, 1), seals=keys)
            session.rollback()

    def key_signs() -> None:
        for document_id in ids[:BULK]:
            content = document_id.to_bytes(300)
            key.public_key().verify(key.sign(content, hashing), content, hashing)

    def driver_writes() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(ONE_ACT)
        connection.executemany(
            "UPDATE documents SET next_slot = 2, state = 'recorded', waiting_since = 1 WHERE id = ? AND next_slot = 1",
            [(document_id,) for document_id in ids[:BULK]],
        )
        connection.executemany(
            "INSERT INTO signatures (document_id, round, slot, person_id, mandate_id, act_id, at)"
            " VALUES (?, 1, 1, ?, ?, 1, 1)",
            [(document_id, person, mandate) for document_id in ids[:BULK]],
        )
        connection.execute("ROLLBACK")
        connection.close()

    def driver_writes_and_key_signs() -> None:
        driver_writes()
        key_signs()

    job = f"signing {BULK} documents in one act"
    return [
        compare(f"{job} / bare driver, same writes", engine_signs, driver_writes, 3),
        compare(f"{job}, with evidence / the same without", engine_seals, engine_signs, 4),
        compare(f"{job}, with evidence / bare driver and bare ECDSA", engine_seals, driver_writes_and_key_signs, 3),
    ]


def main() -> None:
    """Measure every job and tell."""
    home = Path(os.environ.get("SEKAPS_HOME", "var"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SEKAPS_HOME": folder}
        os.environ.pop("SEKAPS_DATABASE_URL", None)
        settings.cache_clear()
        migrate()
        with transaction() as session:
            country = make_country(session)
            ids = fill(country)
        path = Path(folder) / "sekaps.db"
        results = [*audit(country, path), *bulk_signing(country, ids, path)]
        engine().dispose()
    for result in results:
        sign_of = "met" if result.met else "NOT met"
        print(f"{result.ratio:8.3f} x  {result.job}  (target {result.target}: {sign_of})")
    home.mkdir(parents=True, exist_ok=True)
    (home / "bench.json").write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")


if __name__ == "__main__":
    main()
