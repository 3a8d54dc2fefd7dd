"""A stage as it is written: posts side by side, how many of them, and when; what means nothing is told by its place."""

import pytest

from sekaps.domain.chains import Condition, Field
from sekaps.domain.stage_grammar import PostName, StageOrder, parse_stage
from sekaps.errors.chains import StageUnreadable

A, B, C = PostName("a", 20000001), PostName("b", 20000002), PostName("c", 20000003)


@pytest.mark.parametrize(
    ("sentence", "stage"),
    [
        ("officer", StageOrder((PostName("officer"),))),
        (" officer,deputy_head_2 ", StageOrder((PostName("officer"), PostName("deputy_head_2")))),
        ("2 of a@20000001, b@20000002, c@20000003", StageOrder((A, B, C), 2)),
        ("a@20000001 if quantity >= 100", StageOrder((A,), condition=Condition(Field.QUANTITY, 100))),
        ("head if module = vehicles", StageOrder((PostName("head"),), condition=Condition(Field.MODULE, "vehicles"))),
        ("1 of a@20000001, head if scope = central",
         StageOrder((A, PostName("head")), 1, Condition(Field.SCOPE, "central"))),
        ("of", StageOrder((PostName("of"),))),
    ],
)  # fmt: skip
def test_a_stage_says_who_signs_how_many_and_when(sentence: str, stage: StageOrder) -> None:
    assert parse_stage(sentence) == stage


@pytest.mark.parametrize(
    ("sentence", "column", "says"),
    [
        ("", 1, "ends too early; expected: a code such as head, a number"),
        ("2 a", 3, "'a' does not fit here; expected: of"),
        ("Officer", 1, "'Officer' does not fit"),
        ("a,", 3, "ends too early"),
        ("a@2000", 3, "a registry number of eight digits"),
        ("a@200000011", 3, "a registry number of eight digits"),
        ("a b", 3, "expected: @, a comma, if"),
        ("a if size = 3", 6, "expected: module, quantity, scope"),
        ("a if quantity = 5", 15, "expected: >="),
        ("a if scope = abroad", 14, "expected: central or local"),
        ("a if scope = local, b", 19, "',' is too much; the stage is complete before it"),
        ("٢ of a, b", 1, "does not fit"),
    ],
)
def test_what_means_nothing_is_told_with_the_character_where_it_stops(sentence: str, column: int, says: str) -> None:
    with pytest.raises(StageUnreadable) as caught:
        parse_stage(sentence)
    assert caught.value.column == column
    assert says in str(caught.value)
