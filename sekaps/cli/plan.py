"""``sekaps plan``: the calendar of a year, drafted from rules and published dates."""

from typing import Annotated

import typer

from sekaps.calendar.editions import draft as draft_edition
from sekaps.calendar.explanations import explain as explain_boundary
from sekaps.cli.language import _, said
from sekaps.cli.plan_draft import print_draft
from sekaps.cli.plan_draft_json import draft_as_json
from sekaps.cli.printing import print_json
from sekaps.errors.editions import BoundaryUnknown, InvariantsBroken
from sekaps.services.draft_review import reviewed
from sekaps.services.imported_calendars import text_with_imports
from sekaps.services.programmes import days_of_edition, parsed
from sekaps.settings import settings

app = typer.Typer(no_args_is_help=True, help=_("The calendar of a year."))


@app.callback()
def plan() -> None:
    """Keep the verbs below a group of their own, however few there are."""


@app.command(help=_("Propose the dates of a year and warn about holidays; nothing is stored."))
def draft(
    year: Annotated[int, typer.Option(help=_("The edition's year."))],
    programme: Annotated[str, typer.Option(help=_("Code of a shipped programme, or path of a YAML file."))] = "sekaps",
    rules_only: Annotated[bool, typer.Option("--rules-only", help=_("Ignore published dates."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("Write JSON."))] = False,
) -> None:
    """Print the draft of a programme's year."""
    written = text_with_imports(settings().home, programme)
    drafted = draft_edition(parsed(written, programme), year, days_of_edition(year), rules_only=rules_only)
    review = reviewed(drafted)
    if as_json:
        print_json(draft_as_json(review))
    else:
        print_draft(review)
    if drafted.violations:
        raise InvariantsBroken(programme=drafted.programme_code, year=year, violations=list(drafted.violations))


@app.command(help=_("Explain how boundaries of a year came to their dates: day, layers, rule, alternatives, source."))
def explain(
    year: Annotated[int, typer.Option(help=_("The edition's year."))],
    boundaries: Annotated[list[str] | None, typer.Argument(help=_("Codes of boundaries; otherwise all."))] = None,
    programme: Annotated[str, typer.Option(help=_("Code of a shipped programme, or path of a YAML file."))] = "sekaps",
    as_json: Annotated[bool, typer.Option("--json", help=_("Write JSON."))] = False,
) -> None:
    """Print the reasons of each boundary's date."""
    days = days_of_edition(year)
    drafted = draft_edition(parsed(text_with_imports(settings().home, programme), programme), year, days)
    known = [boundary.code for boundary in drafted.boundaries]
    unknown = next((code for code in boundaries or [] if code not in known), None)
    if unknown is not None:
        raise BoundaryUnknown(asked=unknown, known=known)
    reasons = {code: [said(one) for one in explain_boundary(drafted, days, code)] for code in boundaries or known}
    if as_json:
        print_json({"programme": drafted.programme_code, "year": year, "boundaries": reasons})
        return
    for code, sentences in reasons.items():
        typer.echo("\n".join([code, *(f"  {sentence}" for sentence in sentences)]))
