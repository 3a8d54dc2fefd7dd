"""Measures as data: which can be converted into one another, and exactly how, in whole numbers only."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from pydantic import Field, ValidationError, model_validator

from sekaps.calendar.programme_files import read_yaml
from sekaps.calendar.programme_values import Code, Frozen, Name, flaw
from sekaps.domain.registry_cells import fold
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import Sayable, Text, text

LARGEST_QUANTITY = 10**12
"""More than the country has of anything, counted in the smallest measure an item is planned in."""
SPECIAL = str.maketrans({"³": "3", "²": "2"})


class Written(Frozen):
    """One measure of the file: the first of its dimension, or so many of another."""

    name: Name
    also: tuple[str, ...] = ()
    """Other ways people write it."""
    dimension: Code | None = None
    exactly: dict[Code, int] = Field(default={}, max_length=1)
    """The measure it consists of, and how many of it."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.dimension is None) is not bool(self.exactly):
            raise flaw(text("a measure has a dimension of its own, or is exactly so many of another"))
        if any(count < 1 for count in self.exactly.values()):
            raise flaw(text("a measure is exactly so many of another: a whole number from 1"))
        return self


class _File(Frozen):
    measures: dict[Code, Written]

    @model_validator(mode="after")
    def _known_before(self) -> Self:
        seen: set[str] = set()
        for code, written in self.measures.items():
            if unknown := sorted(set(written.exactly) - seen):
                raise flaw(text("{code} is said to be of {unknown}, which no line before names", code=code,
                                unknown=unknown))  # fmt: skip
            seen.add(code)
        return self


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with its dimension and how many of the dimension's first measure it is."""

    code: str
    name: Sayable
    dimension: str
    factor: int


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures known, by code, and the folded words that name them."""

    by_code: Mapping[str, Measure]
    words: Mapping[str, str]

    def named(self, written: str) -> str | None:
        """Return the code of the measure a word names, or None."""
        return self.words.get(_folded(written))

    def ratio(self, one: str, other: str) -> Fraction | None:
        """Return how many of the other measure one is, or None when they cannot be compared."""
        known, wanted = self.by_code.get(one), self.by_code.get(other)
        if known is None or wanted is None or known.dimension != wanted.dimension:
            return None
        return Fraction(known.factor, wanted.factor)

    def convert(self, quantity: int, one: str, other: str) -> int | Text:
        """Return a quantity in another measure, exactly, or why it cannot be stated in it."""
        for code in (one, other):
            if code not in self.by_code:
                return text("'{code}' is no measure", code=code)
        ratio = self.ratio(one, other)
        names = {"measure": self.by_code[one].name, "other": self.by_code[other].name}
        if ratio is None:
            return text("{measure} cannot be converted into {other}", **names)
        converted = quantity * ratio
        if converted.denominator != 1:
            return text("{quantity} {measure} is no whole number of {other}", quantity=quantity, **names)
        return converted.numerator

    def compatible(self, code: str) -> list[str]:
        """Return the measures a quantity of that measure may also be stated in, largest first."""
        mine = self.by_code[code].dimension
        alike = [measure for measure in self.by_code.values() if measure.dimension == mine]
        return [measure.code for measure in sorted(alike, key=lambda measure: -measure.factor)]


def read_measures(written: str, source: str) -> Measures:
    """Return the measures of a file; raise ProgrammeInvalid with the line of every error in it."""
    file = read_yaml(written, source)
    try:
        read = _File.model_validate(file.data)
    except ValidationError as invalid:
        flaws = file.flaws(invalid.errors(include_url=False))
        raise ProgrammeInvalid(source=source, flaws=flaws) from None
    by_code: dict[str, Measure] = {}
    for code, line in read.measures.items():
        by_code[code] = _measure(code, line, by_code)
    return Measures(by_code, _words(read.measures))


def _measure(code: str, line: Written, known: Mapping[str, Measure]) -> Measure:
    for other, count in line.exactly.items():
        return Measure(code, line.name, known[other].dimension, known[other].factor * count)
    return Measure(code, line.name, line.dimension or code, 1)


def _words(lines: Mapping[str, Written]) -> dict[str, str]:
    words: dict[str, str] = {}
    for code, line in lines.items():
        for word in (code, line.name.tr, line.name.en, *line.also):
            words.setdefault(_folded(word), code)
    return words


def _folded(word: str) -> str:
    return fold(word.translate(SPECIAL))
