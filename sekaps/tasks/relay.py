"""The mail relay: connections kept open, a batch spread over them, and what the relay said of each message."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

REPLY_TIMEOUT_SECONDS = 20
PERMANENT_CODES = range(500, 600)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message ready to go: its id in the outbox, the recipient's address and its bytes."""

    id: int
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one message: taken, or refused with a reason, perhaps for good."""

    id: int
    reason: str | None = None
    permanent: bool = False


class Relay:
    """Open connections to the relay; a message that breaks its connection is offered again later."""

    def __init__(self, clients: list[SMTP], sender: str) -> None:
        self._clients = clients
        self._sender = sender

    async def send(self, envelopes: Iterable[Envelope]) -> list[Reply]:
        """Offer every message once and return the replies; those never offered have none."""
        queue = list(envelopes)[::-1]
        replies: list[Reply] = []
        await asyncio.gather(*(self._drain(client, queue, replies) for client in self._clients))
        return replies

    async def _drain(self, client: SMTP, queue: list[Envelope], replies: list[Reply]) -> None:
        while queue and client.is_connected:
            envelope = queue.pop()
            replies.append(await self._offer(client, envelope))

    async def _offer(self, client: SMTP, envelope: Envelope) -> Reply:
        try:
            await client.sendmail(self._sender, envelope.recipient, envelope.content, timeout=REPLY_TIMEOUT_SECONDS)
        except SMTPSenderRefused as refused:  # our own address or account: to be put right, not this message's fault
            return Reply(envelope.id, _told(refused))
        except SMTPRecipientsRefused as refused:  # of one recipient there is one refusal
            return _refused(envelope, refused.recipients[0])
        except SMTPResponseException as refused:
            return _refused(envelope, refused)
        except SMTPException as broken:
            client.close()
            return Reply(envelope.id, str(broken) or type(broken).__name__)
        return Reply(envelope.id)


def _refused(envelope: Envelope, refused: SMTPResponseException) -> Reply:
    return Reply(envelope.id, _told(refused), refused.code in PERMANENT_CODES)


def _told(refused: SMTPResponseException) -> str:
    return f"{refused.code} {refused.message}"
