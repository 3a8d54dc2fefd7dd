"""Every error the engine raises, each wording itself from keyword facts: what was asked, what holds, what to do.

SekapsError
├── ProgrammeError        a programme cannot be used
│   ├── ProgrammeUnknown
│   └── ProgrammeInvalid
├── CalendarError         a date cannot be answered for
└── (further families beside the code that raises them)
"""

from dataclasses import dataclass

from sekaps.texts import Language, Sayable, Text, text


class SekapsError(Exception):
    """The root: carries one sentence, sayable in both languages, and the process exit code it stands for."""

    exit_code = 2

    def __init__(self, message: Sayable) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.say("en")

    def say(self, language: Language) -> str:
        """Return the error's sentence in that language."""
        return self.message.say(language)


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


class CalendarError(SekapsError):
    """A date cannot be answered for."""


class YearUnconfirmed(CalendarError):
    """The religious holidays of that year are not confirmed, so no calendar is drafted from them."""

    def __init__(self, *, year: int, first: int, last: int) -> None:
        self.year, self.first, self.last = year, first, last
        super().__init__(
            text(
                "the religious holidays of {year} are not confirmed (confirmed: {first} to {last});"
                " a calendar is drafted only for a confirmed year",
                year=year,
                first=first,
                last=last,
            )
        )


class DatabaseError(SekapsError):
    """The store cannot be used as it is."""


class DatabaseUnreachable(DatabaseError):
    """No connection can be made."""

    exit_code = 3

    def __init__(self, *, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(text("the database {url} cannot be reached: {reason}", url=url, reason=reason))


class DatabaseNotMigrated(DatabaseError):
    """The schema is older than the code."""

    exit_code = 3

    def __init__(self, *, url: str, held: str) -> None:
        self.url, self.held = url, held
        super().__init__(
            text(
                "the database {url} is at schema {held}, older than this program; run: sekaps db migrate",
                url=url,
                held=held,
            )
        )


class DatabaseNewer(DatabaseError):
    """The schema is newer than the code."""

    exit_code = 3

    def __init__(self, *, url: str, held: str) -> None:
        self.url, self.held = url, held
        super().__init__(
            text(
                "the database {url} is at schema {held}, newer than this program; install the newer program",
                url=url,
                held=held,
            )
        )
