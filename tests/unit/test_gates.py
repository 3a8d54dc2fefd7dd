"""A gate lets an act pass inside its window or an extension of it, and says why not otherwise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.windows import Window
from sekaps.domain.gates import ExtensionTerms, Gate, Scope, Standing
from sekaps.texts import LANGUAGES, Bilingual

WINDOW = Window(date(2023, 2, 1), date(2023, 4, 28))
NAME = Bilingual("İhtiyaç girişi", "Needs entry")
UNIT = Standing(24312041, "34", "1421")
OTHER = Standing(24312042, "06", "1231")


def gate(*extensions: ExtensionTerms) -> Gate:
    return Gate("needs_entry", "4.a", NAME, WINDOW, extensions)


def extension(scope: Scope, code: str = "", step: str = "4.a") -> ExtensionTerms:
    return ExtensionTerms("needs_entry", step, scope, code, date(2023, 5, 2), date(2023, 5, 5), "E-1")


@pytest.mark.parametrize("day", [date(2023, 2, 1), date(2023, 3, 15), date(2023, 4, 28)])
def test_gate_is_open_on_every_day_of_its_window_both_ends_included(day: date) -> None:
    assert gate().refusal(UNIT, day) is None


def test_a_late_act_is_told_when_the_window_closed_and_who_may_extend_it() -> None:
    refusal = gate().refusal(UNIT, date(2023, 5, 2))
    assert refusal is not None
    assert refusal.say("en") == (
        "Needs entry closed on 28 April 2023; the day of the act is 2 May 2023. The coordinator may extend it:"
        " sekaps extend needs_entry --step 4.a --unit 24312041 --until DATE --reason TEXT --letter NUMBER"
    )


def test_an_early_act_is_told_when_the_window_opens() -> None:
    refusal = gate().refusal(UNIT, date(2023, 1, 31))
    assert refusal is not None
    assert "opens on 1 February 2023" in refusal.say("en")


@pytest.mark.parametrize(
    ("scope", "code"), [(Scope.NATION, ""), (Scope.PROVINCE, "34"), (Scope.DISTRICT, "1421"), (Scope.UNIT, "24312041")]
)
def test_an_extension_opens_the_gate_for_whom_its_scope_names(scope: Scope, code: str) -> None:
    extended = gate(extension(scope, code))
    assert extended.refusal(UNIT, date(2023, 5, 5)) is None
    assert (extended.refusal(OTHER, date(2023, 5, 5)) is None) == (scope is Scope.NATION)


@pytest.mark.parametrize("day", [date(2023, 4, 29), date(2023, 5, 1), date(2023, 5, 6)])
def test_an_extension_opens_only_its_own_days(day: date) -> None:
    assert gate(extension(Scope.NATION)).refusal(UNIT, day) is not None


def test_an_extension_of_another_step_opens_nothing_and_one_of_the_whole_activity_does() -> None:
    day = date(2023, 5, 3)
    assert gate(extension(Scope.NATION, step="4.b")).refusal(UNIT, day) is not None
    assert gate(extension(Scope.NATION, step="")).refusal(UNIT, day) is None


@given(st.dates(date(2022, 1, 1), date(2024, 12, 31)))
def test_without_extension_the_gate_is_open_exactly_inside_the_window(day: date) -> None:
    assert (gate().refusal(UNIT, day) is None) == WINDOW.is_open(day)


@given(st.dates(date(2023, 4, 29), date(2023, 12, 31)), st.integers(0, 30))
def test_a_national_extension_opens_the_gate_exactly_on_its_days(since: date, length: int) -> None:
    until = since + timedelta(days=length)
    terms = ExtensionTerms("needs_entry", "", Scope.NATION, "", since, until, "E-2")
    for day in (since - timedelta(days=1), since, until, until + timedelta(days=1)):
        assert (gate(terms).refusal(UNIT, day) is None) == (WINDOW.is_open(day) or since <= day <= until)


@pytest.mark.parametrize("scope", Scope)
def test_every_scope_is_worded_in_both_languages(scope: Scope) -> None:
    assert len({scope.meaning.say(language) for language in LANGUAGES}) == len(LANGUAGES)
