"""Telling every flaw of every row of a file, before the one line that says nothing was imported."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from sekaps.cli.language import said
from sekaps.cli.printing import print_json
from sekaps.errors.registry import RowsFlawed
from sekaps.texts import text

MOST_TOLD = 200


@contextmanager
def telling_flaws(*, as_json: bool) -> Iterator[None]:
    """List the flaws of a file that was not imported, and let the error go on."""
    try:
        yield
    except RowsFlawed as flawed:
        if as_json:
            flaws = [{"row": flaw.row, "problem": said(flaw.problem)} for flaw in flawed.flaws]
            print_json({"imported": False, "flaws": flaws})
        else:
            _tell(flawed)
        raise


def _tell(flawed: RowsFlawed) -> None:
    for flaw in flawed.flaws[:MOST_TOLD]:
        typer.echo(said(text("row {row}: {problem}", row=flaw.row, problem=flaw.problem)), err=True)
    more = len(flawed.flaws) - MOST_TOLD
    if more > 0:
        typer.echo(said(text("and {count} more; --json lists all", count=more)), err=True)
