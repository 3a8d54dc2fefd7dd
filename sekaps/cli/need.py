"""``sekaps need``: state a need, change it, show and list needs."""

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
    Place,
    Province,
    Quantity,
    Scope,
    Signer,
    Unit,
)
from sekaps.cli.form_verbs import given, list_of, show_one, state_form
from sekaps.cli.language import _
from sekaps.domain.form_fields import FormKind
from sekaps.services.form_lists import Wanted
from sekaps.services.needs import record_need, update_need

app = typer.Typer(no_args_is_help=True, help=_("Needs: state one, change it before it is allocated, show and list."))
Priority = Annotated[str, typer.Option(help=_("1 to 9; 1 comes first."))]
Beneficiary = Annotated[str, typer.Option("--for", help=_("military, institution or public."))]
Age = Annotated[str, typer.Option("--age", help=_("For the public: age group, such as 0-6 or 65+."))]
Necessity = Annotated[str, typer.Option("--class", help=_("mandatory (zorunlu) or secondary (tali)."))]
From = Annotated[str, typer.Option("--from", metavar="DATE", help=_("Needed from this day."))]
Until = Annotated[str, typer.Option(metavar="DATE", help=_("Needed until this day."))]


@app.command(help=_("State a need; it waits for its first signature then."))
def record(
    unit: Unit, item: Item, quantity: Quantity, person: Signer, year: Year, priority: Priority, scope: Scope,
    beneficiary: Beneficiary, province: Province, district: District, measure: Measure = "", place: Place = "",
    age: Age = "", necessity: Necessity = "", since: From = "", until: Until = "", number: OwnNumber = "",
    programme: Programme = "sekaps", as_of: AsOf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record the need form."""
    values = given(
        unit=unit, item=item, quantity=quantity, priority=priority, scope=scope, beneficiary=beneficiary,
        province=province, district=district, measure=measure, place=place, age_group=age, necessity=necessity,
        needed_from=since, needed_until=until, number=number,
    )  # fmt: skip
    state_form("record_need_form", values, programme, year, person, as_of,
               lambda session, edition, by, at: record_need(session, edition, values, by, at),
               as_json=as_json)  # fmt: skip


@app.command(help=_("Change a need; one of an earlier year that was never allocated goes on as one of this year."))
def update(
    number: Number, person: Signer, year: Year, item: Item = "", quantity: Quantity = "", measure: Measure = "",
    priority: Priority = "", scope: Scope = "", beneficiary: Beneficiary = "", province: Province = "",
    district: District = "", place: Place = "", age: Age = "", necessity: Necessity = "", since: From = "",
    until: Until = "", programme: Programme = "sekaps", as_of: AsOf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Update the need form."""
    changes = given(
        item=item, quantity=quantity, measure=measure, priority=priority, scope=scope, beneficiary=beneficiary,
        province=province, district=district, place=place, age_group=age, necessity=necessity, needed_from=since,
        needed_until=until,
    )  # fmt: skip
    state_form("update_need_form", changes | {"number": number}, programme, year, person, as_of,
               lambda session, edition, by, at: update_need(session, edition, number, changes, by, at),
               as_json=as_json)  # fmt: skip


@app.command(help=_("Everything a need says."))
def show(number: Number, year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """Show the need form."""
    show_one(FormKind.NEED, number, programme, year, as_json=as_json)


@app.command("list", help=_("The needs of a year, of a unit, an item or a state."))
def list_(
    year: Year, unit: OfUnit = None, item: OfItem = "", state: OfState = "", most: Most = 100,
    programme: Programme = "sekaps", as_json: AsJson = False,
) -> None:  # fmt: skip
    """List need forms."""
    list_of(FormKind.NEED, Wanted(unit, item, state, most=most), programme, year, as_json=as_json)
