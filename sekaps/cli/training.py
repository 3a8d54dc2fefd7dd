"""``sekaps training``: training asked for by institutions, scheduled, held or refused by the body that gives it."""

from datetime import date
from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading, transaction
from sekaps.services import training
from sekaps.services.editions import load_edition
from sekaps.services.training import Answer, TrainingLine, Wish
from sekaps.texts import text

NOTHING = "–"

app = typer.Typer(no_args_is_help=True, help=_("Requests for training: asked for, scheduled, held, refused."))

Request = Annotated[int, typer.Argument(metavar="REQUEST", help=_("Number of the request, as listed."))]
By = Annotated[int, typer.Option("--by", help=_("Manager code of whoever acts (yönetici kodu)."))]


@app.command(help=_("Ask for training for a unit; asked again on an open topic it is the same request."))
def ask(
    unit: Annotated[int, typer.Argument(metavar="NUMBER", help=_("Registry number of the unit."))],
    topic: Annotated[str, typer.Option(help=_("What the training is to be about."))],
    since: Annotated[str, typer.Option("--from", metavar="DATE", help=_("First wished day."))],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help=_("Last wished day."))],
    by: By,
    year: Year,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Ask."""
    require_database()
    wish = Wish(unit, topic, read_day(since), read_day(until))
    with transaction() as session:
        edition = load_edition(session, programme, year)
        asked = training.ask(session, edition, wish, by, instant_of_act(edition, as_of))
    if asked.is_new:
        typer.echo(said(text("request {number} is made", number=asked.number)))
    else:
        typer.echo(said(text("request {number} stands already; nothing changed", number=asked.number)))


@app.command(help=_("Set the day and place of a training, as the body that gives it; or set them anew."))
def schedule(
    number: Request,
    on: Annotated[str, typer.Option(metavar="DATE", help=_("The day."))],
    place: Annotated[str, typer.Option(help=_("The place."))],
    by: By,
    year: Year,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Schedule."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        instant = instant_of_act(edition, as_of)
        changed = training.schedule(session, edition, Answer(number, by), read_day(on), place, instant)
    typer.echo(_("scheduled") if changed else _("that is recorded already; nothing changed"))


@app.command(help=_("Refuse a request, or call a scheduled training off, as the body that gives it."))
def refuse(
    number: Request,
    reason: Annotated[str, typer.Option(help=_("Why."))],
    by: By,
    year: Year,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Refuse."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        training.refuse(session, edition, Answer(number, by), reason, instant_of_act(edition, as_of))
    typer.echo(_("refused"))


@app.command(help=_("Record that a training was held; its unit is trained with it."))
def hold(
    number: Request,
    people: Annotated[int, typer.Option(help=_("How many people were trained."))],
    by: By,
    year: Year,
    on: Annotated[str | None, typer.Option(metavar="DATE", help=_("Its day, where not the scheduled one."))] = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Record it."""
    require_database()
    held_on = read_day(on) if on else None
    with transaction() as session:
        edition = load_edition(session, programme, year)
        instant = instant_of_act(edition, as_of)
        training.hold(session, edition, Answer(number, by), people, instant, on=held_on)
    typer.echo(_("recorded"))


@app.command(help=_("Take a request back, as somebody with a post of the unit that asked."))
def withdraw(number: Request, by: By, year: Year, programme: Programme = "sekaps", as_of: AsOf = None) -> None:
    """Withdraw."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        training.withdraw(session, edition, number, by, instant_of_act(edition, as_of))
    typer.echo(_("withdrawn"))


@app.command("list", help=_("The requests for training, and what became of each."))
def list_requests(
    unit: Annotated[int | None, typer.Option(help=_("Registry number of a unit: its requests only."))] = None,
    province: Annotated[str | None, typer.Option(help=_("Plate code of a province: its units only."))] = None,
    only_open: Annotated[bool, typer.Option("--open", help=_("Only those asked for or scheduled."))] = False,
    as_json: AsJson = False,
) -> None:
    """List them."""
    require_database()
    with reading() as session:
        lines = training.list_requests(session, unit=unit, province=province, only_open=only_open)
    if as_json:
        print_json([_json(line) for line in lines])
        return
    columns = (_("number"), _("unit"), _("province"), _("topic"), _("state"), _("day"), _("answered by"))
    listed = table(_("Requests for training"), *columns)
    for line in lines:
        told = (line.number, line.unit_name, line.province, line.topic, line.state.meaning, _day(line))
        listed.add_row(*[escape(said(cell)) for cell in (*told, line.answered_by or NOTHING)])
    console().print(listed)


def _day(line: TrainingLine) -> date | str:
    return line.held_on or line.scheduled_on or NOTHING


def _json(line: TrainingLine) -> dict[str, Any]:
    days = ("wished_from", "wished_until", "asked_at", "scheduled_on", "answered_at", "held_on")
    names = (
        "number", "unit", "unit_name", "province", "topic", "asked_by", "place", "answered_by", "people", "reason",
    )  # fmt: skip
    found = {name: value.isoformat() if (value := getattr(line, name)) else None for name in days}
    return {**{name: getattr(line, name) for name in names}, "state": line.state.value, **found}
