"""``sekaps chain``: signature chains agreed between an institution and its ministry, and documents moved to them."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from sekaps.calendar.programmes import Programme as ProgrammeFile
from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_in_latest, instant_of_act, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.cli.refusals import keeping_refusals
from sekaps.database import reading, transaction
from sekaps.domain.chains import Condition, Field
from sekaps.domain.stage_grammar import parse_stage
from sekaps.errors.editions import EditionUnknown
from sekaps.services import chains
from sekaps.services.chain_lists import ListedChain, ListedPost, ListedStage, list_chains, list_proposals
from sekaps.services.chain_migrations import VERB as MIGRATE
from sekaps.services.chain_migrations import Left, Migrated, foresee_migration, migrate_documents
from sekaps.services.editions import latest_year, load_edition
from sekaps.services.programmes import read_programme
from sekaps.services.registry import require_person
from sekaps.services.requests import ChainDecision, ChainMigration, ChainProposal
from sekaps.texts import Text, text

SHOWN = 20
"""How many documents left behind people are shown; ``--json`` has all of them."""
CONDITIONS = {
    Field.QUANTITY: text("only from a quantity of {value} on"),
    Field.MODULE: text("only in the module {value}"),
    Field.SCOPE: text("only in {value} planning"),
}
SCOPES = {"central": text("central"), "local": text("local")}

app = typer.Typer(
    no_args_is_help=True,
    help=_("Signature chains: proposed by an institution, approved by its ministry, kept in versions."),
)

Unit = Annotated[int, typer.Argument(metavar="UNIT", help=_("Registry number of the unit."))]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help=_("Number of the chain."))]
Person = Annotated[int, typer.Option("--as", help=_("Manager code of who does it (yönetici kodu)."))]


@app.command(
    help=_("Propose the next version of a unit's chain for one kind of document, as a holder of one of its posts.")
)
def propose(
    unit: Unit,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_("Kind of document, such as need_form."))],
    person: Person,
    stage: Annotated[
        list[str] | None,
        typer.Option(
            help=_(
                "A stage; repeat it in signing order. Posts with commas sign side by side: 'officer',"
                " '2 of head, deputy_head, approver@20000002', 'approver@20000002 if quantity >= 100'"
                " (or: if module = CODE, if scope = central)."
            )
        ),
    ] = None,
    variant: Annotated[
        str, typer.Option(help=_("Tells chains of one kind apart, such as the other ministry's number."))
    ] = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Store the proposal and say its number."""
    require_database()
    proposal = ChainProposal(unit, kind, tuple(parse_stage(one) for one in stage or ()), variant)
    asked = {"unit": unit, "kind": kind, "variant": variant, "by": person}
    with keeping_refusals("propose_chain", asked, as_of), transaction() as session:
        at, rules = instant_in_latest(session, programme, as_of), _programme(session, programme)
        number = chains.propose_chain(session, rules, proposal, require_person(session, person).id, at)
    if as_json:
        print_json({"chain": number, "state": chains.PROPOSED})
        return
    typer.echo(said(text("chain {id} is proposed; another person, of the ministry, approves it:"
                         " sekaps chain approve {id} --as CODE", id=number)))  # fmt: skip


@app.command(help=_("Put a proposed chain in force for new documents, as another person, of the ministry."))
def approve(number: Number, person: Person, programme: Programme = "sekaps", as_of: AsOf = None) -> None:
    """Approve it and say what it retires."""
    require_database()
    with keeping_refusals("approve_chain", {"chain": number, "by": person}, as_of), transaction() as session:
        decision = ChainDecision(number, require_person(session, person).id)
        retired = chains.approve_chain(session, decision, instant_in_latest(session, programme, as_of))
    typer.echo(said(text("chain {id} is in force for new documents", id=number)))
    if retired is not None:
        typer.echo(said(text(
            "chain {old} is retired; documents under way keep it, or are moved: sekaps chain migrate NAME"
            " --from {old} --to {id}", old=retired, id=number,
        )))  # fmt: skip


@app.command(help=_("Refuse a proposed chain with a reason, as another person, of the ministry."))
def refuse(
    number: Number,
    person: Person,
    reason: Annotated[str, typer.Option(help=_("Why it is refused."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Refuse it."""
    require_database()
    with keeping_refusals("refuse_chain", {"chain": number, "by": person}, as_of), transaction() as session:
        decision = ChainDecision(number, require_person(session, person).id, reason)
        chains.refuse_chain(session, decision, instant_in_latest(session, programme, as_of))
    typer.echo(said(text("chain {id} is refused", id=number)))


@app.command(help=_("Every version of a unit's chains, stage by stage."))
def show(
    unit: Unit,
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help=_("Only this kind of document."))] = "",
    as_json: AsJson = False,
) -> None:
    """Show them."""
    require_database()
    with reading() as session:
        found = list_chains(session, unit, kind)
    _print(
        found,
        _("this unit has no chain of that kind yet") if kind else _("this unit has no chain yet"),
        as_json=as_json,
    )


@app.command(help=_("Chains that wait for a ministry's approval."))
def proposals(
    ministry: Annotated[int | None, typer.Option(metavar="NUMBER", help=_("Registry number of the ministry."))] = None,
    as_json: AsJson = False,
) -> None:
    """List them."""
    require_database()
    with reading() as session:
        found = list_proposals(session, ministry)
    _print(found, _("no chain waits for approval"), as_json=as_json)


@app.command(help=_("Move the documents under way from one version of a chain to another; carried out once per name."))
def migrate(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Name of the migration; used once in an edition."))],
    year: Year,
    held: Annotated[int, typer.Option("--from", metavar="CHAIN", help=_("Number of the chain they have."))],
    other: Annotated[int, typer.Option("--to", metavar="CHAIN", help=_("Number of the chain they get, in force."))],
    by: Annotated[int, typer.Option("--by", help=_("Manager code of who decides it, of the ministry."))],
    reason: Annotated[str, typer.Option(help=_("Why they move."))],
    restart: Annotated[
        bool, typer.Option("--restart", help=_("Those whose signatures do not fit begin anew; they stay otherwise."))
    ] = False,
    only_ask: Annotated[bool, typer.Option("--what-if", help=_("Only tell what it would do."))] = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Carry the migration out, or foresee it, and list the documents left and why."""
    require_database()
    asked = {"name": name, "from": held, "to": other, "by": by}
    kept = nullcontext() if only_ask else keeping_refusals(MIGRATE, asked, as_of)
    with kept, reading() if only_ask else transaction() as session:
        edition = load_edition(session, programme, year)
        order = ChainMigration(name, held, other, require_person(session, by).id, reason, restart)
        do = foresee_migration if only_ask else migrate_documents
        done = do(session, edition, order, instant_of_act(edition, as_of))
    if as_json:
        print_json(_migrated_json(done, foreseen=only_ask))
        return
    _print_migrated(done, foreseen=only_ask)


def _programme(session: Session, programme: str) -> ProgrammeFile:
    """Return the programme as last published here, or as shipped before the first publication."""
    try:
        return load_edition(session, programme, latest_year(session, programme)).programme
    except EditionUnknown:
        return read_programme(programme)


def _print(found: Sequence[ListedChain], nothing: str, *, as_json: bool) -> None:
    if as_json:
        print_json([_chain_json(chain) for chain in found])
        return
    if not found:
        typer.echo(nothing)
    out = console()
    for chain in found:
        listed = table("", _("signing stage"), _("signs"), _("when"))
        for place, stage in enumerate(chain.stages, start=1):
            when = said(condition_words(stage.condition)) if stage.condition else _("always")
            listed.add_row(str(place), escape(_who(stage)), escape(when))
        out.print(f"[bold]{escape(said(_title(chain)))}[/bold]")
        out.print(escape(said(_decided(chain))))
        out.print(listed)


def _title(chain: ListedChain) -> Text:
    named = {"unit": chain.unit_name, "kind": chain.kind, "version": chain.version, "id": chain.number}
    state = chains.STATES[chain.state]
    if chain.variant:
        return text("{unit} · {kind} ({variant}) · version {version}, {state} · chain {id}", **named, state=state,
                    variant=chain.variant)  # fmt: skip
    return text("{unit} · {kind} · version {version}, {state} · chain {id}", **named, state=state)


def _who(stage: ListedStage) -> str:
    posts = [_post(post) for post in stage.posts]
    if len(posts) == 1:
        return posts[0]
    if stage.needed == len(posts):
        return said(text("side by side: {posts}", posts=posts))
    return said(text("{needed} of {count}: {posts}", needed=stage.needed, count=len(posts), posts=posts))


def _post(post: ListedPost) -> str:
    return f"{post.title} · {post.unit_name}"


def condition_words(condition: Condition) -> Text:
    """Return a stage's condition as people read it."""
    value = SCOPES.get(str(condition.value), condition.value)
    return text(CONDITIONS[condition.field].msgid, value=value)


def _decided(chain: ListedChain) -> Text:
    by = chain.proposed_by or "–"
    if chain.decided_at is None:
        return text("proposed by {person}", person=by)
    return text("proposed by {person}; decided by {decider} on {at}", person=by, decider=chain.decided_by or "–",
                at=chain.decided_at)  # fmt: skip


def _chain_json(chain: ListedChain) -> dict[str, Any]:
    decided_at = chain.decided_at and chain.decided_at.isoformat()
    return {**asdict(chain), "stages": [asdict(stage) for stage in chain.stages], "decided_at": decided_at}


def _migrated_json(done: Migrated, *, foreseen: bool) -> dict[str, Any]:
    left = [{"document": one.number, "reason": said(one.reason)} for one in done.left]
    counts = {"moved": done.moved, "restarted": done.restarted, "done_before": done.done_before}
    return {**counts, "carried_out": not (foreseen or done.done_before), "left": left}


def _print_migrated(done: Migrated, *, foreseen: bool) -> None:
    if done.done_before:
        typer.echo(_("a migration of that name was carried out before; nothing more was done"))
    elif foreseen:
        typer.echo(_("nothing is moved; this is what the migration would do:"))
    counts = text("{moved} moved with their signatures, {restarted} begun anew, {left} left as they are",
                  moved=done.moved, restarted=done.restarted, left=len(done.left))  # fmt: skip
    typer.echo(said(counts))
    for one in done.left[:SHOWN]:
        typer.echo(said(_left(one)))
    if len(done.left) > SHOWN:
        typer.echo(said(text("and {count} more; --json lists all", count=len(done.left) - SHOWN)))


def _left(one: Left) -> Text:
    return text("{number}: stays, {reason}", number=one.number, reason=one.reason)
