"""Writing to those who must act in a legal term: one letter for each unit, term, last day and rung.

Terms known on the same day go into one letter; what becomes known later has a letter of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.digests import Recipient
from sekaps.domain.legal_terms import TERMS, TOLD_DAYS, Actor, TermState, rung_on
from sekaps.domain.term_letters import TermLetter, TermWords
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import LegalTerm, Notice, Objection
from sekaps.models.mail import OutboxMessage
from sekaps.models.registry import Post, Unit
from sekaps.services.editions import EditionView
from sekaps.services.open_work import HEAD, holders
from sekaps.services.outbox import post
from sekaps.services.papers import SERVICE_STEP, log_act
from sekaps.services.periods import find_period
from sekaps.services.reminders import issuer_of, outbox_row, recipients
from sekaps.services.writing import Query, chunked
from sekaps.texts import text

LETTER_PREFIX = "term:"
FARTHEST_RUNG_DAYS = max(rung for rule in TERMS.values() for rung in rule.rungs) + 1


@dataclass(frozen=True, slots=True)
class Call:
    """What one letter is about: the unit told, the term, its last day, the day it became known, and the rung."""

    unit_id: int
    code: str
    due_on: date
    known_on: date
    rung: int

    def key(self, edition_id: int) -> str:
        """The key of its letter in the outbox."""
        return f"{LETTER_PREFIX}{edition_id}:{self.code}:{self.unit_id}:{self.due_on}:{self.known_on}:{self.rung}"


@dataclass(frozen=True, slots=True)
class _Due:
    number: str
    due_at: datetime
    has_lapsed: bool


def remind_terms(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Write the letters of every rung that is due, and return how many are new; on holidays nobody is written to."""
    if not edition.days.is_office_day(local_day(as_of)):
        return 0
    calls = _calls(session, edition, as_of)
    fresh = _unwritten(session, edition, calls)
    heads = _heads(session, {call.unit_id for call in fresh}, as_of)
    written = 0
    for part in chunked([call for call in fresh if call.unit_id in heads]):
        people = recipients(session, sorted({heads[call.unit_id][1] for call in part}))
        rows = [_row(edition, call, calls[call], heads[call.unit_id][0], people[heads[call.unit_id][1]], as_of)
                for call in part]  # fmt: skip
        written += len(post(session, rows))
    if written:
        log_act(session, edition, SERVICE_STEP, "remind_terms", as_of, written, {})
    return written


def _calls(session: Session, edition: EditionView, as_of: datetime) -> Mapping[Call, Sequence[_Due]]:
    """Return the terms a rung is due for, gathered by letter, in the order of the letters."""
    found: dict[Call, list[_Due]] = defaultdict(list)
    today = local_day(as_of)
    for row in session.execute(_news(edition, as_of)):
        state, rule = TermState(row.state), TERMS[row.code]
        unit_id = row.commission if rule.actor is Actor.ADDRESSEE else row.unit_id
        rung = rung_on(rule, row.due_at, state, today)
        if rung is not None:
            call = Call(unit_id, row.code, local_day(row.due_at), local_day(row.known_at), rung)
            found[call].append(_Due(row.number, row.due_at, state is TermState.LAPSED))
    return {call: found[call] for call in sorted(found, key=lambda call: call.key(edition.id))}


def _news(edition: EditionView, as_of: datetime) -> Query:
    """Return the terms known at an instant that end soon after it or ended lately before it, with who is told.

    What became known, or lapsed, only later is left out: a day looked at again finds nothing it did not find then.
    """
    known_at = case(
        (LegalTerm.code == "price_service", Notice.prepared_at),
        (LegalTerm.code == "price_objection", Notice.recorded_at),
        else_=Objection.recorded_at,
    )
    soon, lately = as_of + timedelta(days=FARTHEST_RUNG_DAYS), as_of - timedelta(days=TOLD_DAYS + 1)
    ends_soon = (LegalTerm.state == TermState.RUNNING.value) & LegalTerm.due_at.between(as_of, soon)
    ended = (LegalTerm.state == TermState.LAPSED.value) & LegalTerm.due_at.between(lately, as_of)
    columns = (LegalTerm.code, LegalTerm.state, LegalTerm.due_at, LegalTerm.unit_id, Notice.number)
    return (
        select(*columns, Allocation.body_id.label("commission"), known_at.label("known_at"))
        .join(Notice, Notice.id == LegalTerm.notice_id)
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .outerjoin(Objection, Objection.notice_id == Notice.id)
        .where(LegalTerm.edition_id == edition.id, known_at <= as_of, or_(ends_soon, ended))
        .order_by(LegalTerm.id)
    )


def _unwritten(session: Session, edition: EditionView, calls: Iterable[Call]) -> list[Call]:
    """Return the calls no letter was written for yet."""
    by_key = {call.key(edition.id): call for call in calls}
    for part in chunked(list(by_key)):
        for key in session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(part))):
            del by_key[key]
    return list(by_key.values())


def _heads(session: Session, unit_ids: Iterable[int], as_of: datetime) -> dict[int, tuple[str, int]]:
    """Return by unit its name and who leads it, or else who leads the unit above; nobody's units are left out."""
    held = holders(as_of)
    own, above = aliased(held), aliased(held)
    head, parent_head = aliased(Post), aliased(Post)
    told = func.coalesce(own.c.person_id, above.c.person_id)
    query = (
        select(Unit.id, Unit.name, told)
        .outerjoin(head, (head.unit_id == Unit.id) & (head.kind == HEAD))
        .outerjoin(own, own.c.post_id == head.id)
        .outerjoin(parent_head, (parent_head.unit_id == Unit.parent_id) & (parent_head.kind == HEAD))
        .outerjoin(above, above.c.post_id == parent_head.id)
        .where(told.is_not(None))
    )
    return {
        unit_id: (name, person_id)
        for part in chunked(sorted(unit_ids))
        for unit_id, name, person_id in session.execute(query.where(Unit.id.in_(part)))
    }


def _row(
    edition: EditionView, call: Call, due: Sequence[_Due], unit: str, recipient: Recipient, as_of: datetime
) -> dict[str, Any]:
    letter = TermLetter(
        issuer=issuer_of(edition),
        recipient=recipient,
        day=local_day(as_of),
        unit=unit,
        words=words_of(call.code),
        due_at=min(one.due_at for one in due),
        has_lapsed=due[0].has_lapsed,
        numbers=tuple(one.number for one in due),
    )
    return outbox_row(call.key(edition.id), edition, letter, as_of)


def words_of(code: str) -> TermWords:
    """Return how the catalogue calls a term."""
    row = find_period(code).row
    assert row is not None
    source = text("{law}, article {article}", law=row.law, article=row.article)
    return TermWords(row.name, source, row.period.wording, row.starts, row.then)
