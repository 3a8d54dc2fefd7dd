"""Correcting what people were told: letters not yet sent are recalled, those sent are followed by one correction."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.corrections import Change, Correction, has_moved
from sekaps.domain.digests import Recipient
from sekaps.domain.reminders import OpenWork
from sekaps.models.mail import OutboxMessage, ReminderClaim
from sekaps.services.due_work import DueItem, Timetable, read_timetable
from sekaps.services.edition_work import open_work
from sekaps.services.editions import EditionView
from sekaps.services.outbox import post
from sekaps.services.reminders import KEY_PREFIX, issuer_of, outbox_row, recipients
from sekaps.services.writing import chunked
from sekaps.texts import Sayable

CORRECTION_PREFIX = "correction:"
Told = tuple[str, str, int, int]
"""Whom a letter told of what: activity, step, unit, person."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The act that moved last days: its own key, which makes its correction one, and its wording."""

    key: str
    wording: Sayable


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a change of last days means for letters: how many unsent are recalled, how many people are corrected."""

    recalled: int = 0
    people: int = 0


Changes = Mapping[int, Sequence[Change]]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The open work of an edition, and when each of it is due."""

    work: Sequence[OpenWork]
    timetable: Timetable


def deadlines(session: Session, edition: EditionView, as_of: datetime) -> Deadlines:
    """Return what is open in an edition and when it is due, extensions and orders as they stand at the instant."""
    work = open_work(session, edition, as_of)
    return Deadlines(work, read_timetable(session, edition, {one.unit_id for one in work}, as_of))


def moved_deadlines(session: Session, before: Deadlines, after: Deadlines) -> Changes:
    """Return by person the last days that have moved, of work they were reminded of and still have."""
    told = _told(session, before.timetable.edition.id)
    found: dict[int, list[Change]] = defaultdict(list)
    for was, now in _moved(before, after):
        person_id = now.work.person_id
        if person_id is not None and (*now.step_key, now.work.unit_id, person_id) in told:
            words, documents = now.terms.words, now.work.documents
            found[person_id].append(Change(words, now.unit, documents, was.deadline, now.deadline))
    return dict(found)


def correct(session: Session, before: Deadlines, after: Deadlines, cause: Cause, as_of: datetime) -> Corrected:
    """Recall unsent letters with a last day that moved, and write one correction to each person told of one.

    Done again for the same cause it writes nothing. What was recalled is told with its new day by the next tick.
    """
    edition = after.timetable.edition
    recalled = _recall(session, recallable(session, before, after))
    changes = moved_deadlines(session, before, after)
    batches = chunked(sorted(changes))
    rows = [row for ids in batches for row in _letters(session, edition, ids, changes, cause, as_of)]
    written = post(session, rows)
    return Corrected(recalled, len(written))


def _moved(before: Deadlines, after: Deadlines) -> Iterator[tuple[DueItem, DueItem]]:
    for one in before.work:
        was, now = before.timetable.item(one), after.timetable.item(one)
        if was is not None and now is not None and has_moved(was.deadline, now.deadline):
            yield was, now


def _told(session: Session, edition_id: int) -> set[Told]:
    query = select(ReminderClaim.activity, ReminderClaim.step, ReminderClaim.unit_id, ReminderClaim.person_id).where(
        ReminderClaim.edition_id == edition_id
    )
    return {(row[0], row[1], row[2], row[3]) for row in session.execute(query.distinct())}


def recallable(session: Session, before: Deadlines, after: Deadlines) -> list[int]:
    """Return the digests, by outbox id, that nobody has tried to deliver and that name a last day that moved."""
    people = sorted({was.work.person_id for was, _ in _moved(before, after) if was.work.person_id is not None})
    unsent = (
        OutboxMessage.edition_id == before.timetable.edition.id,
        OutboxMessage.state == "waiting",
        OutboxMessage.attempts == 0,
        OutboxMessage.key.startswith(KEY_PREFIX),
    )
    query = select(OutboxMessage.id).where(*unsent).order_by(OutboxMessage.id)
    return [one for some in chunked(people) for one in session.scalars(query.where(OutboxMessage.person_id.in_(some)))]


def _recall(session: Session, outbox_ids: Sequence[int]) -> int:
    """Take unsent digests back with their claims, so that the next tick writes them anew; return how many."""
    unsent = (OutboxMessage.state == "waiting", OutboxMessage.attempts == 0)
    query = select(OutboxMessage.id).where(*unsent).with_for_update(skip_locked=True)
    ids = [one for some in chunked(outbox_ids) for one in session.scalars(query.where(OutboxMessage.id.in_(some)))]
    for some in chunked(ids):
        session.execute(delete(ReminderClaim).where(ReminderClaim.outbox_id.in_(some)))
        session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(some)))
    return len(ids)


def _letters(
    session: Session, edition: EditionView, ids: Sequence[int], changes: Changes, cause: Cause, as_of: datetime
) -> list[dict[str, Any]]:
    people = recipients(session, ids)
    return [_letter(edition, people[one], changes[one], cause, as_of) for one in ids]


def _letter(
    edition: EditionView, recipient: Recipient, changes: Sequence[Change], cause: Cause, as_of: datetime
) -> dict[str, Any]:
    ordered = tuple(sorted(changes, key=lambda change: (change.after.closes, change.words.place, change.unit)))
    letter = Correction(issuer_of(edition), recipient, local_day(as_of), cause.wording, ordered)
    return outbox_row(f"{CORRECTION_PREFIX}{edition.id}:{cause.key}:{recipient.id}", edition, letter, as_of)
