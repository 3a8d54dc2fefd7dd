"""A year's report for the terminal: tables a hundred columns hold, in one language."""

from collections.abc import Iterable, Sequence
from functools import partial

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from sekaps.domain.year_report import CascadeYear, PapersYear, PhaseYear, YearReport
from sekaps.reports import words
from sekaps.reports.words import number, short_window
from sekaps.texts import Language, Sayable, text

COLOURS = {"planned": "dim", "open": "blue", "closed": "green", "closed_with_gaps": "yellow"}
VACANCIES_SHOWN = 10


def terminal_report(report: YearReport, language: Language) -> RenderableType:
    """Return the report as something a Rich console prints; what a programme does not have takes no room."""
    cascade = (_cascade,) if report.allocates else ()
    contracts = (_contracts,) if report.concludes else ()
    parts = (_title, _phases, _gaps, *cascade, *contracts, _reminders)
    shown = (part(report, language) for part in parts)
    return Group(*(renderable for part in shown for renderable in (part, "")))


def _title(report: YearReport, language: Language) -> RenderableType:
    title = text("{programme} {year}, as of {day}", programme=report.name, year=report.year, day=report.day)
    lines = [Line(title.say(language), style="bold"), Line(words.PLANNING.say(language), style="dim")]
    if report.synthetic:
        lines.append(Line(words.SYNTHETIC.say(language), style="magenta"))
    return Group(*lines)


def _phases(report: YearReport, language: Language) -> Table:
    headings = (text("Window"), text("State"), text("Owed"), text("Done"), text("Open"), text("Late"), text("Refused"))
    table = _table(language, text("Phases"), text("Phase"), *headings, figures_from=3)
    for phase in report.phases:
        table.add_row(*_phase_cells(phase, language))
    return table


def _phase_cells(phase: PhaseYear, language: Language) -> Iterable[RenderableType]:
    gaps = f" ({number(phase.gaps_at_close, language)})" if phase.gaps_at_close else ""
    state = Line(words.STATES[phase.state].say(language) + gaps, style=COLOURS[phase.state])
    figures = (phase.owed, phase.done, phase.open, phase.late, phase.refused)
    return (
        phase.name.say(language),
        short_window(phase.opens, phase.closes, language),
        state,
        *(number(figure, language) for figure in figures),
    )


def _gaps(report: YearReport, language: Language) -> RenderableType:
    title = text("Signature gaps: {count}", count=number(report.gaps.total, language))
    table = _table(language, title, text("Cause"), text("Gaps"), figures_from=1)
    for cause, count in words.ranked(report.gaps.by_cause):
        table.add_row(words.cause_words(cause).say(language), number(count, language))
    for vacancy in report.vacancies[:VACANCIES_SHOWN]:
        post = text("vacant: {post}, {unit}", post=vacancy.post, unit=vacancy.unit_name)
        table.add_row(Line(f"  {post.say(language)}", style="dim"), number(vacancy.documents, language))
    return table


def _cascade(report: YearReport, language: Language) -> RenderableType:
    headings = (text("Needs"), text("Met in full"), text("Needed"), text("Allocated"), text("Passed on"), text("Unmet"))
    table = _table(language, text("Allocation"), text("Stage"), *headings, figures_from=1)
    for stage in report.cascade.stages:
        figures = (stage.needs, stage.needs_met, stage.needed, stage.allocated, stage.transferred, stage.unmet)
        table.add_row(words.STAGES[stage.stage].say(language), *(number(figure, language) for figure in figures))
    compared = (_methods(report, language),) if report.methods else ()
    return Group(table, _balance(report.cascade, language), *compared)


def _methods(report: YearReport, language: Language) -> Table:
    """Return what each method of sharing out would leave unmet."""
    names: list[Sayable] = [words.METHODS[method] for method in report.methods[0].unmet]
    headings: tuple[Sayable, ...] = (text("Priority"), text("Needs"), text("Needed"), *names)
    title = text("What each method would leave unmet, had nothing been allocated")
    table = _table(language, title, *headings, figures_from=1)
    for row in report.methods:
        figures = (row.needs, row.needed, *row.unmet.values())
        table.add_row(str(row.priority), *(number(figure, language) for figure in figures))
    return table


def _balance(cascade: CascadeYear, language: Language) -> Line:
    verdict = text("balanced") if cascade.conserved else text("NOT balanced")
    said = text(
        "{entered} stated = {allocated} allocated + {unmet} unmet + {on_its_way} on its way: {verdict};"
        " {moved} resources moved to central planning",
        entered=number(cascade.entered, language),
        allocated=number(cascade.allocated, language),
        unmet=number(cascade.unmet, language),
        on_its_way=number(cascade.on_its_way, language),
        verdict=verdict,
        moved=number(cascade.resources_moved, language),
    )
    return Line(said.say(language), style="green" if cascade.conserved else "bold red")


def _contracts(report: YearReport, language: Language) -> RenderableType:
    headings = (text("Prepared"), text("Succeeded"), text("Failed"), text("Not recorded"))
    table = _table(language, text("Contracts and notices"), text("Record"), *headings, figures_from=1)
    row = partial(_papers, table, language)
    row(text("detail protocols and contracts"), report.contracts)
    row(text("notices"), report.notices)
    return table


def _papers(table: Table, language: Language, title: Sayable, papers: PapersYear) -> None:
    figures = (papers.prepared, papers.succeeded, papers.failed, papers.open)
    table.add_row(title.say(language), *(number(figure, language) for figure in figures))
    for reason, count in words.ranked(papers.reasons):
        table.add_row(Line(f"  {reason}", style="dim"), "", "", Line(number(count, language), style="dim"), "")


def _reminders(report: YearReport, language: Language) -> Line:
    reminders = report.reminders
    said = text(
        "Reminders: {sent} digests sent to {people} people, {failed} failed, {waiting} waiting;"
        " {escalations} escalations. Extensions: {extensions}.",
        sent=number(reminders.sent, language),
        people=number(reminders.people, language),
        failed=number(reminders.failed, language),
        waiting=number(reminders.waiting, language),
        escalations=number(reminders.escalations, language),
        extensions=number(len(report.extensions), language),
    )
    return Line(said.say(language))


def _table(language: Language, title: Sayable, *headings: Sayable, figures_from: int) -> Table:
    """Return an empty table whose later columns hold figures."""
    said: Sequence[str] = [heading.say(language) for heading in headings]
    table = Table(
        title=title.say(language),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for column, heading in enumerate(said):
        is_figure = column >= figures_from
        table.add_column(heading, justify="right" if is_figure else "left", no_wrap=is_figure, overflow="fold")
    return table
