"""Errors of readiness and training: something that is not recorded, asked, scheduled or answered as it was asked."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Text, text


class ReadinessError(SekapsError):
    """An act on an institution's readiness, or on its training, may not be done."""

    exit_code = 1


class ReadinessRefused(ReadinessError):
    """Something of an institution's readiness is not recorded or withdrawn."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("readiness is as it was: {problem}", problem=problem))


class ReadinessNotAsked(ReadinessError):
    """The programme asks no readiness of anybody."""

    def __init__(self, *, programme: str) -> None:
        self.programme = programme
        super().__init__(text("{programme} asks no readiness of institutions", programme=programme))


class TrainingRefused(ReadinessError):
    """A request for training is not taken, or not answered."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the training is as it was: {problem}", problem=problem))


class TrainingUnknown(ReadinessError):
    """There is no request for training of that number."""

    def __init__(self, *, number: int) -> None:
        self.number = number
        super().__init__(text("no request for training has the number {number}", number=number))


class TrainingMoveForbidden(ReadinessError):
    """A request for training may not go that way."""

    def __init__(self, *, state: str, event: str, problem: Text) -> None:
        self.state, self.event, self.problem = state, event, problem
        super().__init__(text("the request for training stays as it is: {problem}", problem=problem))
