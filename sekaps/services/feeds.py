"""The windows of an edition as calendar entries: how often each has changed, and which were withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.models.programmes import WHOLE_ROW, EditionWindow, Revision
from sekaps.services.editions import EditionView
from sekaps.texts import Sayable

Dates = tuple[date, date]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One window: what it is, its days, how many revisions have moved it, and when the last of them did."""

    activity: str
    step: str
    title: Sayable
    does: Sayable
    consequence: Sayable | None
    opens: date
    closes: date
    sequence: int
    changed_at: datetime
    withdrawn: bool
    rungs: tuple[int, ...]


def feed_entries(session: Session, edition: EditionView) -> list[FeedEntry]:
    """Return every window the edition ever had, in the calendar's order; withdrawn ones with their last dates."""
    history = _history(session, edition)
    return [_entry(edition, key, changes, edition.revision) for key, changes in history.items()]


@dataclass(slots=True)
class _Changes:
    """What became of one window from revision to revision."""

    dates: Dates
    sequence: int
    changed_at: datetime
    last_seen: int


def _history(session: Session, edition: EditionView) -> dict[tuple[str, str], _Changes]:
    query = (
        select(Revision.number, Revision.decided_at, EditionWindow)
        .join(EditionWindow, EditionWindow.revision_id == Revision.id)
        .where(Revision.edition_id == edition.id)
        .order_by(Revision.number)
    )
    found: dict[tuple[str, str], _Changes] = {}
    for number, decided_at, window in session.execute(query):
        key, dates = (window.activity, window.step), (window.opens, window.closes)
        held = found.setdefault(key, _Changes(dates, 0, decided_at, number))
        if dates != held.dates:
            held.dates, held.sequence, held.changed_at = dates, held.sequence + 1, decided_at
        held.last_seen = number
    rows = [row.code for row in edition.programme.activities]
    order = {row: place for place, row in enumerate(rows)}
    return dict(sorted(found.items(), key=lambda one: (order.get(one[0][0], len(rows)), one[0][1])))


def _entry(edition: EditionView, key: tuple[str, str], changes: _Changes, revision: int) -> FeedEntry:
    activity, step = key
    row = edition.activity(activity)
    part = next((each for each in row.steps if each.key == step), None)
    ladder = edition.programme.ladders.get((row.ladder_of(part) if part else row.ladder) or "")
    return FeedEntry(
        activity=activity,
        step=step or WHOLE_ROW,
        title=row.name,
        does=part.does if part else row.name,
        consequence=(part.consequence if part else None) or row.consequence,
        opens=changes.dates[0],
        closes=changes.dates[1],
        sequence=changes.sequence,
        changed_at=changes.changed_at,
        withdrawn=changes.last_seen < revision,
        rungs=tuple(rung for rung in ladder.rungs if rung < 0) if ladder else (),
    )
