"""Delivering the outbox: every message once, nothing lost when the relay is away, refuses or is killed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from mail_play import NOON, Answering, point_mail_at, relay_of, states, write_messages
from small_country import on
from sqlalchemy import select, update

from sekaps.database import transaction
from sekaps.demo.post_office import PostOffice, free_port, post_office
from sekaps.domain.mail_domains import Verdict
from sekaps.errors.systems import HeaderUnsafe, SmtpTakesNothing, SmtpUnreachable
from sekaps.models.mail import OutboxMessage
from sekaps.models.registry import Person
from sekaps.services.outbox import Refusal, claim_parcels, mark_refused, release
from sekaps.settings import settings
from sekaps.tasks.outbox import DeliveryReport, deliver


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
    with relay_of(Answering(message=lambda _: answer), monkeypatch):
        assert deliver(NOON) == report
    assert states() == [(state, 1)]
    with transaction() as session:
        [error] = session.scalars(select(OutboxMessage.error))
    assert error == answer


def unknown(address: str) -> str | None:
    return "550 no such user" if address in ("p1@people.invalid", "p3@people.invalid") else None


def test_an_unknown_recipient_is_given_up_alone(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    write_messages(5)
    with relay_of(Answering(recipient=unknown), monkeypatch):
        assert deliver(NOON) == DeliveryReport(sent=3, failed=2)
    assert [state for state, _ in states()] == ["sent", "failed", "sent", "failed", "sent"]


@pytest.mark.parametrize("answer", ["530 sign in first", "451 too much from you", "421 closing"])
def test_when_the_relay_refuses_the_sender_no_message_is_to_blame(
    database: object, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    write_messages(5)
    relay = relay_of(Answering(sender=lambda _: answer), monkeypatch)
    with relay, pytest.raises(SmtpTakesNothing, match=answer):
        deliver(NOON)
    assert states() == [("waiting", 0)] * 5


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
        parcels = claim_parcels(session, NOON, now=NOON, claimed_until=NOON, limit=1).parcels
    assert deliver(NOON) == DeliveryReport(sent=1)
    with transaction() as session:
        mark_refused(session, [Refusal(parcels[0], "451 later", Verdict.LATER)], NOON)
        release(session, parcels)
    assert states() == [("sent", 2)]
