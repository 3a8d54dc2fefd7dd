import datetime
from datetime import date, time

import pytest
from holidays import country_holidays
from holidays.countries.turkey import TurkeyIslamicHolidays

from sekaps.calendar.days import DayFact, Layer
from sekaps.calendar.holidays_tr import (
    CONFIRMED_YEARS,
    ENGLISH_NAMES,
    SOURCE,
    is_confirmed,
    require_confirmed,
    statutory_facts,
)
from sekaps.errors.calendar import YearUnconfirmed, YearUnknown
from sekaps.texts import Bilingual


def facts_of(year: int) -> tuple[DayFact, ...]:
    return statutory_facts(date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize(
    ("year", "ramazan", "kurban"),
    [
        (2019, (date(2019, 6, 4), date(2019, 6, 6)), (date(2019, 8, 11), date(2019, 8, 14))),
        (2020, (date(2020, 5, 24), date(2020, 5, 26)), (date(2020, 7, 31), date(2020, 8, 3))),
        (2021, (date(2021, 5, 13), date(2021, 5, 15)), (date(2021, 7, 20), date(2021, 7, 23))),
        (2022, (date(2022, 5, 2), date(2022, 5, 4)), (date(2022, 7, 9), date(2022, 7, 12))),
        (2023, (date(2023, 4, 21), date(2023, 4, 23)), (date(2023, 6, 28), date(2023, 7, 1))),
        (2024, (date(2024, 4, 10), date(2024, 4, 12)), (date(2024, 6, 16), date(2024, 6, 19))),
        (2025, (date(2025, 3, 30), date(2025, 4, 1)), (date(2025, 6, 6), date(2025, 6, 9))),
        (2026, (date(2026, 3, 20), date(2026, 3, 22)), (date(2026, 5, 27), date(2026, 5, 30))),
        (2027, (date(2027, 3, 9), date(2027, 3, 11)), (date(2027, 5, 16), date(2027, 5, 19))),
        (2028, (date(2028, 2, 26), date(2028, 2, 28)), (date(2028, 5, 5), date(2028, 5, 8))),
        (2029, (date(2029, 2, 14), date(2029, 2, 16)), (date(2029, 4, 24), date(2029, 4, 27))),
        (2030, (date(2030, 2, 4), date(2030, 2, 6)), (date(2030, 4, 13), date(2030, 4, 16))),
    ],
)
def test_religious_holidays_fall_on_their_announced_days(
    year: int, ramazan: tuple[date, date], kurban: tuple[date, date]
) -> None:
    for name, (first, last) in {"Ramazan Bayramı": ramazan, "Kurban Bayramı": kurban}.items():
        whole = [fact.day for fact in facts_of(year) if fact.name.tr == name and fact.is_whole_day]
        eves = [fact.day for fact in facts_of(year) if fact.name.tr == name and not fact.is_whole_day]

        assert (whole[0], whole[-1]) == (first, last)
        assert eves == [first - datetime.timedelta(days=1)]


def test_a_half_day_begins_at_13_and_carries_the_plain_name() -> None:
    eve = next(fact for fact in facts_of(2023) if fact.day == date(2023, 6, 27))

    assert eve == DayFact(
        date(2023, 6, 27), Layer.STATUTORY, Bilingual("Kurban Bayramı", "Eid al-Adha"), starts=time(13), source=SOURCE
    )


def test_two_holidays_on_one_day_are_two_facts() -> None:
    names = [fact.name.tr for fact in facts_of(2023) if fact.day == date(2023, 4, 23)]

    assert names == ["Ramazan Bayramı", "Ulusal Egemenlik ve Çocuk Bayramı"]


def test_the_names_do_not_follow_the_locale_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    assert facts_of(2031)[0].name.tr == "Yılbaşı"


def test_only_the_asked_days_come_back() -> None:
    facts = statutory_facts(date(2023, 12, 31), date(2024, 1, 1))

    assert [(fact.day, fact.name.en) for fact in facts] == [(date(2024, 1, 1), "New Year's Day")]


def test_unconfirmed_years_are_estimated_and_say_so() -> None:
    facts = {fact.day: fact for fact in facts_of(2033)}

    assert facts[date(2033, 3, 11)].estimated
    assert facts[date(2033, 3, 10)].estimated
    assert facts[date(2033, 3, 10)].starts == time(13)
    assert not facts[date(2033, 8, 30)].estimated
    assert not any(fact.estimated for fact in facts_of(2032))


def test_the_confirmed_years_are_those_of_the_package() -> None:
    stated = vars(TurkeyIslamicHolidays)
    confirmed = {years for name, years in stated.items() if "DATES_CONFIRMED_YEARS" in name}

    assert confirmed == {CONFIRMED_YEARS}
    assert is_confirmed(2032)
    assert not is_confirmed(2033)


def test_the_english_names_are_those_of_the_package() -> None:
    english = country_holidays("TR", years=range(1936, 2033), language="en_US")
    names = {name for day in english for name in english.get_list(day)} - {"Public Holiday"}

    assert set(ENGLISH_NAMES.values()) == names


@pytest.mark.parametrize("year", [1935, 2033])
def test_an_unconfirmed_year_is_refused(year: int) -> None:
    with pytest.raises(YearUnconfirmed, match="not confirmed"):
        require_confirmed(year)


@pytest.mark.parametrize("year", [1935, 2101])
def test_a_year_without_known_holidays_is_refused(year: int) -> None:
    with pytest.raises(YearUnknown, match="no holidays are known"):
        facts_of(year)
