"""Measures a night's mail: digests gathered, rendered, written to the outbox, built and handed over on loopback."""

import asyncio
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path

from aiosmtplib import SMTP
from results import PAIRS, Result, cpu, judged, measured_value
from small_country import Country, on
from sqlalchemy import delete, insert

from sekaps.database import transaction
from sekaps.domain.messages import message_bytes
from sekaps.domain.reminders import OpenWork
from sekaps.models.mail import OutboxMessage, ReminderClaim
from sekaps.models.registry import Person, Unit
from sekaps.services.editions import EditionView
from sekaps.services.outbox import claim_parcels
from sekaps.services.reminders import claim_digests
from sekaps.services.writing import CHUNK
from sekaps.settings import settings
from sekaps.tasks.outbox import CLAIM, deliver

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


def make_units(count: int) -> list[int]:
    """Make so many invented units and return their ids: every person's letter names other ones."""
    rows = [
        {"number": 30_000_000 + place, "kind": "institution", "name": f"Deneme {place}. Bölge Müdürlüğü"}
        for place in range(count)
    ]
    with transaction() as session:
        return list(session.scalars(insert(Unit).returning(Unit.id), rows))


def work_of(people: list[int], units: list[int]) -> list[OpenWork]:
    """Return open work of two steps of a person's own unit, as much as falls to each, and of some in a second unit."""
    work = []
    for place, (person, unit) in enumerate(zip(people, units, strict=False)):
        work.append(OpenWork("needs_entry", "4.a", unit, person, 1 + place % 37, AS_OF))
        work.append(OpenWork("needs_entry", "4.b", unit, person, 1 + place % 11, AS_OF))
        if place % 3 == 0:
            work.append(OpenWork("needs_entry", "4.a", units[place - 1], person, 1 + place % 5, AS_OF))
    return work


def forget() -> None:
    """Take every letter and claim away again."""
    with transaction() as session:
        session.execute(delete(ReminderClaim))
        session.execute(delete(OutboxMessage))


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of a night, and the units they act for."""

    edition: EditionView
    people: list[int]
    units: list[int]

    def first(self, count: int) -> "Staff":
        """Return so many of them."""
        return Staff(self.edition, self.people[:count], self.units)


def gather(staff: Staff) -> None:
    """Claim the digests of everybody and write them to the outbox."""
    with transaction() as session:
        counts = claim_digests(session, staff.edition, work_of(staff.people, staff.units), AS_OF)
    assert counts.people == len(staff.people), counts


def night(staff: Staff) -> None:
    """Do all of it once."""
    gather(staff)
    report = deliver(AS_OF)
    assert report.sent == len(staff.people), report


def built(staff: Staff) -> list[tuple[str, bytes]]:
    """Return the very messages of a night, ready for the wire."""
    gather(staff)
    found, sender = list[tuple[str, bytes]](), settings().mail_from
    while len(found) < len(staff.people):
        with transaction() as session:
            claimed = claim_parcels(session, AS_OF, now=AS_OF, claimed_until=AS_OF + CLAIM, limit=CHUNK)
        letters = [parcel.letter for parcel in claimed.parcels]
        found += [(letter.address, message_bytes(letter, sender=sender, at=AS_OF)) for letter in letters]
    forget()
    return found


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
    staff = Staff(country.edition, make_people(PEOPLE), make_units(PEOPLE))
    with sink() as port:
        os.environ |= {"SEKAPS_SMTP_HOST": "127.0.0.1", "SEKAPS_SMTP_PORT": str(port)}
        settings.cache_clear()
        yield _against_smtp_alone(staff, port)
        yield _against_the_policy(staff.first(SAMPLE), port)
        yield _memory(staff)


def _against_smtp_alone(staff: Staff, port: int) -> Result:
    """Compare the whole night with handing the very same messages over, built beforehand, on as many connections."""
    messages = built(staff)
    measured = _pairs(staff, lambda: hand_over(port, messages))
    job = f"{len(messages):,} digests gathered, rendered, kept, built and handed over / SMTP alone, for one"
    return judged(job, measured, at_most=2.5)


def _against_the_policy(staff: Staff, port: int) -> Result:
    messages = built(staff)
    measured = _pairs(staff, lambda: hand_over(port, messages, policy=True))
    return judged(
        "a digest gathered, rendered, kept, built and handed over / EmailMessage and SMTP", measured, cheaper=1
    )


def _pairs(staff: Staff, reference: Callable[[], None]) -> list[tuple[float, float]]:
    """Measure nights and a reference in turn, for one message each; taking a night's rows away again is in neither."""
    measured = []
    for _ in range(PAIRS):
        ours = cpu(lambda: night(staff))
        forget()
        measured.append((ours / len(staff.people), cpu(reference) / len(staff.people)))
    return measured


def _memory(staff: Staff) -> Result:
    """Compare the peak of Python's memory over the whole night for all people with that for a tenth of them."""
    peaks = []
    for some in (staff.first(len(staff.people) // 10), staff):
        tracemalloc.start()
        night(some)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        forget()
    job = f"memory of a night of {len(staff.people):,} digests, against one of a tenth of them (MiB)"
    return measured_value(job, peaks[1], peaks[0] * 1.5)
