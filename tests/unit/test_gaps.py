"""Why a document waits: one table of causes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sekaps.domain.gaps import Cause, Gap, cause_of, totals
from sekaps.texts import LANGUAGES

GAP = Gap(
    document="IBC-2023-000001",
    kind="need_form",
    activity="needs_entry",
    step="4.a",
    unit=20000009,
    unit_name="military",
    slot=2,
    slots=3,
    waits_at=20000009,
    waits_at_name="military",
    post="head",
    person=None,
    since=datetime(2023, 4, 20, tzinfo=UTC),
    closes=date(2023, 4, 28),
    overdue=True,
    cause=Cause.WAITING,
    ministry="ministry",
    province="Adana",
)


@pytest.mark.parametrize(
    ("state", "slot", "held", "cause"),
    [
        ("expected", 1, True, Cause.NOT_STARTED),
        ("recorded", 2, True, Cause.WAITING),
        ("recorded", 3, False, Cause.POST_VACANT),
        ("expected", 1, False, Cause.POST_VACANT),
        ("returned", 1, True, Cause.RETURNED),
        ("returned", 1, False, Cause.RETURNED),
    ],
)
def test_the_cause_is_the_one_somebody_must_act_on_first(state: str, slot: int, *, held: bool, cause: Cause) -> None:
    assert cause_of(state=state, slot=slot, held=held) is cause


def test_an_empty_post_whose_mandate_ran_out_is_told_apart_from_one_that_was_left() -> None:
    assert cause_of(state="recorded", slot=2, held=False, ran_out=True) is Cause.MANDATE_EXPIRED
    assert cause_of(state="returned", slot=1, held=False, ran_out=True) is Cause.RETURNED


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_worded_in_both_languages(cause: Cause) -> None:
    assert len({cause.meaning.say(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_gaps_are_counted_by_what_they_share_and_what_has_no_name_under_a_dash() -> None:
    central = replace(GAP, cause=Cause.POST_VACANT, ministry=None, province=None)
    assert totals([GAP, central, GAP]) == {
        "by_activity": {"needs_entry": 3},
        "by_kind": {"need_form": 3},
        "by_cause": {"post_vacant": 1, "waiting": 2},
        "by_ministry": {"-": 1, "ministry": 2},
        "by_province": {"-": 1, "Adana": 2},
    }
    assert totals([])["by_cause"] == {}
