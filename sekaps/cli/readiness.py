"""``sekaps readiness``: each institution's checklist before it may begin, who recorded what of it, what is missing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from sekaps.calendar.instants import local_day
from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of, instant_of_act, read_day, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.cli.progress import bar
from sekaps.cli.row_flaws import Errors, errors_beside, listing_flaws
from sekaps.database import reading, transaction
from sekaps.domain.readiness import Tally, tally, told
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.readiness import UnitReadiness, require_readiness, summary, units_asked
from sekaps.services.readiness_card import Checklist, Line, checklist
from sekaps.services.readiness_import import READINESS, import_evidence
from sekaps.services.readiness_records import Evidence
from sekaps.services.readiness_records import record as record_evidence
from sekaps.services.readiness_records import withdraw as withdraw_evidence
from sekaps.services.registry_files import read_records
from sekaps.texts import text

SHOWN = 40
"""How many units people are shown; ``--json`` has all of them."""
NOTHING = "–"


class Grouping(StrEnum):
    """How a summary is grouped."""

    MINISTRY = "ministry"
    PROVINCE = "province"


app = typer.Typer(no_args_is_help=True, help=_("What must be true of an institution before it records its first need."))

Number = Annotated[int, typer.Argument(metavar="NUMBER", help=_("Registry number of the unit."))]
Code = Annotated[str, typer.Argument(metavar="CODE", help=_("Code of the requirement, such as static_ip."))]
By = Annotated[int, typer.Option("--by", help=_("Manager code of whoever records it (yönetici kodu)."))]
Since = Annotated[str | None, typer.Option(metavar="DATE", help=_("True from this day; today unless given."))]
Until = Annotated[str | None, typer.Option(metavar="DATE", help=_("Last day, such as that of a certificate."))]


@app.command(help=_("The checklist of one unit: what is recorded, by whom and when, and what is missing."))
def show(
    number: Number, year: Year, programme: Programme = "sekaps", as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Show the checklist."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        found = checklist(session, edition, number, instant_of(as_of))
    if as_json:
        lines = [_line_json(line, edition) for line in found.lines]
        print_json({"unit": number, "name": found.name, "ready": found.ready, "requirements": lines})
        return
    _print_checklist(found, edition)


@app.command(help=_("Record that a requirement is met, as whoever sees to it; recorded again it changes nothing."))
def record(
    number: Number,
    code: Code,
    by: By,
    year: Year,
    since: Since = None,
    until: Until = None,
    note: Annotated[str, typer.Option(help=_("Where the evidence is, such as a letter's number."))] = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Record it."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        instant = instant_of_act(edition, as_of)
        begins = read_day(since) if since else local_day(instant)
        evidence = Evidence(number, code, begins, read_day(until) if until else None, note)
        changed = record_evidence(session, edition, evidence, by, instant)
    typer.echo(_("recorded") if changed else _("that is recorded already; nothing changed"))


@app.command(help=_("Take back what was recorded, as whoever may record it."))
def withdraw(
    number: Number,
    code: Code,
    by: By,
    year: Year,
    reason: Annotated[str, typer.Option(help=_("Why it is not true any more."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Withdraw it."""
    require_database()
    with transaction() as session:
        edition = load_edition(session, programme, year)
        changed = withdraw_evidence(session, edition, number, code, by, reason, instant_of_act(edition, as_of))
    typer.echo(_("withdrawn") if changed else _("nothing of it was recorded; nothing changed"))


@app.command("list", help=_("The units that are not ready, and what each of them lacks."))
def list_unready(
    year: Year,
    ministry: Annotated[int | None, typer.Option(help=_("Registry number of a ministry: its units only."))] = None,
    province: Annotated[str | None, typer.Option(help=_("Plate code of a province: its units only."))] = None,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List them."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        units = units_asked(session, edition, instant_of(as_of), ministry=ministry, province=province)
    counted, unready = tally([unit.lacks for unit in units]), [unit for unit in units if unit.lacks]
    if as_json:
        print_json({**asdict(counted), "unready": [_unit_json(unit, edition) for unit in unready]})
        return
    _print_unready(counted, unready, edition)


@app.command("summary", help=_("How many units are ready, ministry by ministry or province by province."))
def show_summary(
    year: Year,
    by: Annotated[Grouping, typer.Option(help=_("ministry or province."))] = Grouping.MINISTRY,
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Sum up."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        found = summary(units_asked(session, edition, instant_of(as_of)), by.value)
    if as_json:
        print_json([{"name": name, **asdict(counted)} for name, counted in found.items()])
        return
    listed = table(_("Readiness"), _("name"), _("asked"), _("ready"), _("most often missing"))
    for name, counted in found.items():
        first = next(iter(_lacking(counted, edition)), "")
        listed.add_row(escape(name or NOTHING), str(counted.asked), str(counted.ready), escape(first))
    console().print(listed)


@app.command("import", help=_("Take evidence over from a list (unit;code;date): every row or none."))
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file: CSV, Excel, Parquet, JSON or XML."))],
    by: By,
    year: Year,
    programme: Programme = "sekaps",
    errors: Errors = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Take every row over or none, and say what changed."""
    require_database()
    with listing_flaws(errors_beside(file, errors), as_json=as_json), bar() as progress:
        read = read_records(file, READINESS, progress.read)
        with transaction() as session:
            edition = load_edition(session, programme, year)
            instant = instant_of_act(edition, as_of)
            report = import_evidence(session, edition, read.records, by=by, as_of=instant, source=file.name)
    if as_json:
        print_json({"imported": True, "passed_over": list(read.passed_over), **asdict(report)})
        return
    typer.echo(said(text("{recorded} recorded, {unchanged} unchanged", **asdict(report))))


def _print_checklist(found: Checklist, edition: EditionView) -> None:
    title = text("{unit}: ready", unit=found.name) if found.ready else text("{unit}: not ready", unit=found.name)
    listed = table(
        escape(said(title)), _("requirement"), _("state"), _("from"), _("until"), _("recorded by"), _("seen to by")
    )
    for line in found.lines:
        actor = edition.programme.actors[line.requirement.done_by]
        cells = (line.requirement.name, line.state.meaning, line.since or NOTHING, line.until or NOTHING)
        listed.add_row(*[escape(said(cell)) for cell in (*cells, line.recorded_by or NOTHING, actor.name)])
    if not found.lines:
        listed.caption = _("Nothing is asked of units of its kind.")
    console().print(listed)


def _print_unready(counted: Tally, unready: Sequence[UnitReadiness], edition: EditionView) -> None:
    out = console()
    out.print(said(text("{ready} of {asked} units are ready", ready=counted.ready, asked=counted.asked)))
    if not unready:
        return
    frequent = table(_("Most often missing"), _("requirement"))
    for line in _lacking(counted, edition):
        frequent.add_row(escape(line))
    listed = table(_("Not ready"), _("unit"), _("name"), _("province"), _("missing"))
    for unit in unready[:SHOWN]:
        missing = said(list(told(unit.lacks, edition.programme.actors)))
        listed.add_row(str(unit.number), *map(escape, (unit.name, unit.province, missing)))
    if len(unready) > SHOWN:
        listed.caption = said(text("and {count} more; --json lists all", count=len(unready) - SHOWN))
    out.print(frequent, listed)


def _lacking(counted: Tally, edition: EditionView) -> list[str]:
    named = {each.code: each.name for each in require_readiness(edition).requirements}
    return [
        said(text("{requirement}: {count}", requirement=named[code], count=count))
        for code, count in counted.lacking.items()
    ]


def _line_json(line: Line, edition: EditionView) -> dict[str, Any]:
    return {
        "code": line.requirement.code,
        "name": said(line.requirement.name),
        "done_by": said(edition.programme.actors[line.requirement.done_by].name),
        "state": line.state.value,
        "since": _iso(line.since),
        "until": _iso(line.until),
        "recorded_by": line.recorded_by or None,
        "recorded_at": _iso(line.recorded_at),
        "note": line.note or None,
    }


def _unit_json(unit: UnitReadiness, edition: EditionView) -> dict[str, Any]:
    actors = edition.programme.actors
    missing = [
        {"code": each.code, "name": said(each.name), "done_by": said(actors[each.done_by].name)} for each in unit.lacks
    ]
    facts = {"unit": unit.number, "name": unit.name, "ministry": unit.ministry, "province": unit.province}
    return {**facts, "missing": missing}


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
