"""What tests of evidence share: a real local authority on disk, one of its people, and an instant."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sekaps.evidence.certificates import Subject
from sekaps.evidence.keys import LocalSigner
from sekaps.evidence.local_authority import LocalAuthority

MADE_AT, AT = datetime(2022, 1, 1, tzinfo=UTC), datetime(2023, 3, 1, 7, 30, tzinfo=UTC)
YEARS = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="session")
def at() -> datetime:
    """An instant of the year at which signatures are made."""
    return AT


@pytest.fixture(scope="session")
def day() -> timedelta:
    return timedelta(days=1)


@pytest.fixture
def authority(tmp_path: Path) -> LocalAuthority:
    """A test authority in its own folder."""
    return LocalAuthority.open(tmp_path / "authority", MADE_AT)


@pytest.fixture
def person(authority: LocalAuthority) -> Callable[..., LocalSigner]:
    """Gives a person of the authority by manager code."""

    def of(code: str = "10233", name: str = "Ayşe Yılmaz") -> LocalSigner:
        return authority.signer_for(Subject(name, code, "Tarım ve Orman Bakanlığı"), *YEARS)

    return of


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs an outside program and returns what it said."""

    def program(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)

    return program
