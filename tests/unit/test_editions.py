import re
from datetime import date, time
from pathlib import Path

import pytest

from sekaps.calendar.days import DayFact, DayTable, Layer
from sekaps.calendar.edition_warnings import EditionWarning, WarningCode, day_warnings
from sekaps.calendar.editions import Draft, draft
from sekaps.calendar.explanations import explain
from sekaps.calendar.programmes import load_programme
from sekaps.errors.calendar import (
    BoundaryFarAway,
    BoundaryUndated,
    EditionWindowInverted,
    RuleImpossible,
    YearUnconfirmed,
)
from sekaps.services.programmes import days_of_edition, read_programme
from sekaps.texts import Bilingual

ROOT = Path(__file__).parents[2]
SEKAPS = read_programme("sekaps")
DAYS = days_of_edition(2023)
DRAFT = draft(SEKAPS, 2023, DAYS)

DEFERMENT = """\
code: deferment
name: {tr: Personel erteleme, en: Personnel deferment}
boundaries:
  proposals_open: {rule: first working day of January}
  proposals_close: {rule: 31 January}
  review_open: {rule: next working day after proposals_close}
  review_close: {rule: 1 month after review_open}
  decision: {rule: last working day on or before 15 May}
  reported: {rule: 10 working days after decision}
actors:
  body: {name: {tr: Kurum, en: Body}, per: unit}
documents:
  ert_1: {name: {tr: Kadro Erteleme Öneri Çizelgesi, en: Position proposal chart}, signed: true, chain: [head]}
activities:
  - code: proposals
    row: a
    name: {tr: Öneriler, en: Proposals}
    window: [proposals_open, proposals_close]
    steps:
      - {actor: body, document: ert_1, does: {tr: Çizelge hazırlanır., en: The chart is made.}}
      - {id: a.1, does: Review, window: [review_open, review_close], after: a(1)}
  - {code: decisions, name: {tr: Kararlar, en: Decisions}, window: [decision, reported]}
invariants:
  - abut: [proposals_close, review_open]
  - order: [review_close, decision, reported]
"""


def small(rules: str, more: str = "") -> Draft:
    work = "activities:\n  - {code: work, name: Work, window: [opens, closes]}\n"
    written = f"code: small\nname: Small\nboundaries:\n{rules}\n{work}{more}"
    return draft(load_programme(written, "small.yaml"), 2023, DAYS)


def said(warnings: tuple[EditionWarning, ...]) -> list[tuple[str, str]]:
    return [(warning.code.value, warning.text.say("en")) for warning in warnings]


def test_the_rules_alone_give_every_published_date_of_2023() -> None:
    by_rule = draft(SEKAPS, 2023, DAYS, rules_only=True)

    assert {b.code: b.date for b in by_rule.boundaries} == {
        "year_open": date(2023, 1, 9),
        "preparations_close": date(2023, 1, 31),
        "needs_open": date(2023, 2, 1),
        "needs_close": date(2023, 4, 28),
        "allocation_open": date(2023, 5, 2),
        "district_close": date(2023, 6, 30),
        "province_open": date(2023, 7, 3),
        "approval_open": date(2023, 8, 1),
        "allocation_close": date(2023, 9, 1),
        "transfer_open": date(2023, 9, 4),
        "transfer_close": date(2023, 9, 29),
        "contracts_open": date(2023, 10, 2),
        "year_close": date(2024, 3, 1),
    }
    assert all(b.date == b.proposed == b.published for b in by_rule.boundaries)


def test_the_alternatives_give_their_dates_too() -> None:
    district_close = DRAFT.boundary("district_close")

    assert [(other.rule.text, other.date) for other in district_close.alternatives] == [
        ("last working day of June", date(2023, 6, 27)),
        ("last full working day of June", date(2023, 6, 23)),
    ]


@pytest.mark.parametrize(
    ("activity", "key", "opens", "closes", "calendar_days", "working", "net"),
    [
        ("framework_protocols", "", date(2023, 1, 9), date(2023, 9, 29), 264, 183, 180.5),
        ("preparations", "", date(2023, 1, 9), date(2023, 1, 31), 23, 17, 17),
        ("resource_determination", "", date(2023, 1, 9), date(2023, 4, 28), 110, 79, 78.5),
        ("needs_entry", "", date(2023, 2, 1), date(2023, 4, 28), 87, 62, 61.5),
        ("needs_entry", "4.ç", date(2023, 2, 1), date(2023, 4, 28), 87, 62, 61.5),
        ("allocation", "", date(2023, 5, 2), date(2023, 9, 1), 123, 84, 82),
        ("allocation", "5.1", date(2023, 5, 2), date(2023, 6, 30), 60, 40, 38),
        ("allocation", "5.2", date(2023, 7, 3), date(2023, 9, 1), 61, 44, 44),
        ("allocation", "5.b", date(2023, 8, 1), date(2023, 9, 1), 32, 23, 23),
        ("transfer_to_central", "", date(2023, 9, 4), date(2023, 9, 29), 26, 20, 20),
        ("contracts_and_notifications", "", date(2023, 10, 2), date(2024, 3, 1), 152, 109, 109),
    ],
)
def test_the_windows_of_2023_are_the_published_ones(
    activity: str, key: str, opens: date, closes: date, calendar_days: int, working: int, net: float
) -> None:
    window = next(w for w in DRAFT.windows if (w.activity, w.key) == (activity, key))

    assert (window.opens, window.closes, window.calendar_days) == (opens, closes, calendar_days)
    assert (window.working_days, window.net_working_days) == (working, net)


def test_windows_stand_in_calendar_order_rows_before_their_printed_steps() -> None:
    steps = [(window.activity, window.step) for window in DRAFT.windows]

    assert steps[:6] == [
        ("framework_protocols", None),
        ("preparations", None),
        ("resource_determination", None),
        ("resource_determination", "3.a"),
        ("resource_determination", "3.b"),
        ("resource_determination", "3.c"),
    ]
    assert len(steps) == 22
    assert DRAFT.programme_code == "sekaps"


def test_30_june_2023_warns_in_both_languages() -> None:
    (warning,) = DRAFT.boundary("district_close").warnings

    assert warning.code == WarningCode.STATUTORY_HOLIDAY
    assert warning.text.say("en") == (
        "30 June 2023 is the 3rd day of Kurban Bayramı; last full working day 23 June 2023"
    )
    assert warning.text.say("tr") == (
        "30 Haziran 2023, Kurban Bayramı süresinin 3. günü; son tam iş günü 23 Haziran 2023"
    )
    assert warning.data == {"day": "2023-06-30", "last_full_working_day": "2023-06-23"}
    assert warning in next(window for window in DRAFT.windows if window.key == "5.1").warnings


def test_30_june_is_the_only_date_of_2023_that_warns() -> None:
    assert [boundary.code for boundary in DRAFT.boundaries if boundary.warnings] == ["district_close"]
    assert DRAFT.violations == ()


@pytest.mark.parametrize("year", range(2019, 2033))
def test_every_confirmed_year_drafts_without_breaking_an_invariant(year: int) -> None:
    assert draft(SEKAPS, year, days_of_edition(year)).violations == ()


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (1899, "the religious holidays of 1899 are not confirmed (confirmed: 1936 to 2032)"),
        (2150, "the religious holidays of 2150 are not confirmed (confirmed: 1936 to 2032)"),
        (23, "23 is no year of four digits; calendars go from 1936 to 2032"),
        (20260, "20260 is no year of four digits; calendars go from 1936 to 2032"),
    ],
)
def test_a_year_of_another_century_is_one_clear_line(year: int, said: str) -> None:
    with pytest.raises(YearUnconfirmed) as refused:
        days_of_edition(year)

    assert str(refused.value).startswith(said)


def test_a_rule_that_leads_to_another_century_names_its_boundary_and_the_year() -> None:
    with pytest.raises(BoundaryFarAway) as refused:
        small("  opens: {rule: 2 January}\n  closes: {rule: 999999 days after opens}")

    assert str(refused.value) == (
        "boundary closes of 2023 would fall on 28 November 4760, too far away; correct its rule"
    )


@pytest.mark.parametrize("year", [1935, 2033])
def test_an_unconfirmed_year_is_not_drafted(year: int) -> None:
    with pytest.raises(YearUnconfirmed):
        draft(SEKAPS, year, DAYS)
    with pytest.raises(YearUnconfirmed):
        days_of_edition(year)


def test_a_date_in_the_unconfirmed_following_year_warns_instead() -> None:
    year_close = draft(SEKAPS, 2032, days_of_edition(2032)).boundary("year_close")

    assert said(year_close.warnings) == [
        ("estimated_holiday", "the holidays of 2033 are estimated; 1 March 2033 may yet prove to be one")
    ]


def test_a_published_date_wins_over_its_rule_and_what_hangs_on_it_follows() -> None:
    drafted = small(
        "  opens: {rule: next working day after base}\n"
        "  base: {rule: 15 March, published: {2023: 2023-03-21}}\n"
        "  closes: {rule: 15 May}"
    )

    assert drafted.boundary("opens").date == date(2023, 3, 22)
    assert said(drafted.boundary("base").warnings) == [
        ("differs_from_rule", "the rule proposes 15 March 2023; 21 March 2023 was published")
    ]
    assert drafted.windows[0].warnings == ()


@pytest.mark.parametrize(
    ("rule", "code", "text"),
    [
        ("28 October", "weekend", "28 October 2023 is a Saturday; last full working day 27 October 2023"),
        (
            "20 April",
            "half_day",
            "20 April 2023 is a half day: Ramazan Bayramı begins at 13:00; last full working day 19 April 2023",
        ),
        ("30 August", "statutory_holiday", "30 August 2023 is Zafer Bayramı; last full working day 29 August 2023"),
        (
            "26 June",
            "administrative_leave",
            "26 June 2023: administrative leave (Eid al-Adha); last full working day 23 June 2023",
        ),
    ],
)
def test_a_closing_day_that_is_not_worked_in_full_warns(rule: str, code: str, text: str) -> None:
    drafted = small(f"  opens: {{rule: 2 January}}\n  closes: {{rule: {rule}}}")

    assert (code, text) in said(drafted.boundary("closes").warnings)
    assert (code, text) in said(drafted.windows[0].warnings)


def test_half_a_day_of_leave_says_which_half() -> None:
    drafted = small("  opens: {rule: 2 January}\n  closes: {rule: 27 June}")

    assert [warning.text.say("en") for warning in drafted.boundary("closes").warnings] == [
        "27 June 2023 is a half day: Kurban Bayramı begins at 13:00; last full working day 23 June 2023",
        "27 June 2023 until 13:00: administrative leave (Eid al-Adha); last full working day 23 June 2023",
    ]


def test_an_afternoon_of_leave_says_from_when() -> None:
    day = date(2023, 3, 1)
    leave = DayFact(day, Layer.LEAVE, Bilingual("Kar", "Snow"), starts=time(12), source="Karar")
    days = DayTable(date(2023, 2, 1), date(2023, 3, 31), (leave,))

    assert said(tuple(day_warnings(day, days, is_closing=False))) == [
        (
            "administrative_leave",
            "1 March 2023 from 12:00: administrative leave (Snow); first full working day 2 March 2023",
        )
    ]


def test_an_opening_day_on_a_holiday_names_the_first_full_working_day() -> None:
    drafted = small("  opens: {rule: 1 May}\n  closes: {rule: 31 May}")

    assert said(drafted.boundary("opens").warnings) == [
        ("statutory_holiday", "1 May 2023 is Emek ve Dayanışma Günü; first full working day 2 May 2023")
    ]


def test_a_closure_of_the_whole_country_warns_and_a_suspension_does_not() -> None:
    day = date(2023, 3, 1)
    name = Bilingual("Kar", "Snow")
    facts = tuple(DayFact(day, layer, name, source="Karar") for layer in (Layer.CLOSURE, Layer.SUSPENSION))
    days = DayTable(date(2023, 2, 1), date(2023, 3, 31), facts)

    assert said(tuple(day_warnings(day, days, is_closing=True))) == [
        ("closure", "1 March 2023: closure by order (Snow); last full working day 28 February 2023")
    ]


def test_a_window_that_would_close_before_it_opens_names_itself_and_both_boundaries() -> None:
    with pytest.raises(EditionWindowInverted) as refused:
        small("  opens: {rule: 15 May}\n  closes: {rule: 15 March}")

    assert str(refused.value) == (
        "work would open on 15 May 2023 (opens) and close before that, on 15 March 2023 (closes);"
        " correct one of the two boundaries"
    )


def test_a_boundary_without_rule_needs_a_date_for_the_year() -> None:
    with pytest.raises(BoundaryUndated, match=r"opens has no rule .* for 2023; add published: \{2023: ...\}"):
        small("  opens: {published: {2022: 2022-01-03}}\n  closes: {rule: 15 March}")


def test_a_boundary_with_only_a_published_date_keeps_it() -> None:
    opens = small("  opens: {published: {2023: 2023-01-03}}\n  closes: {rule: 15 March}").boundary("opens")

    assert (opens.rule, opens.proposed, opens.date, opens.warnings) == (None, None, date(2023, 1, 3), ())


def test_where_nobody_is_named_an_explanation_names_nobody() -> None:
    drafted = small("  opens: {published: {2023: 2023-01-03}}\n  closes: {rule: 15 March}")

    assert [sentence.say("en") for sentence in explain(drafted, DAYS, "opens")] == [
        "3 January 2023 is a Tuesday",
        "it is a full working day",
    ]


def test_a_rule_without_a_date_that_year_matters_only_where_nothing_was_published() -> None:
    closes = "  closes: {rule: fifth Monday of February, published: {2023: 2023-02-27}}"
    drafted = small("  opens: {rule: 2 January}\n" + closes)

    assert said(drafted.boundary("closes").warnings) == [
        ("rule_impossible", "the rule gives no date this year; 27 February 2023 was published")
    ]
    with pytest.raises(RuleImpossible):
        small("  opens: {rule: 2 January}\n  closes: {rule: fifth Monday of February}")


@pytest.mark.parametrize(
    ("invariant", "violation"),
    [
        (
            "{abut: [opens, closes]}",
            "closes is 31 March 2023, but the next working day after opens (1 March 2023) is 2 March 2023",
        ),
        ("{order: [opens, closes, opens]}", "opens (1 March 2023) has to come after closes (31 March 2023)"),
        (
            "{inside: {window: work, of: other}}",
            "the window of work (1 March 2023 to 31 March 2023) has to lie inside that of other"
            " (2 March 2023 to 31 March 2023)",
        ),
    ],
)
def test_a_broken_invariant_is_listed_and_warned_of_at_its_windows(invariant: str, violation: str) -> None:
    drafted = small(
        "  opens: {rule: 1 March}\n  late: {rule: 2 March}\n  closes: {rule: 31 March}",
        more=f"  - {{code: other, name: O, window: [late, closes]}}\ninvariants:\n  - {invariant}\n",
    )

    assert [text.say("en") for text in drafted.violations] == [violation]
    assert ("invariant_broken", violation) in said(drafted.windows[0].warnings)


def test_a_boundary_explains_itself() -> None:
    assert [sentence.say("en") for sentence in explain(DRAFT, DAYS, "district_close")] == [
        "30 June 2023 is a Friday",
        "30 June 2023 is the 3rd day of Kurban Bayramı",
        "it is not a working day; the next one is 3 July 2023",
        "the rule 'last weekday of June' proposes 30 June 2023",
        "the rule 'last working day of June' would give 27 June 2023",
        "the rule 'last full working day of June' would give 23 June 2023",
        "confirmed by Millî Güvenlik Kurulu Genel Sekreterliği",
        "published in SEKAPS esasları, EK-1 (ilçe MMM komisyonları)",
        "The rule looks at weekends only, not at holidays. In 2023 it fell within Kurban Bayramı.",
    ]


def test_an_explanation_tells_when_print_and_rule_differ_and_when_nothing_is_published() -> None:
    drafted = small(
        "  opens: {rule: 1 March, published: {2023: 2023-03-02}}\n"
        "  closes: {rule: 20 April, alternatives: [fifth Monday of April]}"
    )
    opens, closes = ([s.say("en") for s in explain(drafted, DAYS, code)] for code in ("opens", "closes"))

    assert opens[-1] == "the published date, 2 March 2023, wins over the rule"
    assert "it is a full working day" in opens
    assert "it counts as a working day, but is not worked in full" in closes
    assert closes[-1] == "no date has been published for 2023"


def test_a_programme_unlike_sekaps_drafts_from_its_file_alone() -> None:
    drafted = draft(load_programme(DEFERMENT, "deferment.yaml"), 2026, days_of_edition(2026))

    assert [(w.activity, w.key, w.opens, w.closes) for w in drafted.windows] == [
        ("proposals", "", date(2026, 1, 2), date(2026, 1, 31)),
        ("proposals", "a.1", date(2026, 2, 2), date(2026, 3, 2)),
        ("decisions", "", date(2026, 5, 15), date(2026, 6, 4)),
    ]
    assert drafted.violations == ()


def test_the_example_of_the_reference_page_drafts() -> None:
    page = (ROOT / "docs" / "reference" / "programme.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(code: .*?)```", page, re.DOTALL)
    assert example is not None
    drafted = draft(load_programme(example[1], "programme.md"), 2026, days_of_edition(2026))

    assert [(window.opens, window.closes) for window in drafted.windows] == [(date(2026, 3, 2), date(2026, 4, 30))]


def test_the_reference_page_explains_every_warning() -> None:
    page = (ROOT / "docs" / "reference" / "programme.md").read_text(encoding="utf-8")

    assert [code.value for code in WarningCode if f"`{code.value}`" not in page] == []
