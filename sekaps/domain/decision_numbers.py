"""The number of a decision: year and sequence, one series for each body and year (2023/14)."""

import re
from dataclasses import dataclass

from sekaps.errors.decisions import DecisionNumberUnreadable

WRITTEN = re.compile(r"(\d{4})/(\d{1,6})")
LARGEST_SEQUENCE = 999_999


@dataclass(frozen=True, slots=True, order=True)
class DecisionNumber:
    """A decision's number within its body."""

    year: int
    sequence: int

    def __str__(self) -> str:
        return f"{self.year}/{self.sequence}"

    @property
    def is_possible(self) -> bool:
        """Whether a decision can have it."""
        return 1 <= self.sequence <= LARGEST_SEQUENCE


def read_decision_number(written: str) -> DecisionNumber:
    """Return the number written as 2023/14; raise DecisionNumberUnreadable."""
    found = WRITTEN.fullmatch(written.strip())
    number = found and DecisionNumber(int(found[1]), int(found[2]))
    if number is None or not number.is_possible:
        raise DecisionNumberUnreadable(written=written)
    return number
