"""``sekaps audit evidence``, ``sekaps audit roots``: whether what was signed, and the trail, still hold."""

import base64
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from sekaps import clock
from sekaps.calendar.instants import at
from sekaps.cli.asking import AsJson, Programme, read_day, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.domain.evidence import EvidenceCount, Flaw
from sekaps.keyring import keyring
from sekaps.services.editions import latest_year, load_edition
from sekaps.services.evidence_audit import audit_evidence
from sekaps.services.trail_acts import judged_at as acts_judged_at
from sekaps.services.trail_roots import RootCheck, check_roots, judged_at, prove_act
from sekaps.texts import Count, counted, text

evidence = typer.Typer(no_args_is_help=True, help=_("Whether the signatures of the year still hold."))
roots = typer.Typer(no_args_is_help=True, help=_("The signed, time-stamped roots of the audit trail."))
FOUND = 1
SHOWN = 100


@evidence.command("verify", help=_("Verify every signature over its document as it is now; leave with 1 on flaws."))
def verify_evidence(
    year: Annotated[int | None, typer.Option(help=_("The edition's year; otherwise the latest."))] = None,
    programme: Programme = "sekaps",
    since: Annotated[str | None, typer.Option(metavar="DATE", help=_("Only signatures made from this day on."))] = None,
    as_json: AsJson = False,
) -> None:
    """Print what came of the audit of evidence."""
    require_database()
    begun = None if since is None else at(read_day(since))
    with reading() as session:
        edition = load_edition(session, programme, year or latest_year(session, programme))
        count = audit_evidence(session, edition.id, keyring().trust(acts_judged_at(session, clock.now())), since=begun)
    if as_json:
        flaws = [_flaw_row(flaw) for flaw in count.flaws]
        told = {"checked": count.checked, "without_evidence": count.without, "by_cause": count.by_cause}
        print_json({"programme": programme, "year": edition.year, **told, "flaws": flaws})
    else:
        _print_flaws(count)
    if count.flaws:
        raise typer.Exit(FOUND)


def _flaw_row(flaw: Flaw) -> dict[str, object]:
    """Return a flaw as plain values, without keys of the database."""
    told = {**asdict(flaw), "at": flaw.at.isoformat(), "cause": flaw.cause.value}
    del told["signature"]
    return told


def _print_flaws(count: EvidenceCount) -> None:
    out = console()
    if count.flaws:
        listed = table(_("Evidence"), _("document"), _("round"), _("slot"), _("name"), _("act"), _("cause"))
        for flaw in count.flaws[:SHOWN]:
            place = (str(flaw.round or ""), str(flaw.slot or ""), flaw.person or "", str(flaw.act))
            listed.add_row(*map(escape, (flaw.document or "–", *place, said(flaw.cause.meaning))))
        out.print(listed)
    facts = {"checked": count.checked, "flaws": len(count.flaws), "without": count.without}
    out.print(
        said(text("{checked} signatures verified; {flaws} flaws; {without} older than evidence", **counted(facts)))
    )


@roots.command("verify", help=_("Check the trail's signed roots and the acts under them; leave with 1 on flaws."))
def verify_roots(as_json: AsJson = False) -> None:
    """Print what came of checking the roots."""
    require_database()
    with reading() as session:
        found = roots_of(session)
    if as_json:
        print_json(root_rows(found))
    else:
        print_roots(found)
    if found.flaws:
        raise typer.Exit(FOUND)


def roots_of(session: Session) -> RootCheck:
    """Return a check of the roots as of now; where there are none, no key or trust is asked for."""
    instant = judged_at(session, clock.now())
    if instant is None:
        return RootCheck(0, 0, ())
    return check_roots(session, keyring().full_trust(instant), instant)


def root_rows(found: RootCheck) -> dict[str, object]:
    """Return a check of the roots as plain values."""
    flaws = [{**asdict(each), "day": each.day.isoformat(), "problem": said(each.problem)} for each in found.flaws]
    return {"roots": found.roots, "last": found.last, "flaws": flaws}


def print_roots(found: RootCheck) -> None:
    """Print a check of the roots."""
    out = console()
    if found.flaws:
        listed = table(_("Signed roots"), _("day"), _("acts"), _("finding"))
        for flaw in found.flaws:
            listed.add_row(*map(escape, (said(flaw.day), f"{flaw.first}–{flaw.last}", said(flaw.problem))))
        out.print(listed)
    told = text("{roots} signed roots, up to act {last}; {flaws} flaws", roots=Count(found.roots), last=found.last,
                flaws=len(found.flaws))  # fmt: skip
    out.print(said(told))


@roots.command(help=_("Write the proof (JSON) that an act stands under a signed root: for whoever has no database."))
def prove(sequence: Annotated[int, typer.Argument(metavar="ACT", help=_("The act's place on the trail."))]) -> None:
    """Print the proof."""
    require_database()
    with reading() as session:
        root, hashed, inclusion = prove_act(session, sequence)
        told = {"act": sequence, "hash": hashed.hex(), "day": root.day.isoformat(), "place": inclusion.place}
        signed = {"statement": root.statement.decode(), "signature": base64.b64encode(root.signature).decode()}
    print_json({**told, "path": [each.hex() for each in inclusion.path], **signed})
