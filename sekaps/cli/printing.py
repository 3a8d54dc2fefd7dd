"""How commands write to standard output: JSON for programs, tables of at most 100 columns for people."""

import json

import typer
from rich import box
from rich.console import Console
from rich.table import Table

COLUMNS = 100


def print_json(value: object) -> None:
    """Write a value as JSON, Turkish letters as they are, and nothing else."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def console() -> Console:
    """Return standard output for people: the terminal's width, but never over 100 columns."""
    found = Console()
    width = min(found.width, COLUMNS) if found.is_terminal else COLUMNS
    return Console(width=width, highlight=False)


def table(title: str, *headings: str) -> Table:
    """Return an empty table in the house style."""
    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made
