"""An empty migrated database for each test, on SQLite and on a real PostgreSQL server."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from small_country import Country, make_country
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from sekaps import database as store
from sekaps.settings import settings

SERVER = make_url(os.environ.get("SEKAPS_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"))
SERVERS_REQUIRED = bool(os.environ.get("CI") or os.environ.get("SEKAPS_REQUIRE_SERVERS"))


@contextmanager
def using(url: URL, home: Path) -> Iterator[None]:
    """Make a database the configured one while the block runs."""
    held = {name: os.environ.get(name) for name in ("SEKAPS_HOME", "SEKAPS_DATABASE_URL")}
    os.environ |= {"SEKAPS_HOME": str(home), "SEKAPS_DATABASE_URL": url.render_as_string(hide_password=False)}
    settings.cache_clear()
    try:
        yield
    finally:
        store.engine_for(url).dispose()
        for name, value in held.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        settings.cache_clear()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once and copied for each test."""
    home = tmp_path_factory.mktemp("template")
    with using(URL.create("sqlite", database=str(home / "sekaps.db")), home):
        store.migrate()
    return home / "sekaps.db"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Engine]:
    """The PostgreSQL server; without one its tests are left out, or fail where servers are required."""
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    try:
        engine.connect().close()
    except OperationalError:
        refuse = pytest.fail if SERVERS_REQUIRED else pytest.skip
        refuse(f"left out: no PostgreSQL server at {SERVER.render_as_string()}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, made once and copied for each test."""
    name = f"sekaps_template_{uuid4().hex[:8]}"
    with _made(postgres_server, name, "template0"):
        with using(SERVER.set(database=name), tmp_path_factory.mktemp("postgres")):
            store.migrate()
        yield name


@contextmanager
def _made(server: Engine, name: str, template: str) -> Iterator[None]:
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[URL]:
    """An empty migrated SQLite database, configured as the one in use."""
    shutil.copy(sqlite_template, tmp_path / "sekaps.db")
    url = URL.create("sqlite", database=str(tmp_path / "sekaps.db"))
    with using(url, tmp_path):
        yield url


@pytest.fixture
def postgres_database(postgres_server: Engine, postgres_template: str, tmp_path: Path) -> Iterator[URL]:
    """An empty migrated PostgreSQL database, configured as the one in use."""
    name = f"sekaps_test_{uuid4().hex[:8]}"
    with _made(postgres_server, name, postgres_template), using(SERVER.set(database=name), tmp_path):
        yield SERVER.set(database=name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> URL:
    """An empty migrated database on each kind of server, configured as the one in use."""
    url: URL = request.getfixturevalue(f"{'postgres' if request.param == 'postgresql' else 'sqlite'}_database")
    return url


@pytest.fixture
def country(database: URL) -> Iterator[Country]:
    """The small country in an open transaction on each database; files that need more of it make their own."""
    with store.transaction() as session:
        yield make_country(session)
