"""A decision is known by its year and its sequence in the year."""

import pytest

from sekaps.domain.decision_numbers import DecisionNumber, read_decision_number
from sekaps.errors.decisions import DecisionNumberUnreadable


@pytest.mark.parametrize("written", ["2023/14", " 2023/14 ", "2023/014"])
def test_a_number_is_written_as_year_and_sequence(written: str) -> None:
    number = read_decision_number(written)
    assert (number, str(number)) == (DecisionNumber(2023, 14), "2023/14")


@pytest.mark.parametrize("written", ["", "14", "2023-14", "2023/0", "2023/-1", "2023/1234567", "23/1", "2023/x"])
def test_anything_else_is_told_to_be_none(written: str) -> None:
    with pytest.raises(DecisionNumberUnreadable) as refused:
        read_decision_number(written)
    assert refused.value.say("en") == f"'{written}' is no decision number; give year and sequence, such as 2023/14"
