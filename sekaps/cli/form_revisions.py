"""``sekaps need|resource shrink|withdraw``, ``resource destroyed``: a form that holds less than was signed."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import transaction
from sekaps.domain.form_revisions import RevisionKind
from sekaps.domain.revision_letters import outlook
from sekaps.reports.words import STAGES, number
from sekaps.services.editions import load_edition
from sekaps.services.form_revisions import Revised, RevisionRequest, revise
from sekaps.services.registry import require_person
from sekaps.services.revised_lines import TakenBack
from sekaps.texts import text

SHRINK = _("Reduce a signed form's quantity; what does not fit any more is taken back, last in the declared order.")
WITHDRAW = _("Withdraw a signed form; everything allocated of it is taken back, and decided again where it can be.")
DESTROYED = _("Record that a resource is no more; without --as it is the coordinator's act, by letter.")
REFUSED = 1
SHOWN = 40

Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("Number of the form, such as IBC-2023-000123."))]
Reviser = Annotated[int, typer.Option("--as", help=_("Manager code of an officer or the head of the form's unit."))]
MaybeReviser = Annotated[int | None, typer.Option("--as", help=_("Manager code; none: the coordinator, by letter."))]
Reason = Annotated[str, typer.Option(help=_("Why."))]
Letter = Annotated[str, typer.Option(metavar="NUMBER", help=_("Number of the letter that says so."))]
OnlyAsk = Annotated[bool, typer.Option("--what-if", help=_("Only tell what would follow; nothing is changed."))]


def shrink(
    form: Number,
    year: Year,
    person: Reviser,
    reason: Reason,
    to: Annotated[int, typer.Option("--to", metavar="QUANTITY", help=_("What is left, in the item's measure."))],
    letter: Letter = "",
    only_ask: OnlyAsk = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Reduce the form and say what followed."""
    asked = RevisionRequest(form, RevisionKind.SHRUNK, reason, to, letter)
    _revise(asked, person, programme, year, as_of, only_ask=only_ask, as_json=as_json)


def withdraw(
    form: Number,
    year: Year,
    person: Reviser,
    reason: Reason,
    letter: Letter = "",
    only_ask: OnlyAsk = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw the form and say what followed."""
    asked = RevisionRequest(form, RevisionKind.WITHDRAWN, reason, 0, letter)
    _revise(asked, person, programme, year, as_of, only_ask=only_ask, as_json=as_json)


def destroyed(
    form: Number,
    year: Year,
    reason: Reason,
    person: MaybeReviser = None,
    letter: Letter = "",
    only_ask: OnlyAsk = False,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record that the resource is no more and say what followed."""
    asked = RevisionRequest(form, RevisionKind.DESTROYED, reason, 0, letter)
    _revise(asked, person, programme, year, as_of, only_ask=only_ask, as_json=as_json)


def add_to(need: typer.Typer, resource: typer.Typer) -> None:
    """Add the verbs to those of needs and of resources."""
    for group in (need, resource):
        group.command("shrink", help=SHRINK)(shrink)
        group.command("withdraw", help=WITHDRAW)(withdraw)
    resource.command("destroyed", help=DESTROYED)(destroyed)


def _revise(
    asked: RevisionRequest,
    person: int | None,
    programme: str,
    year: int,
    as_of: str | None,
    *,
    only_ask: bool,
    as_json: bool,
) -> None:
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        who = None if person is None else require_person(session, person).id
        request = RevisionRequest(asked.number, asked.kind, asked.reason, asked.quantity_after, asked.letter, who)
        with session.begin_nested() as savepoint:
            found = revise(session, edition, request, instant_of_act(edition, as_of))
            if only_ask:
                savepoint.rollback()
    if as_json:
        print_json(_json(found, only_ask=only_ask))
    else:
        _print(found, only_ask=only_ask)
    if found.refusal is not None:
        raise typer.Exit(REFUSED)


def _json(found: Revised, *, only_ask: bool) -> dict[str, Any]:
    papers = {name: getattr(found.papers, name) for name in type(found.papers).__slots__}
    return {
        "number": found.number,
        "kind": found.kind.value,
        "before": found.quantity_before,
        "after": found.quantity_after,
        "what_if": only_ask,
        "changed": found.revision_id is not None,
        "refusal": said(found.refusal) if found.refusal else None,
        "lines": [_line(line) for line in found.followed.lines],
        "unmet": found.followed.unmet,
        "proposed_again": found.followed.proposed,
        **papers,
        "letters": found.letters,
    }


def _line(line: TakenBack) -> dict[str, Any]:
    names = ("need", "resource", "before", "after")
    told = {name: getattr(line, name) for name in names}
    return {**told, "stage": line.stage.value, "again": line.again.value if line.again else None}


def _print(found: Revised, *, only_ask: bool) -> None:
    if found.refusal is not None:
        typer.echo(said(text("{number}: refused: {refusal}", number=found.number, refusal=found.refusal)), err=True)
        return
    if found.revision_id is None:
        typer.echo(said(text("{number}: it is so already; nothing was changed", number=found.number)))
        return
    if only_ask:
        typer.echo(said(text("nothing is changed; this is what would follow:")))
    before, after = (number(figure, current()) for figure in (found.quantity_before, found.quantity_after))
    typer.echo(said(text("{number}: {what}: {before} → {after}", number=found.number, what=found.kind.meaning,
                         before=before, after=after)))  # fmt: skip
    _print_lines(found)
    _print_papers(found)


def _print_lines(found: Revised) -> None:
    lines = found.followed.lines
    if not lines:
        typer.echo(said(text("nothing was allocated of it that does not fit any more")))
        return
    listed = table(_("Taken back"), _("need"), _("resource"), _("decided at"), _("quantity"), _("what becomes of it"))
    for line in lines[:SHOWN]:
        again = STAGES[line.again.value] if line.again else None
        told = outlook(is_needed=line.is_needed, again=again)
        figures = f"{number(line.before, current())} → {number(line.after, current())}"
        cells = (line.need, line.resource, said(STAGES[line.stage.value]), figures, said(told))
        listed.add_row(*map(escape, cells))
    console().print(listed)
    if len(lines) > SHOWN:
        typer.echo(said(text("… and {count} more", count=len(lines) - SHOWN)))


def _print_papers(found: Revised) -> None:
    papers, followed = found.papers, found.followed
    counted = (
        (text("proposed at once in its place: {count}", count=followed.proposed), followed.proposed),
        (text("still needed, and no stage can decide it again: {count}", count=followed.unmet), followed.unmet),
        (text("protocols ended: {count}", count=papers.protocols_ended), papers.protocols_ended),
        (text("protocols to be concluded anew: {count}", count=papers.protocols_reopened), papers.protocols_reopened),
        (text("notices void: {count}", count=papers.notices_void), papers.notices_void),
        (text("corrections and annulments to be served: {count}", count=papers.notices_to_serve),
         papers.notices_to_serve),
        (text("people told: {count}", count=found.letters), found.letters),
    )  # fmt: skip
    for sentence, count in counted:
        if count:
            typer.echo(said(sentence))
