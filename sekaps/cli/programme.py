"""``sekaps programme``: check a programme file, and print the schema such files follow."""

from typing import Annotated

import typer

from sekaps.calendar.programmes import programme_schema
from sekaps.cli.language import _, said
from sekaps.cli.printing import print_json
from sekaps.services.programmes import read_programme
from sekaps.texts import text

app = typer.Typer(no_args_is_help=True, help=_("Programmes: bodies of annual work, described in YAML."))


@app.command(help=_("Check a programme file and list every error with its line and column."))
def check(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help=_("Path of a YAML file, or code of a shipped programme."))
    ],
) -> None:
    """Read a programme and say what is in it."""
    programme = read_programme(path)
    summary = text(
        "{name}: {boundaries} boundaries, {activities} activities, {phases} phases; no errors",
        name=programme.name,
        boundaries=len(programme.boundaries),
        activities=len(programme.activities),
        phases=len(programme.phases),
    )
    typer.echo(said(summary))


@app.command(help=_("Print the JSON Schema of programme files."))
def schema() -> None:
    """Print the schema as JSON."""
    print_json(programme_schema())
