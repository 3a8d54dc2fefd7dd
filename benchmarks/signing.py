"""Measures signing, one act at a time and a thousand in one act, against the bare driver and workflow engines."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from peers.spiff import SpiffChains
from results import PAIRS, Result, compare, cpu, judged, measured_value
from server_seconds import server_seconds
from small_country import Country, on
from sqlalchemy import insert, text

from sekaps.database import engine, transaction
from sekaps.keyring import keyring
from sekaps.models.documents import Document
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign

CHAINS, BULK = 100, 1_000
SIGNERS = ("military officer", "military head", "ministry approver")
AS_OF = on(2023, 3, 1)
PEERS = Path(__file__).parent / "peers"
ONE_ON_SQLITE = (
    "the driver asks nothing; an act reads document, chain, mandates, extensions and readiness, judges them, and hashes"
    " itself onto the trail, in a session and transaction of SQLAlchemy's that alone cost nearly what the driver does"
)
ONE_ON_SERVER = "the same, in two round trips, three for a document's first signature"
MARGIN = "every act is hashed onto a trail, which the peer has not; the table tells how far the bare driver gets"
OF_MANY = "the driver's own writes are four fifths of it, as the next row tells"
"""Why a target may be missed."""
ACT = (
    "INSERT INTO acts (stream, sequence, at, verb, outcome, mandate_id, authority, edition_id, revision, activity,"
    " step, documents, facts, previous_hash, hash) VALUES ('x', {p}, {at}, 'sign', 'done', 1, 'person', 1, 1,"
    " 'needs_entry', '4.a', 1, '{{\"documents\": [1], \"person\": 1}}', {p}, {p}) RETURNING id"
)
HEAD = "UPDATE trail_heads SET sequence = {p}, hash = {p} WHERE stream = 'x'"
OWN_HEAD = "INSERT INTO trail_heads (stream, sequence, hash) VALUES ('x', 0, {p}) ON CONFLICT DO NOTHING"
SIGNATURE = (
    "INSERT INTO signatures (document_id, round, slot, person_id, mandate_id, act_id, at)"
    " VALUES ({p}, 1, {p}, {p}, {p}, {p}, {at})"
)
MOVE = (
    "UPDATE documents SET next_slot = {p}, state = {p}, waiting_since = {at}, recorded_at = {at}"
    " WHERE id = {p} AND next_slot = {p}"
)


def make_documents(country: Country, count: int, prefix: str) -> list[int]:
    """Make so many expected need forms and return their ids."""
    row = {
        "edition_id": country.edition.id,
        "kind": "need_form",
        "activity": "needs_entry",
        "step": "4.a",
        "unit_id": country.units["military"],
        "chain_id": country.chains["need"],
        "round": 1,
        "state": "expected",
        "next_slot": 1,
        "waiting_since": on(2023, 2, 1, 0),
    }
    rows = [{**row, "number": f"{prefix}-{place}"} for place in range(count)]
    with transaction() as session:
        return list(session.scalars(insert(Document).returning(Document.id), rows))


class Engine:
    """Signing through the whole engine: gate, mandate, turn, trail and signature, a transaction each."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.people = [country.people[name] for name in SIGNERS]
        self.batches = 0

    def documents(self, count: int) -> list[int]:
        """Make documents nobody has signed."""
        self.batches += 1
        return make_documents(self.country, count, f"B{self.batches}")

    def chains(self, documents: Sequence[int]) -> None:
        """Sign the three slots of each document one after another."""
        for document in documents:
            for person in self.people:
                with transaction() as session:
                    assert sign(session, self.country.edition, [SignRequest(document, person)], AS_OF)[0].done

    def in_one_act(self, documents: Sequence[int], *, sealed: bool = False) -> None:
        """Let one person sign all of them in one act."""
        requests = [SignRequest(document, self.people[0]) for document in documents]
        seals = keyring() if sealed else None
        with transaction() as session:
            assert all(one.done for one in sign(session, self.country.edition, requests, AS_OF, seals=seals))


class Driver:
    """The same writes by the bare driver, which asks nothing: what no engine can beat."""

    def __init__(self, connection: sqlite3.Connection | psycopg.Connection, *, mark: str, at: str) -> None:
        self.connection = connection
        self.act, self.head, self.signature, self.move = (
            statement.format(p=mark, at=at) for statement in (ACT, HEAD, SIGNATURE, MOVE)
        )
        self.sequence = 0
        connection.execute(OWN_HEAD.format(p=mark), (bytes(32),))
        connection.commit()

    def _act(self) -> int:
        self.sequence += 1
        digest = self.sequence.to_bytes(32, "big")
        self.connection.execute(self.head, (self.sequence, digest))
        (act,) = self.connection.execute(self.act, (self.sequence, digest, digest)).fetchone()
        return int(act)

    def chains(self, documents: Sequence[int]) -> None:
        """Sign the three slots of each document, a transaction each."""
        for document in documents:
            for slot in (1, 2, 3):
                self._begin()
                act = self._act()
                self.connection.execute(self.signature, (document, slot, slot, 1, act))
                self.connection.execute(self.move, ((slot + 1) % 4, _state(slot), document, slot))
                self.connection.commit()

    def in_one_act(self, documents: Sequence[int]) -> None:
        """Sign the first slot of all of them in one transaction."""
        self._begin()
        act = self._act()
        cursor = self.connection.cursor()
        cursor.executemany(self.signature, [(document, 1, 1, 1, act) for document in documents])
        cursor.executemany(self.move, [(2, "recorded", document, 1) for document in documents])
        self.connection.commit()

    def _begin(self) -> None:
        if isinstance(self.connection, sqlite3.Connection):
            self.connection.execute("BEGIN IMMEDIATE")


def _state(slot: int) -> str:
    return "complete" if slot == len(SIGNERS) else "recorded"


def bare_driver() -> Driver:
    """Return the bare driver on the configured database."""
    url = engine().url
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(url.database), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return Driver(connection, mark="?", at="1677654000000")
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Driver(psycopg.connect(plain), mark="%s", at="'2023-03-01T07:00:00Z'")


def _fresh(ours: Engine, work: Callable[[list[int]], None], count: int, batches: int) -> Callable[[], None]:
    """Return work on documents of its own each time; making them is not measured."""
    made = [ours.documents(count) for _ in range(batches)]
    return lambda: work(made.pop())


def measure_sqlite(country: Country) -> Iterator[Result]:
    """Measure on SQLite against the bare driver, SpiffWorkflow, DBOS and a Prefect run per form."""
    ours, bare = Engine(country), bare_driver()
    ours.chains(ours.documents(20))
    one, bare_one = _fresh(ours, ours.chains, CHAINS, 6), _fresh(ours, bare.chains, CHAINS, 6)
    times = (3 * CHAINS, 3 * CHAINS)
    job = "one signing act, SQLite / bare driver, same writes"
    yield compare(job, one, bare_one, at_most=3, times=times, note=ONE_ON_SQLITE)
    with tempfile.TemporaryDirectory() as folder:
        spiff = SpiffChains(Path(folder) / "spiff.db")
        spiff.run(5)
        one = _fresh(ours, ours.chains, CHAINS, 6)
        times = (CHAINS, CHAINS)
        job = "a chain of three signatures, SQLite: cheaper than SpiffWorkflow"
        yield compare(job, one, lambda: spiff.run(CHAINS), cheaper=12, times=times, note=MARGIN)
        bare_one = _fresh(ours, bare.chains, CHAINS, 6)
        job = "the bare driver's chain of three, same writes / SpiffWorkflow's"
        yield compare(job, bare_one, lambda: spiff.run(CHAINS), times=times)
        bulk = _fresh(ours, ours.in_one_act, BULK, 6)
        job = f"{BULK:,} signatures in one act, each: cheaper than SpiffWorkflow's"
        times = (BULK, 3 * CHAINS)
        yield compare(job, bulk, lambda: spiff.run(CHAINS), cheaper=100, times=times, note=OF_MANY)
    bulk, bare_bulk = _fresh(ours, ours.in_one_act, BULK, 6), _fresh(ours, bare.in_one_act, BULK, 6)
    yield compare(f"{BULK:,} signatures in one act, SQLite / bare driver", bulk, bare_bulk, at_most=3)
    sealed = _fresh(ours, lambda ids: ours.in_one_act(ids, sealed=True), BULK, 6)
    floor = _fresh(ours, lambda ids: (bare.in_one_act(ids), bare_key(len(ids))), BULK, 6)  # type: ignore[func-returns-value]
    yield compare("the same with evidence / bare driver and bare ECDSA", sealed, floor, at_most=3)
    yield storage()
    yield from _subprocess_peers(ours)


def bare_key(count: int) -> None:
    """Sign and check so many digests with a bare key."""
    key, hashing = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256())
    for number in range(count):
        content = number.to_bytes(300, "big")
        key.public_key().verify(key.sign(content, hashing), content, hashing)


def _subprocess_peers(ours: Engine) -> Iterator[Result]:
    """Measure the engines that need a process of their own; of two sizes, so that starting one is left out."""
    with tempfile.TemporaryDirectory() as folder:
        dbos = [sys.executable, str(PEERS / "dbos_chain.py"), str(Path(folder) / "dbos.db")]
        yield _against(ours, "DBOS", dbos, 20, 120)
    prefect = [sys.executable, str(PEERS / "prefect_chain.py")]
    yield _against(ours, "a Prefect flow run per form", prefect, 5, 25)


def _against(ours: Engine, name: str, command: list[str], few: int, many: int) -> Result:
    measured = []
    for _ in range(PAIRS):
        small, large = (cpu(lambda size=size: _run([*command, str(size)])) for size in (few, many))  # type: ignore[misc]
        documents = ours.documents(CHAINS)
        mine = cpu(lambda documents=documents: ours.chains(documents))  # type: ignore[misc]
        measured.append((mine / CHAINS, (large - small) / (many - few)))
    return judged(f"a chain of three signatures: cheaper than {name}", measured, cheaper=12)


def _run(command: list[str]) -> str:
    quiet = {"PREFECT_LOGGING_LEVEL": "ERROR", "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180"}
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, **quiet, "PREFECT_HOME": home}
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def measure_postgresql(country: Country, url: str) -> Iterator[Result]:
    """Measure on PostgreSQL against bare psycopg and Viewflow; what the server does is counted with the client."""
    ours, bare = Engine(country), bare_driver()
    ours.chains(ours.documents(20))
    bare.chains(ours.documents(20))
    measured = []
    for _ in range(PAIRS):
        mine, floor = ours.documents(CHAINS), ours.documents(CHAINS)
        pair = [with_server(lambda: ours.chains(mine)), with_server(lambda: bare.chains(floor))]  # noqa: B023 - at once
        measured.append((pair[0] / (3 * CHAINS), pair[1] / (3 * CHAINS)))
    job = "one signing act, PostgreSQL / bare psycopg, same writes"
    yield judged(job, measured, at_most=1.5, note=ONE_ON_SERVER)
    measured, floors = [], []
    for _ in range(PAIRS):
        few, many = (_viewflow(url, size) for size in (10, 60))
        mine, floor, theirs = ours.documents(CHAINS), ours.documents(CHAINS), (many - few) / 50
        measured.append((with_server(lambda: ours.chains(mine)) / CHAINS, theirs))  # noqa: B023 - at once
        floors.append((with_server(lambda: bare.chains(floor)) / CHAINS, theirs))  # noqa: B023 - at once
    job = "a chain of three signatures, PostgreSQL: cheaper than Viewflow"
    yield judged(job, measured, cheaper=20, note=MARGIN)
    yield judged("bare psycopg's chain of three, same writes / Viewflow's", floors)
    bare.connection.close()


def _viewflow(url: str, count: int) -> float:
    """Return the CPU seconds so many of Viewflow's chains take in its process and in the server's that answers it."""
    told: list[str] = []
    client = cpu(lambda: told.append(_run([sys.executable, str(PEERS / "viewflow_chain.py"), url, str(count)])))
    return client + float(told[0].split()[-1])


def with_server(work: Callable[[], object]) -> float:
    """Return the CPU seconds of work here and in the server's processes connected to the database at work."""
    before = _servers()
    client = cpu(work)
    return client + sum(seconds - before.get(pid, 0) for pid, seconds in _servers().items())


def _servers() -> dict[int, float]:
    with engine().connect() as connection:
        mine = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid: server_seconds(pid) for pid in connection.scalars(mine)}


def storage() -> Result:
    """Return the bytes three signatures take in a file that holds nothing else, as the schema keeps them."""
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(str(engine().url.database)) as connection:
        (schema,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'signatures'").fetchone()
        connection.execute("ATTACH ? AS alone", (str(Path(folder) / "alone.db"),))
        connection.execute(schema.replace("CREATE TABLE ", "CREATE TABLE alone.", 1))
        connection.execute("INSERT INTO alone.signatures SELECT * FROM main.signatures WHERE signature IS NULL")
        (rows,) = connection.execute("SELECT count(*) FROM alone.signatures").fetchone()
        connection.commit()
        size = (Path(folder) / "alone.db").stat().st_size
    job = "bytes of a chain of three signatures without evidence, SQLite / 200"
    return measured_value(job, round(3 * size / rows), 200, note="hashes stand in the trail, one for each act")
