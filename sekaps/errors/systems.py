"""Errors of what the engine leans on: the database, the mail relay, Prefect, the disk, the audit trail."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Text, text


class DatabaseError(SekapsError):
    """The store cannot be used as it is."""


class DatabaseUnreachable(DatabaseError):
    """No connection can be made."""

    exit_code = 3

    def __init__(self, *, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(text("the database {url} cannot be reached: {reason}", url=url, reason=reason))


class SchemaBroken(DatabaseError):
    """A migration would have left rows that refer to rows that are not there; it was undone."""

    def __init__(self, *, url: str) -> None:
        self.url = url
        super().__init__(text("{url}: the migration would break references between rows; it was undone", url=url))


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


class SchemaDrifted(DatabaseError):
    """The migrations do not give the schema the models describe."""

    def __init__(self, *, differences: str) -> None:
        self.differences = differences
        super().__init__(text("the migrations do not give the models' schema: {differences}", differences=differences))


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


class SmtpTakesNothing(MailError):
    """The mail relay answers but takes no message; every message stays in the outbox."""

    exit_code = 3

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(
            text(
                "the mail relay {host}:{port} takes no mail for now: {reason};"
                " no message is lost, the next delivery tries again",
                host=host,
                port=port,
                reason=reason,
            )
        )


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


class SchedulesNotMade(SekapsError):
    """What was decided stands, but Prefect does not have the year's schedules."""

    exit_code = 3

    def __init__(self, *, programme: str, year: int, reason: str | Text) -> None:
        self.programme, self.year, self.reason = programme, year, reason
        super().__init__(
            text(
                "the schedules of {programme} {year} were not made ({reason}); what was decided stands,"
                " make them with: sekaps plan schedule --programme {programme} --year {year}",
                programme=programme,
                year=year,
                reason=reason,
            )
        )


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


class TrailBroken(SekapsError):
    """The audit trail was changed after it was written."""

    exit_code = 1

    def __init__(self, *, sequences: list[int]) -> None:
        self.sequences = sequences
        super().__init__(
            text("the audit trail was changed, removed or re-ordered at act {sequences}", sequences=sequences[:20])
        )
