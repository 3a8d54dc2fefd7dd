"""Telling what the import of a file of records did: one line, or JSON."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from sekaps.cli.language import _, said
from sekaps.cli.printing import print_json
from sekaps.services.registry_files import ReadFile
from sekaps.texts import Text, text


def tell_taken(file: Path, read: ReadFile, report: Any, line: Text, *, check_only: bool, as_json: bool) -> None:
    """Tell what a file changed, or would have; and which of its columns were passed over."""
    if as_json:
        facts = {"file": file.name, "imported": not check_only, "passed_over": list(read.passed_over)}
        print_json({**facts, "digest": read.digest, **asdict(report)})
        return
    if check_only:
        typer.echo(_("only judged, and nothing stored; it would have been:"))
    typer.echo(said(line))
    if read.passed_over:
        typer.echo(said(text("columns passed over: {columns}", columns=list(read.passed_over))))
