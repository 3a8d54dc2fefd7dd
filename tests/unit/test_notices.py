"""When a notice counts as served by each channel, and what a record of service must say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.legal_clock import ELECTRONIC_SERVICE_DAYS
from sekaps.domain.notices import (
    LONGEST_REASON,
    MOST_COPIES,
    Channel,
    Delivery,
    NoticeKind,
    deemed_served,
    number_of_next,
    refusal_to_serve,
)

PREPARED, SENT, REACHED, TODAY = date(2023, 10, 2), date(2023, 10, 3), date(2023, 10, 4), date(2023, 10, 5)
DELIVERY = Delivery(Channel.POST, SENT, REACHED, "RR 1", copies=4, copies_returned=3)


@pytest.mark.parametrize(
    ("channel", "reached", "served"),
    [
        (Channel.HAND, date(2021, 12, 11), date(2021, 12, 11)),
        (Channel.POST, date(2021, 12, 11), date(2021, 12, 11)),
        (Channel.CHAMBER, date(2021, 12, 11), date(2021, 12, 11)),
        (Channel.UETS, date(2021, 12, 11), date(2021, 12, 16)),
        (Channel.UETS, date(2019, 5, 20), date(2019, 5, 25)),
        (Channel.KEP, date(2024, 2, 26), date(2024, 3, 2)),
    ],
)
def test_electronic_service_is_made_on_the_fifth_day_after_arrival_and_any_other_on_the_day(
    channel: Channel, reached: date, served: date
) -> None:
    assert deemed_served(channel, reached) == served
    assert replace(DELIVERY, channel=channel, reached_on=reached).served_on == served


@given(st.sampled_from(Channel), st.dates(date(2019, 1, 1), date(2030, 1, 1)))
def test_nothing_is_served_before_it_arrived_nor_later_than_five_days_after(channel: Channel, reached: date) -> None:
    assert timedelta(0) <= deemed_served(channel, reached) - reached <= timedelta(days=ELECTRONIC_SERVICE_DAYS)


def test_a_proved_delivery_is_recorded_on_the_day_it_arrived_or_later() -> None:
    assert refusal_to_serve(DELIVERY, "", PREPARED, TODAY) is None
    assert refusal_to_serve(replace(DELIVERY, copies_returned=None), "", PREPARED, REACHED) is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"sent_on": date(2023, 10, 1)}, "cannot have been sent before"),
        ({"reached_on": date(2023, 10, 2)}, "cannot have arrived before"),
        ({"reached_on": date(2023, 10, 6)}, "6 October 2023 has not come"),
        ({"receipt": " "}, "proved by a receipt"),
        ({"receipt": "r" * 301}, "proved by a receipt"),
        ({"copies": 0}, "1 to 20 copies"),
        ({"copies": MOST_COPIES + 1}, "1 to 20 copies"),
        ({"copies_returned": 5}, "of 4 copies 5 cannot have come back"),
        ({"copies_returned": -1}, "cannot have come back"),
    ],
)
def test_a_record_that_cannot_be_true_is_refused_with_the_reason(changed: dict[str, object], says: str) -> None:
    refusal = refusal_to_serve(replace(DELIVERY, **changed), "", PREPARED, TODAY)  # type: ignore[arg-type]
    assert refusal is not None
    assert says in refusal.say("en")


@pytest.mark.parametrize(("reason", "is_refused"), [("adreste yok", False), ("  ", True), ("x" * 301, True)])
def test_what_was_not_served_has_a_reason(reason: str, is_refused: bool) -> None:
    assert (refusal_to_serve(None, reason, PREPARED, TODAY) is not None) == is_refused
    assert LONGEST_REASON == 300


def test_a_notice_is_not_both_served_and_not() -> None:
    refusal = refusal_to_serve(DELIVERY, "adreste yok", PREPARED, TODAY)
    assert refusal is not None
    assert "not as both" in refusal.say("en")


@pytest.mark.parametrize(
    ("number", "kind", "following"),
    [
        ("TB-1-2-district", NoticeKind.CORRECTION, "TB-1-2-district/D1"),
        ("TB-1-2-district/D1", NoticeKind.CORRECTION, "TB-1-2-district/D2"),
        ("TB-1-2-district/D2", NoticeKind.ANNULMENT, "TB-1-2-district/I3"),
        ("TB-A/X-2", NoticeKind.ANNULMENT, "TB-A/X-2/I1"),
    ],
)
def test_what_takes_a_notices_place_bears_its_number_and_which_change_it_is(
    number: str, kind: NoticeKind, following: str
) -> None:
    assert number_of_next(number, kind) == following


def test_every_channel_and_kind_has_words_and_every_kind_its_mark() -> None:
    words = [one.meaning.say(language) for one in (*Channel, *NoticeKind) for language in ("tr", "en")]  # type: ignore[arg-type]
    assert all(words)
    assert [kind.mark for kind in NoticeKind] == ["", "D", "I"]
