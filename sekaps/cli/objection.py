"""``sekaps objection``: objections to notices, filed, priced, decided, taken back or taken to court."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, read_day
from sekaps.cli.language import _
from sekaps.cli.papers import (
    Notice,
    Person,
    Province,
    State,
    UnitNumber,
    act_on_notice,
    read_price,
    show_lines,
)
from sekaps.cli.papers import price as priced
from sekaps.domain.objections import ObjectionState
from sekaps.services import objections
from sekaps.services.paper_lists import Asked, list_objections
from sekaps.services.requests import DecideObjection, EndObjection, FileObjection, TellPrice

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
    columns: dict[str, Callable[[Any], object]] = {
        _("notice"): lambda each: each.notice,
        _("state"): lambda each: ObjectionState(each.state).meaning,
        _("filed"): lambda each: each.filed_on,
        _("declared price"): lambda each: priced(each.declared_price),
        _("set price"): lambda each: priced(each.set_price),
        _("decided"): lambda each: each.decided_on,
    }
    find = partial(list_objections, asked=Asked(state, province, unit))
    show_lines(find, _("Objections"), columns, of=(programme, year), as_json=as_json)


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
    declared, filed_on = read_price(price), read_day(on)
    act_on_notice(
        objections.file_objections, lambda notice, by: FileObjection(notice, by, filed_on, reasons, declared), number,
        of=(programme, year), person=person, as_of=as_of, as_json=as_json,
    )  # fmt: skip


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
    told = read_price(price) or 0
    act_on_notice(
        objections.tell_prices, lambda notice, by: TellPrice(notice, by, told), number,
        of=(programme, year), person=person, as_of=as_of, as_json=as_json,
    )  # fmt: skip


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
    days, set_price = (read_day(on), read_day(served or on)), read_price(price)
    act_on_notice(
        objections.decide_objections, lambda notice, by: DecideObjection(notice, by, accept, *days, set_price), number,
        of=(programme, year), person=person, as_of=as_of, as_json=as_json,
    )  # fmt: skip


@app.command(help=_("Record that an objection was taken back."))
def withdraw(
    number: Notice, person: Person, year: Year, on: On, programme: Programme = "sekaps", as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record it, and leave with 1 when that is refused."""
    act_on_notice(
        objections.withdraw_objections, lambda notice, by: EndObjection(notice, by, read_day(on)), number,
        of=(programme, year), person=person, as_of=as_of, as_json=as_json,
    )  # fmt: skip


@app.command(help=_("Record that whoever objected went to court against the commission's decision."))
def court(
    number: Notice, person: Person, year: Year, on: On, programme: Programme = "sekaps", as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record it, and leave with 1 when that is refused."""
    act_on_notice(
        objections.record_court_actions, lambda notice, by: EndObjection(notice, by, read_day(on)), number,
        of=(programme, year), person=person, as_of=as_of, as_json=as_json,
    )  # fmt: skip
