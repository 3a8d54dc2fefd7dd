"""Errors of signature chains: a stage that cannot be read, a chain or a migration that is not taken."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Text, text


class ChainError(SekapsError):
    """A signature chain cannot be used or changed as asked."""


class StageUnreadable(ChainError):
    """A stage of a chain is written in a way that means nothing."""

    def __init__(self, *, stage: str, column: int, problem: Text) -> None:
        self.stage, self.column, self.problem = stage, column, problem
        super().__init__(
            text("stage '{stage}', character {column}: {problem}", stage=stage, column=column, problem=problem)
        )


class ChainUnknown(ChainError):
    """No chain has that number."""

    def __init__(self, *, number: int) -> None:
        self.number = number
        super().__init__(
            text("no chain has the number {number}; 'sekaps chain show UNIT' lists those of a unit", number=number)
        )


class ChainRefused(ChainError):
    """A chain was not proposed, or not decided."""

    exit_code = 1

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the chain stays as it is: {problem}", problem=problem))


class ChainMigrationRefused(ChainError):
    """Documents under way were not moved to another chain."""

    exit_code = 1

    def __init__(self, *, name: str, problem: Text) -> None:
        self.name, self.problem = name, problem
        super().__init__(text("migration '{name}' was not carried out: {problem}", name=name, problem=problem))
