"""``sekaps audit trail list``: what was done and what was refused, as the audit trail tells it."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from sekaps.cli.asking import AsJson, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.services.trail_acts import ListedAct
from sekaps.services.trail_acts import list_acts as newest_acts
from sekaps.texts import Bilingual

HELP = _("List the newest acts, done and refused, with the reason; --refused for the refusals alone.")
SHOWN = 20
OUTCOMES = {"done": Bilingual("yapıldı", "done"), "refused": Bilingual("reddedildi", "refused")}


def list_acts(
    refused: Annotated[bool, typer.Option("--refused", help=_("Only what was refused."))] = False,
    verb: Annotated[str, typer.Option(help=_("Only acts of this verb, such as sign."))] = "",
    last: Annotated[int, typer.Option(min=1, help=_("How many."))] = SHOWN,
    as_json: AsJson = False,
) -> None:
    """Print the newest acts first."""
    require_database()
    with reading() as session:
        acts = newest_acts(session, verb=verb, refused=refused, last=last)
    if as_json:
        print_json([{**asdict(act), "at": act.at.isoformat()} for act in acts])
        return
    listed = table(_("Audit trail"), _("act"), _("instant"), _("verb"), _("outcome"), _("documents"), _("reason"))
    for act in acts:
        listed.add_row(*map(escape, _cells(act)))
    console().print(listed)


def _cells(act: ListedAct) -> tuple[str, ...]:
    verb = f"{act.verb} {act.step}".strip()
    return (str(act.place), said(act.at), verb, said(OUTCOMES[act.outcome]), str(act.documents or ""), act.reason)
