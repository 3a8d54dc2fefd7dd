"""What ``sekaps need`` and ``sekaps resource`` share: stating, changing and showing a form."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from sekaps.cli.asking import instant_of_act, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.cli.refusals import keeping_refusals
from sekaps.database import reading, transaction
from sekaps.domain.form_fields import NAMES, FormKind
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.form_lists import FormRow, Wanted, list_forms, show_form
from sekaps.services.forms import How, Stated
from sekaps.services.registry import require_person
from sekaps.texts import text

DONE = {
    How.RECORDED: text("recorded; it waits for its first signature"),
    How.UNCHANGED: text("recorded like that already; nothing changed"),
    How.EDITED: text("changed; it was not signed yet"),
    How.NEW_ROUND: text("changed; it is signed anew from its first signature"),
    How.WENT_ON: text("recorded as what the earlier year's form has become; it waits for its first signature"),
}
WAITS = text("it becomes local once the commission of its place decides it")
COLUMN_OF = {"province": "province_code", "district": "district_code", "item": "item_code"}

State = Callable[[Session, EditionView, int, datetime], Stated]


def state_form(
    verb: str, asked: Mapping[str, Any], programme: str, year: int, person: int, as_of: str | None, state: State,
    *, as_json: bool,
) -> None:  # fmt: skip
    """State or change a form in one act, and tell what became of it."""
    require_database()
    with keeping_refusals(verb, {**asked, "by": person}, as_of), transaction() as session:
        edition = load_edition(session, programme, year)
        done = state(session, edition, require_person(session, person).id, instant_of_act(edition, as_of))
    if as_json:
        print_json({"number": done.number, "how": done.how.value, "waits_for_decision": done.waits})
        return
    typer.echo(said(text("{number}: {done}", number=done.number, done=DONE[done.how])))
    if done.waits:
        typer.echo(said(WAITS))


def list_of(kind: FormKind, wanted: Wanted, programme: str, year: int, *, as_json: bool) -> None:
    """Print forms by number."""
    require_database()
    with reading() as session:
        found = list_forms(session, load_edition(session, programme, year), kind, wanted)
    if as_json:
        print_json([_json(row) for row in found])
        return
    quantity = "quantity" if kind is FormKind.NEED else "capacity"
    headings = (_("number"), _("unit"), _("item"), said(NAMES[quantity]), _("district"), _("state"))
    out = table(_("Forms"), *headings)
    for row in found:
        amount = f"{row.line[quantity]} {row.measure}"
        cells: Sequence[str] = (row.number, row.unit_name, row.line["item_code"], amount, row.line["district_code"])
        out.add_row(*map(escape, (*cells, row.state)))
    console().print(out)


def show_one(kind: FormKind, number: str, programme: str, year: int, *, as_json: bool) -> None:
    """Print everything a form says."""
    require_database()
    with reading() as session:
        row = show_form(session, load_edition(session, programme, year), kind, number)
    if as_json:
        print_json(_json(row))
        return
    out = table(row.number, _("what"), _("value"))
    head = {"unit": f"{row.unit} {row.unit_name}", "previous": row.previous, "measure": row.measure}
    columns = {column: name for name, column in COLUMN_OF.items()}
    told = head | {columns.get(name, name): value for name, value in row.line.items()}
    for name, value in told.items():
        if value is not None:
            out.add_row(said(NAMES[name]) if name in NAMES else name, escape(str(value)))
    console().print(out)
    typer.echo(said(text("{number}: step {step}, {state}, round {round}", number=row.number, step=row.step,
                         state=row.state, round=row.round)))  # fmt: skip
    if row.waits:
        typer.echo(said(WAITS))


def given(**values: str | None) -> dict[str, str]:
    """Return the fields that were given."""
    return {name: value for name, value in values.items() if value}


def _json(row: FormRow) -> dict[str, Any]:
    line = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.line.items()}
    return {
        "number": row.number,
        "unit": row.unit,
        "state": row.state,
        "step": row.step,
        "round": row.round,
        "previous": row.previous,
        "measure": row.measure,
        "waits_for_decision": row.waits,
        **line,
    }
