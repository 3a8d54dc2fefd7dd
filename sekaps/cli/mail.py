"""``sekaps mail``: what waits in the outbox, and the mail domains that take nothing for now."""

from collections.abc import Mapping
from typing import Any

from rich.markup import escape

from sekaps.cli.asking import AsJson, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import reading
from sekaps.domain.mail_domains import DomainWait
from sekaps.services.mail_domains import waiting_domains
from sekaps.services.outbox import count_states
from sekaps.texts import text, word

HELP = _("What waits in the outbox, and which mail domains take nothing for now: until when, and their last answer.")


def mail(as_json: AsJson = False) -> None:
    """Show what waits and why."""
    require_database()
    with reading() as session:
        counts, domains = count_states(session), waiting_domains(session)
    if as_json:
        print_json({"messages": counts, "domains": [_json(domain) for domain in domains]})
        return
    out = console()
    out.print(said(_counted(counts)))
    if domains:
        out.print(_domains(domains))


def _counted(counts: Mapping[str, int]) -> object:
    return text(
        "messages sent: {sent}, waiting: {waiting}, in a worker's hands: {sending}, given up: {failed}",
        sent=counts["sent"],
        waiting=counts["waiting"],
        sending=counts["sending"],
        failed=counts["failed"],
    )


def _domains(domains: list[DomainWait]) -> object:
    headings = (_("domain"), _("waiting"), _("since"), _("refusals"), _("asked again"), _("last answer"))
    shown = table(_("Mail domains that take nothing for now"), *headings)
    for one in domains:
        times = [word(instant, current()) for instant in (one.since, one.until)]
        cells = (one.domain, one.messages, times[0], one.refusals, times[1], one.answer)
        shown.add_row(*[escape(str(cell)) for cell in cells])
    return shown


def _json(one: DomainWait) -> dict[str, Any]:
    return {
        "domain": one.domain,
        "messages": one.messages,
        "since": one.since.isoformat(),
        "refusals": one.refusals,
        "until": one.until.isoformat(),
        "answer": one.answer,
    }
