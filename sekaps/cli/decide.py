"""``sekaps decide``: what lies before a body, its numbered decisions about it, and what it made local."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, require_database
from sekaps.cli.decision_orders import Orders, add_flags, read_orders
from sekaps.cli.decision_words import paper_as_json, print_open_lines, print_paper, proposals_as_json, tell_decision
from sekaps.cli.document import write_paper
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import print_json
from sekaps.database import reading, transaction
from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.commissions import Vote
from sekaps.domain.decision_numbers import read_decision_number
from sekaps.errors.decisions import StageUnknown
from sekaps.evidence.certificates import is_test_certificate
from sekaps.keyring import keyring, seal_pdf
from sekaps.reports.decision_page import decision_pdf
from sekaps.services.decision_lists import open_lines
from sekaps.services.decision_papers import decision_paper, latest_number
from sekaps.services.decisions import decide
from sekaps.services.editions import load_edition
from sekaps.services.local_resources import decide_local_resources
from sekaps.services.registry import require_person, require_unit
from sekaps.services.requests import DecideRequest, LocalResourceRequest
from sekaps.texts import text

FIRST_UNIT, LAST_UNIT, LAST_PERSON = 10_000_000, 99_999_999, 2_147_483_647

app = typer.Typer(no_args_is_help=True, help=_("Decisions of commissions, governors and ministries, by number."))

BodyNumber = Annotated[
    int,
    typer.Argument(metavar="BODY", min=FIRST_UNIT, max=LAST_UNIT, help=_("Registry number of the body that decides.")),
]
Chair = Annotated[
    int,
    typer.Option(
        "--as", min=1, max=LAST_PERSON, help=_("Manager code of who chairs or heads the body (yönetici kodu).")
    ),
]
StageName = Annotated[str, typer.Option(help=_("district, province, governor, central or transferred."))]
Stated = Annotated[str, typer.Option("--number", metavar="YEAR/SEQ", help=_("Its number on paper; else the next one."))]
Votes = Annotated[
    list[str] | None,
    typer.Option("--vote", metavar="PERSON=VOTE", help=_("A member's vote: for, against or abstained; repeat it.")),
]
Words = Annotated[str, typer.Option("--text", help=_("What the decision says."))]
Number = Annotated[str, typer.Argument(metavar="YEAR/SEQ", help=_("Number of the decision, such as 2023/14."))]


@app.command(help=_("What lies before a body: each line with its need and resource, and why this one and no more."))
def proposals(
    year: Year,
    body: Annotated[int, typer.Option(min=FIRST_UNIT, max=LAST_UNIT, help=_("Registry number of the body."))],
    stage: StageName = "",
    programme: Programme = "sekaps",
    as_json: AsJson = False,
) -> None:
    """List the open lines."""
    require_database()
    asked = _stage(stage).value if stage else ""
    with reading() as session:
        edition, unit = load_edition(session, programme, year), require_unit(session, body)
        lines = open_lines(session, edition, unit.id, asked)
    if as_json:
        print_json(proposals_as_json(lines))
    else:
        print_open_lines(lines, said(text("Before {unit}", unit=unit.name)))


@app.command(help=_("Decide a body's open lines of a stage in one numbered decision: accept, change, refuse."))
def allocations(
    body: BodyNumber,
    stage: StageName,
    person: Chair,
    year: Year,
    file: Annotated[Path | None, typer.Option(help=_("A file with votes and lines (YAML), or lines (CSV)."))] = None,
    accept_all: Annotated[bool, typer.Option("--accept-all", help=_("Accept every line that is not named."))] = False,
    refuse: Annotated[
        list[str] | None, typer.Option(metavar="LINE=REASON", help=_("Refuse a line; repeat it."))
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE=QUANTITY:REASON", help=_("Give a line another quantity; repeat it.")),
    ] = None,
    vote: Votes = None,
    number: Stated = "",
    words: Words = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Decide them, and leave with 1 when that is refused."""
    require_database()
    orders, at_stage = _orders(file, refuse, change, vote, number, words), _stage(stage)
    with transaction() as session:
        edition, unit = load_edition(session, programme, year), require_unit(session, body)
        if not accept_all:
            orders.require_all(line.id for line in open_lines(session, edition, unit.id, at_stage.value))
        request = DecideRequest(
            body_id=unit.id,
            person_id=require_person(session, person).id,
            refused=orders.refused,
            changed=orders.changed,
            votes=_voters(session, orders.votes),
            number=orders.number,
            text=orders.text,
        )
        [outcome] = decide(session, edition, RULES[at_stage].step, [request], instant_of_act(edition, as_of))
        made = decision_paper(session, edition, body, latest_number(session, unit.id)) if outcome.done else None
    tell_decision(unit.name, body, outcome, made, as_json=as_json)


@app.command(
    "local-resources", help=_("Make signed resources of agriculture or forestry local, as the place's commission.")
)
def local_resources(
    body: BodyNumber,
    resources: Annotated[
        list[str], typer.Argument(help=_("Numbers of the resources' forms, such as KSC-2023-000123."))
    ],
    person: Chair,
    year: Year,
    vote: Votes = None,
    number: Stated = "",
    words: Words = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Decide it, and leave with 1 when that is refused."""
    require_database()
    orders = _orders(None, None, None, vote, number, words)
    with transaction() as session:
        edition, unit = load_edition(session, programme, year), require_unit(session, body)
        request = LocalResourceRequest(
            body_id=unit.id,
            person_id=require_person(session, person).id,
            resources=tuple(resources),
            votes=_voters(session, orders.votes),
            number=orders.number,
            text=orders.text,
        )
        outcome = decide_local_resources(session, edition, request, instant_of_act(edition, as_of))
        made = decision_paper(session, edition, body, latest_number(session, unit.id)) if outcome.done else None
    tell_decision(unit.name, body, outcome, made, as_json=as_json)


@app.command(help=_("A decision: who sat and how they voted, and what became of each line."))
def show(
    body: BodyNumber, number: Number, year: Year, programme: Programme = "sekaps", as_json: AsJson = False
) -> None:
    """Show it."""
    require_database()
    asked = read_decision_number(number)
    with reading() as session:
        paper = decision_paper(session, load_edition(session, programme, year), body, asked)
    if as_json:
        print_json(paper_as_json(paper))
    else:
        print_paper(paper)


@app.command(help=_("Write a decision as a page (PDF), signed and time-stamped by the house (PAdES)."))
def pdf(
    body: BodyNumber,
    number: Number,
    year: Year,
    out: Annotated[Path, typer.Option(metavar="FILE", help=_("File to write."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Write the page."""
    require_database()
    asked = read_decision_number(number)
    with reading() as session:
        edition = load_edition(session, programme, year)
        paper, at = decision_paper(session, edition, body, asked), instant_of_act(edition, as_of)
    is_test = is_test_certificate(keyring().own(at).certificate)
    page = decision_pdf(paper, at, current(), is_test=is_test)
    signed = seal_pdf(page, at, said(text("a true image of {number}", number=str(asked))))
    typer.echo(said(text("written: {path}", path=write_paper(out, signed))))


def _orders(
    file: Path | None,
    refuse: list[str] | None,
    change: list[str] | None,
    vote: list[str] | None,
    number: str,
    words: str,
) -> Orders:
    orders = read_orders(file)
    add_flags(orders, refuse or (), change or (), vote or ())
    orders.number = read_decision_number(number) if number else orders.number
    orders.text = words or orders.text
    return orders


def _stage(asked: str) -> Stage:
    known = [stage.value for stage in Stage]
    if asked not in known:
        raise StageUnknown(asked=asked, known=known)
    return Stage(asked)


def _voters(session: Session, votes: Mapping[int, Vote]) -> dict[int, Vote]:
    return {require_person(session, code).id: vote for code, vote in votes.items()}
