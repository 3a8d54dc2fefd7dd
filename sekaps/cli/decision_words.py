"""How decisions, and what lies before those who decide, are printed and written as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import typer
from rich.markup import escape

from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.reports.document_page import VALUES
from sekaps.reports.words import number as worded
from sekaps.services.decision_lists import OpenLine
from sekaps.services.decision_papers import DecisionPaper, PaperLine
from sekaps.services.outcomes import Outcome
from sekaps.texts import Sayable, Text, text

SHOWN = 40
"""How many lines people are shown; ``--json`` has all of them."""
REFUSED = 1
LINE_STATES: dict[str, Text] = {
    "proposed": text("proposed"),
    "decided": text("allocated"),
    "awaiting_approval": text("awaits the ministry of defence"),
    "approved": text("approved"),
    "refused": text("refused"),
    "lapsed": text("lapsed"),
    "revoked": text("revoked"),
    "local": text("local"),
}


def tell_decision(unit: str, body: int, outcome: Outcome, made: DecisionPaper | None, *, as_json: bool) -> None:
    """Say what came of a decision, and leave with 1 when it was refused."""
    counts = counts_of(made) if made else {}
    if as_json:
        refusal = said(outcome.refusal) if outcome.refusal else None
        number = str(made.number) if made else None
        print_json({"body": body, "done": outcome.done, "number": number, "refusal": refusal, **counts})
    elif made is not None:
        typer.echo(said(text("{unit}: decision {number}", unit=unit, number=str(made.number))))
        told = ", ".join(f"{count} {said(LINE_STATES[state])}" for state, count in counts.items() if count)
        typer.echo(said(text("lines: {lines}", lines=told)))
    else:
        typer.echo(said(text("{number}: refused: {refusal}", number=unit, refusal=outcome.refusal)), err=True)
    if not outcome.done:
        raise typer.Exit(REFUSED)


def counts_of(paper: DecisionPaper) -> dict[str, int]:
    """Return how many lines of a decision are in each state."""
    states = [line.state for line in paper.lines]
    return {state: states.count(state) for state in LINE_STATES if state in states}


def proposals_as_json(lines: Sequence[OpenLine]) -> list[dict[str, Any]]:
    """Return open lines for programs; sentences in the language of the command line."""
    return [{name: _plain(value) for name, value in _fields(line).items()} for line in lines]


def _fields(line: OpenLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__slots__}


def _plain(value: Any) -> Any:
    return said(value) if hasattr(value, "say") else value


def print_open_lines(lines: Sequence[OpenLine], title: str) -> None:
    """Print the first open lines as a table, and how many there are."""
    if not lines:
        typer.echo(_("nothing waits to be decided"))
        return
    listed = table(title, _("line"), _("need"), _("resource"), _("quantity"), _("why"))
    for line in lines[:SHOWN]:
        need = said(_need_words(line))
        resource = f"{line.resource} · {said(line.item_name)} · {line.holder} · {line.place}"
        why = f"{said(line.why_resource)}; {said(line.why_quantity)}"
        listed.add_row(*map(escape, (str(line.id), need, resource, _amount(line.quantity, line.measure), why)))
    console().print(listed)
    if len(lines) > SHOWN:
        typer.echo(said(text("and {count} more; --json lists all", count=len(lines) - SHOWN)))


def _need_words(line: OpenLine) -> Text:
    named = {"number": line.need, "unit": line.unit_name, "priority": line.priority}
    return text(
        "{number} · {unit} · priority {priority}, lacks {lacks}", lacks=_amount(line.lacks, line.measure), **named
    )


def _amount(quantity: int, measure: str) -> str:
    known = VALUES.get(measure)
    return f"{worded(quantity, current())} {known.say(current()) if known else measure}"


def paper_as_json(paper: DecisionPaper) -> dict[str, Any]:
    """Return a decision for programs."""
    head = {name: getattr(paper, name) for name in ("kind", "stage", "body", "body_number", "chair", "text")}
    counted = {name: getattr(paper, name) for name in ("seats", "present", "in_favour", "against", "by_chair")}
    lines = [{**asdict(line), "item": said(line.item)} for line in paper.lines]
    votes = [{**asdict(vote), "vote": vote.vote.value} for vote in paper.votes]
    at = paper.decided_at.isoformat()
    return {"number": str(paper.number), "decided_at": at, **head, **counted, "votes": votes, "lines": lines}


def print_paper(paper: DecisionPaper) -> None:
    """Print a decision: its head, the votes, the lines."""
    out = console()
    out.print(
        f"[bold]{escape(said(text('{unit}: decision {number}', unit=paper.body, number=str(paper.number))))}[/bold]"
    )
    decided = text(
        "decided on {at}, {title} {person}", at=paper.decided_at, title=paper.chair_title, person=paper.chair
    )
    out.print(escape(said(decided)))
    if paper.text:
        out.print(escape(paper.text))
    if paper.counted:
        out.print(escape(said(sitting_words(paper))))
        votes = table(_("Votes"), _("seat"), _("name"), _("vote"))
        for vote in paper.votes:
            votes.add_row(escape(vote.seat), escape(vote.person), escape(said(vote.vote.meaning)))
        out.print(votes)
    lines = table(_("Lines"), _("line"), _("need"), _("resource"), _("quantity"), _("outcome"))
    for line in paper.lines[:SHOWN]:
        lines.add_row(*map(escape, _cells(line)))
    out.print(lines)
    if len(paper.lines) > SHOWN:
        typer.echo(said(text("and {count} more; --json lists all", count=len(paper.lines) - SHOWN)))


def sitting_words(paper: DecisionPaper) -> Sayable:
    """Return in one sentence how a commission sat."""
    if paper.by_chair:
        return text(
            "{present} of {seats} members present: {in_favour} in favour, {against} against, {abstained} abstained;"
            " a tie, in which the chair's side decides (law 3634, article 8)",
            **paper.counted,
        )
    return text(
        "{present} of {seats} members present: {in_favour} in favour, {against} against, {abstained} abstained",
        **paper.counted,
    )


def _cells(line: PaperLine) -> tuple[str, ...]:
    need = f"{line.need} · {line.unit}" if line.need else "–"
    resource = f"{line.resource} · {said(line.item)} · {line.holder}"
    outcome = f"{said(LINE_STATES[line.state])}: {line.reason}" if line.reason else said(LINE_STATES[line.state])
    quantity = _amount(line.quantity, line.measure)
    if line.proposed_quantity is not None:
        quantity = said(text("{quantity} ({proposed} proposed)", quantity=quantity,
                             proposed=worded(line.proposed_quantity, current())))  # fmt: skip
    return (str(line.id or "–"), need, resource, quantity, outcome)
