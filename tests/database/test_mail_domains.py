"""Domains that put mail off: their mail waits longer each time, no other mail waits for it, and then all of it goes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from mail_play import NOON, Answering, due_times, relay_of, states, write_messages
from sqlalchemy import select
from typer.testing import CliRunner

from sekaps.cli.app import app
from sekaps.database import engine, transaction
from sekaps.domain.mail_domains import DomainWait
from sekaps.models.mail import MailDomain, OutboxMessage
from sekaps.services.mail_domains import hold_domains, waiting_domains
from sekaps.settings import settings
from sekaps.tasks import relay as relays
from sekaps.tasks.outbox import DeliveryReport, deliver

pytestmark = pytest.mark.usefixtures("database")
SLOW = "slow.invalid"
ANSWER = "451 4.4.1 no answer from host"
FIVE = timedelta(minutes=5)


def slow(address: str) -> str | None:
    return ANSWER if address.endswith(f"@{SLOW}") else None


def waits() -> list[DomainWait]:
    with transaction() as session:
        return waiting_domains(session)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEKAPS_MAIL_CONNECTIONS", "1")
    settings.cache_clear()


def test_a_domain_that_refuses_is_asked_once_and_all_other_mail_goes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    write_messages(150, domain=SLOW)
    write_messages(150, first=150)
    relay = Answering(recipient=slow)
    with relay_of(relay, monkeypatch):
        assert deliver(NOON) == DeliveryReport(sent=150, deferred=150)
    assert relay.domains() == {SLOW: 1, "people.invalid": 150}
    assert due_times() == {NOON + FIVE: 149, NOON + 2 * FIVE: 1}
    assert waits() == [DomainWait(SLOW, NOON, 1, NOON + FIVE, ANSWER, 150)]


def test_while_a_domain_is_held_it_is_not_asked_even_for_a_new_message(monkeypatch: pytest.MonkeyPatch) -> None:
    write_messages(3, domain=SLOW)
    relay = Answering(recipient=slow)
    with relay_of(relay, monkeypatch):
        deliver(NOON)
        write_messages(1, domain=SLOW, first=3)
        engine().dispose()  # nothing of it is in this process
        assert deliver(NOON + FIVE / 2) == DeliveryReport(deferred=1)
    assert relay.domains() == {SLOW: 1}


def test_a_domain_waits_twice_as_long_each_time_and_another_message_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    write_messages(3, domain=SLOW)
    relay = Answering(recipient=slow)
    with relay_of(relay, monkeypatch):
        for minutes in (0, 5, 15, 35):
            assert deliver(NOON + timedelta(minutes=minutes)).sent == 0
    assert waits() == [DomainWait(SLOW, NOON, 4, NOON + timedelta(minutes=75), ANSWER, 3)]
    assert relay.asked == [f"p{place}@{SLOW}" for place in (0, 1, 2, 0)]


def test_when_the_domain_takes_mail_again_all_of_it_goes_and_nothing_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_messages(200, domain=SLOW)
    relay = Answering(recipient=slow)
    with relay_of(relay, monkeypatch):
        deliver(NOON)
        relay.recipient = lambda _: None
        assert deliver(NOON + FIVE) == DeliveryReport(sent=199)
        assert deliver(NOON + 2 * FIVE) == DeliveryReport(sent=1)
    assert waits() == []
    with transaction() as session:
        assert session.scalars(select(MailDomain)).all() == []


@pytest.mark.parametrize("answer", ["450 4.2.1 mailbox busy", "452 4.2.2 mailbox full", "450 4.1.1 not known yet"])
def test_one_mailbox_that_refuses_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    write_messages(3)
    with relay_of(Answering(recipient=lambda to: answer if to.startswith("p0@") else None), monkeypatch):
        assert deliver(NOON) == DeliveryReport(sent=2, deferred=1)
    assert waits() == []
    assert due_times() == {NOON + FIVE: 1}


def test_a_domain_that_refuses_for_good_is_no_domain_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    write_messages(2)
    with relay_of(Answering(recipient=lambda _: "550 5.1.2 no such domain"), monkeypatch):
        assert deliver(NOON) == DeliveryReport(failed=2)
    assert waits() == []


def test_two_workers_at_once_hear_one_refusal_and_send_all_other_mail_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for turn in range(10):
        write_messages(20, domain=SLOW, first=turn * 40)
        write_messages(20, first=turn * 40 + 20)
    relay = Answering(recipient=slow)
    with relay_of(relay, monkeypatch), ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(deliver, [NOON, NOON]))
    assert sum(report.sent for report in reports) == 200 == len(set(relay.taken)) == len(relay.taken)
    assert waits() == [DomainWait(SLOW, NOON, 1, NOON + FIVE, ANSWER, 200)]
    assert relay.domains()[SLOW] <= 2


def test_a_message_that_its_domain_refuses_for_days_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    write_messages(1, domain=SLOW)
    at = NOON
    with relay_of(Answering(recipient=slow), monkeypatch):
        while deliver(at) == DeliveryReport(deferred=1):
            [at] = due_times()
    assert [state for state, _ in states()] == ["failed"]
    assert timedelta(days=4) < at - NOON < timedelta(days=6)
    assert waits() == []
    with transaction() as session:
        assert session.scalars(select(OutboxMessage.error)).one() == ANSWER


def test_a_domain_the_relay_hangs_on_does_not_hang_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "REPLY_TIMEOUT_SECONDS", 0.3)
    write_messages(5, domain=SLOW)
    write_messages(5, first=5)
    relay = Answering(recipient=lambda to: "say nothing" if to.endswith(SLOW) else None)
    with relay_of(relay, monkeypatch):
        assert deliver(NOON) == DeliveryReport(sent=5, deferred=5)
    assert [(one.domain, one.messages) for one in waits()] == [(SLOW, 5)]


@pytest.mark.parametrize("later", [NOON, NOON + FIVE / 2])
def test_a_second_refusal_within_the_wait_makes_it_no_longer(later: datetime) -> None:
    with transaction() as session:
        hold_domains(session, {SLOW: ANSWER}, NOON)
    with transaction() as session:
        assert hold_domains(session, {SLOW: "another answer"}, later) == {SLOW: NOON + FIVE}


def test_a_person_sees_what_waits_why_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    write_messages(3, domain=SLOW)
    write_messages(2, first=3)
    with relay_of(Answering(recipient=slow), monkeypatch):
        deliver(NOON)
    told = json.loads(CliRunner().invoke(app, ["mail", "--json"]).stdout)
    assert told["messages"] == {"waiting": 3, "sending": 0, "sent": 2, "failed": 0}
    assert told["domains"] == [
        {"domain": SLOW, "messages": 3, "since": "2023-04-28T09:00:00+00:00", "refusals": 1,
         "until": "2023-04-28T09:05:00+00:00", "answer": ANSWER}
    ]  # fmt: skip
    shown = " ".join(CliRunner().invoke(app, ["mail"]).stdout.split())
    assert SLOW in shown
    assert "28 Nisan 2023" in shown
