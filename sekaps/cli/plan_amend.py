"""``sekaps plan shift`` and its kin: what a change would cost, and the change itself, by two people."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of, instant_of_act, read_day, require_database
from sekaps.cli.language import _, said
from sekaps.cli.plan_schedule import follow_schedule
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading, transaction
from sekaps.services.amendments import (
    AmendmentOrder,
    list_amendments,
    propose,
    publish_amendment,
    with_followers,
    withdraw_amendment,
)
from sekaps.services.editions import load_edition
from sekaps.services.impact import Impact, what_if
from sekaps.services.revisions import difference, list_revisions
from sekaps.texts import Text, text

SHIFT = _("Tell what moving a boundary would cost, or propose the move for another person to publish.")
APPROVE = _("Publish a proposed amendment as the next revision; not by the one who proposed it.")
WITHDRAW = _("Withdraw a proposed amendment.")
AMENDMENTS = _("List the amendments of a year and its revisions.")
DIFF = _("Tell which boundaries two revisions of a year date differently.")
OVERLAPS_NAMED = 10
"""How many overlapping extensions and orders are named before the rest is counted."""
COUNTS = ("open_documents", "units", "recalled", "corrected", "contracts_at_risk")
By = Annotated[str, typer.Option("--by", help=_("Who decides."))]
Number = Annotated[int, typer.Argument(help=_("Number of the amendment."))]


def shift(
    boundary: Annotated[str, typer.Argument(help=_("Code of the boundary, such as needs_close."))],
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("Its new date."))],
    year: Year,
    follow: Annotated[bool, typer.Option("--follow", help=_("Move what follows it by rule too."))] = False,
    only_ask: Annotated[bool, typer.Option("--what-if", help=_("Only tell the cost; nothing is proposed."))] = False,
    reason: Annotated[str, typer.Option(help=_("Why it moves."))] = "",
    letter: Annotated[str, typer.Option(help=_("Number of the letter that moves it."))] = "",
    by: Annotated[str, typer.Option(help=_("Who proposes it."))] = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the impact; without --what-if also store the proposal."""
    require_database()
    dates = {boundary: read_day(day)}
    with reading() as session:
        edition = load_edition(session, programme, year)
        dates = with_followers(session, edition, dates) if follow else dates
        impact = what_if(session, edition, dates, instant_of(as_of))
    number = None if only_ask else _propose(programme, year, AmendmentOrder(dates, reason, letter, by), as_of)
    if as_json:
        print_json({**_impact_as_json(impact), "amendment": number})
        return
    _print_impact(impact)
    if number is not None:
        typer.echo(said(text("amendment {id} is proposed; another person publishes it: sekaps plan approve {id}",
                             id=number)))  # fmt: skip


def _propose(programme: str, year: int, order: AmendmentOrder, as_of: str | None) -> int:
    with transaction() as session:
        edition = load_edition(session, programme, year)
        return propose(session, edition, order, instant_of_act(edition, as_of))


def _impact_as_json(impact: Impact) -> dict[str, Any]:
    moved = [
        {
            "activity": move.activity,
            "step": move.step or None,
            "before": _ends(move.before.opens, move.before.closes),
            "after": _ends(move.after.opens, move.after.closes),
            "working_days_gained": move.working_days_gained,
        }
        for move in impact.moves
    ]
    counts = {name: getattr(impact, name) for name in COUNTS}
    days = {name: [day.isoformat() for day in getattr(impact, name)] for name in ("due_days", "idle_days")}
    said_of = {name: [said(one) for one in getattr(impact, name)] for name in ("violations", "overlaps")}
    return {"moves": moved, **said_of, **counts, **days}


def _ends(opens: date, closes: date) -> dict[str, str]:
    return {"opens": opens.isoformat(), "closes": closes.isoformat()}


def _print_impact(impact: Impact) -> None:
    out = console()
    moved = table(_("Windows that move"), _("activity"), _("step"), _("was"), _("would be"), _("working days"))
    for move in impact.moves:
        was = f"{said(move.before.opens)} – {said(move.before.closes)}"
        becomes = f"{said(move.after.opens)} – {said(move.after.closes)}"
        moved.add_row(move.activity, move.step, was, becomes, f"{move.working_days_gained:+d}")
    out.print(moved)
    for warning in (*impact.violations, *impact.overlaps[:OVERLAPS_NAMED]):
        out.print(f"[yellow]! {escape(said(warning))}[/yellow]")
    if len(impact.overlaps) > OVERLAPS_NAMED:
        out.print(said(text("and {count} more; --json lists them", count=len(impact.overlaps) - OVERLAPS_NAMED)))
    if impact.violations:
        out.print(said(text("with --follow, the boundaries that hang on it by rule move along")))
    for counted in _counted(impact):
        out.print(said(counted))


def _counted(impact: Impact) -> list[Text]:
    return [
        text("open documents: {documents} of {units} units", documents=impact.open_documents, units=impact.units),
        text("people who would get a correction: {people}; unsent reminders recalled: {recalled}",
             people=impact.corrected, recalled=impact.recalled),
        text("days on which reminders would newly go out: {days}", days=_days(impact.due_days)),
        text("days on which they no longer would: {days}", days=_days(impact.idle_days)),
        text("contracts and notices at risk, with fewer days left: {count}", count=impact.contracts_at_risk),
    ]  # fmt: skip


def _days(days: Sequence[date]) -> list[date] | str:
    return list(days) or "–"


def approve(number: Number, year: Year, by: By, programme: Programme = "sekaps", as_of: AsOf = None) -> None:
    """Publish the amendment as the next revision."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        revision = publish_amendment(session, edition, number, by, instant_of_act(edition, as_of))
    typer.echo(said(text("amendment {id} is published as revision {revision}", id=number, revision=revision)))
    follow_schedule(programme, year)


def withdraw(number: Number, year: Year, by: By, programme: Programme = "sekaps", as_of: AsOf = None) -> None:
    """Withdraw the amendment."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        withdraw_amendment(session, edition, number, by, instant_of_act(edition, as_of))
    typer.echo(said(text("amendment {id} is withdrawn", id=number)))


def amendments(year: Year, programme: Programme = "sekaps") -> None:
    """List amendments and revisions."""
    require_database()
    proposals = table(_("Amendments"), _("number"), _("state"), _("dates"), _("reason"), _("letter"), _("proposed by"))
    revisions = table(_("Revisions"), _("number"), _("decided"), _("by"), _("reason"), _("letter"))
    with reading() as session:
        edition = load_edition(session, programme, year)
        for one in list_amendments(session, edition):
            dates = ", ".join(f"{code} {day}" for code, day in one.dates.items())
            row = (str(one.id), said(STATES[one.state]), dates, one.reason, one.letter_number, one.proposed_by)
            proposals.add_row(*map(escape, row))
        for line in list_revisions(session, edition):
            cells = (str(line.number), said(line.decided_at), line.decided_by, line.reason, line.letter_number or "–")
            revisions.add_row(*map(escape, cells))
    console().print(proposals)
    console().print(revisions)


STATES = {"proposed": text("proposed"), "published": text("published"), "withdrawn": text("withdrawn")}


def diff(
    first: Annotated[int, typer.Argument(help=_("A revision's number."))],
    second: Annotated[int, typer.Argument(help=_("Another revision's number."))],
    year: Year,
    programme: Programme = "sekaps",
) -> None:
    """Print the boundaries that differ."""
    require_database()
    with reading() as session:
        changes = difference(session, load_edition(session, programme, year), first, second)
    listed = table(_("Boundaries"), _("boundary"), str(first), str(second))
    for change in changes:
        listed.add_row(change.code, said(change.before), said(change.after))
    console().print(listed)
