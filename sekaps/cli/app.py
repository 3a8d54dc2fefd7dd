"""The verbs of the command line, in the order of the user's year."""

from typing import Annotated

import typer
from typer import rich_utils

from sekaps.cli import (
    allocation,
    approve,
    audit,
    chain,
    contract,
    coverage,
    db,
    deadline,
    decide,
    document,
    extend,
    form_revisions,
    generate,
    import_files,
    item,
    mail,
    need,
    notice,
    objection,
    observatory,
    order,
    plan,
    plan_amend,
    plan_export,
    plan_holidays,
    plan_import,
    plan_publish,
    plan_schedule,
    programme,
    readiness,
    registry,
    rehearse,
    report,
    resource,
    sign,
    signatory,
    tick,
    training,
    ui,
)
from sekaps.cli.day import day
from sekaps.cli.language import _, current
from sekaps.texts import LANGUAGES

YEAR, WORK, WATCH, HOUSE = _("The year"), _("The work"), _("Watching"), _("The house")
rich_utils.ARGUMENTS_PANEL_TITLE, rich_utils.OPTIONS_PANEL_TITLE = _("Arguments"), _("Options")
rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
rich_utils.REQUIRED_LONG_STRING, rich_utils.DEFAULT_STRING = _("[required]"), _("[default: {}]")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=_("SEKAPS: the calendar-driven workflow engine. The year is planned, worked and watched with these verbs."),
)


@app.callback()
def options(
    lang: Annotated[str, typer.Option(help=_("Language: tr or en; otherwise SEKAPS_LANG or the locale."))] = current(),
) -> None:
    """Check the options every verb has; the language itself was chosen before the verbs were worded."""
    if lang not in LANGUAGES:
        raise typer.BadParameter(_("tr or en"), param_hint="--lang")


plan.app.command("propose", help=plan_publish.PROPOSE)(plan_publish.propose)
plan.app.command("publish", help=plan_publish.PUBLISH)(plan_publish.publish)
plan.app.command("close", help=plan_publish.CLOSE)(plan_publish.close)
plan.app.command("proposals", help=plan_publish.PROPOSALS)(plan_publish.proposals)
plan.app.command("schedule", help=plan_schedule.HELP)(plan_schedule.schedule)
plan.app.command("shift", help=plan_amend.SHIFT)(plan_amend.shift)
plan.app.command("approve", help=plan_amend.APPROVE)(plan_amend.approve)
plan.app.command("withdraw", help=plan_amend.WITHDRAW)(plan_amend.withdraw)
plan.app.command("amendments", help=plan_amend.AMENDMENTS)(plan_amend.amendments)
plan.app.command("diff", help=plan_amend.DIFF)(plan_amend.diff)
plan.app.command("export", help=plan_export.HELP)(plan_export.export)
plan.app.command("holidays", help=plan_holidays.HELP)(plan_holidays.holidays)
plan.app.command("import", help=plan_import.HELP)(plan_import.import_calendar)
app.add_typer(plan.app, name="plan", rich_help_panel=YEAR)
app.command("day", help=_("What a day is, layer by layer, and why."), rich_help_panel=YEAR)(day)
app.command("deadline", rich_help_panel=YEAR, help=deadline.HELP)(deadline.deadline)
app.add_typer(programme.app, name="programme", rich_help_panel=YEAR)
app.command("rehearse", rich_help_panel=YEAR, help=rehearse.HELP)(rehearse.rehearse)
app.command("generate", rich_help_panel=YEAR, help=generate.HELP)(generate.generate_country)
app.add_typer(readiness.app, name="readiness", rich_help_panel=WORK)
app.add_typer(training.app, name="training", rich_help_panel=WORK)
app.command("sign", rich_help_panel=WORK, help=sign.HELP)(sign.sign)
app.command("return", rich_help_panel=WORK, help=sign.RETURN)(sign.send_back_)
app.command("resubmit", rich_help_panel=WORK, help=sign.RESUBMIT)(sign.resubmit)
app.command("withdraw", rich_help_panel=WORK, help=sign.WITHDRAW)(sign.withdraw)
app.add_typer(document.app, name="document", rich_help_panel=WORK)
app.add_typer(decide.app, name="decide", rich_help_panel=WORK)
app.add_typer(approve.app, name="approve", rich_help_panel=WORK)
app.add_typer(contract.app, name="contract", rich_help_panel=WORK)
app.add_typer(notice.app, name="notice", rich_help_panel=WORK)
app.add_typer(objection.app, name="objection", rich_help_panel=WORK)
app.command("extend", rich_help_panel=WORK, help=extend.HELP)(extend.extend)
app.command("extensions", rich_help_panel=WORK, help=extend.LIST)(extend.extensions)
app.command("revoke", rich_help_panel=WORK, help=extend.REVOKE)(extend.revoke)
app.add_typer(order.app, name="order", rich_help_panel=WORK)
app.command("tick", rich_help_panel=WORK, help=tick.HELP)(tick.tick)
form_revisions.add_to(need.app, resource.app)
app.add_typer(need.app, name="need", rich_help_panel=WORK)
app.add_typer(resource.app, name="resource", rich_help_panel=WORK)
app.add_typer(item.app, name="item", rich_help_panel=WORK)
app.command("import", rich_help_panel=WORK, help=import_files.HELP)(import_files.import_file)
app.add_typer(registry.app, name="registry", rich_help_panel=HOUSE)
app.add_typer(signatory.app, name="signatory", rich_help_panel=HOUSE)
app.add_typer(chain.app, name="chain", rich_help_panel=HOUSE)
app.add_typer(allocation.app, name="allocation", rich_help_panel=WATCH)
app.add_typer(audit.app, name="audit", rich_help_panel=WATCH)
app.add_typer(observatory.app, name="observatory", rich_help_panel=WATCH)
app.add_typer(coverage.app, name="coverage", rich_help_panel=WATCH)
app.command("mail", rich_help_panel=WATCH, help=mail.HELP)(mail.mail)
app.command("report", rich_help_panel=WATCH, help=report.HELP)(report.report)
app.command("ui", rich_help_panel=WATCH, help=ui.HELP)(ui.ui)
app.add_typer(db.app, name="db", rich_help_panel=HOUSE)
