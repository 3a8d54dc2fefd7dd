"""Cells of registry files: numbers, instants and choices as people and systems write them."""

from datetime import UTC, datetime

import pytest

from sekaps.domain.registry_cells import (
    fold,
    read_choice,
    read_end,
    read_name,
    read_number,
    read_reference,
    read_start,
)
from sekaps.domain.registry_fields import code_name, field_names
from sekaps.texts import Text

TIERS = {"merkez": "central", "yurtdisi": "abroad"}


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def flaw(value: object) -> str:
    assert isinstance(value, Text)
    return value.say("en")


@pytest.mark.parametrize("written", ["DETSİS No", "detsis_no", " DETSISNo ", "Detsis-No."])
def test_headings_are_told_by_their_letters(written: str) -> None:
    assert fold(written) == "detsisno"


def test_a_registry_number_has_eight_digits_and_no_leading_zero() -> None:
    assert read_number("24308110") == 24308110
    for written in ("02430811", "2430811", "243081100", "2430811a", "", "２４３０８１１０"):
        assert "eight digits" in flaw(read_number(written))


def test_no_reference_is_written_as_nothing_or_as_zero() -> None:
    assert [read_reference(written) for written in ("", "0", "24308110")] == [None, None, 24308110]
    assert "eight digits" in flaw(read_reference("77"))


def test_a_name_is_kept_with_single_blanks() -> None:
    assert read_name("  İl  Müdürlüğü ") == "İl Müdürlüğü"
    assert read_name(" ") is None
    assert "at most 300" in flaw(read_name("x" * 301))
    assert "cannot be printed" in flaw(read_name("a\x07b"))


def test_a_choice_is_understood_by_its_turkish_word_and_by_its_code() -> None:
    assert [read_choice(word, TIERS) for word in ("MERKEZ", "Yurt Dışı", "abroad", "")] == [
        "central",
        "abroad",
        "abroad",
        None,
    ]
    assert flaw(read_choice("uzay", TIERS)) == "'uzay' is none of: abroad, central"


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ("2026-03-02", utc(1, 21), utc(2, 21)),
        ("02.03.2026", utc(1, 21), utc(2, 21)),
        ("2/3/2026 08:30", utc(2, 5, 30), utc(2, 5, 30)),
        ("02.03.2026 08.30", utc(2, 5, 30), utc(2, 5, 30)),
        ("2026-03-02T08:30:00", utc(2, 5, 30), utc(2, 5, 30)),
        ("2026-03-02T00:00:00", utc(1, 21), utc(2, 21)),
        ("2026-03-02T00:00:00Z", utc(2, 0), utc(2, 0)),
        ("", None, None),
        ("0001-01-01T00:00:00", None, None),
        ("31.12.9999", None, None),
    ],
)
def test_a_date_alone_begins_with_its_first_moment_and_ends_after_its_last(
    written: str, begins: datetime | None, ends: datetime | None
) -> None:
    assert (read_start(written), read_end(written)) == (begins, ends)


@pytest.mark.parametrize("written", ["30.02.2026", "yesterday", "02.03.2026 25:00"])
def test_what_is_no_date_is_told(written: str) -> None:
    assert "is no date such as" in flaw(read_start(written))


def test_fields_and_codes_without_a_word_of_their_own_go_by_themselves() -> None:
    assert [name.say("tr") for name in field_names(["parent", "nothing"])] == ["üst birim", "nothing"]
    assert [code_name(code).say("en") for code in ("own", "nothing")] == ["holder", "nothing"]
