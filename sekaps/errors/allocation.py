"""Errors of the allocation: quantities nobody can add up, lines nobody knows."""

from sekaps.errors.base import SekapsError
from sekaps.texts import text


class AllocationError(SekapsError):
    """Nothing can be shared out, or told, as asked."""


class QuantitiesBeyondCounting(AllocationError):
    """Needs or resources add up to more than can be counted exactly."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        super().__init__(
            text("the quantities add up to more than {most}; look for a form with an impossible quantity", most=most)
        )


class LineUnknown(AllocationError):
    """Neither an allocation nor a need of the year bears that number."""

    def __init__(self, *, asked: str, year: int) -> None:
        self.asked, self.year = asked, year
        super().__init__(
            text(
                "{asked} is neither an allocation nor a need of {year}; sekaps allocation list names them",
                asked=asked,
                year=year,
            )
        )


class OptimumNotFound(AllocationError):
    """The solver stopped before the optimum."""

    def __init__(self, *, status: str) -> None:
        self.status = status
        super().__init__(text("the solver stopped before the optimum: {status}", status=status))
