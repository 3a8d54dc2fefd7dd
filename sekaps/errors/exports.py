"""Errors of taking a published year out of the system: a format that is not known, or a file that is not written."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Text, text


class ExportError(SekapsError):
    """A year is not exported; no file was written or changed."""


class ExportRefused(ExportError):
    """What was asked for cannot be exported in that way."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("nothing was written: {problem}", problem=problem))


class ExportNotWritten(ExportError):
    """The file could not be written; the one before is as it was."""

    exit_code = 3

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            text("{path} cannot be written: {reason}; a file that was there is unchanged", path=path, reason=reason)
        )
