"""Errors of deciding: what was asked cannot be read, or there is no such decision."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Sayable, text


class DecisionError(SekapsError):
    """What a body decides cannot be taken down as asked."""


class DecisionNumberUnreadable(DecisionError):
    """A decision's number is not year and sequence."""

    def __init__(self, *, written: str) -> None:
        self.written = written
        super().__init__(
            text("'{written}' is no decision number; give year and sequence, such as 2023/14", written=written)
        )


class DecisionUnknown(DecisionError):
    """The body has no decision of that number in the edition."""

    def __init__(self, *, body: str, number: str) -> None:
        self.body, self.number = body, number
        super().__init__(text("{body} has no decision {number} in this edition", body=body, number=number))


class DecisionUnreadable(DecisionError):
    """A decision's file or options cannot be read; nothing was decided."""

    def __init__(self, *, source: str, problem: Sayable | str) -> None:
        self.source, self.problem = source, problem
        super().__init__(text("{source}: {problem}; nothing was decided", source=source, problem=problem))


class LinesUndecided(DecisionError):
    """Some open lines are neither accepted nor changed nor refused."""

    def __init__(self, *, lines: list[int], count: int) -> None:
        self.lines, self.count = lines, count
        super().__init__(
            text(
                "{count} open line(s) are not named: {lines}; name each, or add --accept-all for the rest",
                count=count,
                lines=lines,
            )
        )


class StageUnknown(DecisionError):
    """No stage of the cascade has that name."""

    def __init__(self, *, asked: str, known: list[str]) -> None:
        self.asked, self.known = asked, known
        super().__init__(text("no stage '{asked}'; the stages are: {known}", asked=asked, known=known))
