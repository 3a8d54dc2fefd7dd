from datetime import date

import pytest

from sekaps.calendar.anomalies import _KINDS_OF_WARNINGS, MEANINGS, RANKS, AnomalyKind, row_label, windows_on
from sekaps.calendar.draft_review import DraftReview, review
from sekaps.calendar.edition_warnings import WarningCode
from sekaps.calendar.editions import draft
from sekaps.calendar.holiday_law import FirstDays, ReligiousDays
from sekaps.calendar.programmes import load_programme
from sekaps.services.draft_review import days_of_review, religious_days
from sekaps.services.programmes import days_of_edition, read_programme

SEKAPS = read_programme("sekaps")
K = AnomalyKind
BROKEN: dict[tuple[str, int], list[str]] = {}
"""The regenerated years that break an invariant, by programme and year, each with its sentences: none does."""


def of_sekaps(year: int, religious: ReligiousDays | None = None) -> DraftReview:
    drafted = draft(SEKAPS, year, days_of_edition(year))
    return review(drafted, days_of_review(drafted), religious or religious_days())


def small(boundaries: str, more: str = "", year: int = 2023) -> DraftReview:
    work = "activities:\n  - {code: work, row: 1, name: Work, window: [opens, closes]}\n"
    programme = load_programme(f"code: small\nname: Small\nboundaries:\n{boundaries}\n{work}{more}", "small.yaml")
    drafted = draft(programme, year, days_of_edition(year))
    return review(drafted, days_of_review(drafted), religious_days())


def told(reviewed: DraftReview) -> list[tuple[AnomalyKind, tuple[str, ...], tuple[str, ...]]]:
    return [(anomaly.kind, anomaly.boundaries, anomaly.windows) for anomaly in reviewed.anomalies]


def sentences(reviewed: DraftReview, kind: AnomalyKind) -> list[str]:
    return [anomaly.text.say("en") for anomaly in reviewed.anomalies if anomaly.kind is kind]


@pytest.mark.parametrize("code", ["sekaps", "deferment"])
@pytest.mark.parametrize("year", range(2019, 2033))
def test_every_regenerated_year_keeps_every_invariant_or_is_listed_here(code: str, year: int) -> None:
    drafted = draft(read_programme(code), year, days_of_edition(year), rules_only=True)

    assert [said.say("en") for said in drafted.violations] == BROKEN.get((code, year), [])


def test_every_kind_has_one_rank_and_a_name() -> None:
    assert list(RANKS) == list(MEANINGS) == list(AnomalyKind)
    assert list(RANKS.values()) == list(range(1, len(AnomalyKind) + 1))


def test_every_warning_of_a_boundary_has_a_kind() -> None:
    assert set(_KINDS_OF_WARNINGS) == set(WarningCode)


def test_30_june_2023_is_the_only_anomaly_of_2023_and_names_its_window_once() -> None:
    assert told(of_sekaps(2023)) == [(K.STATUTORY_HOLIDAY, ("district_close",), ("5.1",))]


def test_the_gravest_kind_comes_first_and_then_the_earliest_date() -> None:
    found = of_sekaps(2030).anomalies

    assert [anomaly.kind for anomaly in found] == [K.WINDOW_SHORTER, K.ONE_SOURCE, *[K.RULES_DISAGREE] * 5]
    assert [anomaly.rank for anomaly in found] == sorted(anomaly.rank for anomaly in found)
    assert [anomaly.dates[0].month for anomaly in found[2:]] == [1, 4, 9, 9, 3]


def test_a_draft_without_published_dates_tells_which_rules_also_fit() -> None:
    assert sentences(of_sekaps(2027), K.RULES_DISAGREE) == [
        "'first Monday of September' fits 2023 as well; it would give 6 September 2027, not 2 September 2027",
        "'last Friday of September' fits 2023 as well; it would give 24 September 2027, not 30 September 2027",
        "'first Friday of March next year' fits 2023 as well; it would give 3 March 2028, not 1 March 2028",
    ]


def test_computed_religious_days_are_told_once_for_all_years_of_the_edition() -> None:
    assert sentences(of_sekaps(2027), K.ESTIMATED_HOLIDAY) == [
        "the religious holidays of 2027, 2028 are computed; confirm them with Diyanet's announcement"
    ]


def test_years_only_one_source_knows_are_told_once() -> None:
    assert sentences(of_sekaps(2031), K.ONE_SOURCE) == [
        "only the holidays package 0.109 knows the religious holidays of 2031, 2032;"
        " compare them with Diyanet's announcement"
    ]


def test_a_planted_disagreement_of_the_sources_is_found_and_names_the_boundary_it_meets() -> None:
    planted = FirstDays(ramazan=date(2026, 3, 20), kurban=date(2026, 6, 30), source="x")
    later = FirstDays(ramazan=date(2027, 3, 9), kurban=date(2027, 5, 17), source="x")
    found = of_sekaps(2026, ReligiousDays(years={2026: planted, 2027: later})).anomalies
    days = [anomaly for anomaly in found if anomaly.kind is K.HOLIDAYS_DISAGREE]

    assert days == list(found[: len(days)])
    assert [anomaly.dates[0].isoformat() for anomaly in days] == [
        *(f"2026-05-{day}" for day in range(26, 31)),
        *("2026-06-29", "2026-06-30", "2026-07-01", "2026-07-02", "2026-07-03"),
    ]
    assert (days[6].boundaries, days[6].windows) == (("district_close",), ("5.1",))


def test_boundaries_that_share_a_day_and_its_sentence_are_one_anomaly() -> None:
    found = small(
        "  opens: {rule: 2 January}\n  closes: {rule: 30 August}\n  ends: {rule: 30 August}",
        "  - {code: more, name: More, window: [opens, ends]}\n",
    )

    assert told(found) == [(K.STATUTORY_HOLIDAY, ("closes", "ends"), ("1", "more"))]


def test_leave_and_half_day_on_one_date_are_two_anomalies_leave_first() -> None:
    found = small("  opens: {rule: 2 January}\n  closes: {rule: 27 June}")

    assert told(found)[:2] == [
        (K.ADMINISTRATIVE_LEAVE, ("closes",), ("1",)),
        (K.HALF_DAY, ("closes",), ("1",)),
    ]


def test_a_broken_invariant_ranks_first_and_names_what_breaks_it() -> None:
    found = small(
        "  opens: {rule: 1 March}\n  closes: {rule: 29 October}", "invariants:\n  - {abut: [opens, closes]}\n"
    )

    assert told(found)[0] == (K.INVARIANT_BROKEN, ("opens", "closes"), ("1",))
    assert found.anomalies[0].text.say("en").startswith("closes is 29 October 2023, but the next working day after")


def test_windows_between_the_same_boundaries_are_one_shorter_window() -> None:
    closes = "  closes: {rule: 31 March, published: {2022: 2022-03-31, 2023: 2023-03-10}}"
    found = small(
        f"  opens: {{rule: 1 March}}\n{closes}", "  - {code: more, name: M, window: [opens, closes]}\n", year=2023
    )

    assert told(found)[0] == (K.WINDOW_SHORTER, (), ("1", "more"))
    assert sentences(found, K.WINDOW_SHORTER) == ["8 working days; in 2022 it had 23"]


def test_where_the_year_before_cannot_be_drafted_no_window_is_shorter() -> None:
    opens = "  opens: {published: {2023: 2023-03-01}}"
    found = small(f"{opens}\n  closes: {{rule: 31 March}}")

    assert told(found) == []


def test_a_rule_that_misses_another_published_year_is_told() -> None:
    found = small(
        "  opens: {rule: 1 March}\n"
        "  closes: {rule: 31 March, published: {2022: 2022-04-01, 2024: 2024-03-29, 2023: 2023-03-31}}"
    )

    assert sentences(found, K.DIFFERS_FROM_RULE) == [
        "for 2022 the rule gives 31 March 2022, but 1 April 2022 was published"
    ]


def test_a_published_date_that_is_not_the_rules_is_told_once() -> None:
    found = small("  opens: {rule: 1 March}\n  closes: {rule: 31 March, published: {2023: 2023-03-30}}")

    assert sentences(found, K.DIFFERS_FROM_RULE) == ["the rule proposes 31 March 2023; 30 March 2023 was published"]


def test_a_boundary_names_the_rows_and_the_steps_with_a_window_of_their_own() -> None:
    assert windows_on(SEKAPS, ["district_close"]) == ("5.1",)
    assert windows_on(SEKAPS, ["needs_close"]) == ("3", "4")
    assert [row_label(SEKAPS, *key) for key in (("allocation", ""), ("allocation", "5.b"))] == ["5", "5.b"]


def test_a_review_finds_anomalies_by_boundary_and_by_window() -> None:
    reviewed = of_sekaps(2023)

    assert reviewed.numbers(boundary="district_close") == reviewed.numbers(window="5.1") == (1,)
    assert reviewed.numbers(boundary="needs_close") == reviewed.numbers(window="4") == ()
    assert [fact.layer.value for fact in reviewed.layers_of("district_close")] == ["statutory"]
    assert len(list(reviewed.fits_of("district_close"))) == 3
