"""The mail relay: connections kept open, a batch spread over them, and what the relay said of each message."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPTimeoutError,
)

from sekaps.domain.mail_domains import Verdict, domain_of, verdict_on_message, verdict_on_recipient

REPLY_TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message ready to go: its id in the outbox, the recipient's address and its bytes."""

    id: int
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one message, and the answer when it was not taken."""

    id: int
    verdict: Verdict = Verdict.TAKEN
    reason: str = ""


class Relay:
    """Open connections to the relay; what ends one of them is told, and the others go on.

    A domain that refuses one message for now is offered no other; a message that breaks its connection is offered
    again later.
    """

    def __init__(self, clients: list[SMTP], sender: str) -> None:
        self._clients = clients
        self._sender = sender
        self.refusing: set[str] = set()
        """The domains that refused a message for now."""
        self.trouble = ""
        """What ended a connection last."""
        self.is_cut = False
        """Whether no connection is left, though none was given up on purpose."""

    async def send(self, envelopes: Iterable[Envelope]) -> list[Reply]:
        """Offer every message once and return the replies; those never offered have none."""
        queue = list(envelopes)[::-1]
        replies: list[Reply] = []
        await asyncio.gather(*(self._drain(client, queue, replies) for client in self._clients))
        return replies

    async def _drain(self, client: SMTP, queue: list[Envelope], replies: list[Reply]) -> None:
        while queue and client.is_connected:
            envelope = queue.pop()
            domain = domain_of(envelope.recipient)
            if domain in self.refusing:
                continue
            reply = await self._offer(client, envelope)
            if reply.verdict is Verdict.DOMAIN:
                self.refusing.add(domain)
            if reply.verdict is not Verdict.RELAY:
                replies.append(reply)

    async def _offer(self, client: SMTP, envelope: Envelope) -> Reply:
        try:
            await client.sendmail(self._sender, envelope.recipient, envelope.content, timeout=REPLY_TIMEOUT_SECONDS)
        except SMTPSenderRefused as refused:  # our own address or account: to be put right, not this message's fault
            return self._ended(client, envelope, Verdict.RELAY, _told(refused))
        except SMTPRecipientsRefused as refused:  # of one recipient there is one refusal
            [answer] = refused.recipients
            return self._refused(client, envelope, answer, verdict_on_recipient(answer.code, answer.message))
        except SMTPResponseException as refused:
            return self._refused(client, envelope, refused, verdict_on_message(refused.code))
        except SMTPTimeoutError as silent:  # most often while the relay asks the recipient's domain
            return self._ended(client, envelope, Verdict.DOMAIN, str(silent))
        except SMTPException as broken:
            return self._ended(client, envelope, Verdict.LATER, str(broken) or type(broken).__name__)
        return Reply(envelope.id)

    def _refused(self, client: SMTP, envelope: Envelope, answer: SMTPResponseException, verdict: Verdict) -> Reply:
        if verdict is Verdict.RELAY:
            return self._ended(client, envelope, verdict, _told(answer))
        return Reply(envelope.id, verdict, _told(answer))

    def _ended(self, client: SMTP, envelope: Envelope, verdict: Verdict, reason: str) -> Reply:
        """Give a connection up that is of no more use."""
        client.close()
        self.trouble, self.is_cut = reason, not any(one.is_connected for one in self._clients)
        return Reply(envelope.id, verdict, reason)


def _told(refused: SMTPResponseException) -> str:
    return f"{refused.code} {refused.message}"
