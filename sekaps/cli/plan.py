"""``sekaps plan``: the calendar of a year, drafted from rules and published dates."""

from collections.abc import Sequence
from typing import Annotated

import typer
from babel.numbers import format_decimal
from rich.markup import escape

from sekaps.calendar.edition_warnings import EditionWarning
from sekaps.calendar.editions import BoundaryDraft, Draft, WindowDraft
from sekaps.calendar.editions import draft as draft_edition
from sekaps.calendar.explanations import explain as explain_boundary
from sekaps.cli.asking import AsOf, instant_of, require_database
from sekaps.cli.language import _, current, said
from sekaps.cli.printing import console, print_json, table
from sekaps.database import transaction
from sekaps.errors.editions import BoundaryUnknown, InvariantsBroken
from sekaps.services.editions import load_edition
from sekaps.services.editions import publish as publish_edition
from sekaps.services.imported_calendars import text_with_imports
from sekaps.services.programmes import days_of_edition, parsed
from sekaps.settings import settings
from sekaps.texts import text, weekday_name

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
    if as_json:
        print_json(draft_as_json(drafted))
    else:
        _print_draft(drafted)
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


@app.command(help=_("Publish a year as drafted, unless it breaks an invariant; published again, it stays as it is."))
def publish(
    year: Annotated[int, typer.Option(help=_("The edition's year."))],
    by: Annotated[str, typer.Option(help=_("Who decides to publish it."))],
    programme: Annotated[str, typer.Option(help=_("Code of a shipped programme, or path of a YAML file."))] = "sekaps",
    as_of: AsOf = None,
) -> None:
    """Store the draft as the edition's first revision."""
    require_database()
    days = days_of_edition(year)
    written = text_with_imports(settings().home, programme)
    drafted = draft_edition(parsed(written, programme), year, days)
    with transaction() as session:
        publish_edition(session, drafted, written, days, decided_by=by, as_of=instant_of(as_of))
        edition = load_edition(session, drafted.programme_code, year)
    facts = {"programme": drafted.programme.name, "year": year, "revision": edition.revision}
    console().print(escape(said(text("{programme} {year} is published, revision {revision}", **facts))))


def draft_as_json(drafted: Draft) -> dict[str, object]:
    """Return a draft as plain values, dates in ISO form."""
    return {
        "programme": drafted.programme_code,
        "year": drafted.year,
        "boundaries": [_boundary_as_json(boundary) for boundary in drafted.boundaries],
        "windows": [_window_as_json(window) for window in drafted.windows],
    }


def _boundary_as_json(boundary: BoundaryDraft) -> dict[str, object]:
    return {
        "code": boundary.code,
        "rule": boundary.rule,
        "proposed": boundary.proposed.isoformat() if boundary.proposed else None,
        "published": boundary.published.isoformat() if boundary.published else None,
        "date": boundary.date.isoformat(),
        "warnings": _warnings_as_json(boundary.warnings),
    }


def _window_as_json(window: WindowDraft) -> dict[str, object]:
    return {
        "activity": window.activity,
        "step": window.step,
        "opens": window.opens.isoformat(),
        "closes": window.closes.isoformat(),
        "calendar_days": window.calendar_days,
        "working_days": window.working_days,
        "warnings": _warnings_as_json(window.warnings),
    }


def _warnings_as_json(warnings: Sequence[EditionWarning]) -> list[dict[str, object]]:
    return [
        {"code": warning.code.value, "text": said(warning.text)}
        | ({"data": dict(warning.data)} if warning.data else {})
        for warning in warnings
    ]


def _print_draft(drafted: Draft) -> None:
    out = console()
    out.print(f"[bold]{escape(said(drafted.programme.name))} · {drafted.year}[/bold]\n")
    boundaries = table(_("Boundaries"), _("boundary"), _("date"), _("day of the week"), _("rule"))
    for boundary in drafted.boundaries:
        day, rule = boundary.date, said(boundary.wording) if boundary.wording else "–"
        cells = (boundary.code, said(day), weekday_name(day, current()), _with_warnings(rule, boundary.warnings))
        boundaries.add_row(*cells)
    out.print(boundaries)
    windows = table(_("Windows"), _("row"), _("work"), _("opens"), _("closes"), _("working days"), _("net"))
    for window in drafted.windows:
        windows.add_row(*_window_cells(drafted, window))
    out.print(windows)


def _window_cells(drafted: Draft, window: WindowDraft) -> tuple[str, ...]:
    activity = drafted.programme.activity(window.activity)
    name = said(activity.name) if window.step is None and not window.key else _actor_of(drafted, window.key)
    work = _with_warnings(name, window.warnings)
    row = window.key or f"[bold]{escape(activity.row or activity.code)}[/bold]"
    net = format_decimal(window.net_working_days, locale=current())
    return row, work, said(window.opens), said(window.closes), str(window.working_days), net


def _actor_of(drafted: Draft, key: str) -> str:
    step = drafted.programme.step(key)
    return said(drafted.programme.actors[step.actor].name) if step.actor else said(step.does)


def _with_warnings(cell: str, warnings: Sequence[EditionWarning]) -> str:
    lines = [f"[yellow]! {escape(said(warning.text))}[/yellow]" for warning in warnings]
    return "\n".join([escape(cell), *lines])
