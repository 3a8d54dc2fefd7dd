"""Delivering the outbox: messages are taken in hand, offered to the relay over kept connections, and marked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiosmtplib import SMTP, SMTPException
from prefect import task

from sekaps import clock
from sekaps.database import transaction
from sekaps.domain.mail_domains import Verdict
from sekaps.domain.messages import message_bytes, require_address
from sekaps.errors.systems import HeaderUnsafe, SmtpTakesNothing, SmtpUnreachable
from sekaps.services import outbox
from sekaps.services.outbox import Claimed, Parcel, Refusal
from sekaps.services.writing import chunked
from sekaps.settings import Settings, settings
from sekaps.tasks.relay import Envelope, Relay, Reply

BATCH = 40
"""Messages in hand between two commits: how many a kill -9 can make the relay see twice, under the same Message-ID."""
IN_HAND = 3 * BATCH
"""Messages taken in hand at once: how many of a killed worker's wait until their claim runs out."""
CLAIM = timedelta(minutes=15)
"""How long messages stay in one worker's hands: longer than the slowest relay that still answers takes for them."""
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
    Mail to a domain that takes none for now waits, and no other mail waits for it. Raises HeaderUnsafe when the
    sender's own address is none, SmtpUnreachable when no connection can be made, and SmtpTakesNothing when the relay
    breaks off before it takes a message; what was taken in hand is put back first.
    """
    using = settings()
    require_address("from", using.mail_from)
    return asyncio.run(_deliver(as_of, using))


async def _deliver(as_of: datetime, using: Settings) -> DeliveryReport:
    """Deliver until nothing is due; a relay that breaks off is called again as long as that gets something done."""
    report = DeliveryReport()
    while (claimed := _claim(as_of)).parcels:
        try:
            async with _relay(using) as relay:
                stretch = await _hand_over(relay, claimed.parcels, as_of, using.mail_from)
        except SmtpUnreachable:
            _put_back(claimed.parcels)
            raise
        report += stretch + DeliveryReport(deferred=claimed.put_off)
        if relay.is_cut and not (stretch.sent or relay.refusing):
            raise SmtpTakesNothing(host=using.smtp_host, port=using.smtp_port, reason=relay.trouble)
    return report + DeliveryReport(deferred=claimed.put_off)


async def _hand_over(relay: Relay, parcels: Sequence[Parcel], as_of: datetime, sender: str) -> DeliveryReport:
    """Hand messages over, and whatever else is due, until the relay breaks off; what was not offered is put back."""
    report = DeliveryReport()
    while parcels:
        for batch in chunked(parcels, BATCH):
            report += await _offer(relay, batch, as_of, sender)
        claimed = Claimed([], 0) if relay.is_cut else _claim(as_of)
        report += DeliveryReport(deferred=claimed.put_off)
        parcels = claimed.parcels
    return report


async def _offer(relay: Relay, batch: Sequence[Parcel], as_of: datetime, sender: str) -> DeliveryReport:
    if relay.is_cut:
        _put_back(batch)
        return DeliveryReport()
    envelopes, replies = _write(batch, as_of, sender)
    return _mark(batch, replies + await relay.send(envelopes), as_of)


def _claim(as_of: datetime) -> Claimed:
    """Take messages in hand, or none when nothing is due; what is put off on the way is counted."""
    put_off = 0
    while True:
        now = clock.now()
        with transaction() as session:
            claimed = outbox.claim_parcels(session, as_of, now=now, claimed_until=now + CLAIM, limit=IN_HAND)
        put_off += claimed.put_off
        if claimed.parcels or not claimed.put_off:
            return Claimed(claimed.parcels, put_off)


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
            refusals.append(Reply(parcel.id, Verdict.NEVER, str(unsafe)))
        else:
            envelopes.append(Envelope(parcel.id, parcel.letter.address, content))
    return envelopes, refusals


def _mark(parcels: Sequence[Parcel], replies: Sequence[Reply], as_of: datetime) -> DeliveryReport:
    """Record in one transaction what the relay said of a batch; what it was never offered waits again."""
    said = {reply.id: reply for reply in replies}
    taken = [parcel for parcel in parcels if parcel.id in said and said[parcel.id].verdict is Verdict.TAKEN]
    refused = [
        Refusal(parcel, reply.reason, reply.verdict)
        for parcel in parcels
        if (reply := said.get(parcel.id)) is not None and reply.verdict is not Verdict.TAKEN
    ]
    with transaction() as session:
        outbox.mark_sent(session, taken, as_of)
        outbox.mark_refused(session, refused, as_of)
        outbox.release(session, [parcel for parcel in parcels if parcel.id not in said])
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
