from datetime import date, timedelta

from sekaps.calendar.days import NATION, DayFact, DayTable, Layer, Place
from sekaps.calendar.windows import Window
from sekaps.demo.diary import Diary, busy_day
from sekaps.texts import Bilingual

STORM = DayFact(date(2023, 3, 1), Layer.CLOSURE, Bilingual("kar", "snow"), province="31")
DIARY = Diary(DayTable(date(2023, 1, 1), date(2023, 12, 31), (STORM,)))
WEEK = Window(date(2023, 2, 27), date(2023, 3, 5))


def test_nobody_works_at_weekends() -> None:
    assert DIARY.office_days(WEEK, NATION) == [date(2023, 2, 27) + timedelta(days=count) for count in range(5)]


def test_a_local_closure_stops_that_province_only() -> None:
    assert STORM.day not in DIARY.office_days(WEEK, Place("31"))
    assert STORM.day in DIARY.office_days(WEEK, Place("01"))


def test_the_next_office_day_is_one_at_the_place_and_nationwide() -> None:
    assert DIARY.after(date(2023, 2, 28), 1, Place("31")) == date(2023, 3, 2)
    assert DIARY.after(date(2023, 3, 3), 1, NATION) == date(2023, 3, 6)


def test_half_of_the_work_falls_into_the_last_days() -> None:
    days = [date(2023, 1, 1) + timedelta(days=count) for count in range(60)]
    places = [busy_day(days, step / 1_000) for step in range(1_000)]
    assert sum(place >= 52 for place in places) == 500
    assert (min(places), max(places)) == (0, 59)


def test_work_of_a_single_day_falls_on_it() -> None:
    assert {busy_day([date(2023, 1, 2)], step / 10) for step in range(10)} == {0}
