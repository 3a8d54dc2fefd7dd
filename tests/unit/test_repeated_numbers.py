"""What stands in a file twice is found in one pass or many, and whatever the order."""

from tempfile import TemporaryFile

import polars as pl
import pytest

from sekaps.services import repeated_numbers
from sekaps.services.bulk_load import StageFile
from sekaps.services.repeated_numbers import repeated


@pytest.mark.parametrize("most_held", [3, 10, 1_000])
def test_every_row_but_the_first_of_its_number_is_found(monkeypatch: pytest.MonkeyPatch, most_held: int) -> None:
    monkeypatch.setattr(repeated_numbers, "MOST_HELD", most_held)
    numbers = [f"N-{place % 40}" for place in range(90)] + ["N-1"] * 10
    with TemporaryFile() as file:
        stage = StageFile(file)
        for start in range(0, 100, 7):
            part = numbers[start : start + 7]
            stage.add(pl.DataFrame({"row": range(start, start + len(part)), "number": part}))
        found = pl.concat(repeated(stage, "number")).sort("row")
    seen: set[str] = set()
    expected = [(row, number) for row, number in enumerate(numbers) if number in seen or seen.add(number)]
    assert found.rows() == expected


def test_a_file_without_rows_repeats_nothing() -> None:
    with TemporaryFile() as file:
        assert list(repeated(StageFile(file), "number")) == []
