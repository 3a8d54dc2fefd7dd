from collections import Counter
from datetime import date, time

import pytest

from sekaps.calendar.days import NATION, Place
from sekaps.calendar.legal_clock import Recess, Service
from sekaps.calendar.office_hours import read_office_hours
from sekaps.calendar.period_files import read_catalogue
from sekaps.calendar.period_grammar import parse_period
from sekaps.calendar.periods import (
    After,
    Before,
    EachYear,
    EndOfNextMonth,
    InMonth,
    Lasts,
    Length,
    MonthDay,
    MonthPart,
    NotBefore,
    Period,
    Unit,
)
from sekaps.errors.calendar import PeriodUnknown, YearUnknown
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.services.periods import find_deadline, find_period, office_hours, recesses, statutory_periods
from sekaps.services.programmes import day_table

ROW = """periods:
  - code: reply
    name: Reply
    law: Act
    article: 5
    source: text
    period: 15 days
    starts: service
"""


@pytest.mark.parametrize(
    ("phrase", "period"),
    [
        ("15 days", After(Length(15, Unit.DAY))),
        ("within 15 days", After(Length(15, Unit.DAY))),
        ("1 day", After(Length(1, Unit.DAY))),
        ("3 Weeks", After(Length(3, Unit.WEEK))),
        ("half a month", After(Length(1, Unit.HALF_MONTH))),
        ("10 business days", After(Length(10, Unit.WORKING_DAY))),
        ("15 gün", After(Length(15, Unit.DAY))),
        ("10 İŞ GÜNÜ", After(Length(10, Unit.WORKING_DAY))),
        ("3 ay", After(Length(3, Unit.MONTH))),
        ("yarım ay", After(Length(1, Unit.HALF_MONTH))),
        ("24  hours", After(Length(24, Unit.HOUR))),
        ("48 hours before", Before(Length(48, Unit.HOUR))),
        ("en az 48 saat önce", Before(Length(48, Unit.HOUR))),
        ("at least 3 months before", Before(Length(3, Unit.MONTH))),
        ("by 17:30 on the previous working day", Before(Length(1, Unit.WORKING_DAY), time(17, 30))),
        ("not earlier than 1 year before", NotBefore(Length(1, Unit.YEAR))),
        ("lasts 15 minutes", Lasts(Length(15, Unit.MINUTE))),
        ("end of the following month", EndOfNextMonth()),
        ("end of the month after receipt", EndOfNextMonth()),
        ("middle of the month", InMonth(MonthPart.MIDDLE)),
        ("each year from 12-01 to 12-15", EachYear(MonthDay(12, 1), MonthDay(12, 15))),
        ("season from 01-01 to 11-30", EachYear(MonthDay(1, 1), MonthDay(11, 30), is_season=True)),
    ],
)
def test_a_phrase_states_a_period(phrase: str, period: Period) -> None:
    assert parse_period(phrase) == period


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "days",
        "15",
        "15 fortnights",
        "-3 days",
        "1.5 months",
        "999999 days",
        "by 25:00 on the previous working day",
        "each year from 02-29 to 03-01",
        "each year from 12-15 to 12-01",
    ],
)
def test_other_phrases_state_none(phrase: str) -> None:
    assert parse_period(phrase) is None


@pytest.mark.parametrize(
    ("phrase", "english", "turkish"),
    [
        ("1 day", "within 1 day", "1 gün içinde"),
        ("15 days", "within 15 days", "15 gün içinde"),
        ("0 days", "on the day of the event", "olayın olduğu gün"),
        ("half a month", "within half a month", "yarım ay içinde"),
        ("48 hours before", "at least 48 hours before", "en az 48 saat önce"),
        ("0 hours before", "no later than the event itself", "en geç olay anında"),
        ("by 17:30 on the previous working day", "by 17:30, 1 working day before", "en geç 1 iş günü önce, saat 17:30"),
        ("not earlier than 1 year before", "not earlier than 1 year before", "en erken 1 yıl önce"),
        ("lasts 5 years", "lasts 5 years", "5 yıl sürer"),
        ("end of the following month", "by the end of the following month", "izleyen ayın sonuna kadar"),
        ("end of the month", "at the end of the month", "ay sonunda"),
        ("each year from 12-01 to 12-15", "each year from 01.12 to 15.12", "her yıl 01.12 - 15.12 arasında"),
    ],
)
def test_a_period_words_itself_in_both_languages(phrase: str, english: str, turkish: str) -> None:
    period = parse_period(phrase)
    assert period is not None

    assert (period.wording.say("en"), period.wording.say("tr")) == (english, turkish)


def test_every_code_of_the_catalogue_stands_once() -> None:
    codes = Counter(row.code for row in statutory_periods())

    assert [code for code, times in codes.items() if times > 1] == []
    assert len(codes) > 120


def test_every_row_says_what_its_law_says_or_that_it_is_a_reading() -> None:
    unexplained = [row.code for row in statutory_periods() if not row.confirmed and row.note is None]
    untranslated = [row.code for row in statutory_periods() if row.name.tr == row.name.en]

    assert (unexplained, untranslated) == ([], [])


@pytest.mark.parametrize(
    ("code", "period", "confirmed"),
    [
        ("administrative_action", "within 60 days", True),
        ("tax_action", "within 30 days", True),
        ("implied_refusal", "within 30 days", True),
        ("price_decision", "within 3 days", False),
        ("price_service", "within 24 hours", False),
        ("price_objection", "within 15 days", True),
        ("commission_court_action", "within 3 days", True),
        ("commission_inaction", "within 3 months", True),
        ("manoeuvre_damage", "within 5 days", False),
        ("vehicle_transfer", "within 10 days", False),
        ("muster_announcement", "at least 1 week before", True),
        ("deferred_post_tenure", "at least 3 months before", True),
        ("deferment_ceiling", "lasts 2 months", False),
        ("deferment_removal", "within 1 month", True),
        ("security_training_start", "by 17:30, 1 working day before", True),
        ("security_match_guard_list", "at least 48 hours before", True),
        ("security_insurance_lists", "by the end of the following month", True),
        ("security_card_first", "lasts 5 years", True),
    ],
)
def test_the_catalogue_carries_the_laws_periods(code: str, period: str, confirmed: bool) -> None:
    row = find_period(code).row
    assert row is not None

    assert (row.period.wording.say("en"), row.confirmed) == (period, confirmed)


@pytest.mark.parametrize("row", statutory_periods(), ids=lambda row: row.code)
def test_every_period_of_the_catalogue_can_be_counted(row: object) -> None:
    code = row.code  # type: ignore[attr-defined]
    found = find_deadline(code, date(2023, 6, 14), Place("31"))

    assert found.last_day == found.last_moment.date()
    assert all(step.say("tr") and step.say("en") for step in found.steps)


def test_the_recess_prolongs_only_the_periods_of_its_law() -> None:
    assert recesses() == {"judicial": Recess(MonthDay(7, 20), MonthDay(8, 31), 7, "2577 s. K. m.8/3")}
    assert find_deadline("administrative_action", date(2024, 6, 5)).last_day == date(2024, 9, 9)
    assert find_deadline("60 days", date(2024, 6, 5)).last_day == date(2024, 8, 5)


def test_a_deadline_tells_the_law_first_and_its_doubts_last() -> None:
    found = find_deadline("price_service", date(2023, 6, 14), service=Service.BY_HAND)
    said = [step.say("en") for step in found.steps]

    assert said[0] == (
        "Service of the price decision on the owners (National Defence Obligations Act (3634), article 58):"
        " within 24 hours; it starts from: arrival of the decision at the commission"
    )
    assert said[-2:] == [
        "then: the owner's fifteen days start",
        "not confirmed by the text; the reading taken: the start of the 24 hours is not recorded here;"
        " they are counted from arrival at the commission",
    ]


def test_an_unknown_period_lists_near_ones() -> None:
    with pytest.raises(PeriodUnknown) as raised:
        find_period("security_training_strat")
    assert "security_training_start" in raised.value.near
    with pytest.raises(PeriodUnknown, match="near it: evacuation_hours, evacuation_days, evacuation_month;"):
        find_period("evacuation")
    with pytest.raises(PeriodUnknown, match="sekaps deadline --list"):
        find_period("")


@pytest.mark.parametrize(
    ("phrase", "event"),
    [("99999 years", date(2023, 1, 1)), ("99999 days", date(2023, 1, 1)), ("1 day", date(1900, 1, 1))],
)
def test_a_period_beyond_the_known_years_is_refused(phrase: str, event: date) -> None:
    with pytest.raises(YearUnknown):
        find_deadline(phrase, event)


def test_a_period_before_an_event_reaches_back() -> None:
    assert find_deadline("10 years before", date(2023, 6, 14)).last_day == date(2013, 6, 14)


@pytest.mark.parametrize(
    ("written", "line", "path", "problem"),
    [
        (ROW.replace("15 days", "a while"), 7, "periods[0].period", "a period is a phrase"),
        (ROW.replace("15 days", "15"), 7, "periods[0].period", "a period is a phrase"),
        (ROW.replace("    starts: service\n", ""), 2, "periods[0].starts", "required, but missing"),
        (ROW + "    confirmed: false\n", 2, "periods[0]", "needs a note"),
        (ROW + "    recess: judicial\n", 1, "", "reply: unknown recess 'judicial'"),
        (
            "recesses:\n  summer: {opens: 20 July, closes: 08-31, extension_days: 7, source: a, confirmed: true}\n"
            + ROW,
            2,
            "recesses.summer.opens",
            "a day of the year is expected",
        ),
    ],
)
def test_an_error_of_a_catalogue_is_told_with_its_line(written: str, line: int, path: str, problem: str) -> None:
    with pytest.raises(ProgrammeInvalid) as raised:
        read_catalogue(written, "periods.yaml")
    flaw = raised.value.flaws[0]

    assert (flaw.line, flaw.path) == (line, path)
    assert problem in flaw.problem.say("en")


OWN_HOURS = """default: {opens: "08:30", closes: "17:30", source: varsayım, confirmed: false}
provinces:
  "07": {opens: "08:00", closes: "12:30", source: Valilik, confirmed: true}
"""


@pytest.mark.parametrize(
    ("day", "place", "closes"),
    [
        (date(2023, 6, 26), NATION, time(17, 30)),
        (date(2023, 6, 27), NATION, time(13)),
        (date(2023, 6, 26), Place("07"), time(12, 30)),
        (date(2023, 6, 27), Place("07"), time(12, 30)),
        (date(2023, 6, 27), Place("34"), time(13)),
    ],
)
def test_a_day_closes_with_its_provinces_offices_or_its_holiday(day: date, place: Place, closes: time) -> None:
    hours = read_office_hours(OWN_HOURS, "office_hours.yaml")

    assert hours.closing(day, place, day_table(day, day)) == closes


def test_the_shipped_hours_are_the_default_and_not_confirmed() -> None:
    default = office_hours().at(Place("34"))

    assert (default.opens, default.closes, default.confirmed) == (time(8, 30), time(17, 30), False)


def test_an_office_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ProgrammeInvalid) as raised:
        read_office_hours(OWN_HOURS.replace("17:30", "07:30"), "office_hours.yaml")

    assert [flaw.line for flaw in raised.value.flaws] == [1]
