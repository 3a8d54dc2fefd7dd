"""``sekaps allocation``: the lines of the cascade, why each is as it is, and what other ways of sharing would do."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps.calendar.allocating import Method
from sekaps.cli.asking import AsJson, Programme, Year, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.domain.allocation import Stage
from sekaps.domain.line_reasons import NeedFacts, line_reasons, need_reasons, unmet_reasons
from sekaps.reports.words import STAGES, number
from sekaps.services.allocation_comparison import Comparison, compare_methods
from sekaps.services.allocation_lists import LineFilter, ListedLine, listed_lines
from sekaps.services.allocation_reasons import explain as find_reasons
from sekaps.services.editions import load_edition
from sekaps.texts import Sayable, text

app = typer.Typer(no_args_is_help=True, help=_("Allocation lines: which there are, why, and what else could be."))
SHOWN = 40
METHODS = {
    Method.FORESIGHT: text("with foresight"),
    Method.STAGE_FIRST: text("stage by stage"),
    Method.OPTIMUM: text("optimum"),
}
LINE_STATES = {
    "proposed": text("proposed"),
    "decided": text("decided"),
    "awaiting_approval": text("awaits approval"),
    "approved": text("approved"),
    "refused": text("refused"),
    "lapsed": text("lapsed"),
    "revoked": text("revoked"),
}


@app.command(help=_("What each way of sharing out would leave unmet, by priority, had nothing been allocated yet."))
def compare(
    year: Year,
    programme: Programme = "sekaps",
    optimum: Annotated[bool, typer.Option("--optimum", help=_("Let the solver answer for every item too."))] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the methods."""
    require_database()
    with reading() as session:
        found = compare_methods(session, load_edition(session, programme, year), optimum=optimum)
    if as_json:
        print_json({"programme": programme, "year": year, **_as_json(found)})
    else:
        _print_comparison(found)


def _as_json(found: Comparison) -> dict[str, Any]:
    total = {method.value: found.total(method) for method in found.methods}
    return {"tangles": found.tangles, "priorities": [asdict(row) for row in found.rows], "unmet": total}


def _print_comparison(found: Comparison) -> None:
    methods = [said(METHODS[method]) for method in found.methods]
    listed = table(_("Unmet by priority"), _("priority"), _("needs"), _("needed"), *methods)
    for row in found.rows:
        figures = (row.needs, row.needed, *(row.unmet[method] for method in found.methods))
        listed.add_row(str(row.priority), *(number(figure, current()) for figure in figures))
    sums = (sum(row.needs for row in found.rows), sum(row.needed for row in found.rows))
    totals = (*sums, *(found.total(method) for method in found.methods))
    listed.add_row(_("in all"), *(number(figure, current()) for figure in totals))
    console().print(listed)


@app.command(help=_("Why a line takes this resource and not more, or why a need got what it got, in words."))
def explain(
    line: Annotated[str, typer.Argument(metavar="LINE", help=_("Number of an allocation line, or of a need."))],
    year: Year,
    programme: Programme = "sekaps",
    as_json: AsJson = False,
) -> None:
    """Explain a line or a need."""
    require_database()
    with reading() as session:
        need, asked = find_reasons(session, load_edition(session, programme, year), line)
    chosen = [one for one in need.lines if asked in (None, one.line)]
    sentences = [*need_reasons(need), *(s for one in chosen for s in line_reasons(one, need)), *unmet_reasons(need)]
    if as_json:
        print_json({"programme": programme, "year": year, **_facts(need), "reasons": [said(s) for s in sentences]})
        return
    for sentence in sentences:
        console().print(escape(said(sentence)))


def _facts(need: NeedFacts) -> dict[str, Any]:
    return {
        "need": need.number,
        "quantity": need.quantity,
        "outstanding": need.outstanding,
        "turn": need.queue.turn,
        "needs": need.queue.needs,
        "held": need.queue.held,
        "taken_before": need.queue.taken_before,
        "lines": [{**asdict(line), "closes": line.closes.isoformat()} for line in need.lines],
    }


@app.command("list", help=_("The allocation lines, by stage, state and body."))
def list_(
    year: Year,
    stage: Annotated[Stage | None, typer.Option(help=_("Only this stage."))] = None,
    state: Annotated[str | None, typer.Option(help=_("Only lines in this state."))] = None,
    body: Annotated[int | None, typer.Option(help=_("Only of this body (registry number)."))] = None,
    programme: Programme = "sekaps",
    as_json: AsJson = False,
) -> None:
    """List the lines."""
    if state is not None and state not in LINE_STATES:
        raise typer.BadParameter(", ".join(LINE_STATES), param_hint="--state")
    require_database()
    with reading() as session:
        found = listed_lines(session, load_edition(session, programme, year), LineFilter(stage, state, body))
        lines = list(found if as_json else islice(found, SHOWN + 1))
    if as_json:
        rows = [{**asdict(line), "proposed_at": line.proposed_at.isoformat()} for line in lines]
        print_json({"programme": programme, "year": year, "count": len(rows), "lines": rows})
    else:
        _print_lines(lines)


def _print_lines(lines: Sequence[ListedLine]) -> None:
    headings = (_("line"), _("stage"), _("need"), _("resource"), _("quantity"), _("body"), _("state"))
    listed = table(_("Allocation lines"), *headings)
    for line in lines[:SHOWN]:
        state: Sayable = LINE_STATES[line.state]
        named = said(state) if line.decision is None else f"{said(state)} {line.decision}"
        quantity = number(line.quantity, current())
        cells = (str(line.line), said(STAGES[line.stage]), line.need, line.resource, quantity, line.body_name, named)
        listed.add_row(*map(escape, cells))
    console().print(listed)
    if len(lines) > SHOWN:
        console().print(said(text("… and more; --json lists all")))
