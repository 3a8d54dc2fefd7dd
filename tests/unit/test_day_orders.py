"""Orders about days: the facts they make in their places, and the closing days they move by the activity's own rule."""

from collections.abc import Iterable
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.day_orders import DayOrder, moved_end
from sekaps.calendar.days import NATION, DayTable, Layer, Place, each_day, is_weekday
from sekaps.calendar.programme_values import Name
from sekaps.calendar.programmes import Activity, Mover
from sekaps.calendar.windows import Window

ADANA, SEYHAN, ANKARA = Place("01"), Place("01", "1104"), Place("06")
UNIT = Place("01", "1104", "20000001")
WINDOW = Window(date(2023, 4, 3), date(2023, 4, 28))
"""Twenty weekdays from a Monday to a Friday."""
DAYS = DayTable(date(2023, 1, 1), date(2024, 12, 31), ())


def activity(*movers: Mover) -> Activity:
    return Activity(code="needs", name=Name(tr="a", en="a"), window=("a", "b"), moves_with=movers)


def order(layer: Layer, first: date, last: date, *places: Place, **hours: time) -> DayOrder:
    return DayOrder(layer, first, last, places or (ADANA,), "Valilik", "Kar", "V-1", **hours)


def under(*orders: DayOrder) -> DayTable:
    return DAYS.with_facts(fact for one in orders for fact in one.facts())


CLOSED = order(Layer.CLOSURE, date(2023, 4, 28), date(2023, 4, 28))
BOTH = (Mover.CLOSURE, Mover.SUSPENSION)


def test_an_order_takes_each_of_its_days_in_each_of_its_places() -> None:
    facts = list(order(Layer.CLOSURE, date(2023, 4, 27), date(2023, 4, 28), ADANA, ANKARA).facts())
    assert [(fact.day.day, fact.place) for fact in facts] == [(27, ADANA), (27, ANKARA), (28, ADANA), (28, ANKARA)]
    assert {fact.source for fact in facts} == {"Valilik, V-1"}


@pytest.mark.parametrize(
    ("place", "holds"),
    [(NATION, False), (ANKARA, False), (ADANA, False), (SEYHAN, True), (UNIT, True)],
)
def test_an_order_holds_in_its_place_and_in_what_lies_within(place: Place, holds: bool) -> None:
    days = under(order(Layer.CLOSURE, date(2023, 4, 28), date(2023, 4, 28), SEYHAN))
    assert days.is_office_day(date(2023, 4, 28), place) is not holds


def test_an_order_for_one_activity_holds_for_that_one_only() -> None:
    days = under(order(Layer.SUSPENSION, date(2023, 4, 10), date(2023, 4, 14), ADANA.for_activity("needs")))
    assert days.is_suspended(date(2023, 4, 10), ADANA.for_activity("needs"))
    assert not days.is_suspended(date(2023, 4, 10), ADANA.for_activity("other"))
    assert not days.is_suspended(date(2023, 4, 10), ADANA)


@pytest.mark.parametrize(
    ("movers", "orders", "closes"),
    [
        ((), [CLOSED], date(2023, 4, 28)),
        ((Mover.CLOSURE,), [CLOSED], date(2023, 5, 1)),
        ((Mover.SUSPENSION,), [CLOSED], date(2023, 4, 28)),
        ((Mover.CLOSURE,), [order(Layer.LEAVE, date(2023, 4, 28), date(2023, 4, 28))], date(2023, 4, 28)),
        ((Mover.CLOSURE,), [order(Layer.CLOSURE, date(2023, 4, 27), date(2023, 4, 27))], date(2023, 4, 28)),
        ((Mover.CLOSURE,), [order(Layer.CLOSURE, date(2023, 4, 28), date(2023, 4, 28), starts=time(13))],
         date(2023, 4, 28)),
        ((Mover.CLOSURE,), [order(Layer.CLOSURE, date(2023, 4, 28), date(2023, 5, 2))], date(2023, 5, 3)),
        (BOTH, [order(Layer.SUSPENSION, date(2023, 4, 10), date(2023, 4, 12))], date(2023, 5, 1)),
        (BOTH, [order(Layer.SUSPENSION, date(2023, 4, 10), date(2023, 4, 13))], date(2023, 5, 2)),
        ((Mover.CLOSURE,), [order(Layer.SUSPENSION, date(2023, 4, 10), date(2023, 4, 13))], date(2023, 4, 28)),
        (BOTH, [order(Layer.SUSPENSION, date(2023, 3, 1), date(2023, 3, 31))], date(2023, 4, 28)),
        (BOTH, [order(Layer.SUSPENSION, date(2023, 4, 27), date(2023, 5, 4))], date(2023, 5, 8)),
        (BOTH, [order(Layer.SUSPENSION, date(2023, 4, 10), date(2023, 4, 13)),
                order(Layer.CLOSURE, date(2023, 5, 2), date(2023, 5, 2))], date(2023, 5, 3)),
    ],
)  # fmt: skip
def test_a_closing_day_moves_only_as_its_activity_says(
    movers: tuple[Mover, ...], orders: list[DayOrder], closes: date
) -> None:
    days = under(*orders)
    assert moved_end(WINDOW, activity(*movers), days, ADANA) == closes
    assert moved_end(WINDOW, activity(*movers), days, ANKARA) == WINDOW.closes


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 30)), max_size=4),
    st.integers(0, 60),
)
def test_a_window_that_runs_on_keeps_as_many_days_with_running_clocks_as_it_had(
    stretches: Iterable[tuple[int, int]], length: int
) -> None:
    start = date(2023, 3, 1)
    window = Window(start, start + timedelta(days=length))
    ordered = [
        order(Layer.SUSPENSION, start + timedelta(days=first), start + timedelta(days=first + more))
        for first, more in stretches
    ]
    days = under(*ordered)
    running = [day for day in each_day(start, start + timedelta(days=250)) if not days.is_suspended(day, ADANA)]
    last = running[window.calendar_days - 1]
    worked = next(day for day in running if day >= last and is_weekday(day))
    expected = window.closes if last == window.closes else worked
    assert moved_end(window, activity(*BOTH), days, ADANA) == expected
