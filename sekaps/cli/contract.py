"""``sekaps contract``: detail protocols, recorded as concluded or not; and allocations no framework protocol covers."""

from typing import Annotated

import typer

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.language import _
from sekaps.cli.papers import (
    STATES,
    Person,
    Province,
    State,
    UnitNumber,
    lines_as_json,
    print_lines,
    protocol_id,
    tell,
)
from sekaps.cli.printing import print_json
from sekaps.database import reading, transaction
from sekaps.domain.agreements import Agreement
from sekaps.services.editions import load_edition
from sekaps.services.paper_lists import Asked, list_protocols
from sekaps.services.protocols import record_protocols, without_framework
from sekaps.services.registry import require_person
from sekaps.services.requests import ConcludeRequest
from sekaps.texts import text

app = typer.Typer(no_args_is_help=True, help=_("Detail protocols and contracts: listed, recorded as concluded or not."))


@app.command("list", help=_("The detail protocols of the year, those carried over from the year before among them."))
def list_(
    year: Year,
    state: State = "",
    province: Province = "",
    unit: UnitNumber = None,
    programme: Programme = "sekaps",
    as_json: AsJson = False,
) -> None:
    """List them."""
    require_database()
    with reading() as session:
        lines = list_protocols(session, load_edition(session, programme, year), Asked(state, province, unit))
    if as_json:
        print_json(lines_as_json(lines))
        return
    headings = (_("number"), _("state"), _("need owner"), _("holder"), _("concluded"), _("until"))
    rows = [
        (each.number, STATES[each.state], each.need_unit_name, each.holder, each.concluded_on, each.ends_on)
        for each in lines
    ]  # fmt: skip
    print_lines(_("Detail protocols"), headings, rows)


@app.command(help=_("Record a detail protocol as concluded, or with a reason as not concluded, for the need owner."))
def record(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=_("Number of the protocol, as listed."))],
    person: Person,
    year: Year,
    on: Annotated[str | None, typer.Option(metavar="DATE", help=_("The day it was concluded."))] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help=_("Its first day, where later."))] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help=_("Its last day; without one it has none."))] = None,
    letter: Annotated[str, typer.Option(help=_("Number of its document."))] = "",
    not_concluded: Annotated[str, typer.Option(metavar="REASON", help=_("Why it was not concluded."))] = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record it, and leave with 1 when that is refused."""
    require_database()
    if on is None and not not_concluded:
        raise typer.BadParameter(_("give --on with the days and number of its document, or --not-concluded"))
    agreement = _agreement(on, since, until, letter) if on else None
    with transaction() as session:
        edition = load_edition(session, programme, year)
        person_id = require_person(session, person).id
        request = ConcludeRequest(protocol_id(session, edition, number), person_id, agreement, not_concluded)
        [outcome] = record_protocols(session, edition, [request], instant_of_act(edition, as_of))
    tell(number, outcome, text("recorded"), as_json=as_json)


def _agreement(on: str, since: str | None, until: str | None, letter: str) -> Agreement:
    return Agreement(read_day(on), read_day(since or on), read_day(until) if until else None, letter)


@app.command(help=_("Ministries between which lines were allocated without a concluded framework protocol."))
def uncovered(year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """List the pairs."""
    require_database()
    with reading() as session:
        lines = without_framework(session, load_edition(session, programme, year))
    if as_json:
        print_json(lines_as_json(lines))
        return
    rows = [(each.need_ministry, each.resource_ministry, each.lines, each.items) for each in lines]
    headings = (_("need owner"), _("resource owner"), _("lines"), _("items"))
    print_lines(_("Allocations without a framework protocol"), headings, rows)
