"""The ladder rule: the day of each rung, and the rung of each day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.days import NATION, ONE_DAY, DayFact, DayTable, Layer, Place
from sekaps.calendar.programmes import Ladder
from sekaps.domain.reminders import (
    REMINDED_OFFICE_DAYS,
    current_rung,
    deciding_place,
    escalates,
    last_office_day,
    office_distance,
    rung_day,
)
from sekaps.services.programmes import days_of_edition, read_programme
from sekaps.texts import Bilingual

LADDER = read_programme("sekaps").ladders["standard"]
DAYS = days_of_edition(2023)
NEEDS_CLOSE, DISTRICT_CLOSE = date(2023, 4, 28), date(2023, 6, 30)
ADANA, SEYHAN, ANKARA = Place("01"), Place("01", "1104"), Place("06", "1231")
FLOOD = DayFact(NEEDS_CLOSE, Layer.CLOSURE, Bilingual("sel", "flood"), province="01", district="1104")
FLOODED = DayTable(DAYS.first, DAYS.last, (*DAYS.facts, FLOOD))
CLOSINGS = st.dates(date(2023, 3, 1), date(2023, 11, 30))
FAR_APART = 120
"""Days around a closing date that hold every rung of the standard ladder."""

RUNGS = [
    # Ramazan Bayramı 20 (from 13:00) to 23 April; 30 April and 1 May end the week after
    (NEEDS_CLOSE, -30, date(2023, 3, 16)),
    (NEEDS_CLOSE, -14, date(2023, 4, 7)),
    (NEEDS_CLOSE, -7, date(2023, 4, 18)),
    (NEEDS_CLOSE, -3, date(2023, 4, 25)),
    (NEEDS_CLOSE, -1, date(2023, 4, 27)),
    (NEEDS_CLOSE, 0, date(2023, 4, 28)),
    (NEEDS_CLOSE, 1, date(2023, 5, 2)),
    (NEEDS_CLOSE, 5, date(2023, 5, 8)),
    # Kurban Bayramı 27 June (from 13:00) to 1 July, leave on 26 and 27 June: the last day at work is 23 June
    (DISTRICT_CLOSE, -30, date(2023, 5, 11)),
    (DISTRICT_CLOSE, -14, date(2023, 6, 5)),
    (DISTRICT_CLOSE, -7, date(2023, 6, 14)),
    (DISTRICT_CLOSE, -3, date(2023, 6, 20)),
    (DISTRICT_CLOSE, -1, date(2023, 6, 22)),
    (DISTRICT_CLOSE, 0, date(2023, 6, 23)),
    (DISTRICT_CLOSE, 1, date(2023, 7, 3)),
    (DISTRICT_CLOSE, 5, date(2023, 7, 7)),
]


@pytest.mark.parametrize(("closes", "rung", "day"), RUNGS)
def test_each_rung_falls_on_its_office_day(closes: date, rung: int, day: date) -> None:
    assert rung_day(closes, rung, DAYS) == day
    assert current_rung(LADDER, closes, day, DAYS) == rung


@pytest.mark.parametrize(
    ("closes", "day"),
    [
        (NEEDS_CLOSE, date(2023, 4, 15)),  # Saturday
        (NEEDS_CLOSE, date(2023, 4, 21)),  # Ramazan Bayramı
        (NEEDS_CLOSE, date(2023, 5, 1)),  # Labour Day
        (DISTRICT_CLOSE, date(2023, 6, 26)),  # administrative leave
        (DISTRICT_CLOSE, date(2023, 6, 27)),  # administrative leave in the morning, holiday from 13:00
        (DISTRICT_CLOSE, DISTRICT_CLOSE),  # the closing date itself is Kurban Bayramı
    ],
)
def test_nobody_is_reminded_on_a_day_nobody_works(closes: date, day: date) -> None:
    assert current_rung(LADDER, closes, day, DAYS) is None


@pytest.mark.parametrize(
    ("day", "rung"),
    [
        (date(2023, 3, 15), None),  # the day before the first rung
        (date(2023, 3, 17), -30),  # the day of -30 was missed
        (date(2023, 4, 26), -3),  # -30, -14 and -7 are superseded
        (date(2023, 5, 4), 1),
        (date(2023, 5, 15), 5),  # ten office days after the closing date
        (date(2023, 5, 16), None),
    ],
)
def test_a_missed_day_sends_the_latest_rung_and_skips_those_it_supersedes(day: date, rung: int | None) -> None:
    assert current_rung(LADDER, NEEDS_CLOSE, day, DAYS) == rung


def test_a_half_day_is_an_office_day() -> None:
    assert current_rung(LADDER, NEEDS_CLOSE, date(2023, 4, 20), DAYS) == -7


@pytest.mark.parametrize(
    ("place", "last", "rung"), [(SEYHAN, date(2023, 4, 27), 0), (ADANA, NEEDS_CLOSE, -1), (NATION, NEEDS_CLOSE, -1)]
)
def test_a_district_shut_by_order_is_reminded_of_its_own_last_day(place: Place, last: date, rung: int) -> None:
    assert last_office_day(NEEDS_CLOSE, FLOODED, place) == last
    assert current_rung(LADDER, NEEDS_CLOSE, date(2023, 4, 27), FLOODED, place=place) == rung


@pytest.mark.parametrize(
    ("place", "days", "expected"),
    [
        (SEYHAN, FLOODED, SEYHAN),
        (Place("01", "1104", "20000001", "needs_entry"), FLOODED, SEYHAN),
        (ADANA, FLOODED, NATION),
        (ANKARA, FLOODED, NATION),
        (NATION, FLOODED, NATION),
    ],
)
def test_only_places_with_days_of_their_own_are_worked_out_apart(place: Place, days: DayTable, expected: Place) -> None:
    assert deciding_place(place, days) == expected


@pytest.mark.parametrize(("rung", "expected"), [(-1, False), (0, False), (1, True), (5, True)])
def test_the_head_above_is_told_from_the_first_rung_that_escalates(rung: int, *, expected: bool) -> None:
    assert escalates(rung, LADDER) is expected
    assert not escalates(rung, Ladder(rungs=LADDER.rungs))


@given(CLOSINGS)
def test_rungs_fall_on_office_days_and_go_up(closes: date) -> None:
    days = [rung_day(closes, rung, DAYS) for rung in LADDER.rungs]
    assert all(DAYS.is_office_day(day) for day in days)
    assert days == sorted(set(days))


@given(CLOSINGS)
def test_a_rung_is_current_from_its_day_until_the_next_ones(closes: date) -> None:
    days = [rung_day(closes, rung, DAYS) for rung in LADDER.rungs]
    after = DAYS.add_office_days(closes, REMINDED_OFFICE_DAYS)
    ends = [*(day - ONE_DAY for day in days[1:]), after]
    for rung, first, last in zip(LADDER.rungs, days, ends, strict=True):
        between = (first + timedelta(days=count) for count in range((last - first).days + 1))
        found = {current_rung(LADDER, closes, day, DAYS) for day in between if DAYS.is_office_day(day)}
        assert found == {rung}


@given(CLOSINGS, st.integers(-FAR_APART, FAR_APART))
def test_the_distance_counts_the_office_days_between(closes: date, apart: int) -> None:
    day = DAYS.add_office_days(closes + timedelta(days=apart), 1)
    distance = office_distance(day, closes, DAYS)
    reached = rung_day(closes, distance, DAYS)
    assert reached == day
