"""Engines, transactions and the schema's version: the only module that knows which database it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from select import POLLIN, poll
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import Session

from sekaps.errors.systems import DatabaseNewer, DatabaseNotMigrated, DatabaseUnreachable, SchemaBroken
from sekaps.settings import settings

BUSY_TIMEOUT_SECONDS = 30
MIGRATIONS = Path(__file__).parent / "migrations"


_one_at_a_time = Lock()


def engine_for(url: URL) -> Engine:
    """Return the engine of that address, made once for this process however many threads ask at once."""
    with _one_at_a_time:
        return _made_engine(url)


@lru_cache(maxsize=8)
def _made_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url)
        event.listen(engine, "checkout", _require_open)
        return engine
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _require_open(connection: Any, _record: object, _proxy: object) -> None:
    """Have the pool replace a connection that the server has ended: nothing else is ever told on an idle one.

    Asking the server instead, as ``pool_pre_ping`` does, costs every transaction a round trip.
    """
    idle = poll()
    idle.register(connection.fileno(), POLLIN)
    if idle.poll(0):
        raise DisconnectionError


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once unless only reading, so that two writers queue instead of failing midway."""
    reading = connection.get_execution_options().get("read_only", False)
    # on the driver's own cursor: through SQLAlchemy these two words cost more than writing a signature
    connection.connection.cursor().execute("BEGIN" if reading else "BEGIN IMMEDIATE")


def engine() -> Engine:
    """Return the engine of the configured database, its folder made if it is a file."""
    return engine_for(settings().database)


@contextmanager
def transaction() -> Iterator[Session]:
    """Give one session in one transaction: all of it is kept, or nothing is."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session that only reads one consistent state."""
    with engine().connect().execution_options(read_only=True) as connection, Session(connection) as session:
        yield session


def migration_config() -> Config:
    """Return Alembic's configuration, with no file needed."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def migrate(to: str = "head") -> None:
    """Bring the configured database's schema to a revision; raise DatabaseNewer when it is beyond this program."""
    with connected() as connection:
        _require_known(_held_revision(connection))
        with _rebuilding(connection) as config:
            command.upgrade(config, to)


def unmigrate(to: str) -> None:
    """Take the configured database's schema back to an earlier revision; what only the later ones can hold is lost."""
    with connected() as connection, _rebuilding(connection) as config:
        command.downgrade(config, to)


def empty() -> None:
    """Take every table away and make them anew; nothing of what was stored is left."""
    with connected() as connection, _rebuilding(connection) as config:
        command.downgrade(config, "base")
        command.upgrade(config, "head")


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[Config]:
    """Give Alembic's configuration on a connection, and commit when the schema was changed.

    SQLite changes a table by making it anew, which its foreign keys would not let happen; they are off meanwhile, and
    all of them are checked before anything is kept.
    """
    config = migration_config()
    config.attributes["connection"] = connection
    connection.rollback()
    on_sqlite = connection.dialect.name == "sqlite"
    driver = connection.connection.driver_connection
    if on_sqlite and driver is not None:
        driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield config
        if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise SchemaBroken(url=shown_url())
        connection.commit()
    finally:
        connection.rollback()
        if on_sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys=ON")


def analyse() -> None:
    """Let the database look at all it holds after much was written, so that it plans with the tables as they are."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE")


def require_current_schema() -> None:
    """Raise unless the database's schema is exactly the one this code was written for."""
    with connected() as connection:
        held = _held_revision(connection)
    _require_known(held)
    if held != ScriptDirectory.from_config(migration_config()).get_current_head():
        raise DatabaseNotMigrated(url=shown_url(), held=held or "-")


def _held_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _require_known(held: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(migration_config()).walk_revisions()}
    if held is not None and held not in known:
        raise DatabaseNewer(url=shown_url(), held=held)


@contextmanager
def connected() -> Iterator[Connection]:
    """Give a connection, or one clear line when the database cannot be reached."""
    try:
        connection = engine().connect()
    except OperationalError as failure:
        raise DatabaseUnreachable(url=shown_url(), reason=str(failure.orig).splitlines()[0]) from failure
    with connection:
        yield connection


def shown_url() -> str:
    """Return the database's address without its password."""
    return settings().database.render_as_string(hide_password=True)
