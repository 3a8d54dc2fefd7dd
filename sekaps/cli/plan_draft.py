"""How ``sekaps plan draft`` shows a year: anomalies first, then boundaries with their reasons, then windows."""

from collections.abc import Iterable, Sequence
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from rich.console import Console
from rich.markup import escape

from sekaps.calendar.anomalies import MEANINGS, RANKS, Anomaly, AnomalyKind, row_label
from sekaps.calendar.days import DayFact, Layer
from sekaps.calendar.draft_review import DraftReview
from sekaps.calendar.editions import BoundaryDraft, Draft, WindowDraft
from sekaps.calendar.rule_fits import RuleFit
from sekaps.cli.language import _, current, said
from sekaps.cli.plan_holidays import agreement, print_disagreements
from sekaps.cli.printing import console, table
from sekaps.texts import Text, text, weekday_name

NOTHING = "–"
MINUS = "−"
GRAVE = RANKS[AnomalyKind.HOLIDAYS_DISAGREE]
"""The last rank shown in red; what follows is yellow."""


def print_draft(review: DraftReview) -> None:
    """Print a draft for people, at most 100 columns wide."""
    out = console()
    out.print(f"[bold]{escape(said(review.draft.programme.name))} · {review.draft.year}[/bold]")
    _say(out, _published(review.draft))
    if review.before.problem is not None:
        _say(out, text("no comparison with {year}: {reason}", year=review.before.year, reason=review.before.problem))
    out.print()
    _print_anomalies(out, review)
    _print_boundaries(out, review)
    _print_windows(out, review)
    for check in review.holidays:
        _say(out, agreement(check))
    print_disagreements(out, review.holidays)


def _published(drafted: Draft) -> Text:
    count, total = sum(boundary.published is not None for boundary in drafted.boundaries), len(drafted.boundaries)
    if count == 0:
        return text("no date of this year is published yet; the rules propose all {total}", total=total)
    if count == total:
        return text("all {total} dates of this year are published", total=total)
    return text("{count} of {total} dates are published; the rules propose the others", count=count, total=total)


def _print_anomalies(out: Console, review: DraftReview) -> None:
    if not review.anomalies:
        out.print(escape(_("Nothing in this year asks for a second look.")) + "\n")
        return
    title = _("Worth a second look, the gravest first (marked ! with its number below)")
    rows = table(title, "", _("what"), _("where"), _("why"))
    for number, anomaly in enumerate(review.anomalies, start=1):
        colour = "red" if anomaly.rank <= GRAVE else "yellow"
        what = f"[{colour}]{escape(said(MEANINGS[anomaly.kind]))}[/{colour}]"
        rows.add_row(str(number), what, escape(_where(anomaly)), escape(said(anomaly.text)))
    out.print(rows)


def _where(anomaly: Anomaly) -> str:
    rows = [said(text("row {rows}", rows=anomaly.windows))] if anomaly.windows else []
    return "\n".join([*anomaly.boundaries, *rows]) or NOTHING


def _print_boundaries(out: Console, review: DraftReview) -> None:
    headings = (_("boundary"), _("date"), _("rule and alternatives"), _("one year before"))
    boundaries = table(_("Boundaries"), *headings)
    for boundary in review.draft.boundaries:
        boundaries.add_row(
            _marked(boundary.code, review.numbers(boundary=boundary.code)),
            _date_cell(boundary, review.layers_of(boundary.code)),
            _rule_cell(boundary, review.fits_of(boundary.code)),
            _before_cell(review, boundary.code),
            end_section=True,
        )
    out.print(boundaries)


def _date_cell(boundary: BoundaryDraft, layers: Iterable[DayFact]) -> str:
    lines = [said(boundary.date), weekday_name(boundary.date, current())]
    lines += [f"[yellow]{escape(line)}[/yellow]" for fact in layers for line in _layer(fact)]
    if boundary.published is not None:
        lines.append(f"[dim]{escape(_('published'))}[/dim]")
    return "\n".join(lines)


def _layer(fact: DayFact) -> list[str]:
    """Return the lines a layer has below its date: what it is, from or until when, and its name."""
    layer = said(fact.layer.meaning)
    if fact.starts is not None:
        layer = said(text("{layer} from {hour}", layer=layer, hour=f"{fact.starts:%H:%M}"))
    elif fact.ends is not None:
        layer = said(text("{layer} until {hour}", layer=layer, hour=f"{fact.ends:%H:%M}"))
    return [layer] if fact.layer is Layer.WEEKEND else [layer, said(fact.name)]


def _rule_cell(boundary: BoundaryDraft, fits: Iterable[RuleFit]) -> str:
    own = escape(said(boundary.wording)) if boundary.wording else NOTHING
    return "\n".join([own, *(_alternative(fit, boundary.date) for fit in fits if not fit.is_own)])


def _alternative(fit: RuleFit, day: date) -> str:
    """Return another rule with its date: plain where it is the draft's, yellow where not, dim where it does not fit."""
    if fit.miss is not None:
        line, style = text("does not fit {year}: {rule}", year=fit.miss.year, rule=fit.rule), "dim"
    elif fit.date is None:
        line, style = text("no date this year: {rule}", rule=fit.rule), "dim"
    elif fit.date == day:
        line, style = text("same date: {rule}", rule=fit.rule), "none"
    else:
        line, style = text("{day}: {rule}", day=fit.date, rule=fit.rule), "yellow"
    return f"[{style}]{escape(said(line))}[/{style}]"


def _before_cell(review: DraftReview, code: str) -> str:
    shift = review.before.boundaries.get(code)
    if shift is None:
        return NOTHING
    return "\n".join([said(shift.before), weekday_name(shift.before, current()), said(shift.length)])


def _print_windows(out: Console, review: DraftReview) -> None:
    headings = (_("row"), _("work"), _("opens"), _("closes"), _("working days"), _("net"), _("one year before"))
    windows = table(_("Windows"), *(heading.replace(" ", "\n") for heading in headings))
    for window in review.draft.windows:
        windows.add_row(*_window_cells(review, window))
    out.print(windows)


def _window_cells(review: DraftReview, window: WindowDraft) -> tuple[str, ...]:
    drafted = review.draft
    label = row_label(drafted.programme, window.activity, window.key)
    activity = drafted.programme.activity(window.activity)
    work = _actor_of(drafted, window.key) if window.key else said(activity.name)
    row = _marked(label, review.numbers(window=label))
    net = format_decimal(window.net_working_days, locale=current())
    before = _change(review, window)
    cells = (escape(work), _short(window.opens), _short(window.closes), str(window.working_days), net, before)
    return (row, *cells) if window.key else (f"[bold]{row}[/bold]", *cells)


def _change(review: DraftReview, window: WindowDraft) -> str:
    change = review.before.windows.get((window.activity, window.key))
    if change is None:
        return NOTHING
    if change.days == 0:
        return str(change.before)
    return f"{change.before} ({'+' if change.days > 0 else MINUS}{abs(change.days)})"


def _actor_of(drafted: Draft, key: str) -> str:
    step = drafted.programme.step(key)
    return said(drafted.programme.actors[step.actor].name) if step.actor else said(step.does)


def _short(day: date) -> str:
    return format_date(day, "d MMM y", locale=current())


def _marked(label: str, numbers: Sequence[int]) -> str:
    """Return a label, and below it the numbers of the anomalies that concern it."""
    mark = ", ".join(str(number) for number in numbers)
    return f"{escape(label)}\n[yellow]! {mark}[/yellow]" if mark else escape(label)


def _say(out: Console, line: Text) -> None:
    out.print(escape(said(line)))
