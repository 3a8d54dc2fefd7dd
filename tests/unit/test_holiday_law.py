from datetime import date, time

import pytest
from pydantic import ValidationError

from sekaps.calendar.days import DayFact
from sekaps.calendar.holiday_law import FirstDays, ReligiousDays, holidays_by_law, read_religious_days
from sekaps.calendar.holidays_tr import statutory_facts
from sekaps.services.draft_review import religious_days

Days = list[tuple[date, str, time | None]]


def told(facts: tuple[DayFact, ...]) -> Days:
    return sorted((fact.day, fact.name.tr, fact.starts) for fact in facts if fact.is_whole_day) + sorted(
        ((fact.day, fact.name.tr, fact.starts) for fact in facts if not fact.is_whole_day), key=lambda each: each[0]
    )


@pytest.mark.parametrize("year", range(2019, 2031))
def test_the_law_and_the_package_give_the_same_holidays(year: int) -> None:
    by_package = statutory_facts(date(year, 1, 1), date(year, 12, 31))

    assert told(holidays_by_law(year, religious_days())) == told(by_package)


def test_the_second_source_knows_2019_to_2030_and_no_other_year() -> None:
    assert list(religious_days().years) == list(range(2019, 2031))
    assert holidays_by_law(2018, religious_days()) == holidays_by_law(2031, religious_days()) == ()


def test_only_computed_years_are_marked_as_not_announced() -> None:
    assert [year for year, first in religious_days().years.items() if not first.announced] == [2027, 2028, 2029]


def test_a_religious_holiday_begins_at_13_on_its_eve_and_lasts_three_or_four_days() -> None:
    (first,) = (religious_days().years[2027],)

    assert [(fact.day.isoformat(), fact.starts) for fact in first.facts()] == [
        ("2027-03-08", time(13)),
        ("2027-03-09", None),
        ("2027-03-10", None),
        ("2027-03-11", None),
        ("2027-05-15", time(13)),
        ("2027-05-16", None),
        ("2027-05-17", None),
        ("2027-05-18", None),
        ("2027-05-19", None),
    ]


@pytest.mark.parametrize(("year", "may_1", "july_15"), [(2008, False, False), (2009, True, False), (2017, True, True)])
def test_a_fixed_holiday_exists_from_the_year_its_law_made_it(year: int, may_1: bool, july_15: bool) -> None:
    first = FirstDays(ramazan=date(year, 9, 1), kurban=date(year, 12, 1), source="x")
    days = {fact.day for fact in holidays_by_law(year, ReligiousDays(years={year: first}))}

    assert (date(year, 5, 1) in days, date(year, 7, 15) in days) == (may_1, july_15)


def test_the_eve_of_a_holiday_that_begins_on_new_years_day_belongs_to_the_year_before() -> None:
    years = {
        2007: FirstDays(ramazan=date(2007, 10, 12), kurban=date(2007, 12, 20), source="x"),
        2008: FirstDays(ramazan=date(2008, 9, 30), kurban=date(2008, 1, 1), source="x"),
    }

    assert date(2007, 12, 31) in {fact.day for fact in holidays_by_law(2007, ReligiousDays(years=years))}


def test_a_fact_names_the_law_and_where_its_first_day_was_read() -> None:
    sources = {fact.source for fact in holidays_by_law(2026, religious_days())}

    assert sources == {"2429 sayılı Kanun", "2429 sayılı Kanun; Diyanet İşleri Başkanlığı duyurusu"}


def test_first_days_of_another_year_are_refused() -> None:
    with pytest.raises(ValidationError):
        read_religious_days("years:\n  2027: {ramazan: 2127-03-09, kurban: 2027-05-16, source: x}\n")
