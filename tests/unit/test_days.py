from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.days import NATION, DayFact, DayTable, Layer, Place, each_day
from sekaps.calendar.holidays_tr import statutory_facts
from sekaps.errors.calendar import DayOutsideTable
from sekaps.services.programmes import day_table
from sekaps.texts import Bilingual

GAZIANTEP = Place("27")
DAYS = day_table(date(2018, 1, 1), date(2031, 12, 31))
some_day = st.dates(date(2019, 1, 1), date(2030, 12, 31))
a_working_day = some_day.filter(DAYS.is_working_day)


def closure(day: date, **where: str) -> DayFact:
    return DayFact(day, Layer.CLOSURE, Bilingual("kar", "snow"), source="Valilik", **where)


@pytest.mark.parametrize(
    ("year", "working", "net_of_half_days"),
    [
        (2019, 249, 248),
        (2020, 252, 251),
        (2021, 249, 247.5),
        (2022, 252, 251),
        (2023, 253, 252),
        (2024, 250, 249),
        (2025, 251, 250),
        (2026, 251, 249.5),
        (2027, 250, 249),
        (2028, 254, 253),
        (2029, 249, 248.5),
        (2030, 250, 249),
    ],
)
def test_a_year_has_its_known_number_of_working_days(year: int, working: int, net_of_half_days: float) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    law_only = DayTable(first, last, statutory_facts(first, last))

    assert law_only.working_days(first, last) == working
    assert law_only.net_working_days(first, last) == net_of_half_days


@pytest.mark.parametrize(
    ("opens", "closes", "working", "net"),
    [
        (date(2023, 1, 9), date(2023, 9, 29), 183, 180.5),
        (date(2023, 1, 9), date(2023, 1, 31), 17, 17),
        (date(2023, 1, 9), date(2023, 4, 28), 79, 78.5),
        (date(2023, 2, 1), date(2023, 4, 28), 62, 61.5),
        (date(2023, 5, 2), date(2023, 9, 1), 84, 82),
        (date(2023, 5, 2), date(2023, 6, 30), 40, 38),
        (date(2023, 7, 3), date(2023, 9, 1), 44, 44),
        (date(2023, 8, 1), date(2023, 9, 1), 23, 23),
        (date(2023, 9, 4), date(2023, 9, 29), 20, 20),
        (date(2023, 10, 2), date(2024, 3, 1), 109, 109),
    ],
)
def test_the_windows_of_2023_hold_their_known_working_days(opens: date, closes: date, working: int, net: float) -> None:
    assert (DAYS.working_days(opens, closes), DAYS.net_working_days(opens, closes)) == (working, net)


@pytest.mark.parametrize(
    ("day", "working", "full", "office"),
    [
        (date(2023, 6, 23), True, True, True),
        (date(2023, 6, 24), False, False, False),
        (date(2023, 6, 26), True, False, False),
        (date(2023, 6, 27), True, False, False),
        (date(2023, 6, 30), False, False, False),
        (date(2023, 4, 20), True, False, True),
        (date(2021, 7, 19), True, False, False),
        (date(2025, 4, 2), True, False, False),
    ],
)
def test_half_days_and_leave_are_working_days_but_not_full_ones(
    day: date, working: bool, full: bool, office: bool
) -> None:
    answers = (DAYS.is_working_day(day), DAYS.is_full_working_day(day), DAYS.is_office_day(day))

    assert answers == (working, full, office)


def test_leave_of_one_province_holds_there_and_nowhere_else() -> None:
    anniversary = date(2026, 2, 6)

    assert not DAYS.is_office_day(anniversary, GAZIANTEP)
    assert DAYS.is_office_day(anniversary, Place("34"))
    assert DAYS.is_office_day(anniversary)


def test_a_closure_of_a_district_leaves_the_rest_of_its_province_at_work() -> None:
    day = date(2023, 3, 1)
    days = DayTable(day, day, (closure(day, province="27", district="1546"),))

    assert not days.is_full_working_day(day, Place("27", "1546"))
    assert days.is_full_working_day(day, Place("27", "1415"))
    assert days.is_full_working_day(day, GAZIANTEP)


def test_a_suspension_stops_no_work() -> None:
    day = date(2023, 3, 1)

    assert [fact.layer for fact in DAYS.facts_on(day, GAZIANTEP)] == [Layer.SUSPENSION]
    assert DAYS.is_full_working_day(day, GAZIANTEP)
    assert DAYS.facts_on(day, NATION) == ()


def test_the_suspension_of_2023_lasts_from_6_february_to_6_april_in_ten_provinces() -> None:
    facts = [fact for fact in DAYS.facts if fact.layer is Layer.SUSPENSION]

    assert (facts[0].day, facts[-1].day) == (date(2023, 2, 6), date(2023, 4, 6))
    assert len({fact.province for fact in facts}) == 10
    assert len(facts) == 600


def test_a_weekend_is_a_layer_of_its_own() -> None:
    assert [fact.layer for fact in DAYS.facts_on(date(2023, 7, 1))] == [Layer.WEEKEND, Layer.STATUTORY]


def test_every_layer_has_a_meaning() -> None:
    assert [layer.meaning.say("tr") for layer in Layer] == [
        "hafta sonu",
        "resmî tatil",
        "idari izin",
        "kararla kapalı",
        "süreler durdu",
    ]


def test_30_june_2023_is_the_third_of_four_days_of_kurban_bayrami() -> None:
    fact = DAYS.facts_on(date(2023, 6, 30))[0]

    assert DAYS.nth_day_of_holiday(fact) == 3
    assert DAYS.days_of_holiday(fact) == tuple(each_day(date(2023, 6, 28), date(2023, 7, 1)))


def test_the_last_full_working_day_before_kurban_2023_is_23_june() -> None:
    assert DAYS.last_full_working_day(date(2023, 6, 30)) == date(2023, 6, 23)
    assert DAYS.last_full_working_day(date(2023, 6, 23)) == date(2023, 6, 23)
    assert DAYS.first_full_working_day(date(2023, 6, 30)) == date(2023, 7, 3)


def test_office_days_pass_over_leave() -> None:
    assert DAYS.add_office_days(date(2023, 6, 23), 1) == date(2023, 7, 3)
    assert DAYS.add_working_days(date(2023, 6, 23), 1) == date(2023, 6, 26)
    assert DAYS.add_office_days(date(2023, 7, 3), -1) == date(2023, 6, 23)


def test_zero_days_away_is_the_day_itself_even_on_a_holiday() -> None:
    assert DAYS.add_working_days(date(2023, 6, 30), 0) == date(2023, 6, 30)


def test_a_day_outside_the_table_is_refused() -> None:
    with pytest.raises(DayOutsideTable, match="outside it"):
        DAYS.is_working_day(date(2032, 1, 1))
    with pytest.raises(DayOutsideTable):
        DAYS.add_working_days(date(2031, 12, 31), 1)


def test_a_fact_outside_the_table_is_refused() -> None:
    with pytest.raises(DayOutsideTable):
        DayTable(date(2023, 1, 1), date(2023, 1, 2), (closure(date(2023, 1, 3)),))


def test_a_table_rebuilt_from_its_facts_is_the_same_table() -> None:
    rebuilt = DayTable(DAYS.first, DAYS.last, tuple(DAYS.facts))

    assert rebuilt == DAYS
    assert rebuilt.net_working_days(DAYS.first, DAYS.last) == DAYS.net_working_days(DAYS.first, DAYS.last)


def test_a_morning_and_an_afternoon_take_different_halves() -> None:
    day = date(2023, 3, 1)
    morning = DayFact(day, Layer.LEAVE, Bilingual("a", "a"), ends=time(13))
    afternoon = DayFact(day, Layer.LEAVE, Bilingual("a", "a"), starts=time(13))

    assert (morning.halves, afternoon.halves) == ({"morning"}, {"afternoon"})


@given(a_working_day, st.integers(0, 200))
def test_adding_and_subtracting_working_days_are_inverse(day: date, count: int) -> None:
    there = DAYS.add_working_days(day, count) if day.year < 2030 else day
    back = DAYS.add_working_days(there, -count) if there != day else day

    assert back == day


@given(some_day)
def test_next_and_previous_working_days_have_no_working_day_between(day: date) -> None:
    after, before = DAYS.next_working_day(day), DAYS.previous_working_day(day)

    assert before < day < after
    assert DAYS.is_working_day(after)
    assert DAYS.is_working_day(before)
    assert DAYS.working_days(before, after) == 2 + DAYS.is_working_day(day)


@given(some_day, st.integers(0, 60))
def test_net_working_days_never_exceed_working_days(day: date, length: int) -> None:
    last = day + timedelta(days=length)

    assert 0 <= DAYS.net_working_days(day, last) <= DAYS.working_days(day, last) <= length + 1


@given(some_day)
def test_a_full_working_day_is_an_office_day_and_an_office_day_a_working_day(day: date) -> None:
    assert DAYS.is_full_working_day(day) <= DAYS.is_office_day(day) <= DAYS.is_working_day(day)
