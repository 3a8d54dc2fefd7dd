"""``sekaps registry``: the units of the state registry (DETSİS) taken over, looked at, and their KEP addresses."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from sekaps import clock
from sekaps.cli.asking import AsJson, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.cli.progress import bar
from sekaps.cli.refusals import keeping_refusals
from sekaps.cli.row_flaws import Errors, errors_beside, listing_flaws
from sekaps.cli.taken import tell_taken
from sekaps.database import reading, transaction
from sekaps.domain.registry_fields import code_name, field_names
from sekaps.services import kep_addresses
from sekaps.services.registry_cards import unit_card
from sekaps.services.registry_files import read_records
from sekaps.services.registry_headings import UNITS
from sekaps.services.registry_import import import_registry
from sekaps.texts import counted, text

IMPORT = "import_registry"
NOTHING = "–"
LISTS = {
    "kep": ("address", "state", "registered_at", "verified_at", "ended_at"),
    "people": ("post", "as", "code", "name", "signs_from", "until_at"),
    "responsibles": ("role", "code", "name", "granted_at"),
    "history": ("at", "what", "source"),
}
"""What is shown of each list of a unit's card."""

app = typer.Typer(no_args_is_help=True, help=_("The state registry: units, their places in the tree, KEP addresses."))
kep = typer.Typer(
    no_args_is_help=True, help=_("KEP addresses: the old one stays in use until the new one is verified.")
)
app.add_typer(kep, name="kep")

Number = Annotated[int, typer.Argument(metavar="NUMBER", help=_("Registry number of the unit."))]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help=_("The address, such as kurum@hs01.kep.tr."))]


@app.command("import", help=_("Take units over from a file: a table, or the web service's records as JSON or XML."))
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file: CSV, Excel, Parquet, JSON or XML."))],
    whole: Annotated[
        bool, typer.Option("--whole", help=_("It is the whole registry: close the units it lacks."))
    ] = False,
    close_many: Annotated[
        bool, typer.Option("--close-many", help=_("Close them even if they are more than a tenth of all."))
    ] = False,
    errors: Errors = None,
    as_json: AsJson = False,
) -> None:
    """Take every row over or none, and say what changed."""
    require_database()
    take_units(file, errors_beside(file, errors), whole=whole, close_many=close_many, as_json=as_json)


def take_units(
    file: Path, errors: Path, *, whole: bool, close_many: bool, as_json: bool, check_only: bool = False
) -> None:
    """Take a file of units over, all of it or nothing, and tell what it changed."""
    asked = {"source": file.name, "whole": whole}
    with listing_flaws(errors, as_json=as_json), keeping_refusals(IMPORT, asked), bar() as progress:
        read = read_records(file, UNITS, progress.read)
        progress.storing()
        with transaction() as session:
            report = import_registry(
                session, read.records, whole=whole, as_of=clock.now(), source=file.name, digest=read.digest,
                close_many=close_many,
            )  # fmt: skip
            if check_only:
                session.rollback()
    line = text("{added} added, {changed} changed, {moved} moved, {merged} merged, {closed} closed,"
                " {reopened} reopened, {unchanged} unchanged; {kep_addresses} KEP addresses taken over",
                **counted(asdict(report)))  # fmt: skip
    tell_taken(file, read, report, line, check_only=check_only, as_json=as_json)


@app.command(help=_("Everything the registry holds of one unit."))
def show(number: Number, as_json: AsJson = False) -> None:
    """Show a unit with its addresses, people and history."""
    require_database()
    with reading() as session:
        card = unit_card(session, number, clock.now())
    if as_json:
        print_json(card)
        return
    _print(card)


def _print(card: dict[str, Any]) -> None:
    out = console()
    out.print(f"[bold]{card['number']} · {escape(card['name'])}[/bold]\n")
    facts = table(_("Unit"), _("field"), _("value"))
    for name, value in card.items():
        if name not in (*LISTS, "number", "name") and value is not None:
            facts.add_row(*_words(field_names([name])), escape(_short(value)))
    out.print(facts)
    titles = (_("KEP addresses"), _("People"), _("Responsible persons"), _("History"))
    for title, (name, shown) in zip(titles, LISTS.items(), strict=True):
        if card[name]:
            listed = table(title, *_words(field_names(shown)))
            for row in card[name]:
                listed.add_row(*[escape(_short(row[column])) for column in shown])
            out.print(listed)


def _words(names: Iterable[object]) -> list[str]:
    return [said(name) for name in names]


def _short(value: object) -> str:
    """Return a value of a card as people read it: instants at local time, codes by their names."""
    if value is None:
        return NOTHING
    written = str(value)
    is_instant = isinstance(value, str) and len(written) > len("2026-01-01T") and written[10] == "T"
    return said(datetime.fromisoformat(written) if is_instant else code_name(written))


@kep.command(help=_("Register an address of a unit; it is closed to others until it is verified."))
def register(
    number: Number,
    address: Address,
    into_ebys: Annotated[
        bool, typer.Option("--into-ebys", help=_("Letters to it go straight into the unit's own system (EBYS)."))
    ] = False,
) -> None:
    """Register the address."""
    _change("register_kep", number, address, lambda *facts: kep_addresses.register(*facts, into_ebys=into_ebys))


@kep.command(help=_("Note that the verification message was sent."))
def sent(number: Number, address: Address) -> None:
    """Note it."""
    _change("send_kep", number, address, kep_addresses.note_sent)


@kep.command(help=_("Open the address to others; the one before is replaced."))
def verify(number: Number, address: Address) -> None:
    """Verify it."""
    _change("verify_kep", number, address, kep_addresses.verify)


def _change(verb: str, number: int, address: str, change: Callable[[Session, int, str, datetime], str]) -> None:
    require_database()
    with keeping_refusals(verb, {"unit": number, "address": address}), transaction() as session:
        state = change(session, number, address, clock.now())
    typer.echo(said(text("{number}: {address} is {state}", number=number, address=address, state=code_name(state))))
