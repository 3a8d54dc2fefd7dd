"""What filing and deciding an objection must say, and when it is too late."""

from datetime import date
from typing import Any

import pytest

from sekaps.domain.objections import HIGHEST_PRICE, ObjectionState, refusal_of_price, refusal_to_decide, refusal_to_file

DAYS = {"reached_on": date(2023, 10, 3), "last_day": date(2023, 10, 18), "day": date(2023, 10, 20)}


@pytest.mark.parametrize("filed_on", [date(2023, 10, 3), date(2023, 10, 18)])
def test_an_objection_is_filed_from_arrival_to_the_last_day_and_may_be_recorded_later(filed_on: date) -> None:
    assert refusal_to_file(filed_on, "bedel düşük", 100, **DAYS) is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"filed_on": date(2023, 10, 2)}, "nobody objected before"),
        ({"filed_on": date(2023, 10, 21)}, "has not come"),
        ({"filed_on": date(2023, 10, 19)}, "the time to object ended on 18 October 2023; the decision is final"),
        ({"reasons": " "}, "has reasons"),
        ({"reasons": "x" * 2001}, "has reasons"),
        ({"price": 0}, "more than nothing"),
    ],
)
def test_an_objection_that_cannot_be_is_refused_with_the_reason(changed: dict[str, Any], says: str) -> None:
    asked = {"filed_on": date(2023, 10, 18), "reasons": "bedel düşük", "price": None, **changed}
    refusal = refusal_to_file(asked["filed_on"], asked["reasons"], asked["price"], **DAYS)
    assert refusal is not None
    assert says in refusal.say("en")


@pytest.mark.parametrize(
    ("decided_on", "served_on", "says"),
    [
        (date(2023, 10, 20), date(2023, 10, 23), None),
        (date(2023, 10, 17), date(2023, 10, 23), "was not decided before"),
        (date(2023, 10, 20), date(2023, 10, 19), "was not served before"),
        (date(2023, 10, 20), date(2023, 10, 26), "has not come"),
    ],
)
def test_a_decision_follows_its_objection_and_its_service_follows_it(
    decided_on: date, served_on: date, says: str | None
) -> None:
    days = {"filed_on": date(2023, 10, 18), "day": date(2023, 10, 25)}
    refusal = refusal_to_decide(decided_on, served_on, None, **days)
    assert (says is None) == (refusal is None)
    assert says is None or (refusal is not None and says in refusal.say("en"))


@pytest.mark.parametrize(
    ("price", "is_refused"), [(None, False), (1, False), (HIGHEST_PRICE, False), (0, True), (HIGHEST_PRICE + 1, True)]
)
def test_a_price_is_more_than_nothing_and_no_slip_of_the_keyboard(price: int | None, is_refused: bool) -> None:
    assert (refusal_of_price(price) is not None) == is_refused


def test_every_state_has_words() -> None:
    assert all(state.meaning.tr and state.meaning.en for state in ObjectionState)
