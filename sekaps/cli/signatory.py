"""``sekaps signatory``: heads, deputies and the people who record them, by the rules of the signatory module (İYEM)."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from sekaps import clock
from sekaps.cli.asking import AsJson, AsOf, Programme, instant_in_latest, instant_of, require_database
from sekaps.cli.language import _, said
from sekaps.cli.printing import console, print_json, table
from sekaps.cli.progress import bar
from sekaps.cli.refusals import keeping_refusals
from sekaps.cli.row_flaws import Errors, errors_beside, listing_flaws
from sekaps.cli.taken import tell_taken
from sekaps.database import reading, transaction
from sekaps.domain.registry_cells import read_end, read_start
from sekaps.domain.signatories import Role
from sekaps.domain.signatory_rules import RULES
from sekaps.evidence.revocations import Reason
from sekaps.keyring import revoker
from sekaps.services import responsibles, signatories
from sekaps.services.registry_files import read_records
from sekaps.services.registry_headings import PEOPLE
from sekaps.services.responsibles import Actor, GrantOrder, PersonFacts
from sekaps.services.revoking import VERB as REVOKE
from sekaps.services.revoking import revoke_certificates
from sekaps.services.signatories import DeputyOrder, HeadOrder, Recorded
from sekaps.services.signatory_check import Finding, check_signatories, counts_by_rule
from sekaps.services.signatory_import import import_people
from sekaps.texts import Text, counted, text

AUTHORITY = "authority"
IMPORT = "import_signatories"
SHOWN = 10
"""How many findings of a rule people are shown; ``--json`` has all of them."""
FOUND = 1

app = typer.Typer(no_args_is_help=True, help=_("Heads, deputies and responsible persons, by the rules of İYEM."))

Unit = Annotated[int, typer.Argument(metavar="UNIT", help=_("Registry number of the unit."))]
Code = Annotated[int, typer.Argument(metavar="CODE", help=_("Manager code of the person (yönetici kodu)."))]
By = Annotated[int, typer.Option("--by", help=_("Manager code of the responsible person who records."))]
Means = Annotated[
    str, typer.Option(help=_("How that person logged in: e_signature, mobile_signature or e_government."))
]
FullName = Annotated[str, typer.Option("--name", help=_("Name and surname; needed when the code is new."))]
Email = Annotated[str, typer.Option(help=_("E-mail; needed when the code is new."))]
Post = Annotated[str, typer.Option(help=_("The post: head, deputy_head, officer or approver."))]
From = Annotated[str, typer.Option("--from", metavar="INSTANT", help=_("Begins, such as '2026-03-02 08:30'."))]
Until = Annotated[str, typer.Option(metavar="INSTANT", help=_("Ends; a day alone belongs to it."))]
GrantedBy = Annotated[str, typer.Option("--by", help=_("Manager code of the authoriser, or 'authority'."))]


@app.command(help=_("Record who holds a post from an instant on; whoever held it leaves it."))
def record(
    unit: Unit,
    code: Code,
    since: From,
    by: By,
    until: Until = "",
    name: FullName = "",
    email: Email = "",
    post: Post = "head",
    title: Annotated[str, typer.Option(help=_("The post's official title."))] = "",
    means: Means = "",
) -> None:
    """Record a head, or the holder of another post."""
    require_database()
    person = PersonFacts(code, name, email)
    order = HeadOrder(unit, person, _start(since), _end(until) if until else None, post, title)
    asked = {"unit": unit, "post": post, "person": code, "by": by}
    with keeping_refusals("record_signatory", asked), transaction() as session:
        _tell(signatories.record_head(session, order, Actor(by, means), clock.now()))


@app.command(help=_("Record that the holder of a post leaves it."))
def end(
    unit: Unit,
    at: Annotated[str, typer.Option(metavar="INSTANT", help=_("Leaves at that instant; a day alone is the last one."))],
    by: By,
    post: Post = "head",
    means: Means = "",
) -> None:
    """Record the departure."""
    require_database()
    with keeping_refusals("end_signatory", {"unit": unit, "post": post, "by": by}), transaction() as session:
        _tell(signatories.end_post(session, unit, post, _end(at), Actor(by, means), clock.now()))


@app.command(help=_("Record who signs for the holder of a filled post while that one is away."))
def deputise(
    unit: Unit,
    code: Code,
    since: From,
    until: Until,
    reason: Annotated[str, typer.Option(help=_("Why: leave, duty_at_home or duty_abroad."))],
    by: By,
    name: FullName = "",
    email: Email = "",
    post: Post = "head",
    means: Means = "",
) -> None:
    """Record an acting signatory."""
    require_database()
    order = DeputyOrder(unit, PersonFacts(code, name, email), _start(since), _end(until), reason, post)
    asked = {"unit": unit, "post": post, "person": code, "by": by}
    with keeping_refusals("record_deputy", asked), transaction() as session:
        _tell(signatories.record_deputy(session, order, Actor(by, means), clock.now()))


@app.command(help=_("Link a first-level unit with the deputy head it answers to."))
def link(
    unit: Unit,
    office: Annotated[int, typer.Argument(metavar="OFFICE", help=_("Registry number of the office above it."))],
    by: By,
    post: Annotated[
        str, typer.Option(help=_("The deputy's post: deputy_head, deputy_head_2 and so on."))
    ] = "deputy_head",
    means: Means = "",
) -> None:
    """Link it."""
    require_database()
    asked = {"unit": unit, "deputy_unit": office, "by": by}
    with keeping_refusals("link_deputy", asked), transaction() as session:
        changed = signatories.link(session, unit, office, Actor(by, means), clock.now(), post=post)
    _tell(Recorded(changed))


@app.command(
    help=_("Admit a responsible person: an authoriser by the national authority, a registrar by an authoriser.")
)
def authorise(
    unit: Unit,
    code: Code,
    role: Annotated[Role, typer.Option(help=_("authoriser (İYEM Yetkilisi) or registrar (İYEM Görevlisi)."))],
    by: GrantedBy,
    phone: Annotated[str, typer.Option(help=_("Work phone."))] = "",
    mobile: Annotated[str, typer.Option(help=_("Mobile phone."))] = "",
    name: FullName = "",
    email: Email = "",
    means: Means = "",
) -> None:
    """Admit somebody, or bring the contact data up to date."""
    require_database()
    order = GrantOrder(PersonFacts(code, name, email), unit, role, phone, mobile)
    actor = granted_by(by, means)
    asked = {"unit": unit, "role": role.value, "person": code, "by": _named(actor)}
    with keeping_refusals("grant_responsible", asked), transaction() as session:
        _tell(Recorded(responsibles.grant(session, order, actor, clock.now())))


@app.command(help=_("Dismiss a responsible person, by whoever may admit one."))
def dismiss(
    unit: Unit,
    code: Code,
    role: Annotated[Role, typer.Option(help=_("authoriser (İYEM Yetkilisi) or registrar (İYEM Görevlisi)."))],
    by: GrantedBy,
    means: Means = "",
) -> None:
    """Dismiss somebody."""
    require_database()
    actor = granted_by(by, means)
    asked = {"unit": unit, "role": role.value, "person": code, "by": _named(actor)}
    with keeping_refusals("revoke_responsible", asked), transaction() as session:
        _tell(Recorded(responsibles.revoke(session, code, unit, role, actor, clock.now())))


@app.command(
    "revoke-certificate",
    help=_("Revoke the test certificate a person signs with; signatures made before stay valid."),
)
def revoke_certificate(
    code: Code,
    reason: Annotated[Reason, typer.Option(help=_("Why (RFC 5280), such as keyCompromise."))],
    by: Annotated[
        str, typer.Option("--by", help=_("Manager code of the holder or of a responsible person, or 'authority'."))
    ],
    means: Means = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Revoke it and say from when on it signs nothing."""
    require_database()
    actor = granted_by(by, means)
    asked = {"person": code, "by": _named(actor)}
    with keeping_refusals(REVOKE, asked, as_of), transaction() as session:
        instant = instant_in_latest(session, programme, as_of)
        revoked = revoke_certificates(session, revoker(), code, reason, actor, instant)
    if not revoked.is_new:
        typer.echo(_("that is recorded already; nothing changed"))
    for each in revoked.certificates:
        line = text("certificate {serial} of {code} signs nothing from {at} on", serial=f"{each.serial:x}", code=code,
                    at=each.at)  # fmt: skip
        typer.echo(said(line))


@app.command("import", help=_("Take people in posts over from a list: a table, JSON or XML."))
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file: CSV, Excel, Parquet, JSON or XML."))],
    by: Annotated[
        str, typer.Option("--by", help=_("Manager code of who records, or 'authority' for the national module's list."))
    ],
    means: Means = "",
    errors: Errors = None,
    as_json: AsJson = False,
) -> None:
    """Take every row over or none, and say what changed."""
    require_database()
    take_people(file, errors_beside(file, errors), granted_by(by, means), as_json=as_json)


def take_people(file: Path, errors: Path, actor: Actor | None, *, as_json: bool, check_only: bool = False) -> None:
    """Take a list of people over, all of it or nothing, and tell what it changed."""
    asked = {"source": file.name, "by": _named(actor)}
    with listing_flaws(errors, as_json=as_json), keeping_refusals(IMPORT, asked), bar() as progress:
        read = read_records(file, PEOPLE, progress.read)
        progress.storing()
        with transaction() as session:
            report = import_people(
                session, read.records, by=actor, as_of=clock.now(), source=file.name, digest=read.digest
            )
            if check_only:
                session.rollback()
    line = text("{people_added} people added, {people_changed} changed; {terms_added} terms added, {terms_ended} ended,"
                " {unchanged} unchanged; {late} recorded late", **counted(asdict(report)))  # fmt: skip
    tell_taken(file, read, report, line, check_only=check_only, as_json=as_json)


@app.command(help=_("What the rules find wrong now, what is to be worked off first before the rest."))
def check(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List the findings and leave with 1 when there are any."""
    require_database()
    with reading() as session:
        findings = check_signatories(session, instant_of(as_of))
    if as_json:
        print_json([{**asdict(finding), "problem": said(finding.problem)} for finding in findings])
    else:
        _print(findings)
    if findings:
        raise typer.Exit(FOUND)


@app.command(help=_("The eighteen rules, and which of them are about systems outside this one."))
def rules(as_json: AsJson = False) -> None:
    """List the rules."""
    if as_json:
        print_json([{"number": rule.number, "name": rule.name, "sentence": said(rule.sentence),
                     "nearest": rule.is_nearest} for rule in RULES])  # fmt: skip
        return
    listed = table(_("Rules of the signatory module"), _("number"), _("rule"))
    for rule in RULES:
        listed.add_row(f"{rule.number}{'*' if rule.is_nearest else ''}", escape(said(rule.sentence)))
    console().print(listed)
    typer.echo(_("* about a system outside this one; the engine holds the nearest it can"))


def _print(findings: list[Finding]) -> None:
    if not findings:
        typer.echo(_("the rules find nothing wrong"))
        return
    out, sentences = console(), {rule.number: rule.sentence for rule in RULES}
    for number, count in counts_by_rule(findings).items():
        listed = table(
            said(text("Rule {number}: {count}", number=number, count=count)), _("unit"), _("name"), _("finding")
        )
        listed.caption = said(sentences[number])
        for finding in [each for each in findings if each.rule == number][:SHOWN]:
            listed.add_row(str(finding.unit), escape(finding.unit_name), escape(said(finding.problem)))
        if count > SHOWN:
            listed.add_row("…", said(text("and {count} more; --json lists all", count=count - SHOWN)), "")
        out.print(listed)


def _tell(recorded: Recorded) -> None:
    if not recorded.changed:
        typer.echo(_("that is recorded already; nothing changed"))
        return
    typer.echo(_("recorded"))
    if recorded.days_late:
        line = text("{days} day(s) late: the rules want it on the same day", days=recorded.days_late)
        typer.echo(said(line), err=True)


def granted_by(by: str, means: str) -> Actor | None:
    """Return the person of that manager code, or None for the national authority."""
    if by == AUTHORITY:
        return None
    if not by.isascii() or not by.isdigit():
        raise typer.BadParameter(_("give a manager code, or 'authority'"), param_hint="--by")
    return Actor(int(by), means)


def _named(actor: Actor | None) -> int | str:
    return actor.code if actor else AUTHORITY


def _start(written: str) -> datetime:
    return _instant(read_start(written), "--from")


def _end(written: str) -> datetime:
    return _instant(read_end(written), "--until")


def _instant(read: datetime | None | Text, option: str) -> datetime:
    if isinstance(read, datetime):
        return read
    raise typer.BadParameter(said(read or text("an instant is needed")), param_hint=option)
