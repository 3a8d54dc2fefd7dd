"""``sekaps audit``: what is missing from the year's signatures, and whether anybody touched the trail."""

import csv
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Programme as ProgrammeRules
from sekaps.cli.asking import AsJson, AsOf, Programme, instant_of, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.domain.gaps import Cause, Gap, totals
from sekaps.errors.systems import TrailBroken
from sekaps.reports.words import OTHER, UNNAMED
from sekaps.services.editions import latest_year, load_edition
from sekaps.services.gaps import find_gaps, gap_rows
from sekaps.services.registry import require_unit
from sekaps.services.trail import broken_links
from sekaps.texts import Sayable, text

app = typer.Typer(no_args_is_help=True, help=_("What is missing, and whether the records are whole."))
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
) -> None:
    """Print the signature-gap audit."""
    require_database()
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
        out.print(said(text("… and {count} more; --csv lists all", count=len(gaps) - SHOWN)))


def _named(programme: ProgrammeRules, group: str, name: str) -> Sayable | str:
    """Return what people call the thing that gaps are counted by."""
    if name == UNNAMED:
        return OTHER
    if group == "by_activity":
        return programme.activity(name).name
    if group == "by_kind":
        return programme.documents[name].name if name in programme.documents else name
    return Cause(name).meaning if group == "by_cause" else name


@app.command(help=_("Check that no act on the audit trail was changed, removed or re-ordered."))
def trail() -> None:
    """Verify the trail's hash chain."""
    require_database()
    with reading() as session:
        broken = list(broken_links(session))
    if broken:
        raise TrailBroken(sequences=broken)
    console().print(said(text("the audit trail is whole")))
