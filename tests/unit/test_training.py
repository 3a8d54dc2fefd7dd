"""The life of a request for training: every state with every event, and what a request and its answers must say."""

from datetime import date
from itertools import product

import pytest

from sekaps.domain.training import (
    LONGEST_TOPIC,
    MOVES,
    TrainingEvent,
    TrainingState,
    moved,
    refusal_to_ask,
    refusal_to_hold,
    refusal_to_schedule,
)
from sekaps.errors.readiness import TrainingMoveForbidden
from sekaps.texts import Text

ASKED, SCHEDULED, HELD, REFUSED, WITHDRAWN = TrainingState
SCHEDULE, HOLD, REFUSE, WITHDRAW = TrainingEvent
TABLE = {
    (ASKED, SCHEDULE): SCHEDULED, (ASKED, REFUSE): REFUSED, (ASKED, WITHDRAW): WITHDRAWN,
    (SCHEDULED, SCHEDULE): SCHEDULED, (SCHEDULED, HOLD): HELD, (SCHEDULED, REFUSE): REFUSED,
    (SCHEDULED, WITHDRAW): WITHDRAWN,
}  # fmt: skip
MARCH_1, MARCH_2, MARCH_3 = (date(2026, 3, day) for day in (1, 2, 3))


@pytest.mark.parametrize(("state", "event"), list(product(TrainingState, TrainingEvent)))
def test_every_state_meets_every_event_as_the_table_says(state: TrainingState, event: TrainingEvent) -> None:
    if (state, event) in TABLE:
        assert moved(state, event) is TABLE[state, event]
        return
    with pytest.raises(TrainingMoveForbidden):
        moved(state, event)


def test_the_table_has_no_other_moves() -> None:
    assert dict(MOVES) == TABLE


@pytest.mark.parametrize(
    ("state", "event", "why"),
    [
        (ASKED, HOLD, "it has no day yet; schedule it first"),
        (HELD, SCHEDULE, "it is held, and that is final; ask anew"),
    ],
)
def test_a_forbidden_move_says_what_to_do(state: TrainingState, event: TrainingEvent, why: str) -> None:
    with pytest.raises(TrainingMoveForbidden, match=why):
        moved(state, event)


def said(refusal: Text | None) -> str:
    return refusal.say("en") if refusal else ""


@pytest.mark.parametrize(
    ("topic", "since", "until", "refusal"),
    [
        ("vehicles", MARCH_1, MARCH_2, ""),
        ("vehicles", MARCH_2, MARCH_2, ""),
        ("", MARCH_2, MARCH_3, "a topic has 1 to 300 characters"),
        ("x" * (LONGEST_TOPIC + 1), MARCH_2, MARCH_3, "a topic has 1 to 300 characters"),
        ("vehicles", MARCH_3, MARCH_2, "the wished days end on 2 March 2026, before they begin"),
        ("vehicles", MARCH_1, MARCH_1, "the wished days are over on 1 March 2026; the day of the act is 2 March 2026"),
    ],
)
def test_a_request_has_a_topic_and_days_to_come(topic: str, since: date, until: date, refusal: str) -> None:
    assert said(refusal_to_ask(topic, since, until, MARCH_2)) == refusal


@pytest.mark.parametrize(
    ("on", "place", "refusal"),
    [
        (MARCH_2, "hall", ""),
        (MARCH_1, "hall", "1 March 2026 has passed; the day of the act is 2 March 2026"),
        (MARCH_3, "", "a place is needed"),
    ],
)
def test_a_training_is_set_for_a_place_and_a_day_to_come(on: date, place: str, refusal: str) -> None:
    assert said(refusal_to_schedule(on, place, MARCH_2)) == refusal


@pytest.mark.parametrize(
    ("on", "people", "refusal"),
    [
        (MARCH_2, 1, ""),
        (MARCH_3, 1, "3 March 2026 has not come; it is recorded on that day or after"),
        (MARCH_1, 0, "the people trained are counted from 1 to 10000"),
        (MARCH_1, 10_001, "the people trained are counted from 1 to 10000"),
    ],
)
def test_a_training_is_held_once_its_day_has_come(on: date, people: int, refusal: str) -> None:
    assert said(refusal_to_hold(on, people, MARCH_2)) == refusal


def test_every_state_is_worded() -> None:
    assert all(state.meaning.tr and state.meaning.en for state in TrainingState)
