"""Telling those whom a revision concerns: the bodies that decided, the owners of needs and of resources, once each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.digests import Recipient
from sekaps.domain.form_revisions import Asked
from sekaps.domain.revision_letters import RevisedLine, RevisionLetter, outlook
from sekaps.models.registry import Post
from sekaps.services.editions import EditionView
from sekaps.services.gates import step_name
from sekaps.services.lines import activity_of
from sekaps.services.open_work import HEAD, holders
from sekaps.services.outbox import post
from sekaps.services.reminders import issuer_of, outbox_row, recipients
from sekaps.services.revised_lines import TakenBack
from sekaps.services.writing import chunked
from sekaps.texts import Sayable

LETTER_PREFIX = "revision:"


@dataclass(frozen=True, slots=True)
class Told:
    """What the letters of one revision tell of."""

    revision_id: int
    asked: Asked
    lines: Sequence[TakenBack]


def write_letters(session: Session, edition: EditionView, told: Told, as_of: datetime) -> int:
    """Write one letter to the head of each unit a lost line concerns, naming its own lines; return how many."""
    by_person = _by_person(session, told.lines, as_of)
    written = 0
    for ids in chunked(sorted(by_person)):
        people = recipients(session, ids)
        rows = [_letter(edition, people[one], told, by_person[one], as_of) for one in ids]
        written += len(post(session, rows))
    return written


def _by_person(session: Session, lines: Iterable[TakenBack], as_of: datetime) -> dict[int, list[TakenBack]]:
    """Return by person the lines of the units that person heads; an open proposal concerns nobody but its body."""
    by_unit: dict[int, list[TakenBack]] = defaultdict(list)
    for line in lines:
        units = {line.body_id, line.need_unit_id, line.resource_unit_id} if line.is_decided else {line.body_id}
        for unit_id in units:
            by_unit[unit_id].append(line)
    found: dict[int, dict[int, TakenBack]] = defaultdict(dict)
    for unit_id, person_id in _heads(session, by_unit, as_of).items():
        found[person_id] |= {line.line_id: line for line in by_unit[unit_id]}
    return {person_id: [theirs[key] for key in sorted(theirs)] for person_id, theirs in found.items()}


def _heads(session: Session, unit_ids: Iterable[int], as_of: datetime) -> dict[int, int]:
    held = holders(as_of)
    query = select(Post.unit_id, held.c.person_id).join(held, held.c.post_id == Post.id).where(Post.kind == HEAD)
    return {
        unit_id: person_id
        for part in chunked(sorted(unit_ids))
        for unit_id, person_id in session.execute(query.where(Post.unit_id.in_(part)))
    }


def _letter(
    edition: EditionView, recipient: Recipient, told: Told, lines: Sequence[TakenBack], as_of: datetime
) -> dict[str, Any]:
    asked = told.asked
    letter = RevisionLetter(
        issuer=issuer_of(edition),
        recipient=recipient,
        day=local_day(as_of),
        number=asked.number,
        kind=asked.kind,
        before=asked.quantity,
        after=asked.quantity_after,
        reason=asked.reason,
        letter=asked.letter,
        lines=tuple(_line(edition, line) for line in lines),
    )
    return outbox_row(f"{LETTER_PREFIX}{told.revision_id}:{recipient.id}", edition, letter, as_of)


def _line(edition: EditionView, line: TakenBack) -> RevisedLine:
    again = None if line.again is None else _step(edition, line.again)
    told = outlook(is_needed=line.is_needed, again=again)
    return RevisedLine(line.need, line.resource, _step(edition, line.stage), line.before, line.after, told)


def _step(edition: EditionView, stage: Stage) -> Sayable:
    step = RULES[stage].step
    return step_name(edition, activity_of(step), step)
