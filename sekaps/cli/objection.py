"""``sekaps objection``: objections to notices, filed, priced, decided, taken back or taken to court."""

from typing import Annotated

import typer

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.language import _
from sekaps.cli.papers import (
    Notice,
    Person,
    Province,
    State,
    UnitNumber,
    lines_as_json,
    notice_id,
    print_lines,
    read_price,
    tell,
)
from sekaps.cli.papers import price as priced
from sekaps.cli.printing import print_json
from sekaps.database import reading, transaction
from sekaps.domain.objections import ObjectionState
from sekaps.services import objections
from sekaps.services.editions import load_edition
from sekaps.services.paper_lists import Asked, list_objections
from sekaps.services.registry import require_person
from sekaps.services.requests import DecideObjection, EndObjection, FileObjection, TellPrice
from sekaps.texts import text

app = typer.Typer(
    no_args_is_help=True, help=_("Objections to notices and their legal terms (law 3634, articles 57-60).")
)

Price = Annotated[str | None, typer.Option(metavar="LIRA", help=_("A price in lira, such as 12500.50."))]
On = Annotated[str, typer.Option(metavar="DATE", help=_("The day it happened."))]


@app.command("list", help=_("The objections of the year, and what became of each."))
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
        lines = list_objections(session, load_edition(session, programme, year), Asked(state, province, unit))
    if as_json:
        print_json(lines_as_json(lines))
        return
    headings = (_("notice"), _("state"), _("filed"), _("declared price"), _("set price"), _("decided"))
    rows = [
        (each.notice, ObjectionState(each.state).meaning, each.filed_on, priced(each.declared_price),
         priced(each.set_price), each.decided_on)
        for each in lines
    ]  # fmt: skip
    print_lines(_("Objections"), headings, rows)


@app.command(help=_("Record an objection to a served notice, for the commission or the İl AFAD."))
def file(
    number: Notice,
    person: Person,
    year: Year,
    on: On,
    reasons: Annotated[str, typer.Option(help=_("Why."))],
    price: Price = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record it, and leave with 1 when that is refused."""
    require_database()
    declared, filed_on = read_price(price), read_day(on)
    with transaction() as session:
        edition = load_edition(session, programme, year)
        about = (notice_id(session, edition, number), require_person(session, person).id)
        request = FileObjection(*about, filed_on, reasons, declared)
        [outcome] = objections.file_objections(session, edition, [request], instant_of_act(edition, as_of))
    tell(number, outcome, text("recorded"), as_json=as_json)


@app.command("price", help=_("Tell the commission the price the military unit sets, as somebody of that unit."))
def tell_price(
    number: Notice,
    person: Person,
    year: Year,
    price: Annotated[str, typer.Option(metavar="LIRA", help=_("A price in lira, such as 12500.50."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record it, and leave with 1 when that is refused."""
    require_database()
    told = read_price(price) or 0
    with transaction() as session:
        edition = load_edition(session, programme, year)
        request = TellPrice(notice_id(session, edition, number), require_person(session, person).id, told)
        [outcome] = objections.tell_prices(session, edition, [request], instant_of_act(edition, as_of))
    tell(number, outcome, text("recorded"), as_json=as_json)


@app.command(help=_("Record what the commission decided about an objection, as somebody of the commission."))
def decide(
    number: Notice,
    person: Person,
    year: Year,
    accept: Annotated[bool, typer.Option("--accept/--reject", help=_("Whether it agrees."))],
    on: On,
    served: Annotated[
        str | None, typer.Option(metavar="DATE", help=_("The day that was served on whoever objected, where later."))
    ] = None,
    price: Price = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record it, and leave with 1 when that is refused."""
    require_database()
    days, set_price = (read_day(on), read_day(served or on)), read_price(price)
    with transaction() as session:
        edition = load_edition(session, programme, year)
        about = (notice_id(session, edition, number), require_person(session, person).id)
        request = DecideObjection(*about, accept, *days, set_price)
        [outcome] = objections.decide_objections(session, edition, [request], instant_of_act(edition, as_of))
    tell(number, outcome, text("recorded"), as_json=as_json)


@app.command(help=_("Record that an objection was taken back."))
def withdraw(
    number: Notice, person: Person, year: Year, on: On, programme: Programme = "sekaps", as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record it, and leave with 1 when that is refused."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        about = (notice_id(session, edition, number), require_person(session, person).id)
        request, at = EndObjection(*about, read_day(on)), instant_of_act(edition, as_of)
        [outcome] = objections.withdraw_objections(session, edition, [request], at)
    tell(number, outcome, text("recorded"), as_json=as_json)


@app.command(help=_("Record that whoever objected went to court against the commission's decision."))
def court(
    number: Notice, person: Person, year: Year, on: On, programme: Programme = "sekaps", as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record it, and leave with 1 when that is refused."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        about = (notice_id(session, edition, number), require_person(session, person).id)
        request, at = EndObjection(*about, read_day(on)), instant_of_act(edition, as_of)
        [outcome] = objections.record_court_actions(session, edition, [request], at)
    tell(number, outcome, text("recorded"), as_json=as_json)
