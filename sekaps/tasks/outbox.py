"""Delivering the outbox: batches are claimed, offered to the relay over kept connections, and marked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiosmtplib import SMTP, SMTPException
from prefect import task

from sekaps import clock
from sekaps.database import transaction
from sekaps.domain.messages import message_bytes, require_address
from sekaps.errors.systems import HeaderUnsafe, SmtpUnreachable
from sekaps.services import outbox
from sekaps.services.outbox import Parcel, Refusal
from sekaps.settings import Settings, settings
from sekaps.tasks.relay import Envelope, Relay, Reply

BATCH = 40
"""Messages in hand between two commits: how many a kill -9 can make the relay see twice, under the same Message-ID."""
CLAIM = timedelta(minutes=10)
"""How long a batch stays in one worker's hands: longer than the slowest relay that still answers takes for it."""
CONNECT_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a delivery did: handed over, put off to a later attempt, given up."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        return DeliveryReport(self.sent + other.sent, self.deferred + other.deferred, self.failed + other.failed)


@task(task_run_name="deliver the outbox", retries=2, retry_delay_seconds=[2, 10])
def deliver_outbox(as_of: datetime) -> DeliveryReport:
    """Hand over every message due; the relay being away is tried again, then raised with nothing lost."""
    return deliver(as_of)


def deliver(as_of: datetime) -> DeliveryReport:
    """Hand over every message due at an instant and return what became of them.

    A message is marked sent after the relay has taken it. If the process is killed between the two, the next
    delivery hands it over again under the same Message-ID, by which relays and readers know the repeat.
    Raises HeaderUnsafe when the sender's own address is none, and SmtpUnreachable when no connection can be made;
    what was claimed is put back first.
    """
    using = settings()
    require_address("from", using.mail_from)
    return asyncio.run(_deliver(as_of, using))


async def _deliver(as_of: datetime, using: Settings) -> DeliveryReport:
    parcels = _claim(as_of)
    if not parcels:
        return DeliveryReport()
    report = DeliveryReport()
    try:
        async with _relay(using) as relay:
            while parcels:
                envelopes, replies = _write(parcels, as_of, using.mail_from)
                replies += await relay.send(envelopes)
                report += _mark(parcels, replies, as_of)
                parcels = _claim(as_of) if len(replies) == len(parcels) else []
    except SmtpUnreachable:
        _put_back(parcels)
        raise
    return report


def _claim(as_of: datetime) -> list[Parcel]:
    now = clock.now()
    with transaction() as session:
        return outbox.claim_parcels(session, as_of, now=now, claimed_until=now + CLAIM, limit=BATCH)


def _put_back(parcels: Sequence[Parcel]) -> None:
    with transaction() as session:
        outbox.release(session, parcels)


def _write(parcels: Sequence[Parcel], as_of: datetime, sender: str) -> tuple[list[Envelope], list[Reply]]:
    """Return the messages to offer, and a refusal for each whose headers cannot be written: it holds up no other."""
    envelopes, refusals = [], []
    for parcel in parcels:
        try:
            content = message_bytes(parcel.letter, sender=sender, at=as_of)
        except HeaderUnsafe as unsafe:
            refusals.append(Reply(parcel.id, str(unsafe), permanent=True))
        else:
            envelopes.append(Envelope(parcel.id, parcel.letter.address, content))
    return envelopes, refusals


def _mark(parcels: Sequence[Parcel], replies: Sequence[Reply], as_of: datetime) -> DeliveryReport:
    """Record in one transaction what the relay said of a batch; what it was never offered waits again."""
    by_id = {reply.id: reply for reply in replies}
    taken = [parcel for parcel in parcels if parcel.id in by_id and by_id[parcel.id].reason is None]
    refused = [
        Refusal(parcel, reply.reason, reply.permanent)
        for parcel in parcels
        if (reply := by_id.get(parcel.id)) is not None and reply.reason is not None
    ]
    with transaction() as session:
        outbox.mark_sent(session, taken, as_of)
        outbox.mark_refused(session, refused, as_of)
        outbox.release(session, [parcel for parcel in parcels if parcel.id not in by_id])
    failed = sum(outbox.has_failed(refusal) for refusal in refused)
    return DeliveryReport(len(taken), len(refused) - failed, failed)


@asynccontextmanager
async def _relay(using: Settings) -> AsyncIterator[Relay]:
    """Give the relay over as many connections as the settings allow; the first must succeed, the others may not."""
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(using.mail_connections):
            client = SMTP(
                hostname=using.smtp_host,
                port=using.smtp_port,
                timeout=CONNECT_TIMEOUT_SECONDS,
                username=using.smtp_username,
                password=using.smtp_password.get_secret_value() if using.smtp_password else None,
                start_tls=using.smtp_tls,
            )
            try:
                clients.append(await stack.enter_async_context(client))
            except (SMTPException, OSError) as failure:
                if not clients:
                    reason = str(failure) or type(failure).__name__
                    raise SmtpUnreachable(host=using.smtp_host, port=using.smtp_port, reason=reason) from failure
                break
        yield Relay(clients, using.mail_from)
