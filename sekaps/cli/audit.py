"""``sekaps audit``: what is missing from the year's signatures, and whether anybody touched the trail."""

import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Programme as ProgrammeRules
from sekaps.cli import audit_allocations, audit_evidence, audit_proof, audit_trail
from sekaps.cli.asking import AsJson, AsOf, Programme, instant_of, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.domain.gaps import Cause, Gap, totals
from sekaps.domain.trail_check import BrokenLink
from sekaps.errors.systems import TrailBroken
from sekaps.reports.words import OTHER, UNNAMED
from sekaps.services.editions import latest_year, load_edition
from sekaps.services.gaps import find_gaps, gap_rows
from sekaps.services.registry import require_unit
from sekaps.services.trail import broken_links, trail_head
from sekaps.texts import Count, Sayable, text

app = typer.Typer(no_args_is_help=True, help=_("What is missing, and whether the records are whole."))
trail = typer.Typer(help=_("Check that no act on the audit trail was changed, removed or re-ordered."))
trail.command("list", help=audit_trail.HELP)(audit_trail.list_acts)
app.add_typer(trail, name="trail")
app.command("allocations", help=audit_allocations.HELP)(audit_allocations.allocations)
app.add_typer(audit_evidence.evidence, name="evidence")
app.add_typer(audit_evidence.roots, name="roots")
SHOWN = 40
GROUPS = {
    "by_activity": text("by activity"),
    "by_kind": text("by kind of document"),
    "by_cause": text("by cause"),
    "by_ministry": text("by ministry"),
    "by_province": text("by province"),
}


@app.command(help=_("List every incomplete signature chain with its cause."))
def signatures(
    year: Annotated[int | None, typer.Option(help=_("The edition's year; otherwise the latest."))] = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    unit: Annotated[int | None, typer.Option(help=_("Only this unit and those below it (registry number)."))] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("Write CSV."))] = False,
    prove: Annotated[
        bool, typer.Option("--prove", help=_("Prove instead, by counting, that documents agree with their signatures."))
    ] = False,
) -> None:
    """Print the signature-gap audit."""
    require_database()
    if prove:
        audit_proof.prove(as_json=as_json)
        return
    instant = instant_of(as_of, end_of_day=True)
    with reading() as session:
        edition = load_edition(session, programme, year or latest_year(session, programme))
        unit_id = None if unit is None else require_unit(session, unit).id
        gaps = find_gaps(session, edition, instant, unit_id=unit_id)
    if as_json:
        head = {"programme": programme, "year": edition.year, "as_of": local_day(instant).isoformat()}
        print_json({**head, "count": len(gaps), "totals": totals(gaps), "gaps": gap_rows(gaps)})
    elif as_csv:
        _print_csv(gaps)
    else:
        _print_gaps(gaps, edition.programme)


def _print_csv(gaps: Sequence[Gap]) -> None:
    writer = csv.DictWriter(sys.stdout, fieldnames=list(Gap.__dataclass_fields__))
    writer.writeheader()
    writer.writerows(gap_rows(gaps))


def _print_gaps(gaps: Sequence[Gap], programme: ProgrammeRules) -> None:
    out = console()
    for group, counts in totals(gaps).items():
        listed = table(said(GROUPS[group]), _("what"), _("gaps"))
        for name, count in sorted(counts.items(), key=lambda pair: -pair[1])[:SHOWN]:
            listed.add_row(escape(said(_named(programme, group, name))), str(count))
        out.print(listed)
    documents = table(_("Documents"), _("document"), _("slot"), _("waits at"), _("post"), _("since"), _("cause"))
    for gap in gaps[:SHOWN]:
        since = said(local_day(gap.since))
        cells = (gap.document, f"{gap.slot}/{gap.slots}", gap.waits_at_name, gap.post, since, said(gap.cause.meaning))
        documents.add_row(*map(escape, cells))
    out.print(documents)
    if len(gaps) > SHOWN:
        out.print(said(text("… and {count} more; --csv lists all", count=Count(len(gaps) - SHOWN))))


def _named(programme: ProgrammeRules, group: str, name: str) -> Sayable | str:
    """Return what people call the thing that gaps are counted by."""
    if name == UNNAMED:
        return OTHER
    if group == "by_activity":
        return programme.activity(name).name
    if group == "by_kind":
        return programme.documents[name].name if name in programme.documents else name
    return Cause(name).meaning if group == "by_cause" else name


@trail.callback(invoke_without_command=True)
def check(context: typer.Context) -> None:
    """Verify the trail when nothing else is asked of it."""
    if context.invoked_subcommand is None:
        verify(as_json=False)


@trail.command(help=_("Find every act that was changed, removed, re-ordered or added, and name it; leave with 1 then."))
def verify(as_json: AsJson = False) -> None:
    """Recompute the trail's hashes from its first act to its head."""
    require_database()
    with reading() as session:
        broken, head = list(broken_links(session)), trail_head(session)
        rooted = audit_evidence.roots_of(session)
    if as_json:
        final = head.hash.hex() if isinstance(head.hash, bytes) else None
        rows = [_finding_row(one) for one in broken]
        signed = audit_evidence.root_rows(rooted)
        whole = not broken and not rooted.flaws
        print_json({"whole": whole, "acts": head.sequence, "hash": final, "findings": rows, "signed": signed})
        if not whole:
            raise typer.Exit(TrailBroken.exit_code)
    elif broken or rooted.flaws:
        _print_findings(broken)
        audit_evidence.print_roots(rooted)
        places = {one.first or head.sequence for one in broken} | {flaw.first for flaw in rooted.flaws}
        raise TrailBroken(sequences=sorted(places))
    else:
        console().print(said(text("the audit trail is whole")))
        console().print(
            said(text("{count} acts; hash of the last: {hash}", count=Count(head.sequence), hash=head.hash.hex()))
        )
        audit_evidence.print_roots(rooted)


def _finding_row(one: BrokenLink) -> dict[str, object]:
    return {**asdict(one), "at": one.at.isoformat() if one.at else None, "problem": said(one.problem)}


def _print_findings(broken: Sequence[BrokenLink]) -> None:
    listed = table(_("Audit trail"), _("act"), _("id"), _("instant"), _("verb"), _("what happened"), _("finding"))
    for one in broken:
        place = _("end of the trail") if one.first is None else str(one.first)
        places = place if one.first == one.last else f"{one.first}–{one.last}"
        cells = (places, str(one.id or ""), said(one.at or ""), one.verb or "", said(one.harm.meaning))
        listed.add_row(*map(escape, (*cells, said(one.problem))))
    console().print(listed)
