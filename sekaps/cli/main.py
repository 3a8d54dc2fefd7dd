"""The command line's entry: chooses the language, runs the verb, turns every failure into one line and an exit code."""

import errno
import os
import sys
from collections.abc import Callable, Sequence

import typer
from click.exceptions import Abort, ClickException, Exit
from sqlalchemy.exc import DBAPIError

from sekaps.cli import language
from sekaps.errors.base import SekapsError
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import text

INTERRUPTED = 130
FAILED = 3
FULL_DISK = text("the disk is full; what was done is kept, free some space and run the same command again")
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
        return command()
    except ClickException as misuse:
        misuse.show()
        return misuse.exit_code
    except Exit as leaving:
        return leaving.exit_code
    except (Abort, KeyboardInterrupt):
        return _fail(STOPPED.say(language.current()), INTERRUPTED)
    except ProgrammeInvalid as invalid:
        return _list_flaws(invalid)
    except SekapsError as failure:
        return _fail(failure.say(language.current()), failure.exit_code)
    except DBAPIError as failure:
        return _fail(_database_line(failure), FAILED)
    except OSError as failure:
        return _fail(_system_line(failure), FAILED)


def _fail(line: str, exit_code: int) -> int:
    word = text("error: {line}", line=" ".join(line.split()))
    typer.echo(word.say(language.current()), err=True)
    return exit_code


def _list_flaws(invalid: ProgrammeInvalid) -> int:
    for flaw in invalid.flaws:
        place = f"{invalid.source}:{flaw.line}:{flaw.column}"
        typer.echo(f"{place}: {flaw.path}: {flaw.problem.say(language.current())}", err=True)
    return _fail(invalid.say(language.current()), invalid.exit_code)


def _database_line(failure: DBAPIError) -> str:
    if "disk is full" in str(failure.orig) or "No space left" in str(failure.orig):
        return FULL_DISK.say(language.current())
    told = str(failure.orig).strip().splitlines()
    reason = told[0] if told else type(failure.orig).__name__
    return text("the database refused: {reason}", reason=reason).say(language.current())


def _system_line(failure: OSError) -> str:
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL_DISK.say(language.current())
    return text("{what}: {reason}", what=failure.filename or "", reason=failure.strerror or str(failure)).say(
        language.current()
    )


if __name__ == "__main__":
    main()
