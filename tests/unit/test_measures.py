from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sekaps
from sekaps.domain.measures import read_measures
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import Text

FILE = Path(sekaps.__file__).parent / "data" / "measures.yaml"
MEASURES = read_measures(FILE.read_text(encoding="utf-8"), FILE.name)
CODES = sorted(MEASURES.by_code)
codes = st.sampled_from(CODES)


def refusal(found: int | Text) -> str:
    assert isinstance(found, Text)
    return found.say("en")


@pytest.mark.parametrize(
    ("quantity", "one", "other", "expected"),
    [
        (3, "tonne", "kilogram", 3_000),
        (3_000, "kilogram", "tonne", 3),
        (5, "hectolitre", "litre", 500),
        (2, "cubic_metre", "litre", 2_000),
        (7, "gross", "piece", 1_008),
        (4, "decare", "hectare", None),
        (40, "decare", "hectare", 4),
        (9, "bed", "bed", 9),
        (10**12, "tonne", "gram", 10**18),
    ],
)
def test_a_quantity_is_converted_exactly(quantity: int, one: str, other: str, expected: int | None) -> None:
    found = MEASURES.convert(quantity, one, other)
    assert (None if isinstance(found, Text) else found) == expected


def test_what_does_not_come_out_whole_is_refused() -> None:
    assert refusal(MEASURES.convert(1_500, "kilogram", "tonne")) == "1500 kilogram is no whole number of tonne"


def test_measures_of_other_dimensions_are_refused() -> None:
    assert refusal(MEASURES.convert(1, "litre", "kilogram")) == "litre cannot be converted into kilogram"


@pytest.mark.parametrize(("one", "other"), [("fathom", "metre"), ("metre", "fathom")])
def test_an_unknown_measure_is_refused(one: str, other: str) -> None:
    assert refusal(MEASURES.convert(1, one, other)) == "'fathom' is no measure"
    assert MEASURES.ratio(one, other) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("kg", "kilogram"), ("KİLOGRAM", "kilogram"), ("m³", "cubic_metre"), ("Metreküp", "cubic_metre"), ("ton", "tonne"),
     ("adet", "piece"), ("square metre", "square_metre"), ("endaze", None)],
)  # fmt: skip
def test_a_measure_is_known_by_its_names(written: str, code: str | None) -> None:
    assert MEASURES.named(written) == code


def test_the_measures_alike_are_listed_largest_first() -> None:
    assert MEASURES.compatible("kilogram") == ["tonne", "quintal", "kilogram", "gram"]
    assert MEASURES.compatible("bed") == ["bed"]


@given(codes, codes)
def test_a_ratio_and_its_inverse_cancel_out(one: str, other: str) -> None:
    ratio, inverse = MEASURES.ratio(one, other), MEASURES.ratio(other, one)
    assert (ratio is None) == (inverse is None)
    if ratio is not None and inverse is not None:
        assert ratio * inverse == Fraction(1)


@given(st.integers(1, 10**12), codes, codes)
def test_converting_there_and_back_changes_nothing(quantity: int, one: str, other: str) -> None:
    there = MEASURES.convert(quantity, one, other)
    if isinstance(there, int):
        assert MEASURES.convert(there, other, one) == quantity


@given(st.integers(1, 10**9), codes, codes, codes)
def test_going_by_a_third_measure_comes_to_the_same(quantity: int, one: str, via: str, other: str) -> None:
    between, direct = MEASURES.convert(quantity, one, via), MEASURES.convert(quantity, one, other)
    if isinstance(between, int) and isinstance(direct, int):
        assert MEASURES.convert(between, via, other) == direct


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{name: {tr: a, en: a}}", "a measure has a dimension of its own, or is exactly so many of another"),
        ("{name: {tr: a, en: a}, dimension: d, exactly: {one: 2}}",
         "a measure has a dimension of its own, or is exactly so many of another"),
        ("{name: {tr: a, en: a}, exactly: {one: 0}}",
         "a measure is exactly so many of another: a whole number from 1"),
        ("{name: {tr: a, en: a}, exactly: {later: 2}}", "two is said to be of later, which no line before names"),
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_refused_with_its_line(written: str, problem: str) -> None:
    file = f"measures:\n  one: {{name: {{tr: bir, en: one}}, dimension: d}}\n  two: {written}\n"
    with pytest.raises(ProgrammeInvalid) as refused:
        read_measures(file, "m.yaml")
    assert problem in [flaw.problem.say("en") for flaw in refused.value.flaws]
