"""``sekaps contract``: detail protocols, recorded as concluded or not; and allocations no framework protocol covers."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.language import _
from sekaps.cli.papers import (
    RECORDED,
    STATES,
    Person,
    Province,
    State,
    UnitNumber,
    protocol_id,
    show_lines,
    tell,
)
from sekaps.database import transaction
from sekaps.domain.agreements import Agreement
from sekaps.services.editions import load_edition
from sekaps.services.paper_lists import Asked, list_protocols
from sekaps.services.protocols import record_protocols, without_framework
from sekaps.services.registry import require_person
from sekaps.services.requests import ConcludeRequest

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
    asked = Asked(state, province, unit)
    columns: dict[str, Callable[[Any], object]] = {
        _("number"): lambda each: each.number,
        _("state"): lambda each: STATES[each.state],
        _("need owner"): lambda each: each.need_unit_name,
        _("holder"): lambda each: each.holder,
        _("concluded"): lambda each: each.concluded_on,
        _("until"): lambda each: each.ends_on,
    }
    find = partial(list_protocols, asked=asked)
    show_lines(find, _("Detail protocols"), columns, of=(programme, year), as_json=as_json)


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
    tell(number, outcome, RECORDED, as_json=as_json)


def _agreement(on: str, since: str | None, until: str | None, letter: str) -> Agreement:
    return Agreement(read_day(on), read_day(since or on), read_day(until) if until else None, letter)


@app.command(help=_("Ministries between which lines were allocated without a concluded framework protocol."))
def uncovered(year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """List the pairs."""
    columns: dict[str, Callable[[Any], object]] = {
        _("need owner"): lambda each: each.need_ministry,
        _("resource owner"): lambda each: each.resource_ministry,
        _("lines"): lambda each: each.lines,
        _("items"): lambda each: each.items,
    }
    title = _("Allocations without a framework protocol")
    show_lines(without_framework, title, columns, of=(programme, year), as_json=as_json)
