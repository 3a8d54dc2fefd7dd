"""Mail to play with: messages in the outbox, and a real SMTP server that answers as it is told and remembers."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from small_country import on
from sqlalchemy import insert, select

from sekaps.database import transaction
from sekaps.demo.post_office import free_port
from sekaps.models.mail import OutboxMessage
from sekaps.models.registry import Person
from sekaps.services.outbox import post
from sekaps.settings import settings

NOON = on(2023, 4, 28, 12)


def write_messages(count: int, *, domain: str = "people.invalid", first: int = 0, **values: object) -> None:
    """Put messages to as many people of a domain into the outbox."""
    with transaction() as session:
        for place in range(first, first + count):
            person = {"number": place + 1, "name": f"Çağrı Öğüt, {place}", "email": f"p{place}@{domain}"}
            person_id = session.scalars(insert(Person).values(person).returning(Person.id)).one()
            row = {"key": f"digest:1:{place}:2023-04-28", "person_id": person_id, "day": NOON.date(), "plain": "düz",
                   "subject": "İşiniz açık", "html": "<p>süslü</p>", "state": "waiting", "attempts": 0,
                   "next_attempt_at": NOON, **values}  # fmt: skip
            post(session, [row])


def states() -> list[tuple[str, int]]:
    """Return the state of every message, and how often it was offered."""
    with transaction() as session:
        query = select(OutboxMessage.state, OutboxMessage.attempts).order_by(OutboxMessage.id)
        return [(state, attempts) for state, attempts in session.execute(query)]


def due_times() -> Counter[datetime]:
    """Return how many messages wait until which instant."""
    with transaction() as session:
        return Counter(session.scalars(select(OutboxMessage.next_attempt_at).where(OutboxMessage.state == "waiting")))


class Answering:
    """A relay's behaviour: what it says to a sender, a recipient and a message, and the Message-IDs it has taken."""

    def __init__(
        self,
        *,
        sender: Callable[[str], str | None] = lambda _: None,
        recipient: Callable[[str], str | None] = lambda _: None,
        message: Callable[[int], str | None] = lambda _: None,
    ) -> None:
        self.sender, self.recipient, self.message = sender, recipient, message
        self.asked: list[str] = []
        self.taken: list[str] = []

    def domains(self) -> Counter[str]:
        """Return how often each domain was asked for."""
        return Counter(address.partition("@")[2] for address in self.asked)

    async def handle_MAIL(self, _server: SMTP, _session: object, envelope: Envelope, address: str, _: object) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.sender(address) or "250 known"

    async def handle_RCPT(self, server: SMTP, _session: object, envelope: Envelope, address: str, _: object) -> str:  # noqa: N802
        self.asked.append(address)
        answer = self.recipient(address)
        if answer == "hang up":
            server.transport.abort()
        if answer == "say nothing":
            await asyncio.sleep(10)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 known"

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802
        refusal = self.message(len(self.taken) + 1)
        if refusal is None:
            self.taken.append(message_from_bytes(envelope.original_content or b"")["Message-ID"])
        return refusal or "250 taken"


@contextmanager
def relay_of(handler: object, monkeypatch: pytest.MonkeyPatch, port: int = 0) -> Iterator[Controller]:
    """Run a relay that answers as the handler says, and point the mail at it."""
    relay = Controller(handler, hostname="127.0.0.1", port=port or free_port())
    relay.start()
    point_mail_at(monkeypatch, relay.port)
    try:
        yield relay
    finally:
        relay.stop()


def point_mail_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Make the relay at a port of this machine the configured one."""
    monkeypatch.setenv("SEKAPS_SMTP_PORT", str(port))
    settings.cache_clear()
