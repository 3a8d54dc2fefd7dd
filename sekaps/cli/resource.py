"""``sekaps resource``: state a resource, change it, show and list resources."""

from typing import Annotated

import typer

from sekaps.cli.asking import AsJson, AsOf, Programme, Year
from sekaps.cli.form_options import (
    District,
    Item,
    Measure,
    Most,
    Number,
    OfItem,
    OfState,
    OfUnit,
    OwnNumber,
    Province,
    Scope,
    Signer,
    Unit,
)
from sekaps.cli.form_verbs import given, list_of, show_one, state_form
from sekaps.cli.language import _
from sekaps.domain.form_fields import FormKind
from sekaps.services.form_lists import Wanted
from sekaps.services.resources import record_resource, update_resource

app = typer.Typer(no_args_is_help=True, help=_("Resources: state one, change it before it is allocated, show, list."))
Capacity = Annotated[str, typer.Option(help=_("How much can be supplied, in whole numbers."))]
Stock = Annotated[str, typer.Option(help=_("How much is in stock."))]
Holder = Annotated[str, typer.Option(help=_("Who holds it."))]
HolderKind = Annotated[str, typer.Option(help=_("unit, company or person."))]
HolderNumber = Annotated[
    str, typer.Option(help=_("The holder's number: DETSİS for a unit, VKN or MERSİS for a company, TCKN for a person."))
]
Address = Annotated[str, typer.Option(help=_("Where it is."))]


@app.command(help=_("State a resource; it waits for its first signature then."))
def record(
    unit: Unit, item: Item, capacity: Capacity, holder: Holder, person: Signer, year: Year, scope: Scope,
    province: Province, district: District, measure: Measure = "", stock: Stock = "", holder_kind: HolderKind = "",
    holder_number: HolderNumber = "", address: Address = "", number: OwnNumber = "", programme: Programme = "sekaps",
    as_of: AsOf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record the resource form."""
    values = given(
        unit=unit, item=item, capacity=capacity, holder=holder, scope=scope, province=province, district=district,
        measure=measure, stock=stock, holder_kind=holder_kind, holder_number=holder_number, address=address,
        number=number,
    )  # fmt: skip
    state_form("record_resource_form", values, programme, year, person, as_of,
               lambda session, edition, by, at: record_resource(session, edition, values, by, at),
               as_json=as_json)  # fmt: skip


@app.command(help=_("Change a resource; one of an earlier year that was never allocated goes on as one of this year."))
def update(
    number: Number, person: Signer, year: Year, item: Item = "", capacity: Capacity = "", holder: Holder = "",
    scope: Scope = "", province: Province = "", district: District = "", measure: Measure = "", stock: Stock = "",
    holder_kind: HolderKind = "", holder_number: HolderNumber = "", address: Address = "",
    programme: Programme = "sekaps", as_of: AsOf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Update the resource form."""
    changes = given(
        item=item, capacity=capacity, holder=holder, scope=scope, province=province, district=district,
        measure=measure, stock=stock, holder_kind=holder_kind, holder_number=holder_number, address=address,
    )  # fmt: skip
    state_form("update_resource_form", changes | {"number": number}, programme, year, person, as_of,
               lambda session, edition, by, at: update_resource(session, edition, number, changes, by, at),
               as_json=as_json)  # fmt: skip


@app.command(help=_("Everything a resource says."))
def show(number: Number, year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """Show the resource form."""
    show_one(FormKind.RESOURCE, number, programme, year, as_json=as_json)


@app.command("list", help=_("The resources of a year, of a unit, an item or a state."))
def list_(
    year: Year, unit: OfUnit = None, item: OfItem = "", state: OfState = "", most: Most = 100,
    programme: Programme = "sekaps", as_json: AsJson = False,
) -> None:  # fmt: skip
    """List resource forms."""
    list_of(FormKind.RESOURCE, Wanted(unit, item, state, most=most), programme, year, as_json=as_json)
