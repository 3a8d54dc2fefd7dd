"""Telling what is wrong with a file that was not imported: a few flaws here, all of them in the list beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sekaps.cli.language import _, current, said
from sekaps.cli.printing import print_json
from sekaps.errors.forms import RowsRefused
from sekaps.errors.registry import RowsFlawed
from sekaps.services.bulk_load import sweep
from sekaps.services.flaw_files import FlawFile, Shown
from sekaps.settings import settings
from sekaps.texts import text

Errors = Annotated[
    Path | None,
    typer.Option("--errors", metavar="FILE", help=_("Where to list every flaw; otherwise in the home folder.")),
]


def errors_beside(file: Path, wanted: Path | None) -> Path:
    """Return where the flaws of a file are listed, the folder made and cleared of what killed imports left in it."""
    path = (wanted or settings().home.resolve() / "imports" / f"{file.name}.errors.csv").resolve()
    sweep(path.parent)
    return path


@contextmanager
def listing_flaws(path: Path, *, as_json: bool) -> Iterator[FlawFile]:
    """Give the list that flaws go to, show the first few when the file is refused, and let the error go on."""
    flaws = FlawFile(path, current())
    try:
        yield flaws
    except RowsFlawed as flawed:
        flaws.add_rows(flawed.flaws)
        flaws.close()
        _show(flaws, as_json=as_json)
        rows = len({flaw.row for flaw in flawed.flaws})
        raise RowsRefused(source=flawed.source, flaws=flaws.count, rows=rows, errors=str(path)) from flawed
    except RowsRefused:
        _show(flaws, as_json=as_json)
        raise
    flaws.close()


def _show(flaws: FlawFile, *, as_json: bool) -> None:
    if as_json:
        names = ("row", "column", "value", "problem")
        shown = [dict(zip(names, flaw, strict=True)) for flaw in flaws.shown]
        print_json({"imported": False, "count": flaws.count, "errors": str(flaws.path), "flaws": shown})
        return
    for flaw in flaws.shown:
        typer.echo(said(_line(flaw)), err=True)


def _line(flaw: Shown) -> object:
    row, column, value, problem = flaw
    if not column:
        return text("row {row}: {problem}", row=row, problem=problem)
    return text("row {row}, {column} '{value}': {problem}", row=row, column=column, value=value[:40], problem=problem)
