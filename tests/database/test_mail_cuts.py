"""A delivery that is cut, by the relay or by a kill: nothing is lost, and repeats are few and recognised."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from mail_play import NOON, Answering, relay_of, states, write_messages
from sqlalchemy import func, select, update

from sekaps.database import transaction
from sekaps.errors.systems import SmtpTakesNothing, SmtpUnreachable
from sekaps.models.mail import OutboxMessage
from sekaps.tasks.outbox import BATCH, IN_HAND, DeliveryReport, deliver

pytestmark = pytest.mark.usefixtures("database")
WORKER = "from mail_play import NOON; from sekaps.tasks.outbox import deliver; deliver(NOON)"


def count(state: str) -> int:
    with transaction() as session:
        return session.scalars(select(func.count()).where(OutboxMessage.state == state)).one()


def claims_run_out() -> None:
    """Let the time pass until what a killed worker had in hand is free again."""
    with transaction() as session:
        held = update(OutboxMessage).where(OutboxMessage.state == "sending")
        session.execute(held.values(claimed_until=NOON))


def test_what_a_worker_killed_between_hand_over_and_commit_repeats_is_one_batch_under_the_same_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_messages(IN_HAND + 10)
    relay = Answering()
    with relay_of(relay, monkeypatch):
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
        relay.message = lambda place: os.kill(worker.pid, signal.SIGKILL) if place == BATCH + 25 else None
        assert worker.wait(60) == -signal.SIGKILL
        relay.message = lambda _: None
        assert (count("sent"), count("sending"), count("waiting")) == (BATCH, IN_HAND - BATCH, 10)
        assert deliver(NOON) == DeliveryReport(sent=10)
        claims_run_out()
        assert deliver(NOON) == DeliveryReport(sent=IN_HAND - BATCH)
    repeats = Counter(relay.taken)
    assert len(repeats) == IN_HAND + 10
    assert sum(repeats.values()) - len(repeats) <= BATCH
    assert max(repeats.values()) == 2


def test_a_relay_that_hangs_up_now_and_then_is_called_again_and_takes_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_messages(100)
    breaking = {f"p{place}@people.invalid" for place in (10, 11, 12, 13, 50)}

    def hang_up(address: str) -> str | None:
        return "hang up" if address in breaking else None

    relay = Answering(recipient=hang_up)
    with relay_of(relay, monkeypatch):
        assert deliver(NOON) == DeliveryReport(sent=95, deferred=5)
        breaking.clear()
        assert deliver(NOON + timedelta(minutes=5)) == DeliveryReport(sent=5)
    assert len(set(relay.taken)) == len(relay.taken) == 100


def test_a_relay_that_closes_for_a_while_is_called_again_and_no_message_is_to_blame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_messages(60)
    relay = Answering(sender=lambda _: "421 closing" if len(relay.taken) >= 30 else None)
    with relay_of(relay, monkeypatch):
        with pytest.raises(SmtpTakesNothing, match="421 closing"):
            deliver(NOON)
        assert Counter(states()) == {("sent", 1): len(relay.taken), ("waiting", 0): 60 - len(relay.taken)}
        relay.sender = lambda _: None
        deliver(NOON)
    assert states() == [("sent", 1)] * 60
    assert len(set(relay.taken)) == len(relay.taken) == 60


def test_a_relay_that_goes_away_in_the_middle_leaves_the_rest_waiting_and_the_next_delivery_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_messages(200)
    away = Answering(recipient=lambda _: "hang up" if len(away.taken) >= 90 else None)
    with relay_of(away, monkeypatch) as gone, pytest.raises((SmtpTakesNothing, SmtpUnreachable)):
        deliver(NOON)
    assert (count("sent"), count("sending")) == (len(away.taken), 0)
    back = Answering()
    with relay_of(back, monkeypatch, port=gone.port):
        deliver(NOON)
        deliver(NOON + timedelta(minutes=5))
    assert count("sent") == 200 == len({*away.taken, *back.taken})
