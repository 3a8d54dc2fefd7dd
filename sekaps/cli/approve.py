"""``sekaps approve``: allocations made to military units, approved or refused for the ministry of defence."""

from typing import Annotated

import typer

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, require_database
from sekaps.cli.decide import LAST_PERSON
from sekaps.cli.decision_orders import Orders, add_flags
from sekaps.cli.decision_words import REFUSED, print_open_lines, proposals_as_json
from sekaps.cli.language import _, said
from sekaps.cli.printing import print_json
from sekaps.database import reading, transaction
from sekaps.errors.decisions import DecisionUnreadable
from sekaps.services.decision_lists import awaiting_lines
from sekaps.services.decisions import approve
from sekaps.services.editions import load_edition
from sekaps.services.outcomes import Outcome
from sekaps.services.registry import require_person
from sekaps.services.requests import ApproveRequest
from sekaps.texts import text

app = typer.Typer(no_args_is_help=True, help=_("Allocations to military units: approved by the ministry of defence."))


@app.command("list", help=_("The allocations to military units that await approval, what and why."))
def list_(year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """List them."""
    require_database()
    with reading() as session:
        lines = awaiting_lines(session, load_edition(session, programme, year))
    if as_json:
        print_json(proposals_as_json(lines))
    else:
        print_open_lines(lines, _("Awaiting the ministry of defence"))


@app.command(help=_("Approve lines, or refuse them with a reason; the need of a refused one is to be decided again."))
def record(
    person: Annotated[
        int, typer.Option("--as", min=1, max=LAST_PERSON, help=_("Manager code of who approves (yönetici kodu)."))
    ],
    year: Year,
    lines: Annotated[
        list[int] | None, typer.Argument(metavar="[LINES]", help=_("Lines to approve, as listed."))
    ] = None,
    all_waiting: Annotated[bool, typer.Option("--all", help=_("Approve every line that is not named."))] = False,
    refuse: Annotated[
        list[str] | None, typer.Option(metavar="LINE=REASON", help=_("Refuse a line; repeat it."))
    ] = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record it, and leave with 1 when any line is refused as an act."""
    require_database()
    orders = Orders()
    add_flags(orders, refuse or (), (), ())
    with transaction() as session:
        edition = load_edition(session, programme, year)
        approved = list(lines or ())
        if all_waiting:
            waiting = [line.id for line in awaiting_lines(session, edition)]
            approved += [line for line in waiting if line not in orders.refused and line not in approved]
        if not approved and not orders.refused:
            raise DecisionUnreadable(source="sekaps approve record", problem=text("name lines, or give --all"))
        person_id = require_person(session, person).id
        requests = [ApproveRequest(line, person_id) for line in approved]
        requests += [ApproveRequest(line, person_id, reason) for line, reason in orders.refused.items()]
        outcomes = approve(session, edition, requests, instant_of_act(edition, as_of))
    _tell(requests, outcomes, as_json=as_json)


def _tell(requests: list[ApproveRequest], outcomes: list[Outcome], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"line": each.subject_id, "done": each.done, "refusal": said(each.refusal) if each.refusal else None}
                for each in outcomes
            ]
        )
    for request, outcome in zip(requests, outcomes, strict=True):
        if as_json:
            continue
        if outcome.refusal is None:
            done = text("approved") if request.reason is None else text("approval refused")
            typer.echo(said(text("{number}: {done}", number=outcome.subject_id, done=done)))
        else:
            refused = text("{number}: refused: {refusal}", number=outcome.subject_id, refusal=outcome.refusal)
            typer.echo(said(refused), err=True)
    if not all(outcome.done for outcome in outcomes):
        raise typer.Exit(REFUSED)
