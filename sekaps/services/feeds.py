"""The windows of an edition as calendar entries: the whole year's, one unit's, one person's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from sekaps.calendar.days import Place
from sekaps.domain.gates import ExtensionTerms, Standing
from sekaps.domain.reminders import rung_day
from sekaps.models.programmes import WHOLE_ROW
from sekaps.services.editions import EditionView
from sekaps.services.feed_history import Past, StepKey, WindowHistory, history_of, in_calendar_order, read_past
from sekaps.services.feed_parts import FeedUnit, UnitParts, person_parts, unit_parts
from sekaps.texts import Sayable, Text, text

NATION = Standing(0, None, None)
"""Where the whole year stands: only what is given to everybody reaches it."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One window: what it is, whose, its days as they stand, how often it was changed and when it last was.

    ``who`` is the unit a feed of one unit or person names, otherwise the actor of the step.
    """

    activity: str
    step: str
    unit: int | None
    title: Sayable
    does: Sayable
    consequence: Sayable | None
    who: Sayable | str | None
    extended: Text | None
    opens: date
    closes: date
    sequence: int
    changed_at: datetime
    withdrawn: bool
    alarm_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries in the calendar's order, and whose they are; empty for the whole year's."""

    whose: str
    entries: tuple[FeedEntry, ...]


def year_feed(session: Session, edition: EditionView, as_of: datetime) -> Feed:
    """Return every window the edition ever had; withdrawn ones with their last dates."""
    past = read_past(session, edition, as_of)
    keys = {key for moment in past.moments for key in moment.revision.windows}
    return Feed("", _entries(edition, past, keys, None))


def unit_feed(session: Session, edition: EditionView, number: int, as_of: datetime) -> Feed:
    """Return the steps one unit owes documents in or acts in, as they stand for it; raise UnitUnknown."""
    past = read_past(session, edition, as_of)
    parts = unit_parts(session, edition, past.programmes, number)
    return Feed(parts.unit.name, _entries_of(edition, past, parts))


def person_feed(session: Session, edition: EditionView, number: int, as_of: datetime) -> Feed:
    """Return the steps that concern one person, for each unit of a post held now; raise PersonUnknown."""
    past = read_past(session, edition, as_of)
    name, held = person_parts(session, edition, past.programmes, number, as_of)
    return Feed(name, tuple(entry for parts in held for entry in _entries_of(edition, past, parts)))


def _entries_of(edition: EditionView, past: Past, parts: UnitParts) -> tuple[FeedEntry, ...]:
    return _entries(edition, past, parts.keys, parts.unit)


def _entries(edition: EditionView, past: Past, keys: Iterable[StepKey], unit: FeedUnit | None) -> tuple[FeedEntry, ...]:
    standing = unit.standing if unit else NATION
    return tuple(_entry(edition, key, history_of(past, key, standing), unit) for key in in_calendar_order(past, keys))


def _entry(edition: EditionView, key: StepKey, history: WindowHistory, unit: FeedUnit | None) -> FeedEntry:
    programme, step = history.revision.programme, history.revision.steps()[key]
    row = programme.activity(key[0])
    actor = programme.actors.get(step.actor or "") if step else None
    return FeedEntry(
        activity=key[0],
        step=key[1] or WHOLE_ROW,
        unit=unit.number if unit else None,
        title=row.name,
        does=step.does if step else row.name,
        consequence=(step.consequence if step else None) or row.consequence,
        who=unit.name if unit else (actor.name if actor else None),
        extended=_extended(history.window.closes, history.extension),
        opens=history.window.opens,
        closes=_closes(history),
        sequence=history.changes,
        changed_at=history.changed_at,
        withdrawn=history.withdrawn,
        alarm_days=() if history.withdrawn else _alarm_days(edition, key, history, unit),
    )


def _extended(closes: date, terms: ExtensionTerms | None) -> Text | None:
    if terms is None:
        return None
    return text(
        "The calendar closes it on {closes}; letter {letter} opens it from {since} until {until}.",
        closes=closes,
        letter=terms.letter_number,
        since=terms.since,
        until=terms.until,
    )


def _alarm_days(edition: EditionView, key: StepKey, history: WindowHistory, unit: FeedUnit | None) -> tuple[date, ...]:
    """Return the office days, where the unit stands, of the rungs before the closing day."""
    programme, step = history.revision.programme, history.revision.steps()[key]
    row = programme.activity(key[0])
    ladder = programme.ladders.get((row.ladder_of(step) if step else row.ladder) or "")
    rungs = [rung for rung in ladder.rungs if rung < 0] if ladder else []
    closes, place = _closes(history), _place(key, unit)
    return tuple(rung_day(closes, rung, edition.days, place) for rung in rungs)


def _closes(history: WindowHistory) -> date:
    """Return the last day as it stands."""
    return history.extension.until if history.extension else history.window.closes


def _place(key: StepKey, unit: FeedUnit | None) -> Place:
    if unit is None:
        return Place()
    standing = unit.standing
    return Place(standing.province, standing.district, str(standing.unit_number), key[0])
