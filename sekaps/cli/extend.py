"""``sekaps extend``: an authorised, logged exception to a closed window."""

from typing import Annotated

import typer

from sekaps.cli.asking import AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.language import _, said
from sekaps.database import transaction
from sekaps.domain.gates import Scope
from sekaps.services.editions import load_edition
from sekaps.services.extensions import extend as issue
from sekaps.services.requests import ExtensionOrder
from sekaps.texts import text

HELP = _("Extend a window for the nation, a province, a district or a unit, by authority and letter.")


def extend(
    activity: Annotated[str, typer.Argument(help=_("Code of the activity, such as needs_entry."))],
    year: Year,
    until: Annotated[str, typer.Option(metavar="DATE", help=_("Last day of the extension."))],
    reason: Annotated[str, typer.Option(help=_("Why it is given."))],
    letter: Annotated[str, typer.Option(help=_("Number of the letter that gives it."))],
    authority: Annotated[str, typer.Option(help=_("Who gives it."))] = "koordinatör",
    step: Annotated[str, typer.Option(help=_("One step only, such as 4.a."))] = "",
    unit: Annotated[str | None, typer.Option(help=_("Registry number of the unit it is for."))] = None,
    district: Annotated[str | None, typer.Option(help=_("Code of the district it is for."))] = None,
    province: Annotated[str | None, typer.Option(help=_("Plate code of the province it is for."))] = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Issue the extension and say what it opened."""
    require_database()
    scope, code = _scope(unit=unit, district=district, province=province)
    order = ExtensionOrder(
        activity=activity,
        step=step,
        scope=scope,
        scope_code=code,
        until=read_day(until),
        authority=authority,
        reason=reason,
        letter_number=letter,
    )
    with transaction() as session:
        edition = load_edition(session, programme, year)
        issue(session, edition, order, instant_of_act(edition, as_of))
    opened = text("{activity} {step} is open until {until} for: {scope} {code}", activity=activity, step=step,
                  until=order.until, scope=Scope(scope).meaning, code=code)  # fmt: skip
    typer.echo(" ".join(said(opened).split()))


def _scope(**given: str | None) -> tuple[str, str]:
    named = {scope: code for scope, code in given.items() if code is not None}
    if len(named) > 1:
        raise typer.BadParameter(_("give one of --unit, --district and --province"))
    return next(iter(named.items()), ("nation", ""))
