"""Boundary rules: sentences such as "last working day of April" that give a date in any year."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pendulum

from sekaps.calendar.days import ONE_DAY, DayTable, each_day, is_weekday, walk
from sekaps.calendar.rule_forms import (
    LAST,
    NAMED_DAYS,
    Anchor,
    DayOfMonth,
    Form,
    Month,
    Nearest,
    NextTo,
    NthOfMonth,
    Shift,
    Unit,
)
from sekaps.calendar.rule_grammar import parse_form
from sekaps.errors.calendar import RuleImpossible
from sekaps.texts import Language, text

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was written, and its form."""

    text: str
    form: Form

    @property
    def needs(self) -> frozenset[str]:
        """The codes of the boundaries it depends on."""
        anchor = getattr(self.form, "anchor", None)
        return frozenset({anchor}) if isinstance(anchor, str) else frozenset()

    def say(self, language: Language) -> str:
        """Return the rule as a phrase of that language (nisan ayının son iş günü)."""
        return self.form.wording.say(language)


def parse_rule(text: str) -> Rule:
    """Return the rule a sentence states; raise with the place where it stops making sense."""
    return Rule(text, parse_form(text))


def evaluate(rule: Rule, year: int, dates: Mapping[str, date], days: DayTable) -> date:
    """Return the rule's date in the edition of a year, given the dates of the boundaries it needs."""
    try:
        return _Reckoning(rule, year, dates, days).day_of(rule.form)
    except (OverflowError, ValueError):  # a shift beyond the years a date can have
        problem = text("it leads beyond every calendar")
        raise RuleImpossible(rule=rule.text, year=year, problem=problem) from None


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """One evaluation of one rule: what it is reckoned from."""

    rule: Rule
    year: int
    dates: Mapping[str, date]
    days: DayTable

    def day_of(self, form: Form) -> date:
        match form:
            case NthOfMonth(nth, unit, month):
                return self._nth(nth, unit, month)
            case DayOfMonth():
                return self._anchor(form)
            case NextTo(unit, anchor, is_after):
                return walk(self._anchor(anchor), 1 if is_after else -1, self._counts(unit))
            case Shift(count, unit, anchor):
                return self._shift(self._anchor(anchor), count, unit)
            case Nearest(unit, anchor, is_after):
                step = 1 if is_after else -1
                return walk(self._anchor(anchor) - step * ONE_DAY, step, self._counts(unit))
            case _:
                return self._anchor(form.anchor)

    def _anchor(self, anchor: Anchor) -> date:
        if isinstance(anchor, str):
            return self.dates[anchor]
        year = self.year + anchor.month.year_offset
        if anchor.day > monthrange(year, anchor.month.number)[1]:
            raise self._impossible(anchor, year)
        return date(year, anchor.month.number, anchor.day)

    def _nth(self, nth: int, unit: Unit, month: Month) -> date:
        year = self.year + month.year_offset
        last = date(year, month.number, monthrange(year, month.number)[1])
        found = list(filter(self._counts(unit), each_day(last.replace(day=1), last)))
        if nth != LAST and nth > len(found):
            raise self._impossible(self.rule, year)
        return found[-1 if nth == LAST else nth - 1]

    def _shift(self, day: date, count: int, unit: Unit) -> date:
        if unit is Unit.MONTH:
            return add_months(day, count)
        if unit is Unit.WORKING_DAY:
            return self.days.add_working_days(day, count)
        return day + timedelta(days=count * (DAYS_A_WEEK if unit is Unit.WEEK else 1))

    def _counts(self, unit: Unit) -> Callable[[date], bool]:
        if unit in NAMED_DAYS:
            return lambda day: day.weekday() == NAMED_DAYS.index(unit)
        by_table = {
            Unit.WEEKDAY: is_weekday,
            Unit.WORKING_DAY: self.days.is_working_day,
            Unit.FULL_WORKING_DAY: self.days.is_full_working_day,
        }
        return by_table.get(unit, lambda day: True)

    def _impossible(self, what: object, year: int) -> RuleImpossible:
        problem = text("{year} has no {what}", year=year, what=what)
        return RuleImpossible(rule=self.rule.text, year=self.year, problem=problem)


def add_months(day: date, count: int) -> date:
    """Return the same day number some months away, or the last day of a shorter month (law 6098, article 92)."""
    moved = pendulum.date(day.year, day.month, day.day).add(months=count)
    return date(moved.year, moved.month, moved.day)
