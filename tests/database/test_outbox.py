"""Delivering the outbox: every message once, nothing lost when the relay is away, refuses or is killed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from small_country import on
from sqlalchemy import insert, select, update

from sekaps.database import transaction
from sekaps.demo.post_office import PostOffice, free_port, post_office
from sekaps.errors.systems import HeaderUnsafe, SmtpUnreachable
from sekaps.models.mail import OutboxMessage
from sekaps.models.registry import Person
from sekaps.services.outbox import Refusal, claim_parcels, mark_refused, release
from sekaps.settings import settings
from sekaps.tasks.outbox import DeliveryReport, deliver

NOON = on(2023, 4, 28, 12)


def write_messages(count: int, **values: object) -> None:
    """Put messages to as many people into the outbox."""
    with transaction() as session:
        for place in range(count):
            person = {"number": place + 1, "name": f"Çağrı Öğüt, {place}", "email": f"p{place}@people.invalid"}
            person_id = session.scalars(insert(Person).values(person).returning(Person.id)).one()
            row = {"key": f"digest:1:{place}:2023-04-28", "person_id": person_id, "day": NOON.date(), "plain": "düz",
                   "subject": "İşiniz açık", "html": "<p>süslü</p>", "next_attempt_at": NOON, **values}  # fmt: skip
            session.execute(insert(OutboxMessage).values(row))


def states() -> list[tuple[str, int]]:
    with transaction() as session:
        query = select(OutboxMessage.state, OutboxMessage.attempts).order_by(OutboxMessage.id)
        return [(state, attempts) for state, attempts in session.execute(query)]


def point_mail_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("SEKAPS_SMTP_PORT", str(port))
    settings.cache_clear()


@pytest.fixture
def office(database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office(tmp_path / "mail") as office:
        point_mail_at(monkeypatch, office.port)
        yield office


def test_every_message_is_delivered_once_and_kept_as_it_was_written(office: PostOffice) -> None:
    write_messages(130)
    assert deliver(NOON) == DeliveryReport(sent=130)
    assert deliver(NOON) == DeliveryReport()
    assert office.count() == 130
    [kept] = (office.folder / "2023-04-28").glob("digest.1.7.*.eml")
    message = BytesParser(policy=policy.default).parsebytes(kept.read_bytes())
    assert (message["To"], message["Subject"]) == ('"Çağrı Öğüt, 7" <p7@people.invalid>', "İşiniz açık")
    parts = [part.get_content().strip() for part in message.iter_parts()]  # type: ignore[attr-defined]
    assert parts == ["düz", "<p>süslü</p>"]


def test_nothing_goes_before_its_time(office: PostOffice) -> None:
    write_messages(1, next_attempt_at=NOON + timedelta(minutes=1))
    assert deliver(NOON) == DeliveryReport()
    assert deliver(NOON + timedelta(minutes=1)) == DeliveryReport(sent=1)


def test_while_the_relay_is_away_every_message_waits_untouched(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_messages(3)
    point_mail_at(monkeypatch, free_port())
    with pytest.raises(SmtpUnreachable, match="no message is lost"):
        deliver(NOON)
    assert states() == [("waiting", 0)] * 3


def test_two_deliveries_at_once_send_every_message_once(office: PostOffice) -> None:
    write_messages(250)
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(deliver, [NOON, NOON]))
    assert sum(report.sent for report in reports) == 250
    assert states() == [("sent", 1)] * 250


def test_what_a_killed_worker_had_in_hand_is_handed_over_again_under_the_same_name(office: PostOffice) -> None:
    write_messages(2)
    deliver(NOON)
    with transaction() as session:  # killed after the relay took them and before the commit
        lost = {"state": "sending", "sent_at": None, "claimed_until": on(2023, 4, 28, 12)}
        session.execute(update(OutboxMessage).values(lost))
    assert deliver(NOON).sent == 2
    assert office.count() == 2


class Refusing:
    """A relay that answers every message with one code."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return self.answer


@pytest.mark.parametrize(
    ("answer", "report", "state"),
    [
        ("451 try later", DeliveryReport(deferred=1), "waiting"),
        ("554 never", DeliveryReport(failed=1), "failed"),
    ],
)
def test_a_refused_message_waits_for_a_later_attempt_and_a_hopeless_one_is_given_up(
    database: object, monkeypatch: pytest.MonkeyPatch, answer: str, report: DeliveryReport, state: str
) -> None:
    write_messages(1)
    relay = Controller(Refusing(answer), hostname="127.0.0.1", port=free_port())
    relay.start()
    try:
        point_mail_at(monkeypatch, relay.port)
        assert deliver(NOON) == report
    finally:
        relay.stop()
    assert states() == [(state, 1)]
    with transaction() as session:
        [error] = session.scalars(select(OutboxMessage.error))
    assert error == answer


class Choosy:
    """A relay that refuses the sender, or the odd recipients, and takes every other message."""

    def __init__(self, *, sender: str | None = None) -> None:
        self.sender = sender

    async def handle_MAIL(self, _server: object, _session: object, envelope: Envelope, address: str, _: object) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.sender or "250 known"

    async def handle_RCPT(self, _server: object, _session: object, envelope: Envelope, address: str, _: object) -> str:  # noqa: N802
        if address in ("p1@people.invalid", "p3@people.invalid"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return "250 taken"


@pytest.mark.parametrize(
    ("sender", "report", "expected"),
    [
        (None, DeliveryReport(sent=3, failed=2), ["sent", "failed", "sent", "failed", "sent"]),
        ("530 sign in first", DeliveryReport(deferred=5), ["waiting"] * 5),
    ],
    ids=["recipients", "sender"],
)
def test_an_unknown_recipient_is_given_up_alone_and_a_refused_sender_gives_up_nobody(
    database: object, monkeypatch: pytest.MonkeyPatch, sender: str | None, report: DeliveryReport, expected: list[str]
) -> None:
    write_messages(5)
    monkeypatch.setenv("SEKAPS_MAIL_CONNECTIONS", "1")
    relay = Controller(Choosy(sender=sender), hostname="127.0.0.1", port=free_port())
    relay.start()
    try:
        point_mail_at(monkeypatch, relay.port)
        assert deliver(NOON) == report
    finally:
        relay.stop()
    assert [state for state, _ in states()] == expected


def test_a_message_whose_headers_cannot_be_written_holds_up_no_other(office: PostOffice) -> None:
    write_messages(3)
    with transaction() as session:
        session.execute(update(Person).where(Person.number == 2).values(name="Ad\r\nBcc: all@example.invalid"))
    assert deliver(NOON) == DeliveryReport(sent=2, failed=1)
    assert [state for state, _ in states()] == ["sent", "failed", "sent"]


def test_with_a_sender_that_is_no_address_nothing_is_taken_in_hand(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_messages(1)
    monkeypatch.setenv("SEKAPS_MAIL_FROM", "nobody")
    settings.cache_clear()
    with pytest.raises(HeaderUnsafe, match="the from header"):
        deliver(NOON)
    assert states() == [("waiting", 0)]


def test_what_another_worker_has_sent_meanwhile_stays_sent(office: PostOffice) -> None:
    write_messages(1)
    with transaction() as session:
        parcels = claim_parcels(session, NOON, now=NOON, claimed_until=NOON, limit=1)
    assert deliver(NOON) == DeliveryReport(sent=1)
    with transaction() as session:
        mark_refused(session, [Refusal(parcels[0], "451 later", permanent=False)], NOON)
        release(session, parcels)
    assert states() == [("sent", 2)]
