"""The command line's entry: chooses the language, runs the verb, turns every failure into one line and an exit code."""

import errno
import os
import sys
from collections.abc import Callable, Sequence

import typer
from sqlalchemy.exc import ArgumentError, DBAPIError
from typer.exceptions import TyperException

from sekaps.cli import language
from sekaps.errors.base import SekapsError
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import text

INTERRUPTED = 130
FAILED = 3
MISUSED = 2
FULL_DISK = text("the disk is full; what was done is kept, free some space and run the same command again")
FULL_DISK_SIGNS = ("disk is full", "No space left")
FULL_DISK_CODES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No space, no quota, no longer file than the system lets this process write."""
LOST = text(
    "the database was restarted or cannot be reached any more; what was done is kept, run the same command again"
)
STOPPED = text("stopped; what was done is kept, run the same command again to go on")


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    language.use(language.resolve(argv, os.environ))
    return _guarded(lambda: _invoke(argv))


def _invoke(argv: Sequence[str]) -> int:
    from sekaps.cli.app import app  # help is worded when the commands are imported, so the language comes first

    return app(args=list(argv), prog_name="sekaps", standalone_mode=False) or 0


def _guarded(command: Callable[[], int]) -> int:
    try:
        exit_code = command()
        return _stopped() if exit_code == INTERRUPTED else exit_code
    except (typer.Abort, KeyboardInterrupt):
        return _stopped()
    except TyperException as misuse:
        return _tell_misuse(misuse)
    except SekapsError as failure:
        return _tell(failure)
    except (DBAPIError, ArgumentError, OSError) as failure:
        return _fail(_system_line(failure), MISUSED if isinstance(failure, ArgumentError) else FAILED)


def _stopped() -> int:
    return _fail(STOPPED.say(language.current()), INTERRUPTED)


def _tell(failure: SekapsError) -> int:
    """Tell an error of the engine in one line; every flaw of a programme has a line of its own before it."""
    if isinstance(failure, ProgrammeInvalid):
        for flaw in failure.flaws:
            place = f"{failure.source}:{flaw.line}:{flaw.column}"
            typer.echo(f"{place}: {flaw.path}: {flaw.problem.say(language.current())}", err=True)
    return _fail(failure.say(language.current()), failure.exit_code)


def _fail(line: str, exit_code: int) -> int:
    word = text("error: {line}", line=" ".join(line.split()))
    typer.echo(word.say(language.current()), err=True)
    return exit_code


def _tell_misuse(misuse: TyperException) -> int:
    """Tell a wrong word on the command line in one line; a verb asked for nothing has shown its help already."""
    told = misuse.format_message() if hasattr(misuse, "format_message") else str(misuse)
    return _fail(told, MISUSED) if told else MISUSED


def _system_line(failure: DBAPIError | ArgumentError | OSError) -> str:
    """Return in one line what the database or the machine refused."""
    if _is_full_disk(failure):
        return FULL_DISK.say(language.current())
    if isinstance(failure, OSError):
        said = text("{what}: {reason}", what=failure.filename or "", reason=failure.strerror or str(failure))
    elif isinstance(failure, DBAPIError) and failure.connection_invalidated:
        said = LOST
    elif isinstance(failure, ArgumentError):
        said = text("SEKAPS_DATABASE_URL: {reason}", reason=failure)
    else:
        said = text("the database refused: {reason}", reason=(str(failure.orig).strip().splitlines() or [""])[0])
    return said.say(language.current())


def _is_full_disk(failure: Exception) -> bool:
    if isinstance(failure, OSError):
        return failure.errno in FULL_DISK_CODES
    return isinstance(failure, DBAPIError) and any(sign in str(failure.orig) for sign in FULL_DISK_SIGNS)


if __name__ == "__main__":
    main()
