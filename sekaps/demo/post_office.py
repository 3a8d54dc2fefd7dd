"""The demo's post office: an SMTP server on loopback that keeps every message as a file, one for each Message-ID."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
ACCEPTED = "250 kept"


@dataclass(frozen=True, slots=True)
class PostOffice:
    """A running post office: its port, and the folder it keeps messages in."""

    port: int
    folder: Path

    def count(self) -> int:
        """Return how many different messages it has kept."""
        return sum(1 for _ in self.folder.glob("*/*.eml"))


@contextmanager
def post_office(folder: Path, port: int = 0) -> Iterator[PostOffice]:
    """Run a post office while the block runs; on a free port unless one is named."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Keeper(folder), hostname=LOOPBACK, port=port or free_port())
    controller.start()
    try:
        yield PostOffice(controller.port, folder)
    finally:
        controller.stop()


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


class _Keeper:
    """What the server does with a message."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message before saying that it was taken."""
        await asyncio.to_thread(_keep, self._folder, envelope.original_content or b"")
        return ACCEPTED


def _keep(folder: Path, content: bytes) -> None:
    """Write a message whole or not at all; the same Message-ID again replaces the same file."""
    message = message_from_bytes(content)
    identity = message["Message-ID"] or sha256(content).hexdigest()
    day = folder / parsedate_to_datetime(message["Date"]).date().isoformat()
    day.mkdir(exist_ok=True)
    target = day / f"{re.sub(r'[^A-Za-z0-9.@-]+', '', identity)}.eml"
    partial = target.with_suffix(".part")
    partial.write_bytes(content)
    partial.replace(target)
