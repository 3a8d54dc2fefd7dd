"""Coverage: amounts of each balance, their sums by key and stage, and what became of needs in the end."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.coverage import (
    LARGEST,
    WHOLE,
    Amounts,
    Balances,
    Figures,
    Offer,
    Task,
    Unfinished,
    add_offers,
    figures,
    fold,
    measure,
)
from sekaps.domain.sectors import sector_name
from sekaps.texts import Bilingual

Row = tuple[int, str, int, int, int, int, int, bool, int, int]
"""A balance: need, stage, whole quantity, needed, allocated, transferred, unmet, settled, contracted, served."""
FLOWING: list[Row] = [
    (1, "transferred", 100, 50, 40, 0, 10, True, 0, 0),
    (1, "district", 100, 100, 30, 70, 0, True, 30, 30),
    (1, "province", 100, 70, 20, 50, 0, True, 20, 0),
    (2, "central", 3, 3, 3, 0, 0, True, 0, 0),
]


def balances(rows: list[Row]) -> Balances:
    return Balances(*(list(column) for column in zip(*rows, strict=True))) if rows else Balances(*([()] * 10))


def measured(rows: list[Row]) -> list[Amounts]:
    return [Amounts(*row) for row in measure(balances(rows)).tolist()]


def test_a_need_enters_the_cascade_once_at_the_first_stage_that_took_it_up() -> None:
    found = measured(FLOWING)
    assert [(one.needs, one.entered) for one in found] == [(0, 0), (1, 100), (0, 0), (1, 3)]
    assert [one.taken_up for one in found] == [1, 1, 1, 1]


def test_shares_are_parts_of_the_whole_need_and_a_need_is_met_where_nothing_is_left() -> None:
    found = measured(FLOWING)
    assert [one.share for one in found] == [4000, 3000, 2000, WHOLE]
    assert [one.asked_share for one in found] == [5000, WHOLE, 7000, WHOLE]
    assert [one.passed_share for one in found] == [0, 7000, 5000, 0]
    assert [one.met for one in found] == [0, 0, 0, 1]


@pytest.mark.parametrize(("settled", "still_open"), [(True, 0), (False, 70)])
def test_what_is_unmet_before_the_stage_settled_is_open(settled: bool, still_open: int) -> None:
    [found] = measured([(1, "district", 100, 100, 30, 0, 70, settled, 0, 0)])
    assert (found.unmet, found.open) == (70, still_open)


def test_figures_conserve_what_entered() -> None:
    rows = [*FLOWING, (3, "district", 10, 10, 4, 6, 0, True, 0, 0), (4, "governor", 8, 8, 0, 0, 8, False, 0, 0)]
    stages = fold([None] * len(rows), [row[1] for row in rows], measure(balances(rows)))[None]
    share = 4000 + 9000 + WHOLE
    ends = {"allocated": 97, "waiting": 14, "unmet": 10, "contracted": 50, "served": 30}
    assert figures(stages) == Figures(4, 1, share, needed=121, **ends)
    assert figures(stages).share_met == 0.575


def test_nothing_needed_has_no_share() -> None:
    assert figures({}) == Figures()
    assert Figures().share_met is None
    assert measured([]) == []
    assert fold([], [], measure(balances([]))) == {}


def test_sums_beyond_what_a_machine_word_holds_stay_exact() -> None:
    whole = LARGEST // 2
    rows = [(need, "central", whole, whole, whole, 0, 0, True, 0, 0) for need in range(5)]
    amounts = fold(["a"] * 5, ["central"] * 5, measure(balances(rows)))["a"]["central"]
    assert (amounts.needed, amounts.share, amounts.met) == (5 * whole, 5 * WHOLE, 5)


KEYED = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["district", "province", "central"]), st.integers(0, 10**15))
)


@given(KEYED)
def test_sums_are_those_of_the_rows_by_key_and_stage(rows: list[tuple[str, str, int]]) -> None:
    keys, stages = [row[0] for row in rows], [row[1] for row in rows]
    held = [(number, stage, amount + 1, amount + 1, 0, 0, amount + 1, True, amount, 0)
            for number, (_, stage, amount) in enumerate(rows)]  # fmt: skip
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for key, stage, amount in rows:
        expected[key, stage] += amount
    found = fold(keys, stages, measure(balances(held)))
    assert {(key, stage): sums.contracted for key, by in found.items() for stage, sums in by.items()} == expected


def test_offers_add_up_and_none_is_nothing() -> None:
    assert add_offers([Offer(1, 10, 4), Offer(2, 5, 5)]) == Offer(3, 15, 9)
    assert add_offers([]) == Offer()


@pytest.mark.parametrize(("days_left", "is_late"), [(0, False), (3, False), (-1, True)])
def test_a_body_is_late_once_its_last_day_has_passed(days_left: int, is_late: bool) -> None:
    what = (Task.DECIDE, "allocation", "5.1", 20000001, "Komisyon", "01", None, "energy", 2, 1, 30)
    one = Unfinished(*what, closes=date(2023, 6, 30), days_left=days_left)
    assert one.is_late is is_late


def test_a_sector_without_words_is_called_by_its_code() -> None:
    assert sector_name("energy") == Bilingual("Enerji", "Energy")
    assert sector_name("mining") == Bilingual("mining", "mining")
