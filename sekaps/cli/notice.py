"""``sekaps notice``: notices of obligation decisions, recorded as served or not, printed as letters, their terms."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from sekaps.cli.asking import AsJson, AsOf, Programme, Year, instant_of_act, read_day, require_database
from sekaps.cli.document import write_paper
from sekaps.cli.language import _, said
from sekaps.cli.papers import (
    RECORDED,
    STATES,
    Notice,
    Person,
    Province,
    State,
    UnitNumber,
    act_on_notice,
    show_lines,
)
from sekaps.database import reading
from sekaps.domain.notices import COPIES, Channel, Delivery
from sekaps.evidence.certificates import is_test_certificate
from sekaps.keyring import keyring, seal_pdf
from sekaps.reports.notice_page import notice_page, notice_pdf
from sekaps.services.editions import load_edition
from sekaps.services.notice_papers import notice_paper
from sekaps.services.notices import record_notices
from sekaps.services.paper_lists import Asked, list_notices, list_terms
from sekaps.services.requests import ServeRequest
from sekaps.services.term_letters import words_of
from sekaps.texts import text

app = typer.Typer(no_args_is_help=True, help=_("Notices of obligation decisions: listed, recorded, printed."))


@app.command("list", help=_("The notices of the year, and what became of each."))
def list_(
    year: Year,
    state: State = "",
    province: Province = "",
    unit: UnitNumber = None,
    programme: Programme = "sekaps",
    as_json: AsJson = False,
) -> None:
    """List them."""
    columns: dict[str, Callable[[Any], object]] = {
        _("number"): lambda each: each.number,
        _("state"): lambda each: STATES[each.state],
        _("holder"): lambda each: each.holder,
        _("channel"): lambda each: Channel(each.channel).meaning if each.channel else None,
        _("served"): lambda each: each.served_on,
        _("receipt"): lambda each: each.receipt or each.reason,
    }
    find = partial(list_notices, asked=Asked(state, province, unit))
    show_lines(find, _("Notices"), columns, of=(programme, year), as_json=as_json)


@app.command(help=_("Record a notice as served through a channel, or with a reason as not served, for the İl AFAD."))
def record(
    number: Notice,
    person: Person,
    year: Year,
    channel: Annotated[Channel | None, typer.Option(help=_("How it went to its addressee."))] = None,
    sent: Annotated[str | None, typer.Option(metavar="DATE", help=_("The day it was sent, where before."))] = None,
    reached: Annotated[str | None, typer.Option(metavar="DATE", help=_("The day it reached its addressee."))] = None,
    receipt: Annotated[str, typer.Option(help=_("Number of the receipt."))] = "",
    copies: Annotated[int, typer.Option(help=_("Copies made out."))] = COPIES,
    returned: Annotated[int | None, typer.Option(help=_("Copies that came back signed."))] = None,
    not_served: Annotated[str, typer.Option(metavar="REASON", help=_("Why it was not served."))] = "",
    programme: Programme = "sekaps",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Record it, and leave with 1 when that is refused."""
    if (channel is None or reached is None) and not not_served:
        raise typer.BadParameter(_("give --channel, --reached and --receipt, or --not-served"))
    delivery = None
    if channel is not None and reached is not None:
        days = (read_day(sent or reached), read_day(reached))
        delivery = Delivery(channel, *days, receipt, copies=copies, copies_returned=returned)
    served = text("recorded; it counts as served on {day}", day=delivery.served_on) if delivery else RECORDED
    act_on_notice(
        record_notices,
        lambda notice, by: ServeRequest(notice, by, delivery, not_served),
        number,
        of=(programme, year),
        person=person,
        as_of=as_of,
        done=served,
        as_json=as_json,
    )


@app.command(help=_("Write a notice as a letter of one page (PDF), signed and time-stamped by the house (PAdES)."))
def letter(
    number: Notice,
    year: Year,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help=_("File to write."))],
    programme: Programme = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Write the letter."""
    require_database()
    with reading() as session:
        edition = load_edition(session, programme, year)
        paper, at = notice_paper(session, edition, number), instant_of_act(edition, as_of)
    is_test = is_test_certificate(keyring().own(at).certificate)
    page = notice_pdf(notice_page(paper), at, is_test=is_test, is_synthetic=edition.synthetic)
    signed = seal_pdf(page, at, said(text("notice {number}", number=number)))
    typer.echo(said(text("written: {path}", path=write_paper(out, signed))))


@app.command(help=_("The legal terms that run for notices: who must act until when, and which were met or lapsed."))
def terms(
    year: Year,
    state: State = "",
    province: Province = "",
    unit: UnitNumber = None,
    programme: Programme = "sekaps",
    as_json: AsJson = False,
) -> None:
    """List them."""
    columns: dict[str, Callable[[Any], object]] = {
        _("notice"): lambda each: each.notice,
        _("term"): lambda each: words_of(each.code).name,
        _("state"): lambda each: STATES[each.state],
        _("who must act"): lambda each: each.unit_name or _("the addressee"),
        _("until"): lambda each: each.due_at,
    }
    find = partial(list_terms, asked=Asked(state, province, unit))
    show_lines(find, _("Legal terms"), columns, of=(programme, year), as_json=as_json)
