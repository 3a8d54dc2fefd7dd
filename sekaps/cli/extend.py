"""``sekaps extend``: an authorised, logged exception to a closed window; and those there are."""

from datetime import date
from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.language import _, said
from sekaps.cli.plan_schedule import follow_schedule
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading, transaction
from sekaps.domain.gates import Scope
from sekaps.models.programmes import Extension
from sekaps.services.editions import load_edition
from sekaps.services.extensions import extend as issue
from sekaps.services.extensions import list_extensions
from sekaps.services.extensions import revoke as revoke_extension
from sekaps.services.requests import ExtensionOrder
from sekaps.texts import text

LIST = _("List the extensions of a year, revoked ones included.")
REVOKE = _("End an extension now; what was signed under it stays.")
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
    follow_schedule(programme, year, show=False)


def _scope(**given: str | None) -> tuple[str, str]:
    named = {scope: code for scope, code in given.items() if code is not None}
    if len(named) > 1:
        raise typer.BadParameter(_("give one of --unit, --district and --province"))
    return next(iter(named.items()), ("nation", ""))


def extensions(year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """List the extensions of a year."""
    require_database()
    with reading() as session:
        rows = [_row(one) for one in list_extensions(session, load_edition(session, programme, year))]
    if as_json:
        print_json(rows)
        return
    listed = table(_("Extensions"), _("number"), _("activity"), _("step"), _("for"), _("from"), _("until"), _("letter"))
    for row in rows:
        ended = _("revoked") if row["revoked_at"] else said(date.fromisoformat(row["until"]))
        scope = f"{said(Scope(row['scope']).meaning)} {row['scope_code']}".strip()
        since = said(date.fromisoformat(row["since"]))
        cells = (str(row["id"]), row["activity"], row["step"], scope, since, ended, row["letter_number"])
        listed.add_row(*map(escape, cells))
    console().print(listed)


def _row(extension: Extension) -> dict[str, Any]:
    names = ("id", "activity", "step", "scope", "scope_code", "authority", "reason", "letter_number")
    days = {"since": extension.since.isoformat(), "until": extension.until.isoformat()}
    revoked_at = extension.revoked_at.isoformat() if extension.revoked_at else None
    return {**{name: getattr(extension, name) for name in names}, **days, "revoked_at": revoked_at}


def revoke(
    number: Annotated[int, typer.Argument(help=_("Number of the extension, as listed."))],
    year: Year,
    authority: Annotated[str, typer.Option(help=_("Who revokes it."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """End an extension now."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        revoke_extension(session, edition, number, authority, instant_of_act(edition, as_of))
    typer.echo(said(text("extension {id} is revoked", id=number)))
    follow_schedule(programme, year, show=False)
