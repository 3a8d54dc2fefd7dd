"""``sekaps deadline``: the last moment of a statutory period, from its event, and how it was found."""

from datetime import date, datetime
from typing import Annotated

import typer
from rich.markup import escape

from sekaps.calendar.legal_clock import Deadline, Service
from sekaps.calendar.period_files import StatutoryPeriod
from sekaps.cli.asking import AsJson
from sekaps.cli.language import _, current, said
from sekaps.cli.places import find_place
from sekaps.cli.printing import console, print_json, table
from sekaps.errors.calendar import DeadlineIncomplete, MomentUnreadable
from sekaps.services.periods import find_deadline, statutory_periods
from sekaps.texts import Text, text, weekday_name

HELP = _("The last moment of a statutory period, from its event, and how it was found.")


def deadline(
    period: Annotated[
        str | None, typer.Argument(metavar="PERIOD", help=_("A code of --list, or a period such as '15 days'."))
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="MOMENT", help=_("The event: 2023-02-01 or 2023-02-01T10:30."))
    ] = None,
    province: Annotated[str | None, typer.Option(help=_("Plate code of a province, such as 34."))] = None,
    district: Annotated[str | None, typer.Option(help=_("Code or name of a district."))] = None,
    service: Annotated[Service | None, typer.Option(help=_("How it was served on the party."))] = None,
    explain: Annotated[bool, typer.Option("--explain", help=_("Show the reasoning step by step."))] = False,
    listed: Annotated[bool, typer.Option("--list", help=_("List the statutory periods."))] = False,
    as_json: AsJson = False,
) -> None:
    """Print the last moment of a period, or the periods known."""
    if listed:
        _show_periods(as_json=as_json)
        return
    if period is None or start is None:
        raise DeadlineIncomplete
    found = find_deadline(period, read_moment(start), find_place(province, district), service)
    if as_json:
        print_json(_deadline_as_json(period, start, found))
    else:
        _print_deadline(found, explain=explain)


def read_moment(asked: str) -> date:
    """Return the day or the instant written in ISO form; raise MomentUnreadable."""
    try:
        return date.fromisoformat(asked)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(asked)
    except ValueError:
        raise MomentUnreadable(asked=asked) from None


def _deadline_as_json(period: str, start: str, found: Deadline) -> dict[str, object]:
    first = {"first_moment": found.first_moment.isoformat()} if found.first_moment else {}
    return {
        "period": period,
        "from": start,
        **first,
        "last_moment": found.last_moment.isoformat(),
        "last_day": found.last_day.isoformat(),
        "steps": [said(step) for step in found.steps],
    }


def _print_deadline(found: Deadline, *, explain: bool) -> None:
    out = console()
    if found.first_moment is not None:
        out.print(_marked(text("first moment: {moment}, {weekday}", **_dated(found.first_moment))))
    out.print(_marked(text("last moment: {moment}, {weekday}", **_dated(found.last_moment))))
    if explain:
        for number, step in enumerate(found.steps, start=1):
            out.print(escape(f"{number:3}. {said(step)}"))


def _marked(sentence: Text) -> str:
    return f"[bold]{escape(said(sentence))}[/bold]"


def _dated(moment: datetime) -> dict[str, object]:
    return {"moment": moment, "weekday": weekday_name(moment.date(), current())}


def _show_periods(*, as_json: bool) -> None:
    periods = statutory_periods()
    if as_json:
        print_json({"periods": [_period_as_json(each) for each in periods]})
        return
    rows = table(_("Statutory periods"), _("code"), _("name"), _("period"), _("law"), _("confirmed"))
    rows.columns[0].no_wrap = True
    for each in periods:
        law = f"{said(each.law)} {each.article}"
        cells = (each.code, said(each.name), said(each.period.wording), law, _("yes") if each.confirmed else _("no"))
        rows.add_row(*map(escape, cells))
    console().print(rows)


def _period_as_json(each: StatutoryPeriod) -> dict[str, object]:
    return {
        "code": each.code,
        "name": said(each.name),
        "period": said(each.period.wording),
        "starts": said(each.starts),
        "then": said(each.then) if each.then else None,
        "law": said(each.law),
        "article": each.article,
        "source": each.source,
        "confirmed": each.confirmed,
        "note": said(each.note) if each.note else None,
    }
