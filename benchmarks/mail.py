"""Measures a night's mail: digests gathered, rendered, written to the outbox, built and handed over on loopback."""

import asyncio
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path

from aiosmtplib import SMTP
from results import Result, compare, measured_value
from small_country import Country, on
from sqlalchemy import delete, insert

from sekaps.database import transaction
from sekaps.domain.messages import message_bytes
from sekaps.domain.reminders import OpenWork
from sekaps.models.mail import OutboxMessage, ReminderClaim
from sekaps.models.registry import Person
from sekaps.services.outbox import claim_parcels
from sekaps.services.reminders import claim_digests
from sekaps.settings import settings
from sekaps.tasks.outbox import deliver

PEOPLE = 11_215
"""Everyone with a duty in the system."""
SAMPLE = 1_000
AS_OF = on(2023, 4, 27)
"""One working day before needs entry closes: a rung of the ladder."""
SINK = Path(__file__).parent / "peers" / "sink.py"


@contextmanager
def sink() -> Iterator[int]:
    """Give the port of a sink that runs as a process of its own."""
    with subprocess.Popen([sys.executable, SINK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def make_people(count: int) -> list[int]:
    """Make so many invented people and return their ids."""
    rows = [
        {
            "number": 500_000 + place,
            "name": f"Deneme Görevlisi {place}",
            "email": f"gorevli{place}@people.invalid",
            "language": "tr",
            "synthetic": True,
        }
        for place in range(count)
    ]
    with transaction() as session:
        return list(session.scalars(insert(Person).returning(Person.id), rows))


def work_of(country: Country, people: list[int]) -> list[OpenWork]:
    """Return open work of two steps for each person."""
    return [
        OpenWork("needs_entry", step, country.units["military"], person, documents, AS_OF)
        for person in people
        for step, documents in (("4.a", 12), ("4.b", 3))
    ]


def forget() -> None:
    """Take every letter and claim away again."""
    with transaction() as session:
        session.execute(delete(ReminderClaim))
        session.execute(delete(OutboxMessage))


def night(country: Country, people: list[int]) -> None:
    """Do all of it once."""
    with transaction() as session:
        counts = claim_digests(session, country.edition, work_of(country, people), AS_OF)
    report = deliver(AS_OF)
    assert counts.people == report.sent == len(people), (counts, report)


def built(country: Country, people: list[int]) -> list[tuple[str, bytes]]:
    """Return the very messages of a night, ready for the wire."""
    with transaction() as session:
        claim_digests(session, country.edition, work_of(country, people), AS_OF)
        parcels = claim_parcels(session, AS_OF, now=AS_OF, claimed_until=AS_OF, limit=len(people)).parcels
        session.rollback()
    sender = settings().mail_from
    return [(p.letter.address, message_bytes(p.letter, sender=sender, at=AS_OF)) for p in parcels]


def hand_over(port: int, messages: list[tuple[str, bytes]], *, policy: bool = False) -> None:
    """Hand messages over on as many connections as the settings allow: SMTP alone, or building each with the policy."""
    asyncio.run(_hand_over(port, messages[::-1], policy))


async def _hand_over(port: int, queue: list[tuple[str, bytes]], policy: bool) -> None:
    async def drain() -> None:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            while queue:
                address, content = queue.pop()
                if policy:
                    await client.send_message(_naive(address, content))
                else:
                    await client.sendmail(settings().mail_from, address, content)

    await asyncio.gather(*(drain() for _ in range(settings().mail_connections)))


def _naive(address: str, content: bytes) -> EmailMessage:
    text = content.decode("ascii")
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"], message["Subject"] = settings().mail_from, address, "SEKAPS 2023: hatırlatma"
    message.set_content(text[: len(text) // 3])
    message.add_alternative(text[len(text) // 3 :], subtype="html")
    return message


def measure(country: Country) -> Iterator[Result]:
    """Measure the night in pairs against SMTP alone and against the standard library's e-mail policy."""
    people = make_people(PEOPLE)
    with sink() as port:
        os.environ |= {"SEKAPS_SMTP_HOST": "127.0.0.1", "SEKAPS_SMTP_PORT": str(port)}
        settings.cache_clear()
        few = people[:SAMPLE]
        messages = built(country, few)

        def ours() -> None:
            night(country, few)

        def smtp_alone() -> None:
            hand_over(port, messages)
            forget()

        def policy() -> None:
            hand_over(port, messages, policy=True)

        job = "a digest gathered, rendered, kept, built and handed over"
        once = (len(few), len(few))
        forget()
        yield compare(f"{job} / SMTP alone", ours, smtp_alone, at_most=2.5, times=once)
        forget()
        yield compare(f"{job} / EmailMessage and SMTP", ours, lambda: (policy(), forget()), cheaper=1, times=once)
        yield _memory(country, people)


def _memory(country: Country, people: list[int]) -> Result:
    """Compare the peak of Python's memory for all people with that for a tenth of them, while handing over."""
    peaks = []
    for some in (people[: len(people) // 10], people):
        forget()
        with transaction() as session:
            claim_digests(session, country.edition, work_of(country, some), AS_OF)
        tracemalloc.start()
        assert deliver(AS_OF).sent == len(some)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
    forget()
    job = f"memory to hand {len(people):,} digests over, against a tenth of them (MiB)"
    return measured_value(job, peaks[1], peaks[0] * 1.5)
