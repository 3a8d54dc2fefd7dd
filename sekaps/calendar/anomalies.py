"""What deserves a second look in a drafted year, once each and the most serious first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sekaps.calendar.days import DayTable
from sekaps.calendar.edition_warnings import WarningCode
from sekaps.calendar.editions import Draft
from sekaps.calendar.holiday_check import HolidayCheck
from sekaps.calendar.invariants import broken_invariants
from sekaps.calendar.programmes import Programme
from sekaps.calendar.rule_fits import RuleFit
from sekaps.calendar.year_comparison import YearBefore
from sekaps.texts import Text, text


class AnomalyKind(StrEnum):
    """The kinds of anomaly; the edition cannot be published with the first, the others are for people to judge."""

    INVARIANT_BROKEN = "invariant_broken"
    """A condition every edition keeps is broken."""
    HOLIDAYS_DISAGREE = "holidays_disagree"
    """Two sources of statutory holidays differ about a day."""
    STATUTORY_HOLIDAY = "statutory_holiday"
    """The date is a whole statutory holiday."""
    WEEKEND = "weekend"
    """The date is a Saturday or Sunday."""
    WINDOW_SHORTER = "window_shorter"
    """A window has far fewer working days than the year before."""
    CLOSURE = "closure"
    """An order closes the offices on the date."""
    ADMINISTRATIVE_LEAVE = "administrative_leave"
    """Public staff have leave on the date."""
    HALF_DAY = "half_day"
    """A statutory holiday begins on the date at 13:00."""
    ESTIMATED_HOLIDAY = "estimated_holiday"
    """The religious holidays around the date are computed, not announced."""
    ONE_SOURCE = "one_source"
    """Only one source knows the religious holidays of the year."""
    DIFFERS_FROM_RULE = "differs_from_rule"
    """A published date is not the one the rule gives."""
    RULES_DISAGREE = "rules_disagree"
    """Rules that give every published date do not give the same one in this year."""


RANKED = (
    (AnomalyKind.INVARIANT_BROKEN, text("broken condition")),
    (AnomalyKind.HOLIDAYS_DISAGREE, text("holiday sources disagree")),
    (AnomalyKind.STATUTORY_HOLIDAY, text("statutory holiday")),
    (AnomalyKind.WEEKEND, text("weekend")),
    (AnomalyKind.WINDOW_SHORTER, text("much shorter window")),
    (AnomalyKind.CLOSURE, text("closure by order")),
    (AnomalyKind.ADMINISTRATIVE_LEAVE, text("administrative leave")),
    (AnomalyKind.HALF_DAY, text("half day")),
    (AnomalyKind.ESTIMATED_HOLIDAY, text("estimated holiday")),
    (AnomalyKind.ONE_SOURCE, text("one source only")),
    (AnomalyKind.DIFFERS_FROM_RULE, text("differs from the rule")),
    (AnomalyKind.RULES_DISAGREE, text("rules that fit disagree")),
)
"""Every kind with its name, the most serious first; the place in this table is its rank."""
RANKS = {kind: rank for rank, (kind, _) in enumerate(RANKED, start=1)}
MEANINGS = dict(RANKED)

_KINDS_OF_WARNINGS = {
    WarningCode.WEEKEND: AnomalyKind.WEEKEND,
    WarningCode.STATUTORY_HOLIDAY: AnomalyKind.STATUTORY_HOLIDAY,
    WarningCode.HALF_DAY: AnomalyKind.HALF_DAY,
    WarningCode.ADMINISTRATIVE_LEAVE: AnomalyKind.ADMINISTRATIVE_LEAVE,
    WarningCode.CLOSURE: AnomalyKind.CLOSURE,
    WarningCode.ESTIMATED_HOLIDAY: AnomalyKind.ESTIMATED_HOLIDAY,
    WarningCode.DIFFERS_FROM_RULE: AnomalyKind.DIFFERS_FROM_RULE,
    WarningCode.RULE_IMPOSSIBLE: AnomalyKind.DIFFERS_FROM_RULE,
    WarningCode.INVARIANT_BROKEN: AnomalyKind.INVARIANT_BROKEN,
}


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One anomaly: its kind, its sentence, the boundaries and printed windows concerned, and its dates."""

    kind: AnomalyKind
    text: Text
    boundaries: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()

    @property
    def rank(self) -> int:
        """Its seriousness: 1 is the gravest."""
        return RANKS[self.kind]


def anomalies(
    drafted: Draft,
    days: DayTable,
    *,
    fits: Iterable[RuleFit],
    before: YearBefore,
    checks: Iterable[HolidayCheck],
) -> tuple[Anomaly, ...]:
    """Return every anomaly of a draft, the gravest kind first and within a kind the earliest date."""
    found = (
        *_broken(drafted, days),
        *_holidays(drafted, tuple(checks)),
        *_warned(drafted),
        *_shorter(drafted, before),
        *_rules(drafted, tuple(fits)),
    )
    return tuple(sorted(found, key=lambda anomaly: (anomaly.rank, anomaly.dates[:1])))


def windows_on(programme: Programme, codes: Iterable[str]) -> tuple[str, ...]:
    """Return the printed rows, and the steps with a window of their own, that open or close on these boundaries."""
    concerned = set(codes)
    return tuple(label for label, window in _windows(programme) if concerned & set(window))


def row_label(programme: Programme, activity: str, key: str) -> str:
    """Return how a window is printed: the step's key, or the row's number."""
    row = programme.activity(activity)
    return key or row.row or row.code


def _windows(programme: Programme) -> Iterator[tuple[str, tuple[str, str]]]:
    for activity in programme.activities:
        yield row_label(programme, activity.code, ""), activity.window
        yield from ((step.key, step.window) for step in activity.steps if step.window)


def _broken(drafted: Draft, days: DayTable) -> Iterator[Anomaly]:
    dates = {boundary.code: boundary.date for boundary in drafted.boundaries}
    for broken in broken_invariants(drafted.programme, dates, days):
        yield _at(drafted, AnomalyKind.INVARIANT_BROKEN, broken.text, broken.boundaries)


def _holidays(drafted: Draft, checks: tuple[HolidayCheck, ...]) -> Iterator[Anomaly]:
    """Yield what the holiday check found for the days of the edition: its year, and on to its last boundary."""
    last = max(boundary.date for boundary in drafted.boundaries)
    for check in checks:
        for each in check.disagreements:
            if each.day.year <= drafted.year or each.day <= last:
                codes = tuple(boundary.code for boundary in drafted.boundaries if boundary.date == each.day)
                windows = windows_on(drafted.programme, codes)
                yield Anomaly(AnomalyKind.HOLIDAYS_DISAGREE, each.text, codes, windows, (each.day,))
    computed = tuple(check.year for check in checks if check.is_compared and not check.is_announced)
    if computed:
        said = text(
            "the religious holidays of {years} are computed; confirm them with Diyanet's announcement", years=computed
        )
        yield Anomaly(AnomalyKind.ESTIMATED_HOLIDAY, said)
    alone = {check.year: check.listings[0].source for check in checks if not check.is_compared}
    if alone:
        said = text(
            "only the {source} knows the religious holidays of {years}; compare them with Diyanet's announcement",
            source=next(iter(alone.values())),
            years=tuple(alone),
        )
        yield Anomaly(AnomalyKind.ONE_SOURCE, said)


def _warned(drafted: Draft) -> Iterator[Anomaly]:
    """Yield each warning of a boundary once, however many boundaries and windows share the day."""
    sharing: dict[tuple[AnomalyKind, str], list[str]] = {}
    sentences: dict[tuple[AnomalyKind, str], Text] = {}
    for boundary in drafted.boundaries:
        for warning in boundary.warnings:
            key = (_KINDS_OF_WARNINGS[warning.code], warning.text.say("en"))
            sharing.setdefault(key, []).append(boundary.code)
            sentences[key] = warning.text
    for key, codes in sharing.items():
        yield _at(drafted, key[0], sentences[key], codes)


def _shorter(drafted: Draft, before: YearBefore) -> Iterator[Anomaly]:
    """Yield the windows that lost much of their time; rows and steps between the same boundaries are one."""
    sharing: dict[tuple[str, str], list[str]] = {}
    for label, window in _windows(drafted.programme):
        sharing.setdefault(window, []).append(label)
    changes = {row_label(drafted.programme, *key): change for key, change in before.windows.items()}
    for window, labels in sharing.items():
        change = changes.get(labels[0])
        if change is not None and change.is_much_shorter:
            said = text(
                "{now} working days; in {year} it had {before}", now=change.now, year=before.year, before=change.before
            )
            dates = tuple(drafted.boundary(code).date for code in window)
            yield Anomaly(AnomalyKind.WINDOW_SHORTER, said, (), tuple(labels), dates)


def _rules(drafted: Draft, fits: tuple[RuleFit, ...]) -> Iterator[Anomaly]:
    for boundary in drafted.boundaries:
        own = next((fit for fit in fits if fit.boundary == boundary.code and fit.is_own), None)
        if own is not None and own.miss is not None and own.miss.year != drafted.year:
            facts = {"year": own.miss.year, "published": own.miss.published, "given": own.miss.given or "–"}
            said = text("for {year} the rule gives {given}, but {published} was published", **facts)
            yield _at(drafted, AnomalyKind.DIFFERS_FROM_RULE, said, (boundary.code,))
        for fit in fits:
            is_other = fit.boundary == boundary.code and not fit.is_own and fit.date not in (None, boundary.date)
            if is_other and fit.fits:
                facts = {"rule": fit.rule, "years": fit.tried, "other": fit.date, "day": boundary.date}
                said = text("'{rule}' fits {years} as well; it would give {other}, not {day}", **facts)
                yield _at(drafted, AnomalyKind.RULES_DISAGREE, said, (boundary.code,))


def _at(drafted: Draft, kind: AnomalyKind, said: Text, codes: Iterable[str]) -> Anomaly:
    concerned = tuple(boundary.code for boundary in drafted.boundaries if boundary.code in set(codes))
    dates = tuple(sorted({drafted.boundary(code).date for code in concerned}))
    return Anomaly(kind, said, concerned, windows_on(drafted.programme, concerned), dates)
