"""Errors of the state registry and the signatory module: a file that cannot be taken over, an act that may not be."""

from collections.abc import Sequence
from dataclasses import dataclass

from sekaps.errors.base import SekapsError
from sekaps.errors.editions import RegistryError
from sekaps.texts import Sayable, Text, text


class RegistryImportError(SekapsError):
    """A file of the registry cannot be taken over; nothing was written."""


class RegistryFileTooLarge(RegistryImportError):
    """The file is far larger than the whole registry."""

    def __init__(self, *, path: str, limit: Text) -> None:
        self.path, self.limit = path, limit
        super().__init__(
            text(
                "{path} holds more than {limit}, more than the registry has; give the registry's table alone",
                path=path,
                limit=limit,
            )
        )


@dataclass(frozen=True, slots=True)
class RowFlaw:
    """What is wrong with one row of a file, by the row's number; and where it is one cell, which and what it holds."""

    row: int
    problem: Text
    column: str = ""
    value: str = ""
    rule: str = "row"


class RowsFlawed(RegistryImportError):
    """Rows of a file are wrong, so none of them was imported; every one of them is listed."""

    exit_code = 1

    def __init__(self, *, source: str, flaws: Sequence[RowFlaw]) -> None:
        self.source, self.flaws = source, tuple(flaws)
        super().__init__(
            text("{source}: {count} flaw(s); nothing was imported. Correct the file", source=source, count=len(flaws))
        )


class TooManyClosed(RegistryImportError):
    """A whole file would close so many units that it is more likely half a file."""

    exit_code = 1

    def __init__(self, *, source: str, missing: int, active: int) -> None:
        self.source, self.missing, self.active = source, missing, active
        super().__init__(
            text(
                "{source} lacks {missing} of {active} active units, which would all be closed; nothing was imported."
                " Leave out --whole, or add --close-many if that is right",
                source=source,
                missing=missing,
                active=active,
            )
        )


class KepMoveForbidden(RegistryError):
    """A KEP address may not go that way."""

    exit_code = 1

    def __init__(self, *, state: Sayable, problem: Text) -> None:
        self.state, self.problem = state, problem
        super().__init__(text("the KEP address stays as it is ({state}): {problem}", state=state, problem=problem))


class KepAddressRefused(RegistryError):
    """A KEP address cannot be registered or found."""

    exit_code = 1

    def __init__(self, *, address: str, problem: Text) -> None:
        self.address, self.problem = address, problem
        super().__init__(text("{address}: {problem}", address=address, problem=problem))


class SignatoryRefused(RegistryError):
    """An act of the signatory module is against one of its rules."""

    exit_code = 1

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("not recorded: {problem}", problem=problem))
