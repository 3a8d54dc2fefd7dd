"""Errors of importing a printed calendar: a file that cannot be read, or a calendar that is not taken over."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Sayable, Text, text


class CalendarImportError(SekapsError):
    """A printed calendar cannot be imported; nothing was written."""


class CalendarFileUnreadable(CalendarImportError):
    """The file is not what its name says, is damaged, or cannot be opened."""

    def __init__(self, *, path: str, problem: Sayable | str) -> None:
        self.path, self.problem = path, problem
        super().__init__(text("{path} cannot be read: {problem}; nothing was imported", path=path, problem=problem))


class CalendarFileTooLarge(CalendarImportError):
    """The file is far larger than a printed calendar."""

    def __init__(self, *, path: str, limit: Text) -> None:
        self.path, self.limit = path, limit
        super().__init__(
            text(
                "{path} holds more than {limit}, more than a calendar has; save the calendar's table alone",
                path=path,
                limit=limit,
            )
        )


class CalendarFlawed(CalendarImportError):
    """Parts of the calendar cannot be used, and nobody asked to go on without them."""

    exit_code = 1

    def __init__(self, *, source: str, flaws: int) -> None:
        self.source, self.flaws = source, flaws
        super().__init__(
            text(
                "{source}: {count} flaw(s); nothing was imported. Correct the file,"
                " or add --partial to import the rest",
                source=source,
                count=flaws,
            )
        )


class CalendarEmpty(CalendarImportError):
    """No row of the file gives a date for the programme."""

    exit_code = 1

    def __init__(self, *, source: str, programme: str) -> None:
        self.source, self.programme = source, programme
        super().__init__(
            text("{source} gives no date for {programme}; nothing was imported", source=source, programme=programme)
        )


class CalendarNotWritten(CalendarImportError):
    """The programme file with the imported dates could not be written; the one before is as it was."""

    exit_code = 3

    def __init__(self, *, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            text("{path} cannot be written: {reason}; what was imported before is unchanged", path=path, reason=reason)
        )
