"""``sekaps item``: the catalogue of what can be needed and supplied."""

import typer
from rich.markup import escape

from sekaps.cli.asking import AsJson, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.services.form_lists import list_items
from sekaps.services.form_references import measures

app = typer.Typer(no_args_is_help=True, help=_("The catalogue: items, their measures, and what may stand in for them."))


@app.callback()
def catalogue() -> None:
    """Give the catalogue verbs of its own."""


@app.command("list", help=_("Every item with the measures it may be stated in and what may stand in for it."))
def list_(as_json: AsJson = False) -> None:
    """List the catalogue."""
    require_database()
    with reading() as session:
        found = list_items(session)
    if as_json:
        print_json(found)
        return
    out = table(_("Items"), _("code"), _("item"), _("sector"), _("measures"), _("may be served by"))
    known = measures().by_code
    for item in found:
        names = [said(known[code].name) if code in known else code for code in item["measures"]]
        cells = (item["code"], item["name"][current()], item["sector"], ", ".join(names), ", ".join(item["served_by"]))
        out.add_row(*map(escape, cells))
    console().print(out)
