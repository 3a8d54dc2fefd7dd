"""Settings read from ``SEKAPS_*`` environment variables; embedded defaults need none of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url


class Settings(BaseSettings):
    """Where the engine keeps its data and how it reaches its neighbours."""

    model_config = SettingsConfigDict(env_prefix="SEKAPS_", frozen=True)

    home: Path = Path("var")
    """Folder of everything a run leaves behind."""
    database_url: SecretStr | None = None
    """SQLAlchemy URL; without it, SQLite in the home folder."""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 2525
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: bool = False
    """Use STARTTLS when the relay is not on this machine."""
    mail_from: str = "sekaps@coordinator.invalid"
    """Sender address of every message."""
    mail_connections: int = 4
    """Connections kept open to the relay while a batch is delivered."""
    signing: str = "test"
    """Where people's keys are: test (an authority of this machine, not valid in law), agent or cards."""
    signing_agent: str | None = None
    """Address of the signing agent: on this machine, or https."""
    signing_library: Path | None = None
    """PKCS #11 library of the cards or hardware module."""
    signing_token: str | None = None
    """Label of the card or token; its keys bear the manager codes of their owners."""
    signing_pin: SecretStr | None = None
    signing_trust: Path | None = None
    """Folder of the trusted certificates (*.pem) and revocation lists (*.crl), for agent and cards."""
    timestamp_url: str | None = None
    """Time-stamp authority (RFC 3161); without it that of the test authority, where people's keys come from there."""

    @cached_property
    def database(self) -> URL:
        """The database's address."""
        if self.database_url is not None:
            return make_url(self.database_url.get_secret_value())
        return URL.create("sqlite", database=str(self.home.resolve() / "sekaps.db"))

    @property
    def authority_home(self) -> Path:
        """Folder of the local test authority."""
        return self.home.resolve() / "authority"

    @property
    def prefect_home(self) -> Path:
        """Folder of the embedded Prefect server's own data."""
        return self.home.resolve() / "prefect"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


@contextmanager
def relay_at(port: int) -> Iterator[None]:
    """Send mail to a relay on this machine while the block runs, whatever relay is configured."""
    held = {name: os.environ.get(name) for name in ("SEKAPS_SMTP_HOST", "SEKAPS_SMTP_PORT", "SEKAPS_SMTP_TLS")}
    os.environ |= {"SEKAPS_SMTP_HOST": "127.0.0.1", "SEKAPS_SMTP_PORT": str(port), "SEKAPS_SMTP_TLS": "false"}
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in held.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        settings.cache_clear()
