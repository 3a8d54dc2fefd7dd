"""Why a boundary falls on its date, and what a day is, told in sentences."""

from collections.abc import Iterator
from datetime import date

from sekaps.calendar.days import NATION, DayTable, Layer, Place
from sekaps.calendar.edition_warnings import describe
from sekaps.calendar.editions import Draft
from sekaps.texts import Bilingual, Sayable, Text, text, weekday_name


def explain(draft: Draft, days: DayTable, code: str) -> tuple[Sayable, ...]:
    """Return how a boundary came to its date: the day itself, rule, alternatives, and who confirmed it."""
    boundary = draft.boundary(code)
    return (*explain_day(boundary.date, days), *_explain_rule(draft, code), *_explain_confirmation(draft, code))


def explain_day(day: date, days: DayTable, place: Place = NATION) -> Iterator[Text]:
    """Yield what a day is at a place: its weekday, every layer on it, and whether it is worked."""
    yield text("{day} is a {weekday}", day=day, weekday=_weekday(day))
    facts = days.facts_on(day, place)
    yield from (describe(fact, days) for fact in facts if fact.layer is not Layer.WEEKEND)
    if days.is_full_working_day(day, place):
        yield text("it is a full working day")
    elif days.is_working_day(day):
        yield text("it counts as a working day, but is not worked in full")
    else:
        yield text("it is not a working day; the next one is {next}", next=days.next_working_day(day))


def _explain_rule(draft: Draft, code: str) -> Iterator[Text]:
    boundary = draft.boundary(code)
    if boundary.wording is not None and boundary.proposed is not None:
        yield text("the rule '{rule}' proposes {proposed}", rule=boundary.wording, proposed=boundary.proposed)
    for other in boundary.alternatives:
        if other.date is not None:
            yield text("the rule '{rule}' would give {proposed}", rule=other.rule, proposed=other.date)
    if boundary.published is not None and boundary.proposed not in (None, boundary.published):
        yield text("the published date, {published}, wins over the rule", published=boundary.published)


def _explain_confirmation(draft: Draft, code: str) -> Iterator[Sayable]:
    stated, programme = draft.programme.boundaries[code], draft.programme
    if draft.boundary(code).published is None:
        yield text("no date has been published for {year}", year=draft.year)
        return
    confirmed_by, source = stated.confirmed_by or programme.confirmed_by, stated.source or programme.source
    if confirmed_by:
        yield text("confirmed by {who}", who=confirmed_by)
    if source:
        yield text("published in {source}", source=source)
    if stated.note:
        yield stated.note


def _weekday(day: date) -> Bilingual:
    return Bilingual(tr=weekday_name(day, "tr"), en=weekday_name(day, "en"))
