"""The observatory's rules: ages in calendar days, medians, and what comes before what."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from observed import ADANA, AYSE, CEM, DAY, ENDINGS, PILES, SEEN, STUCK, pile

from sekaps.cli.app import app
from sekaps.domain.closing_acts import CLOSING_ACTS, PENDING, sending_command
from sekaps.domain.gaps import Cause
from sekaps.domain.observatory import (
    AGE_CLASSES,
    Block,
    Side,
    age_class,
    breakdown,
    count_ages,
    count_causes,
    crossings,
    days_waited,
    endings_in_order,
    pens,
    stuck_in_order,
    vacancies,
    waiting_of,
)
from sekaps.texts import LANGUAGES


@pytest.mark.parametrize(
    ("since", "days"),
    [
        (datetime(2023, 4, 30, 20, 59, tzinfo=UTC), 1),
        (datetime(2023, 4, 30, 21, 0, tzinfo=UTC), 0),
        (datetime(2023, 4, 1, 9, tzinfo=UTC), 30),
        (datetime(2023, 5, 3, 9, tzinfo=UTC), 0),
    ],
)
def test_waiting_is_counted_in_whole_local_days(since: datetime, days: int) -> None:
    assert days_waited(since, DAY) == days


@pytest.mark.parametrize(
    ("days", "first"), [(0, 0), (3, 0), (4, 4), (7, 4), (8, 8), (14, 8), (15, 15), (30, 15), (31, 31), (900, 31)]
)
def test_every_wait_has_one_class(days: int, first: int) -> None:
    assert age_class(days).first == first
    assert sum(each.holds(days) for each in AGE_CLASSES) == 1


def test_classes_and_reasons_are_worded() -> None:
    assert [each.name.say("en") for each in (AGE_CLASSES[0], AGE_CLASSES[-1])] == [
        "0–3 calendar days",
        "over 30 calendar days",
    ]
    assert len({block.meaning.say(language) for block in Block for language in LANGUAGES[1:]}) == len(Block)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), min_size=1, max_size=8))
def test_the_median_is_the_wait_of_the_document_in_the_middle(waits: list[tuple[int, int]]) -> None:
    each = sorted(days for days, documents in waits for _ in range(documents))
    found = waiting_of([pile(days, documents) for days, documents in waits], DAY)
    assert found.median_days == each[(len(each) - 1) // 2]
    assert (found.documents, found.longest_days, found.total_days) == (len(each), each[-1], sum(each))
    assert (DAY - found.oldest).days == each[-1]


def test_a_breakdown_adds_up_on_every_side() -> None:
    for side in Side:
        lines = breakdown(PILES, side, DAY)
        assert sum(line.waiting.documents for line in lines) == SEEN.documents == 37
        assert sum(sum(line.by_cause.values()) for line in lines) == 37
        counts = [line.waiting.documents for line in lines]
        assert counts == sorted(counts, reverse=True)


def test_lines_of_equal_size_stand_in_turkish_order_and_what_has_no_name_is_none() -> None:
    named = [pile(1, province=name) for name in ("Çorum", "Iğdır", "Cizre", "İzmir")] + [pile(1, province=None)]
    lines = breakdown(named, Side.PROVINCE, DAY)
    assert [line.name for line in lines] == [None, "Cizre", "Çorum", "Iğdır", "İzmir"]


def test_people_of_one_name_are_told_apart() -> None:
    twin = replace(AYSE, id=9, number=10009)
    lines = breakdown([pile(1), pile(1, person=twin)], Side.PERSON, DAY)
    assert [line.name for line in lines] == ["Ayşe Şahin (10001)", "Ayşe Şahin (10009)"]
    assert len(pens([pile(1), pile(1, person=twin)], DAY)) == 2


def test_ages_and_causes_are_counted_for_every_class_and_cause() -> None:
    counts = count_ages(PILES, DAY)
    assert list(counts) == list(Cause)
    assert [list(counts[cause].values()) for cause in (Cause.WAITING, Cause.NOT_STARTED, Cause.POST_VACANT)] == [
        [0, 2, 0, 0, 1],
        [30, 0, 0, 0, 0],
        [0, 0, 1, 3, 0],
    ]
    assert count_causes(PILES)[Cause.POST_VACANT] == 4


def test_crossings_are_in_the_order_of_causes_and_add_up() -> None:
    found = crossings(PILES, DAY)
    vacant, begun = [Cause.POST_VACANT] * 2, [Cause.WAITING] * 2
    assert [one.cause for one in found] == [*vacant, Cause.NOT_STARTED, *begun]
    assert sum(one.waiting.documents for one in found) == 37


def test_who_holds_up_most_is_measured_by_all_days_together() -> None:
    assert [(pen.person.name, pen.waiting.total_days) for pen in pens(PILES, DAY)] == [
        ("Cem Öz", 60),
        ("Ayşe Şahin", 40),
        ("Çelik Ar", 10),
    ]
    alike = [pile(4, 10), pile(8, 5, person=CEM)]
    assert [pen.person.name for pen in pens(alike, DAY)] == ["Ayşe Şahin", "Cem Öz"]
    assert pens(PILES, DAY)[0].units == ("Adana Müdürlüğü",)


def test_vacant_posts_are_told_with_who_can_have_them_filled() -> None:
    found = vacancies(PILES, DAY)
    assert [(one.unit.number, one.closer and one.closer.name, one.waiting.documents) for one in found] == [
        (20000001, None, 3),
        (20000003, "Cem Öz", 1),
    ]
    assert SEEN.unheard == 3


def test_what_ends_and_documents_wait_for_comes_first_then_the_nearest_end() -> None:
    assert [one.until.date() for one in endings_in_order(ENDINGS)] == [
        date(2023, 5, 3),
        date(2023, 5, 4),
        date(2023, 5, 12),
        date(2023, 5, 9),
    ]


def test_chains_nobody_can_finish_begin_with_the_most_documents() -> None:
    assert [one.documents for one in stuck_in_order(STUCK)] == [5, 1]


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_comes_with_the_act_that_closes_it_and_a_verb_there_is(cause: Cause) -> None:
    act = CLOSING_ACTS[cause]
    for wording in (act.does, act.by):
        assert wording.say("en")
    verbs = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    assert act.command.split()[:1] == ["sekaps"]
    assert act.command.split()[1] in verbs
    assert sending_command(cause, "sekaps", 2023).split()[1] in verbs


def test_the_causes_somebody_is_waited_for_are_those_open_documents_have() -> None:
    assert set(PENDING) == {Cause.RETURNED, Cause.POST_VACANT, Cause.MANDATE_EXPIRED, Cause.NOT_STARTED, Cause.WAITING}
    assert ADANA.number == 20000001
