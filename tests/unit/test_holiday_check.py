from datetime import date, time

import pytest

from sekaps.calendar.days import DayFact, Layer
from sekaps.calendar.holiday_check import Extent, HolidayCheck, Listing, check_holidays
from sekaps.calendar.holiday_law import FirstDays, ReligiousDays
from sekaps.errors.calendar import YearUnknown
from sekaps.services.draft_review import religious_days
from sekaps.texts import Bilingual, text


def differing(check: HolidayCheck) -> list[tuple[str, list[str]]]:
    return [(each.day.isoformat(), [reading.extent.value for reading in each.readings]) for each in check.disagreements]


def listing(*days: tuple[date, time | None]) -> Listing:
    facts = tuple(DayFact(day, Layer.STATUTORY, Bilingual("Gün", "Day"), starts=starts) for day, starts in days)
    return Listing(text("calendar"), facts)


@pytest.mark.parametrize("year", range(2019, 2031))
def test_both_sources_agree_on_every_day_of_the_years_both_know(year: int) -> None:
    check = check_holidays(year, religious_days())

    assert (check.is_compared, check.disagreements) == (True, ())
    assert set(check.days) == {fact.day for fact in check.listings[0].facts}


def test_a_first_day_announced_one_day_later_differs_at_both_ends() -> None:
    first = religious_days().years[2026]
    moved = FirstDays(ramazan=date(2026, 3, 21), kurban=first.kurban, source="Duyuru")
    check = check_holidays(2026, ReligiousDays(years={2026: moved}))

    assert differing(check) == [
        ("2026-03-19", ["half", "none"]),
        ("2026-03-20", ["whole", "half"]),
        ("2026-03-23", ["none", "whole"]),
    ]
    assert check.disagreements[0].text.say("en") == (
        "on 19 March 2026 the sources do not agree: holidays package 0.109: half day (Eid al-Fitr),"
        " law 2429 with first days from Duyuru: no holiday"
    )


def test_a_year_only_the_package_knows_is_not_compared() -> None:
    check = check_holidays(2031, religious_days())

    assert (check.is_compared, check.is_announced, check.disagreements, len(check.listings)) == (False, False, (), 1)


def test_another_list_is_compared_with_both() -> None:
    check = check_holidays(2026, religious_days(), [listing((date(2026, 10, 28), None), (date(2026, 6, 1), None))])

    assert ("2026-10-28", ["half", "half", "whole"]) in differing(check)
    assert ("2026-06-01", ["none", "none", "whole"]) in differing(check)


def test_where_a_half_and_a_whole_holiday_meet_the_whole_one_holds() -> None:
    reading = check_holidays(2029, religious_days()).listings[1].on(date(2029, 4, 23))

    assert (reading.extent, reading.name) == (
        Extent.WHOLE,
        Bilingual("Ulusal Egemenlik ve Çocuk Bayramı", "National Sovereignty and Children's Day"),
    )


def test_a_year_without_known_holidays_is_refused() -> None:
    with pytest.raises(YearUnknown):
        check_holidays(1899, religious_days())
