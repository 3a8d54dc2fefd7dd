"""Errors of programme files."""

from dataclasses import dataclass

from sekaps.errors.base import SekapsError
from sekaps.texts import Text, text


class ProgrammeError(SekapsError):
    """A programme cannot be used."""


class ProgrammeUnknown(ProgrammeError):
    """No programme of that code is shipped and no file is there."""

    def __init__(self, *, asked: str, known: list[str]) -> None:
        self.asked, self.known = asked, known
        super().__init__(
            text(
                "unknown programme '{asked}'; known: {known}; or give the path of a YAML file",
                asked=asked,
                known=known,
            )
        )


@dataclass(frozen=True, slots=True)
class Flaw:
    """One error in a programme file: its line and column (from 1), the path to the value, and what is wrong."""

    line: int
    column: int
    path: str
    problem: Text


class ProgrammeInvalid(ProgrammeError):
    """A programme file has errors; every one of them is listed with its place."""

    def __init__(self, *, source: str, flaws: list[Flaw]) -> None:
        self.source, self.flaws = source, flaws
        super().__init__(
            text("{source}: {count} error(s) in the programme; nothing was read", source=source, count=len(flaws))
        )
