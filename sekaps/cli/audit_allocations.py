"""``sekaps audit allocations``: the proof that nothing was promised twice and nobody was forgotten."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from sekaps.cli.asking import AsJson, AsOf, Programme, instant_of, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.domain.conservation import AllocationProof
from sekaps.reports.words import number
from sekaps.services.allocation_proof import prove_allocations
from sekaps.services.editions import latest_year, load_edition
from sekaps.texts import text

HELP = _("Prove that every balance, resource, line, decision and paper adds up; name every row that does not.")
FOUND = 1
SHOWN = 100


def allocations(
    year: Annotated[int | None, typer.Option(help=_("The edition's year; otherwise the latest."))] = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Print the proof; leave with 1 when a row breaks a law."""
    require_database()
    instant = instant_of(as_of, end_of_day=True)
    with reading() as session:
        edition = load_edition(session, programme, year or latest_year(session, programme))
        proof = prove_allocations(session, edition, instant)
    if as_json:
        print_json({"programme": programme, "year": edition.year, **asdict(proof)})
    else:
        _print(proof)
    if proof.violations:
        raise typer.Exit(FOUND)


def _print(proof: AllocationProof) -> None:
    out = console()
    if proof.violations:
        listed = table(_("Allocations"), _("row"), _("what must hold"), _("should be"), _("is"))
        for one in proof.violations[:SHOWN]:
            listed.add_row(*map(escape, (one.row, said(one.law.meaning), one.expected, one.found)))
        out.print(listed)
    figures = {name: number(getattr(proof, name), current()) for name in ("needs", "resources", "lines")}
    sentence = text("{needs} needs, {resources} resources and {lines} allocation lines proved; rows that break a law: "
                    "{count}", **figures, count=len(proof.violations))  # fmt: skip
    out.print(said(sentence))
