"""What is worth knowing about a date of an edition: holidays, leave, and the difference between rule and print."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sekaps.calendar.days import DayFact, DayTable, Layer
from sekaps.calendar.holidays_tr import is_confirmed
from sekaps.calendar.rule_forms import Ordinal
from sekaps.texts import Bilingual, Text, text, weekday_name


class WarningCode(StrEnum):
    """The kinds of warning; none of them stops a draft."""

    WEEKEND = "weekend"
    """The date is a Saturday or Sunday."""
    STATUTORY_HOLIDAY = "statutory_holiday"
    """The date is a whole statutory holiday."""
    HALF_DAY = "half_day"
    """A statutory holiday begins on the date at 13:00."""
    ADMINISTRATIVE_LEAVE = "administrative_leave"
    """Public staff have leave on the date; a legal last day stays where it is."""
    CLOSURE = "closure"
    """An order closes the offices on the date."""
    ESTIMATED_HOLIDAY = "estimated_holiday"
    """The date lies in a year whose religious holidays are not confirmed."""
    DIFFERS_FROM_RULE = "differs_from_rule"
    """The published date is not the one the rule proposes."""
    RULE_IMPOSSIBLE = "rule_impossible"
    """The rule gives no date this year; the published date holds."""
    INVARIANT_BROKEN = "invariant_broken"
    """A condition every edition keeps is broken; the edition cannot be published."""


_ABOUT_THE_DAY = frozenset(WarningCode) - {
    WarningCode.DIFFERS_FROM_RULE,
    WarningCode.RULE_IMPOSSIBLE,
    WarningCode.INVARIANT_BROKEN,
}


@dataclass(frozen=True, slots=True)
class EditionWarning:
    """One warning: its kind, its sentence, and its dates for programs that read it."""

    code: WarningCode
    text: Text
    data: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_about_the_day(self) -> bool:
        """Whether it concerns the day itself, so that it holds for every window that ends there."""
        return self.code in _ABOUT_THE_DAY


def day_warnings(day: date, days: DayTable, *, is_closing: bool) -> Iterator[EditionWarning]:
    """Yield a warning for each layer of a day on which work is not done in full."""
    if not is_confirmed(day.year):
        said = text("the holidays of {year} are estimated; {day} may yet prove to be one", year=day.year, day=day)
        yield EditionWarning(WarningCode.ESTIMATED_HOLIDAY, said, {"day": day.isoformat()})
    for fact in days.facts_on(day):
        code = _code_of(fact)
        if code is not None:
            advice, data = _advice(day, days, is_closing=is_closing)
            yield EditionWarning(code, text("{what}; {advice}", what=describe(fact, days), advice=advice), data)


def difference_warnings(proposed: date | None, published: date | None, *, has_rule: bool) -> Iterator[EditionWarning]:
    """Yield a warning when a published date is not what the rule proposes."""
    if published is None or not has_rule or proposed == published:
        return
    if proposed is None:
        said = text("the rule gives no date this year; {published} was published", published=published)
        yield EditionWarning(WarningCode.RULE_IMPOSSIBLE, said, {"published": published.isoformat()})
        return
    said = text("the rule proposes {proposed}; {published} was published", proposed=proposed, published=published)
    data = {"proposed": proposed.isoformat(), "published": published.isoformat()}
    yield EditionWarning(WarningCode.DIFFERS_FROM_RULE, said, data)


def describe(fact: DayFact, days: DayTable) -> Text:
    """Return what a fact makes of its day (30 June 2023 is the 3rd day of Kurban Bayramı)."""
    if fact.layer is Layer.STATUTORY:
        return _describe_holiday(fact, days)
    if fact.layer is Layer.WEEKEND:
        name = Bilingual(tr=weekday_name(fact.day, "tr"), en=weekday_name(fact.day, "en"))
        return text("{day} is a {weekday}", day=fact.day, weekday=name)
    stated: dict[str, object] = {"day": fact.day, "layer": fact.layer.meaning, "name": fact.name}
    if fact.is_whole_day:
        return text("{day}: {layer} ({name})", **stated)
    if fact.starts is not None:
        return text("{day} from {hour}: {layer} ({name})", hour=f"{fact.starts:%H:%M}", **stated)
    return text("{day} until {hour}: {layer} ({name})", hour=f"{fact.ends:%H:%M}", **stated)


def _describe_holiday(fact: DayFact, days: DayTable) -> Text:
    """Word a statutory holiday by its official Turkish name, the one print uses, in both languages."""
    name = fact.name.tr
    if fact.starts is not None:
        hour = f"{fact.starts:%H:%M}"
        return text("{day} is a half day: {holiday} begins at {hour}", day=fact.day, holiday=name, hour=hour)
    if len(days.days_of_holiday(fact)) == 1:
        return text("{day} is {holiday}", day=fact.day, holiday=name)
    nth = Ordinal(days.nth_day_of_holiday(fact))
    return text("{day} is the {nth} day of {holiday}", day=fact.day, nth=nth, holiday=name)


def _code_of(fact: DayFact) -> WarningCode | None:
    if fact.layer is Layer.STATUTORY:
        return WarningCode.STATUTORY_HOLIDAY if fact.is_whole_day else WarningCode.HALF_DAY
    return {
        Layer.WEEKEND: WarningCode.WEEKEND,
        Layer.LEAVE: WarningCode.ADMINISTRATIVE_LEAVE,
        Layer.CLOSURE: WarningCode.CLOSURE,
    }.get(fact.layer)


def _advice(day: date, days: DayTable, *, is_closing: bool) -> tuple[Text, dict[str, str]]:
    if is_closing:
        last = days.last_full_working_day(day)
        data = {"day": day.isoformat(), "last_full_working_day": last.isoformat()}
        return text("last full working day {last}", last=last), data
    first = days.first_full_working_day(day)
    data = {"day": day.isoformat(), "first_full_working_day": first.isoformat()}
    return text("first full working day {first}", first=first), data
