"""One Prefect server for all flow tests, and a database that is the one in use."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import URL

from sekaps import database as store
from sekaps.cli.prefect_server import prefect_api
from sekaps.demo.post_office import post_office
from sekaps.settings import relay_at, settings

if TYPE_CHECKING:
    from prefect.client.schemas.objects import ArtifactCollection


@pytest.fixture(scope="session", autouse=True)
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect API that lives as long as the tests, its scheduler awake every few seconds."""
    os.environ["PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS"] = "3"
    from prefect.settings import (
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )

    with (
        prefect_api(tmp_path_factory.mktemp("prefect")) as api,
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOGGING_TO_API_ENABLED: False}),
    ):
        yield api


@pytest.fixture
def shown() -> Callable[[str], "ArtifactCollection"]:
    """What the dashboard shows under a key: the latest page, as other tests have written there before."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactCollectionFilter, ArtifactCollectionFilterKey

    def latest(key: str) -> "ArtifactCollection":
        asked = ArtifactCollectionFilter(key=ArtifactCollectionFilterKey(any_=[key]))
        with get_client(sync_client=True) as client:
            [page] = client.read_latest_artifacts(artifact_filter=asked)
        return page

    return latest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty migrated SQLite database in a home of its own, with a post office."""
    monkeypatch.setenv("SEKAPS_HOME", str(tmp_path))
    monkeypatch.delenv("SEKAPS_DATABASE_URL", raising=False)
    settings.cache_clear()
    store.migrate()
    with post_office(tmp_path / "mail") as office, relay_at(office.port):
        yield tmp_path
    store.engine_for(URL.create("sqlite", database=str(tmp_path / "sekaps.db"))).dispose()
    settings.cache_clear()
