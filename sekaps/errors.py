"""Every error the engine raises, each wording itself from keyword facts: what was asked, what holds, what to do.

SekapsError
├── ProgrammeError        a programme cannot be used
│   ├── ProgrammeUnknown
│   └── ProgrammeInvalid
├── CalendarError         a date cannot be answered for
│   ├── YearUnconfirmed, YearUnknown
│   ├── DayOutsideTable, DayUnreadable, PlaceUnknown
│   ├── RuleUnreadable, RuleImpossible, BoundaryUndated
│   ├── PeriodUnknown, ServiceInapplicable, MomentUnreadable, DeadlineIncomplete
│   └── WindowInverted
│       └── EditionWindowInverted
├── MailError             a message cannot be built or handed over
│   ├── HeaderUnsafe
│   └── SmtpUnreachable
└── (further families beside the code that raises them)
"""

from dataclasses import dataclass
from datetime import date

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


class YearUnknown(CalendarError):
    """No holidays are known for that year."""

    def __init__(self, *, year: int, first: int, last: int) -> None:
        self.year, self.first, self.last = year, first, last
        super().__init__(
            text("no holidays are known for {year}; ask between {first} and {last}", year=year, first=first, last=last)
        )


class DayOutsideTable(CalendarError):
    """A day was asked for that the day table does not cover."""

    def __init__(self, *, day: date, first: date, last: date) -> None:
        self.day, self.first, self.last = day, first, last
        super().__init__(
            text("the day table covers {first} to {last}; {day} is outside it", day=day, first=first, last=last)
        )


class DayUnreadable(CalendarError):
    """What was given is not a date."""

    def __init__(self, *, asked: str) -> None:
        self.asked = asked
        super().__init__(text("'{asked}' is not a date; write year-month-day, such as 2023-06-30", asked=asked))


class PlaceUnknown(CalendarError):
    """No province or district of that code or name exists."""

    def __init__(self, *, asked: str, hint: Text) -> None:
        self.asked = asked
        super().__init__(text("unknown place '{asked}'; {hint}", asked=asked, hint=hint))


class RuleUnreadable(CalendarError):
    """A boundary rule is not one of the sentences the rule grammar knows."""

    def __init__(self, *, rule: str, column: int, problem: Text) -> None:
        self.rule, self.column, self.problem = rule, column, problem
        super().__init__(
            text("rule '{rule}', character {column}: {problem}", rule=rule, column=column, problem=problem)
        )


class RuleImpossible(CalendarError):
    """A boundary rule names a day that does not exist in that year."""

    def __init__(self, *, rule: str, year: int, problem: Text) -> None:
        self.rule, self.year, self.problem = rule, year, problem
        super().__init__(
            text("rule '{rule}' gives no date in the {year} edition: {problem}", rule=rule, year=year, problem=problem)
        )


class BoundaryUndated(CalendarError):
    """A boundary has neither a rule nor a published date for that year."""

    def __init__(self, *, code: str, year: int) -> None:
        self.code, self.year = code, year
        super().__init__(
            text(
                "boundary {code} has no rule and no date published for {year};"
                " add published: {{{year}: ...}} or a rule to the programme",
                code=code,
                year=year,
            )
        )


class WindowInverted(CalendarError):
    """A window would close before it opens."""

    def __init__(self, *, opens: date, closes: date, message: Text | None = None) -> None:
        self.opens, self.closes = opens, closes
        said = text("a window cannot open on {opens} and close before that, on {closes}", opens=opens, closes=closes)
        super().__init__(message or said)


class EditionWindowInverted(WindowInverted):
    """The dates of a year turn a window of the programme round."""

    def __init__(self, *, key: str, boundaries: tuple[str, str], opens: date, closes: date) -> None:
        self.key, self.boundaries = key, boundaries
        said = text(
            "{key} would open on {opens} ({opening}) and close before that, on {closes} ({closing});"
            " correct one of the two boundaries",
            key=key,
            opens=opens,
            closes=closes,
            opening=boundaries[0],
            closing=boundaries[1],
        )
        super().__init__(opens=opens, closes=closes, message=said)


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


class EditionError(SekapsError):
    """An edition cannot be used or changed as asked."""


class EditionUnknown(EditionError):
    """No edition of that programme and year was published here."""

    def __init__(self, *, programme: str, year: int | None) -> None:
        self.programme, self.year = programme, year
        super().__init__(
            text(
                "no {year} edition of {programme} is published in this database; publish one with"
                " 'sekaps plan publish', or play one with 'sekaps rehearse'",
                programme=programme,
                year=year or "",
            )
        )


class InvariantsBroken(EditionError):
    """A draft breaks what its programme declares must hold, so it is not published."""

    def __init__(self, *, programme: str, year: int, violations: list[Text]) -> None:
        self.programme, self.year, self.violations = programme, year, violations
        super().__init__(
            text(
                "the {year} draft of {programme} is not published, it breaks: {violations}",
                programme=programme,
                year=year,
                violations=violations,
            )
        )


class ExtensionRefused(EditionError):
    """An extension was not issued."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the extension was not issued: {problem}", problem=problem))


class RegistryError(SekapsError):
    """The registry does not know who was named."""


class UnitUnknown(RegistryError):
    """No unit has that registry number."""

    def __init__(self, *, number: int) -> None:
        self.number = number
        super().__init__(
            text("no unit has the registry number {number}; numbers have eight digits (DETSİS)", number=number)
        )


class MailError(SekapsError):
    """A message cannot be built or handed over."""


class HeaderUnsafe(MailError):
    """A name, address or subject would break a message's headers."""

    def __init__(self, *, header: str, value: str) -> None:
        self.header, self.value = header, value
        super().__init__(
            text(
                "the {header} header cannot hold {value}; correct it in the registry", header=header, value=repr(value)
            )
        )


class SmtpUnreachable(MailError):
    """The mail relay takes no connection; every message stays in the outbox."""

    exit_code = 3

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(
            text(
                "the mail relay {host}:{port} cannot be reached: {reason};"
                " no message is lost, the next delivery tries again",
                host=host,
                port=port,
                reason=reason,
            )
        )


class RehearsalRefused(EditionError):
    """A rehearsal cannot be played on this database as asked."""

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("the rehearsal was not started: {problem}", problem=problem))


class PrefectUnreachable(SekapsError):
    """The Prefect server does not answer."""

    exit_code = 3

    def __init__(self, *, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(
            text(
                "the Prefect server at {url} does not answer ({reason}); what was done is kept,"
                " run the same command again to go on",
                url=url,
                reason=reason,
            )
        )


class PersonUnknown(RegistryError):
    """Nobody has that manager code."""

    def __init__(self, *, number: int) -> None:
        self.number = number
        super().__init__(text("nobody has the manager code {number}", number=number))


class DocumentUnknown(EditionError):
    """No document of the edition has that number."""

    def __init__(self, *, number: str) -> None:
        self.number = number
        super().__init__(text("no document of this edition has the number {number}", number=number))


class TrailBroken(SekapsError):
    """The audit trail was changed after it was written."""

    exit_code = 1

    def __init__(self, *, sequences: list[int]) -> None:
        self.sequences = sequences
        super().__init__(
            text("the audit trail was changed, removed or re-ordered at act {sequences}", sequences=sequences[:20])
        )


class SchemaDrifted(DatabaseError):
    """The migrations do not give the schema the models describe."""

    def __init__(self, *, differences: str) -> None:
        self.differences = differences
        super().__init__(text("the migrations do not give the models' schema: {differences}", differences=differences))


class ReportNotWritten(SekapsError):
    """A report's files could not be written; those of an earlier report are as they were."""

    exit_code = 3

    def __init__(self, *, folder: str, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(
            text(
                "the report cannot be written to {folder}: {reason}; an earlier report there is unchanged."
                " Make room or name another folder",
                folder=folder,
                reason=reason,
            )
        )


class PeriodUnknown(CalendarError):
    """What was given is neither a period of the catalogue nor a length such as 15 days."""

    def __init__(self, *, asked: str, near: list[str]) -> None:
        self.asked, self.near = asked, near
        stated = {"asked": asked, "near": near}
        unlike = text("unknown period '{asked}'; write one such as '15 days', or see: sekaps deadline --list", **stated)
        like = text("unknown period '{asked}'; near it: {near}; or write one such as '15 days'", **stated)
        super().__init__(like if near else unlike)


class ServiceInapplicable(CalendarError):
    """A way of service was given for a period that no service starts."""

    def __init__(self, *, period: Text) -> None:
        self.period = period
        super().__init__(text("no service starts the period '{period}'; leave --service out", period=period))


class MomentUnreadable(CalendarError):
    """What was given is neither a date nor an instant."""

    def __init__(self, *, asked: str) -> None:
        self.asked = asked
        super().__init__(
            text("'{asked}' is neither a date nor a moment; write 2023-02-01 or 2023-02-01T10:30", asked=asked)
        )


class DeadlineIncomplete(CalendarError):
    """A period or the day it starts from was not given."""

    def __init__(self) -> None:
        super().__init__(
            text('give a period and its start: sekaps deadline "15 days" --from 2023-02-01; --list shows the periods')
        )
