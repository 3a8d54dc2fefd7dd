"""``sekaps plan propose``, ``publish`` and ``close``: the decisions over a whole year, each taken by two people."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps import clock
from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, require_database
from sekaps.cli.language import _, said
from sekaps.cli.plan_schedule import follow_schedule
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading, transaction
from sekaps.services.closing import CLOSED, close_edition, open_closing, propose_closing, withdraw_closing
from sekaps.services.editions import load_edition
from sekaps.services.proposals import Kind, Order, Proposal, list_proposals
from sekaps.services.publication import planned_year, propose_publication, publish_proposed, withdraw_publication
from sekaps.settings import settings
from sekaps.texts import text

PROPOSE = _("Propose a year as drafted, for another person to publish; nothing is published yet.")
PUBLISH = _("Publish a year exactly as it was proposed, by another person; published again, it stays as it is.")
CLOSE = _("Close a year: the first of two people proposes it with the letter, the second closes it.")
PROPOSALS = _("List the proposals to publish and to close a year.")
Source = Annotated[str, typer.Option("--programme", help=_("Code of a shipped programme, or path of a YAML file."))]
By = Annotated[str, typer.Option("--by", help=_("Who does it, by name."))]
Reason = Annotated[str, typer.Option(help=_("Why."))]
Letter = Annotated[str, typer.Option(help=_("Number of the letter."))]
Withdraw = Annotated[bool, typer.Option("--withdraw", help=_("Take the proposal back instead."))]
KINDS = {Kind.PUBLICATION: text("publication"), Kind.CLOSING: text("closing")}
STATES = {"proposed": text("proposed"), "published": text("carried out"), "withdrawn": text("withdrawn")}


def propose(year: Year, by: By, reason: Reason = "", letter: Letter = "", programme: Source = "sekaps") -> None:
    """Store the draft's dates as a proposal."""
    require_database()
    planned = planned_year(settings().home, programme, year)
    with transaction() as session:
        number = propose_publication(session, planned, Order(by, reason, letter), clock.now())
    facts = {"programme": planned.draft.programme.name, "year": year, "id": number, "asked": programme}
    typer.echo(said(text(
        "{programme} {year} is proposed (proposal {id}); another person publishes it:"
        " sekaps plan publish --programme {asked} --year {year} --by NAME", **facts,
    )))  # fmt: skip


def publish(year: Year, by: By, letter: Letter = "", withdraw: Withdraw = False, programme: Source = "sekaps") -> None:
    """Publish what was proposed, and make its schedules."""
    require_database()
    planned = planned_year(settings().home, programme, year)
    if withdraw:
        with transaction() as session:
            number = withdraw_publication(session, planned.programme, year, by, clock.now())
        typer.echo(said(text("proposal {id} is withdrawn", id=number)))
        return
    with transaction() as session:
        publish_proposed(session, planned, by, clock.now(), letter_number=letter)
        edition = load_edition(session, planned.programme, year)
    facts = {"programme": edition.programme.name, "year": year, "revision": edition.revision}
    console().print(escape(said(text("{programme} {year} is published, revision {revision}", **facts))))
    follow_schedule(planned.programme, year)


def close(
    year: Year,
    by: By,
    letter: Letter = "",
    with_gaps: Annotated[bool, typer.Option("--with-gaps", help=_("Close although phases left gaps."))] = False,
    reason: Reason = "",
    withdraw: Withdraw = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Propose the closing, or close when another person proposed it."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        at = instant_of_act(edition, as_of)
        if withdraw:
            told = text("proposal {id} is withdrawn", id=withdraw_closing(session, edition, by, at))
        elif _is_second(open_closing(session, edition), by, letter) or edition.state == CLOSED:
            close_edition(session, edition, by, at, with_gaps=with_gaps)
            told = text("{programme} {year} is closed", programme=edition.programme.name, year=year)
        else:
            number = propose_closing(session, edition, Order(by, reason, letter), at, with_gaps=with_gaps)
            told = text("closing {year} is proposed (proposal {id}); another person closes it:"
                        " sekaps plan close --year {year} --by NAME", year=year, id=number)  # fmt: skip
        is_closed = load_edition(session, programme, year).state == CLOSED
    typer.echo(said(told))
    if is_closed:
        follow_schedule(programme, year)


def _is_second(standing: Proposal | None, by: str, letter: str) -> bool:
    """Tell whether somebody decides what stands proposed; who proposed it may propose it anew, with its letter."""
    return standing is not None and not (letter and standing.is_by(by))


def proposals(year: Year, programme: Programme = "sekaps", as_json: AsJson = False) -> None:
    """List what was proposed for a year as a whole, and what became of it."""
    require_database()
    with reading() as session:
        found = list_proposals(session, programme, year)
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    headings = (_("number"), _("for"), _("state"), _("proposed by"), _("decided by"), _("reason"), _("letter"))
    listed = table(_("Proposals"), *headings)
    for one in found:
        asked = one.order
        decided = (one.decided_by or "–", asked.reason or "–", asked.letter_number or "–")
        cells = (str(one.id), said(KINDS[one.kind]), said(STATES[one.state]), asked.proposed_by, *decided)
        listed.add_row(*map(escape, cells))
    console().print(listed)


def _as_json(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "for": proposal.kind.value,
        "state": proposal.state,
        "base_revision": proposal.base_revision,
        "dates": dict(proposal.dates),
        **asdict(proposal.order),
        "proposed_at": proposal.proposed_at.isoformat(),
        "decided_by": proposal.decided_by,
    }
