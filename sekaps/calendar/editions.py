"""Drafts one year of a programme: the date of every boundary, every window, and what is worth knowing about them."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter

from sekaps.calendar.days import DayTable
from sekaps.calendar.edition_warnings import EditionWarning, day_warnings, difference_warnings
from sekaps.calendar.holidays_tr import require_confirmed
from sekaps.calendar.invariants import Broken, broken_invariants
from sekaps.calendar.programmes import Activity, Programme, Step, window_codes
from sekaps.calendar.rules import Rule, evaluate
from sekaps.calendar.windows import Window
from sekaps.errors.calendar import (
    BoundaryFarAway,
    BoundaryUndated,
    EditionWindowInverted,
    RuleImpossible,
    WindowInverted,
)
from sekaps.texts import Text

Dates = dict[str, datetime.date]
YEARS_BESIDE = 1
"""How many years before or after its edition's own a boundary may lie."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another rule for a boundary and the date it would give; none when it gives no date that year."""

    rule: Rule
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class BoundaryDraft:
    """A boundary in one year: what its rule proposes, what was published, and the date that holds."""

    code: str
    rule: str | None
    wording: Rule | None
    proposed: datetime.date | None
    published: datetime.date | None
    date: datetime.date
    alternatives: tuple[Alternative, ...]
    warnings: tuple[EditionWarning, ...]


@dataclass(frozen=True, slots=True)
class WindowDraft:
    """The window of a row (no step, key empty) or of a step in one year; step is the printed id."""

    activity: str
    step: str | None
    key: str
    opens: datetime.date
    closes: datetime.date
    calendar_days: int
    working_days: int
    net_working_days: float
    warnings: tuple[EditionWarning, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One year of a programme as its rules and published dates give it; nothing is stored yet."""

    programme: Programme
    year: int
    boundaries: tuple[BoundaryDraft, ...]
    windows: tuple[WindowDraft, ...]
    violations: tuple[Text, ...]

    @property
    def programme_code(self) -> str:
        """The programme's code."""
        return self.programme.code

    def boundary(self, code: str) -> BoundaryDraft:
        """Return the boundary of that code."""
        return next(boundary for boundary in self.boundaries if boundary.code == code)


def draft(programme: Programme, year: int, days: DayTable, *, rules_only: bool = False) -> Draft:
    """Return the programme's year; a published date wins over its rule unless only the rules are asked for."""
    require_confirmed(year)
    drafts = _draft_boundaries(programme, year, days, rules_only=rules_only)
    dates = {boundary.code: boundary.date for boundary in drafts}
    broken = broken_invariants(programme, dates, days)
    windows = tuple(
        _draft_window(activity, step, drafts={each.code: each for each in drafts}, broken=broken, days=days)
        for activity, step in _rows(programme)
    )
    return Draft(programme, year, drafts, windows, tuple(each.text for each in broken))


def _draft_boundaries(
    programme: Programme, year: int, days: DayTable, *, rules_only: bool
) -> tuple[BoundaryDraft, ...]:
    dates: Dates = {}
    proposals: dict[str, datetime.date | None] = {}
    for code in _in_order_of_need(programme):
        boundary = programme.boundaries[code]
        published = boundary.published.get(year)
        proposals[code] = _propose(boundary.rule, year, dates, days, is_needed=rules_only or published is None)
        dates[code] = _effective(code, year, proposals[code], published, rules_only=rules_only)
    return tuple(
        _boundary_draft(code, programme, year, proposed=proposals[code], dates=dates, days=days)
        for code in programme.boundaries
    )


def _in_order_of_need(programme: Programme) -> list[str]:
    needs = {code: boundary.rule.needs if boundary.rule else () for code, boundary in programme.boundaries.items()}
    return list(TopologicalSorter(needs).static_order())


def _propose(rule: Rule | None, year: int, dates: Dates, days: DayTable, *, is_needed: bool) -> datetime.date | None:
    """Return the rule's date; a rule that gives none is an error only when nothing else dates the boundary."""
    if rule is None:
        return None
    try:
        return evaluate(rule, year, dates, days)
    except RuleImpossible:
        if is_needed:
            raise
        return None


def _effective(
    code: str, year: int, proposed: datetime.date | None, published: datetime.date | None, *, rules_only: bool
) -> datetime.date:
    day = (proposed or published) if rules_only else (published or proposed)
    if day is None:
        raise BoundaryUndated(code=code, year=year)
    if abs(day.year - year) > YEARS_BESIDE:
        raise BoundaryFarAway(code=code, year=year, day=day)
    return day


def _boundary_draft(
    code: str, programme: Programme, year: int, *, proposed: datetime.date | None, dates: Dates, days: DayTable
) -> BoundaryDraft:
    boundary = programme.boundaries[code]
    published = boundary.published.get(year)
    rule = boundary.rule
    is_closing = any(code == closes for _, closes in window_codes(programme.activities).values())
    return BoundaryDraft(
        code=code,
        rule=rule.text if rule else None,
        wording=rule,
        proposed=proposed,
        published=published,
        date=dates[code],
        alternatives=tuple(Alternative(other, _try(other, year, dates, days)) for other in boundary.alternatives),
        warnings=(
            *day_warnings(dates[code], days, is_closing=is_closing),
            *difference_warnings(proposed, published, has_rule=rule is not None),
        ),
    )


def _try(rule: Rule, year: int, dates: Dates, days: DayTable) -> datetime.date | None:
    return _propose(rule, year, dates, days, is_needed=False)


def _rows(programme: Programme) -> Iterator[tuple[Activity, Step | None]]:
    """Yield every row of the calendar and, below it, its steps with a printed id or a window of their own."""
    for activity in programme.activities:
        yield activity, None
        yield from ((activity, step) for step in activity.steps if step.id or step.window)


def _draft_window(
    activity: Activity,
    step: Step | None,
    *,
    drafts: dict[str, BoundaryDraft],
    broken: tuple[Broken, ...],
    days: DayTable,
) -> WindowDraft:
    codes = activity.window_of(step) if step else activity.window
    opening, closing = (drafts[code] for code in codes)
    window = _window(step.key if step else activity.code, opening, closing)
    return WindowDraft(
        activity=activity.code,
        step=step.id if step else None,
        key=step.key if step else "",
        opens=window.opens,
        closes=window.closes,
        calendar_days=window.calendar_days,
        working_days=days.working_days(window.opens, window.closes),
        net_working_days=days.net_working_days(window.opens, window.closes),
        warnings=(
            *(warning for end in (opening, closing) for warning in end.warnings if warning.is_about_the_day),
            *(each.warning for each in broken if each.boundaries & set(codes)),
        ),
    )


def _window(key: str, opening: BoundaryDraft, closing: BoundaryDraft) -> Window:
    try:
        return Window(opening.date, closing.date)
    except WindowInverted:
        codes = (opening.code, closing.code)
        raise EditionWindowInverted(key=key, boundaries=codes, opens=opening.date, closes=closing.date) from None
