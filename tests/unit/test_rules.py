from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.rule_forms import Ordinal
from sekaps.calendar.rules import add_months, evaluate, parse_rule
from sekaps.errors.calendar import RuleImpossible, RuleUnreadable
from sekaps.services.programmes import day_table

DAYS = day_table(date(2018, 1, 1), date(2031, 12, 31))
DATES = {"needs_close": date(2023, 4, 28), "start": date(2023, 1, 31)}

ANSWERS = [
    ("second Monday of January", date(2023, 1, 9), "ocak ayının ikinci pazartesi günü"),
    ("2nd Monday of January", date(2023, 1, 9), "ocak ayının ikinci pazartesi günü"),
    ("last Friday of April", date(2023, 4, 28), "nisan ayının son cuma günü"),
    ("last working day of April", date(2023, 4, 28), "nisan ayının son iş günü"),
    ("last working day of June", date(2023, 6, 27), "haziran ayının son iş günü"),
    ("last full working day of June", date(2023, 6, 23), "haziran ayının son tam iş günü"),
    ("last weekday of June", date(2023, 6, 30), "haziran ayının son hafta içi günü"),
    ("6th working day of January", date(2023, 1, 9), "ocak ayının 6. iş günü"),
    ("last day of January", date(2023, 1, 31), "ocak ayının son günü"),
    ("first day of March", date(2023, 3, 1), "mart ayının ilk günü"),
    ("first working day of March next year", date(2024, 3, 1), "ertesi yılın mart ayının ilk iş günü"),
    ("last Monday of December previous year", date(2022, 12, 26), "önceki yılın aralık ayının son pazartesi günü"),
    ("15 January", date(2023, 1, 15), "15 Ocak"),
    ("1 March next year", date(2024, 3, 1), "ertesi yıl 1 Mart"),
    ("31 December previous year", date(2022, 12, 31), "önceki yıl 31 Aralık"),
    ("next working day after needs_close", date(2023, 5, 2), "needs_close tarihinden sonraki ilk iş günü"),
    ("working day after needs_close", date(2023, 5, 2), "needs_close tarihinden sonraki ilk iş günü"),
    ("working day before needs_close", date(2023, 4, 27), "needs_close tarihinden önceki son iş günü"),
    ("previous working day before needs_close", date(2023, 4, 27), "needs_close tarihinden önceki son iş günü"),
    ("next Monday after 3 May", date(2023, 5, 8), "3 Mayıs tarihinden sonraki ilk pazartesi günü"),
    ("10 working days after needs_close", date(2023, 5, 15), "needs_close tarihinden 10 iş günü sonra"),
    ("1 working day after needs_close", date(2023, 5, 2), "needs_close tarihinden 1 iş günü sonra"),
    ("3 days before needs_close", date(2023, 4, 25), "needs_close tarihinden 3 gün önce"),
    ("2 weeks after needs_close", date(2023, 5, 12), "needs_close tarihinden 2 hafta sonra"),
    ("1 month after start", date(2023, 2, 28), "start tarihinden 1 ay sonra"),
    ("13 months before start", date(2021, 12, 31), "start tarihinden 13 ay önce"),
    ("first working day on or after 15 July", date(2023, 7, 17), "15 Temmuz tarihindeki veya sonrasındaki ilk iş günü"),
    (
        "last working day on or before 30 June",
        date(2023, 6, 27),
        "30 Haziran tarihindeki veya öncesindeki son iş günü",
    ),
    ("same day as needs_close", date(2023, 4, 28), "needs_close ile aynı gün"),
]


@pytest.mark.parametrize(("written", "expected", "turkish"), ANSWERS)
def test_a_rule_gives_its_date_and_its_turkish_wording(written: str, expected: date, turkish: str) -> None:
    rule = parse_rule(written)

    assert evaluate(rule, 2023, DATES, DAYS) == expected
    assert rule.say("tr") == turkish


@pytest.mark.parametrize("written", [written for written, _, _ in ANSWERS])
def test_the_english_wording_of_a_rule_is_the_rule_again(written: str) -> None:
    rule = parse_rule(written)

    assert parse_rule(rule.say("en")).form == rule.form


def test_case_and_spaces_make_no_difference() -> None:
    assert parse_rule("  LAST   Working Day of APRIL ").form == parse_rule("last working day of April").form


def test_a_rule_needs_the_boundary_it_hangs_on() -> None:
    assert parse_rule("next working day after Needs_Close").needs == {"needs_close"}
    assert parse_rule("3 days after 15 January").needs == set()
    assert parse_rule("15 January").needs == set()


@pytest.mark.parametrize(
    ("written", "column", "problem"),
    [
        (
            "last blue day of June",
            6,
            "'blue' does not fit here; expected: a kind of day (working day, weekday, Monday)",
        ),
        ("fifth Monday of", 16, "the rule ends too early; expected: a month"),
        ("15 January please", 12, "'please' does not fit here; expected: next year or previous year"),
        ("15 January next year please", 22, "'please' is too much; the rule is complete before it"),
        ("first working day on or before 3 May", 19, "'on' does not fit here; expected: of, on or after"),
        ("last working day of Nisan", 21, "'Nisan' does not fit here; expected: a month"),
        ("31 February", 1, "no year has a 31 February"),
        ("3 working days after 31 April", 1, "no year has a 31 April"),
        ("6th Monday of May", 1, "6th Monday of May: no month has so many"),
        ("0th day of May", 1, "0th day of May: no month has so many"),
        ("32nd day of May", 1, "32nd day of May: no month has so many"),
        ("__import__('os')", 1, None),
    ],
)
def test_an_unreadable_rule_says_where_and_what_would_fit(written: str, column: int, problem: str | None) -> None:
    with pytest.raises(RuleUnreadable) as refused:
        parse_rule(written)

    assert refused.value.column == column
    assert problem is None or refused.value.problem.say("en") == problem


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("fifth Monday of February", "2023 has no fifth Monday of February"),
        ("23rd working day of April", "2023 has no 23rd working day of April"),
        ("29 February", "2023 has no 29 February"),
        ("first day on or after 29 February next year", "2024"),
    ],
)
def test_a_day_that_does_not_exist_that_year_is_an_error(written: str, said: str) -> None:
    if "next year" in written:
        assert evaluate(parse_rule(written), 2023, {}, DAYS) == date(2024, 2, 29)
        return
    with pytest.raises(RuleImpossible, match=said):
        evaluate(parse_rule(written), 2023, {}, DAYS)


@pytest.mark.parametrize("written", ["9999999 months after start", "99999999999 days after start"])
def test_a_shift_beyond_every_calendar_is_one_clear_line(written: str) -> None:
    with pytest.raises(RuleImpossible, match=r"gives no date in the \d{4} edition: it leads beyond every calendar"):
        evaluate(parse_rule(written), 2023, DATES, DAYS)


@pytest.mark.parametrize(
    ("number", "english"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (23, "23rd")]
)
def test_an_ordinal_has_its_ending(number: int, english: str) -> None:
    assert (Ordinal(number).say("en"), Ordinal(number).say("tr")) == (english, f"{number}.")


@given(
    st.integers(2019, 2030),
    st.sampled_from(["January", "June", "August", "December"]),
    st.sampled_from(["first", "second", "third", "last"]),
    st.sampled_from(["day", "weekday", "working day", "full working day", "Monday", "Sunday"]),
)
def test_a_day_of_a_month_lies_in_that_month(year: int, month: str, nth: str, unit: str) -> None:
    found = evaluate(parse_rule(f"{nth} {unit} of {month}"), year, {}, DAYS)

    assert (found.year, f"{found:%B}") == (year, month)


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)))
def test_the_nearest_working_day_is_the_day_itself_when_it_is_worked(day: date) -> None:
    dates = {"x": day}
    after = evaluate(parse_rule("first working day on or after x"), 2023, dates, DAYS)
    before = evaluate(parse_rule("last working day on or before x"), 2023, dates, DAYS)

    assert before <= day <= after
    assert (before == after) is DAYS.is_working_day(day)


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(-40, 40))
def test_months_keep_the_day_number_or_end_the_month(day: date, count: int) -> None:
    moved = add_months(day, count)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == day.day or (moved.day < day.day and add_months(moved.replace(day=1), 1).day == 1)
