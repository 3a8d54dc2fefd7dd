"""``sekaps order``: leave, closures and suspensions made known after a year was published."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps.calendar.days import Layer, Place
from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.language import _, said
from sekaps.cli.places import find_place, place_name
from sekaps.cli.plan_schedule import follow_schedule
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading, transaction
from sekaps.domain.gates import Scope
from sekaps.models.orders import DayOrder
from sekaps.services import orders
from sekaps.services.day_orders import scope_of
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.orders import OrderEffect
from sekaps.services.requests import DayOrderRequest
from sekaps.texts import Text, text

NOON = time(13)
"""Where a half day begins or ends (law 2429, articles 1 and 2)."""

app = typer.Typer(no_args_is_help=True, help=_("Leave, closures and suspensions made known after publication."))


class Kind(StrEnum):
    """What may be ordered."""

    LEAVE = "leave"
    CLOSURE = "closure"
    SUSPENSION = "suspension"


class Half(StrEnum):
    """The half of a day an order takes."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


@app.command(help=_("Issue an order about days; last days move and reminders are corrected in its places only."))
def issue(
    kind: Annotated[Kind, typer.Argument(help=_("leave, closure of offices, or suspension of legal periods."))],
    year: Year,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help=_("Its first day."))],
    until: Annotated[str, typer.Option(metavar="DATE", help=_("Its last day."))],
    authority: Annotated[str, typer.Option(help=_("Who orders it, as the programme names them."))],
    reason: Annotated[str, typer.Option(help=_("Why it is ordered."))],
    letter: Annotated[str, typer.Option(help=_("Number of the letter, or of the decree."))],
    province: Annotated[list[str] | None, typer.Option(help=_("Plate code it holds in; repeatable."))] = None,
    district: Annotated[list[str] | None, typer.Option(help=_("District code it holds in; repeatable."))] = None,
    unit: Annotated[list[int] | None, typer.Option(help=_("Registry number of a unit; repeatable."))] = None,
    activity: Annotated[str, typer.Option(help=_("One activity only, such as needs_entry."))] = "",
    half: Annotated[Half | None, typer.Option(help=_("Only that half of the day."))] = None,
    only_ask: Annotated[bool, typer.Option("--what-if", help=_("Only tell what it would do."))] = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Issue the order, or foresee it, and say what it moves and whom it corrects."""
    require_database()
    request = DayOrderRequest(
        kind=kind.value,
        since=read_day(since),
        until=read_day(until),
        places=_places(province or (), district or (), unit or ()),
        authority=authority,
        reason=reason,
        letter_number=letter,
        activity=activity,
        starts=NOON if half is Half.AFTERNOON else None,
        ends=NOON if half is Half.MORNING else None,
    )
    if only_ask:
        foreseen = text("nothing is ordered; this is what the order would do:")
        _tell(None, foreseen, _foresee(programme, year, request, as_of), as_json=as_json)
        return
    number, effects = _issue(programme, year, request, as_of)
    _tell(number, text("order {id} is entered", id=number), effects, as_json=as_json)
    _follow(effects)


def _places(province: Sequence[str], district: Sequence[str], unit: Sequence[int]) -> tuple[tuple[str, str], ...]:
    found = [find_place(code, None) for code in province] + [find_place(None, code) for code in district]
    named = [scope_of(place) for place in found] + [(Scope.UNIT, str(number)) for number in unit]
    return tuple((scope.value, code) for scope, code in named or [scope_of(Place())])


def _foresee(programme: str, year: int, request: DayOrderRequest, as_of: str | None) -> list[OrderEffect]:
    with reading() as session:
        edition = load_edition(session, programme, year)
        return orders.foresee(session, edition, request, instant_of_act(edition, as_of))


def _issue(programme: str, year: int, request: DayOrderRequest, as_of: str | None) -> tuple[int, list[OrderEffect]]:
    with transaction() as session:
        edition = load_edition(session, programme, year)
        return orders.issue_order(session, edition, request, instant_of_act(edition, as_of))


@app.command(help=_("End an order; last days go back, and those who were corrected are told again."))
def revoke(
    number: Annotated[int, typer.Argument(help=_("Number of the order, as listed."))],
    year: Year,
    authority: Annotated[str, typer.Option(help=_("Who revokes it."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Revoke the order and say what moved back."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        effects = orders.revoke_order(session, edition, number, authority, instant_of_act(edition, as_of))
    _tell(number, text("order {id} is revoked", id=number), effects, as_json=as_json)
    _follow(effects)


def _follow(effects: Sequence[OrderEffect]) -> None:
    for effect in effects:
        follow_schedule(effect.edition.programme.code, effect.edition.year, show=False)


@app.command("list", help=_("List every order about days, revoked ones included."))
def show(as_json: AsJson = False) -> None:
    """List the orders."""
    require_database()
    with reading() as session:
        rows = [_row(order, places) for order, places in orders.list_orders(session)]
    if as_json:
        print_json(rows)
        return
    listed = table(_("Orders"), _("number"), _("order"), _("for"), _("from"), _("until"), _("by"), _("letter"))
    for row in rows:
        ended = _("revoked") if row["revoked_at"] else said(date.fromisoformat(row["until"]))
        where = ", ".join(row["places"])
        since = said(date.fromisoformat(row["since"]))
        kind = said(Layer(row["kind"]).meaning)
        cells = (str(row["id"]), kind, where, since, ended, row["authority"], row["letter_number"])
        listed.add_row(*map(escape, cells))
    console().print(listed)


def _row(order: DayOrder, places: Iterable[Place]) -> dict[str, Any]:
    names = ("id", "kind", "activity", "authority", "reason", "letter_number")
    days = {"since": order.since.isoformat(), "until": order.until.isoformat()}
    hours = {"starts": order.starts and f"{order.starts:%H:%M}", "ends": order.ends and f"{order.ends:%H:%M}"}
    where = [place.unit or place_name(place) for place in places]
    revoked = {"revoked_at": order.revoked_at and order.revoked_at.isoformat(), "revoked_by": order.revoked_by}
    return {**{name: getattr(order, name) for name in names}, **days, **hours, "places": where, **revoked}


def _tell(number: int | None, done: Text, effects: Sequence[OrderEffect], *, as_json: bool) -> None:
    if as_json:
        print_json({"order": number, "editions": [_effect_as_json(effect) for effect in effects]})
        return
    typer.echo(said(done))
    for effect in effects:
        _print_effect(effect)


def _effect_as_json(effect: OrderEffect) -> dict[str, Any]:
    moved = [
        {
            "activity": terms.activity,
            "step": terms.step or None,
            "scope": terms.scope.value,
            "scope_code": terms.scope_code,
            "closes": effect.edition.window(terms.activity, terms.step).closes.isoformat(),
            "until": terms.until.isoformat(),
        }
        for terms in effect.moved
    ]
    counts = {"recalled": effect.corrected.recalled, "corrected": effect.corrected.people}
    named = {"programme": effect.edition.programme.code, "year": effect.edition.year}
    return {**named, "moved": moved, **counts, "warnings": [said(one) for one in _overtaken(effect)]}


def _print_effect(effect: OrderEffect) -> None:
    out = console()
    title = f"{said(effect.edition.programme.name)} {effect.edition.year}"
    moved = table(escape(title), _("steps"), _("last day was"), _("last day is"), _("in"))
    for (was, until, places), steps in _gathered(effect).items():
        moved.add_row(escape(", ".join(steps)), said(was), said(until), escape(_where(places)))
    out.print(moved if moved.row_count else said(text("{title}: no last day moves", title=title)))
    for warning in _overtaken(effect):
        out.print(f"[yellow]! {escape(said(warning))}[/yellow]")
    out.print(said(text("people who get a correction: {people}; unsent reminders recalled: {recalled}",
                        people=effect.corrected.people, recalled=effect.corrected.recalled)))  # fmt: skip


def _gathered(effect: OrderEffect) -> dict[tuple[date, date, tuple[str, ...]], list[str]]:
    """Return the steps that move alike, by the day they closed, the day they close, and the places."""
    places: dict[tuple[str, str, date], list[str]] = defaultdict(list)
    for terms in effect.moved:
        places[terms.activity, terms.step, terms.until].append(_scope_name(terms.scope, terms.scope_code))
    found: dict[tuple[date, date, tuple[str, ...]], list[str]] = defaultdict(list)
    for (activity, step, until), where in places.items():
        found[effect.edition.window(activity, step).closes, until, tuple(where)].append(step or activity)
    return found


def _scope_name(scope: Scope, code: str) -> str:
    if scope is Scope.UNIT:
        return code
    if scope is Scope.DISTRICT:
        return place_name(find_place(None, code))
    return place_name(find_place(code or None, None))


NAMED_PLACES = 10
"""How many places a line names before it only counts them."""


def _where(places: Sequence[str]) -> str:
    named = ", ".join(places[:NAMED_PLACES])
    more = len(places) - NAMED_PLACES
    return named if more <= 0 else said(text("{named} and {count} more", named=named, count=more))


def _overtaken(effect: OrderEffect) -> list[Text]:
    """Return a warning for each row that opens before a last day it should follow has come, in some place."""
    latest: dict[str, date] = {}
    for terms in effect.moved:
        latest[terms.activity] = max(terms.until, latest.get(terms.activity, terms.until))
    return [
        text(
            "{row} opens on {opens}, before {moved} ends there on {until}: extend or amend what follows, if need be",
            row=row.name,
            opens=effect.edition.window(row.code).opens,
            moved=effect.edition.activity(activity).name,
            until=until,
        )
        for activity, until in latest.items()
        for row in effect.edition.programme.activities
        if _follows(effect.edition, row.code, activity, until)
    ]


def _follows(edition: EditionView, row: str, moved: str, until: date) -> bool:
    return edition.window(moved).closes < edition.window(row).opens <= until
