from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict, Unpack

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from sekaps.calendar.days import NATION, DayFact, DayTable, Layer, Place
from sekaps.calendar.legal_clock import Deadline, Recess, Service, deadline
from sekaps.calendar.office_hours import OfficeDay, OfficeHours
from sekaps.calendar.period_grammar import parse_period
from sekaps.calendar.periods import MonthDay
from sekaps.errors.calendar import ServiceInapplicable
from sekaps.services.programmes import day_table
from sekaps.texts import ZONE, Bilingual

DAYS = day_table(date(2012, 1, 1), date(2036, 12, 31))
HATAY, ANKARA = Place("31"), Place("06")
HOURS = OfficeDay(opens=time(8, 30), closes=time(17, 30), source="varsayım", confirmed=False)
EARLY = OfficeDay(opens=time(8), closes=time(17), source="Valilik", confirmed=True)
OFFICE = OfficeHours(default=HOURS, provinces={"06": EARLY})
RECESS = Recess(MonthDay(7, 20), MonthDay(8, 31), 7, "2577 s. K. m.8/3")


class More(TypedDict, total=False):
    days: DayTable
    service: Service
    recess: Recess


def count(phrase: str, event: date, place: Place = NATION, **more: Unpack[More]) -> Deadline:
    period = parse_period(phrase)
    assert period is not None
    asked: More = {"days": DAYS, **more}
    return deadline(period, event, place=place, office=OFFICE, **asked)


def ends(phrase: str, event: str, place: Place = NATION, **more: Unpack[More]) -> str:
    start = date.fromisoformat(event) if len(event) == 10 else datetime.fromisoformat(event)
    return f"{count(phrase, start, place, **more).last_moment:%Y-%m-%d %H:%M}"


def steps(phrase: str, event: str, place: Place = NATION) -> list[str]:
    return [step.say("en") for step in count(phrase, date.fromisoformat(event), place).steps]


@pytest.mark.parametrize(
    ("phrase", "event", "last"),
    [
        pytest.param("8 days", "2023-03-01", "2023-03-09 17:30", id="the start day is not counted"),
        pytest.param("0 days", "2023-03-01", "2023-03-01 17:30", id="no days end on the day itself"),
        pytest.param("half a month", "2023-03-01", "2023-03-16 17:30", id="half a month is 15 days"),
        pytest.param("2 weeks", "2023-03-01", "2023-03-15 17:30", id="weeks end on the same weekday"),
        pytest.param("1 month", "2023-01-31", "2023-02-28 17:30", id="a short month ends a period on its last day"),
        pytest.param("1 month", "2024-01-31", "2024-02-29 17:30", id="29 February is the last day of a leap year"),
        pytest.param("1 year", "2024-02-29", "2025-02-28 17:30", id="29 February a year later is the 28th"),
        pytest.param("3 months", "2023-02-28", "2023-05-29 17:30", id="28 February is not a month's end: same number"),
        pytest.param("5 days", "2023-05-01", "2023-05-08 17:30", id="a Saturday rolls on to Monday"),
        pytest.param("10 days", "2023-06-18", "2023-07-03 17:30", id="Kurban Bayramı of 2023 rolls on over a weekend"),
        pytest.param("9 days", "2023-06-18", "2023-06-27 13:00", id="the eve of Kurban ends a period, at 13:00"),
        pytest.param("8 days", "2023-06-18", "2023-06-26 17:30", id="administrative leave does not move a last day"),
        pytest.param("8 days", "2024-10-20", "2024-10-28 13:00", id="28 October closes at 13:00"),
        pytest.param("9 days", "2024-10-20", "2024-10-30 17:30", id="29 October rolls on"),
        pytest.param("10 working days", "2023-04-10", "2023-04-25 17:30", id="holidays do not count, half days do"),
        pytest.param("3 days", "2024-01-30T23:59", "2024-02-02 17:30", id="the hour of the event does not matter"),
        pytest.param("end of the following month", "2023-05-01", "2023-07-03 17:30", id="end of next month rolls on"),
        pytest.param("end of the month after receipt", "2024-01-31", "2024-02-29 17:30", id="end of February"),
        pytest.param("beginning of the month", "2023-03-01", "2023-03-01 17:30", id="the 1st itself"),
        pytest.param("beginning of the month", "2023-03-02", "2023-04-03 17:30", id="the 1st of next month"),
        pytest.param("middle of the month", "2023-03-02", "2023-03-15 17:30", id="the 15th"),
        pytest.param("end of the month", "2023-03-31", "2023-03-31 17:30", id="the last day"),
        pytest.param("each year from 01-01 to 01-31", "2023-05-01", "2024-01-31 17:30", id="the next January"),
        pytest.param("each year from 12-01 to 12-15", "2023-12-15", "2023-12-15 17:30", id="the window's last day"),
        pytest.param("season from 01-01 to 11-30", "2024-03-01", "2024-11-30 23:59", id="a season does not roll on"),
        pytest.param("lasts 5 years", "2020-02-29", "2025-02-28 23:59", id="a card runs to the end of its day"),
        pytest.param("lasts 30 days", "2023-06-01", "2023-07-01 23:59", id="what lasts is not prolonged by a holiday"),
        pytest.param("lasts 15 minutes", "2023-06-01T10:00", "2023-06-01 10:15", id="minutes"),
    ],
)
def test_forward(phrase: str, event: str, last: str) -> None:
    assert ends(phrase, event) == last


@pytest.mark.parametrize(
    ("phrase", "event", "last"),
    [
        pytest.param("24 hours", "2023-06-27T16:00", "2023-06-28 16:00", id="hours run on through a holiday"),
        pytest.param("48 hours", "2022-03-25T12:00", "2022-03-27 12:00", id="the zone has no daylight saving"),
        pytest.param("24 hours", "2015-03-28T12:00", "2015-03-29 13:00", id="in 2015 it had: 24 real hours"),
        pytest.param("24 hours", "2023-06-01", "2023-06-02 00:00", id="without an hour the day's first moment counts"),
        pytest.param("24 hours", "2023-06-01T09:00+00:00", "2023-06-02 12:00", id="an instant of another zone"),
        pytest.param("48 hours before", "2023-06-30T20:00", "2023-06-28 20:00", id="backwards, on a holiday too"),
        pytest.param("0 hours before", "2023-06-30T20:00", "2023-06-30 20:00", id="no later than the event"),
    ],
)
def test_hours_are_real_hours(phrase: str, event: str, last: str) -> None:
    assert ends(phrase, event) == last


@pytest.mark.parametrize(
    ("phrase", "event", "last"),
    [
        pytest.param("15 days before", "2023-03-16", "2023-03-01 17:30", id="days before"),
        pytest.param("1 month before", "2023-03-31", "2023-02-28 17:30", id="a month before"),
        pytest.param("1 month before", "2023-07-28", "2023-06-27 13:00", id="a holiday is brought forward, to 13:00"),
        pytest.param("3 months before", "2023-06-11", "2023-03-10 17:30", id="a Saturday is brought forward"),
        pytest.param("1 week before", "2023-03-16", "2023-03-09 17:30", id="a week before"),
        pytest.param("10 working days before", "2023-05-02", "2023-04-14 17:30", id="working days before"),
        pytest.param("by 17:30 on the previous working day", "2023-05-02", "2023-04-28 17:30", id="over a holiday"),
        pytest.param("by 10:00 on the previous working day", "2023-05-04", "2023-05-03 10:00", id="by an earlier hour"),
        pytest.param("by 17:30 on the previous working day", "2023-06-28", "2023-06-27 13:00", id="the eve of Kurban"),
    ],
)
def test_backward(phrase: str, event: str, last: str) -> None:
    assert ends(phrase, event) == last


def test_what_may_not_be_done_earlier_has_a_first_moment() -> None:
    found = count("not earlier than 1 year before", date(2024, 5, 31))
    hour = count("not earlier than 1 hour before", datetime(2024, 5, 31, 10, tzinfo=ZONE))

    assert (found.first_moment, found.last_moment) == (
        datetime(2023, 5, 31, tzinfo=ZONE),
        datetime(2024, 5, 31, 23, 59, 59, tzinfo=ZONE),
    )
    assert (hour.first_moment, hour.last_moment) == (
        datetime(2024, 5, 31, 9, tzinfo=ZONE),
        datetime(2024, 5, 31, 10, tzinfo=ZONE),
    )


@pytest.mark.parametrize(
    ("service", "phrase", "event", "last"),
    [
        pytest.param(Service.ELECTRONIC, "0 days", "2021-12-11", "2021-12-16 17:30", id="11.12.2021 → 16.12.2021"),
        pytest.param(Service.ELECTRONIC, "15 days", "2021-12-11", "2021-12-31 17:30", id="then the period runs"),
        pytest.param(Service.ELECTRONIC, "3 days", "2019-05-20", "2019-05-28 17:30", id="20.05.2019 → 25.05.2019"),
        pytest.param(
            Service.ELECTRONIC, "24 hours", "2021-12-11", "2021-12-18 00:00", id="hours from the 5th day's end"
        ),
        pytest.param(Service.ANNOUNCEMENT, "60 days", "2023-01-02", "2023-03-20 17:30", id="15 days, then 60"),
        pytest.param(Service.BY_HAND, "15 days", "2023-03-01", "2023-03-16 17:30", id="by hand"),
    ],
)
def test_service(service: Service, phrase: str, event: str, last: str) -> None:
    assert ends(phrase, event, service=service) == last


def test_no_service_starts_a_period_before_an_event() -> None:
    with pytest.raises(ServiceInapplicable, match="at least 48 hours before"):
        count("48 hours before", date(2023, 5, 1), service=Service.ELECTRONIC)


@pytest.mark.parametrize(
    ("phrase", "event", "in_hatay", "in_ankara"),
    [
        pytest.param(
            "15 days", "2023-02-01", "2023-04-17 17:30", "2023-02-16 17:00", id="stopped: 4 days gone, 11 left"
        ),
        pytest.param("15 days", "2023-02-20", "2023-04-24 17:30", "2023-03-07 17:00", id="begun while stopped"),
        pytest.param("1 month", "2023-02-20", "2023-05-08 17:30", "2023-03-20 17:00", id="a month from the restart"),
        pytest.param("2 months", "2023-01-31", "2023-05-30 17:30", "2023-03-31 17:00", id="54 days were left"),
        pytest.param("5 days", "2023-01-31", "2023-04-07 17:30", "2023-02-06 17:00", id="a Sunday rolls into the stop"),
        pytest.param("10 working days", "2023-02-01", "2023-04-18 17:30", "2023-02-15 17:00", id="working days"),
        pytest.param("24 hours", "2023-02-05T12:00", "2023-04-07 12:00", "2023-02-06 12:00", id="hours stop too"),
        pytest.param(
            "24 hours", "2023-02-10T12:00", "2023-04-08 00:00", "2023-02-11 12:00", id="hours from the restart"
        ),
        pytest.param("24 hours", "2023-02-05", "2023-02-06 00:00", "2023-02-06 00:00", id="hours over as it stops"),
        pytest.param("5 days before", "2023-03-01", "2023-02-24 17:30", "2023-02-24 17:00", id="backwards: no stop"),
        pytest.param("15 days", "2023-04-06", "2023-04-24 17:30", "2023-04-24 17:00", id="the last stopped day"),
        pytest.param("15 days", "2023-04-07", "2023-04-24 17:30", "2023-04-24 17:00", id="the day after"),
    ],
)
def test_the_earthquake_stops_clocks_in_ten_provinces(phrase: str, event: str, in_hatay: str, in_ankara: str) -> None:
    assert (ends(phrase, event, HATAY), ends(phrase, event, ANKARA)) == (in_hatay, in_ankara)


def test_two_suspensions_stop_one_period_twice() -> None:
    name = Bilingual("sel", "flood")
    stopped = (date(2023, 5, 3), date(2023, 5, 4), date(2023, 5, 10))
    facts = tuple(DayFact(day, Layer.SUSPENSION, name, province="31", district="3101") for day in stopped)
    days = DayTable(date(2023, 4, 1), date(2023, 6, 30), facts)

    assert ends("10 days", "2023-05-01", Place("31", "3101"), days=days) == "2023-05-15 17:30"
    assert ends("10 days", "2023-05-01", Place("31", "3102"), days=days) == "2023-05-11 17:30"
    assert ends("96 hours", "2023-05-02", Place("31", "3101"), days=days) == "2023-05-08 00:00"


@pytest.mark.parametrize(
    ("event", "last"),
    [
        pytest.param("2013-07-02", "2013-09-09 17:30", id="31.08.2013 lies in the recess; 7 September is a Saturday"),
        pytest.param("2013-07-03", "2013-09-02 17:30", id="1 September lies after it"),
        pytest.param("2023-05-21", "2023-09-07 17:30", id="20 July lies in it"),
        pytest.param("2023-05-20", "2023-07-19 17:30", id="19 July lies before it"),
    ],
)
def test_a_period_that_ends_in_the_recess_ends_seven_days_after_it(event: str, last: str) -> None:
    assert ends("60 days", event, recess=RECESS) == last


def test_a_closure_by_order_does_not_move_a_last_day_and_says_so() -> None:
    snow = DayFact(date(2023, 3, 9), Layer.CLOSURE, Bilingual("kar", "snow"), province="31", source="Valilik")
    days = DayTable(date(2023, 1, 1), date(2023, 12, 31), (snow,))
    found = count("8 days", date(2023, 3, 1), HATAY, days=days)

    assert found.last_day == date(2023, 3, 9)
    assert "9 March 2023: closure by order (snow); this does not move a last day, though offices may be shut" in [
        step.say("en") for step in found.steps
    ]


def test_the_reasoning_names_every_step() -> None:
    assert steps("15 days", "2023-02-01", HATAY) == [
        "the event: 1 February 2023, Wednesday",
        "the day it starts from, 1 February 2023, is not counted",
        "15 days later: 16 February 2023, Thursday",
        "legal periods stood still here from 6 February 2023 to 6 April 2023 (Earthquakes of 6 February);"
        " they run again from 7 April 2023",
        "days left: 11; they run on from 7 April 2023 and end on 17 April 2023",
        "the last moment is the close of that day's hours: 17 April 2023 17:30",
    ]


def test_an_estimated_year_is_told() -> None:
    assert steps("1 month", "2034-05-02")[-1] == "the religious holidays of 2034 are estimated; the last day may move"


# An independent count: no shared code, one day (or minute) at a time, holidays straight from the library.

FULL = country_holidays("TR", years=range(2018, 2037), language="tr", categories=("public",))
HALF = country_holidays("TR", years=range(2018, 2037), language="tr", categories=("half_day",))
TEN = {"01", "02", "21", "27", "31", "44", "46", "63", "79", "80"}
DAY = timedelta(days=1)

events = st.dates(date(2019, 1, 1), date(2030, 12, 31)) | st.dates(date(2022, 12, 1), date(2023, 4, 30))
moments = st.datetimes(datetime(2023, 1, 30), datetime(2023, 4, 20)) | st.datetimes(  # noqa: DTZ001
    datetime(2019, 1, 1),  # noqa: DTZ001
    datetime(2030, 12, 31),  # noqa: DTZ001
)
places = st.sampled_from(["31", "44", "34", None])


def is_stopped(day: date, province: str | None) -> bool:
    return province in TEN and "2023-02-06" <= day.isoformat() <= "2023-04-06"


def is_holiday(day: date) -> bool:
    return day.isoweekday() > 5 or day in FULL


def closes(day: date) -> str:
    return f"{day} 13:00" if day in HALF else f"{day} 17:30"


def rolled(day: date, province: str | None) -> str:
    while is_holiday(day) or is_stopped(day, province):
        day += DAY
    return closes(day)


def brute_days(amount: int, event: date, province: str | None, *, working: bool = False) -> date:
    day, left = event, amount
    while left:
        day += DAY
        if not is_stopped(day, province) and not (working and is_holiday(day)):
            left -= 1
    return day


def brute_months(amount: int, event: date, province: str | None) -> date:
    base = event
    while is_stopped(base, province) and is_stopped(base + DAY, province):
        base += DAY
    day, passed, walked = base, 0, 0
    while passed < amount or not (day.day == base.day or (day + DAY).day == 1):
        day, walked = day + DAY, walked + 1
        passed += day.day == 1
    return brute_days(walked, base, province)


def place_of(province: str | None) -> Place:
    return Place(province)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 120), st.sampled_from([("days", 1), ("weeks", 7), ("half a month", 15)]), events, places)
def test_days_and_weeks_agree_with_a_count_by_hand(
    amount: int, unit: tuple[str, int], event: date, province: str | None
) -> None:
    word, days = unit
    amount, phrase = (1, word) if word == "half a month" else (amount, f"{amount} {word}")
    counted = brute_days(amount * days, event, province)

    assert ends(phrase, event.isoformat(), place_of(province)) == rolled(counted, province)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 60), events, places)
def test_working_days_agree_with_a_count_by_hand(amount: int, event: date, province: str | None) -> None:
    counted = brute_days(amount, event, province, working=True)

    assert ends(f"{amount} working days", event.isoformat(), place_of(province)) == closes(counted)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 30), events, places)
def test_months_agree_with_a_count_by_hand(amount: int, event: date, province: str | None) -> None:
    counted = brute_months(amount, event, province)

    assert ends(f"{amount} months", event.isoformat(), place_of(province)) == rolled(counted, province)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), events, places)
def test_years_are_twelve_months(amount: int, event: date, province: str | None) -> None:
    counted = brute_months(12 * amount, event, province)

    assert ends(f"{amount} years", event.isoformat(), place_of(province)) == rolled(counted, province)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([Service.ELECTRONIC, Service.ANNOUNCEMENT]), st.integers(1, 60), events, places)
def test_service_agrees_with_a_count_by_hand(service: Service, amount: int, event: date, province: str | None) -> None:
    served = event
    for _ in range(5 if service is Service.ELECTRONIC else 15):
        served += DAY
    counted = rolled(brute_days(amount, served, province), province)

    assert ends(f"{amount} days", event.isoformat(), place_of(province), service=service) == counted


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 60), moments, places)
def test_hours_agree_with_a_count_by_the_minute(hours: int, event: datetime, province: str | None) -> None:
    event = event.replace(second=0, microsecond=0)
    moment = event
    if hours:
        while is_stopped(moment.date(), province):
            moment = datetime.combine(moment.date() + DAY, time())
    for _ in range(hours * 60):
        while is_stopped(moment.date(), province):
            moment = datetime.combine(moment.date() + DAY, time())
        moment += timedelta(minutes=1)

    assert ends(f"{hours} hours", event.isoformat(), place_of(province)) == f"{moment:%Y-%m-%d %H:%M}"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 90), st.booleans(), events)
def test_counting_back_agrees_with_a_count_by_hand(amount: int, working: bool, event: date) -> None:
    day, left = event, amount
    while left:
        day -= DAY
        left -= not (working and is_holiday(day))
    while is_holiday(day):
        day -= DAY
    unit = "working days" if working else "days"

    assert ends(f"{amount} {unit} before", event.isoformat()) == closes(day)


@settings(max_examples=80, deadline=None)
@given(moments, st.integers(0, 100))
def test_hours_before_are_exact(event: datetime, hours: int) -> None:
    found = count(f"{hours} hours before", event)

    assert event.replace(tzinfo=ZONE).astimezone(UTC) - found.last_moment.astimezone(UTC) == timedelta(hours=hours)


@settings(max_examples=80, deadline=None)
@given(events, places)
def test_ends_of_months_agree_with_a_count_by_hand(event: date, province: str | None) -> None:
    day = event
    while (day + DAY).day != 1:
        day += DAY
    this_month, day = day, day + DAY
    while (day + DAY).day != 1:
        day += DAY

    assert ends("end of the month", event.isoformat(), place_of(province)) == rolled(this_month, province)
    assert ends("end of the following month", event.isoformat(), place_of(province)) == rolled(day, province)


@settings(max_examples=80, deadline=None)
@given(events, st.integers(1, 60))
def test_the_recess_agrees_with_a_count_by_hand(event: date, amount: int) -> None:
    day = brute_days(amount, event, None)
    while (7, 20) <= (day.month, day.day) <= (8, 31):
        day = date(day.year, 9, 7)

    assert ends(f"{amount} days", event.isoformat(), recess=RECESS) == rolled(day, None)


@settings(max_examples=80, deadline=None)
@given(events, places)
def test_a_yearly_window_agrees_with_a_count_by_hand(event: date, province: str | None) -> None:
    day = event
    while (day.month, day.day) != (12, 15):
        day += DAY

    assert ends("each year from 12-01 to 12-15", event.isoformat(), place_of(province)) == rolled(day, province)
    assert ends("season from 12-01 to 12-15", event.isoformat(), place_of(province)) == f"{day} 23:59"


@settings(max_examples=80, deadline=None)
@given(events, st.integers(1, 400), places)
def test_what_lasts_ends_on_its_counted_day(event: date, amount: int, province: str | None) -> None:
    day = event
    for _ in range(amount):
        day += DAY

    assert ends(f"lasts {amount} days", event.isoformat(), place_of(province)) == f"{day} 23:59"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60), events, places)
def test_a_longer_period_never_ends_earlier(amount: int, event: date, province: str | None) -> None:
    place = place_of(province)

    assert count(f"{amount} days", event, place).last_moment <= count(f"{amount + 1} days", event, place).last_moment
