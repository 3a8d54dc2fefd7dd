"""The outbox: which messages may be handed over now, and what became of each; knows rows, not relays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from sekaps.domain.mail_domains import FIRST_BACKOFF, Verdict, backoff, domain_of
from sekaps.domain.messages import Letter
from sekaps.models.mail import OutboxLetter, OutboxMessage
from sekaps.models.registry import Person
from sekaps.services.mail_domains import free_domains, held_domains, hold_domains
from sekaps.services.writing import insert_new, insert_returning, table_of

WORDING = ("plain", "html")
STATES = ("waiting", "sending", "sent", "failed")
ATTEMPTS_LIMIT = 8
DOMAIN_ATTEMPTS_LIMIT = 24
"""Attempts that a domain refuses before a message is given up: about five days, as mail systems do."""
REASON_LENGTH = 300
"""Characters of a failure's reason that the outbox keeps."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in this worker's hands, which attempt this is, and whether its domain refused the last one."""

    id: int
    attempt: int
    letter: Letter
    domain_refused: bool = False

    @property
    def domain(self) -> str:
        """The recipient's mail domain."""
        return domain_of(self.letter.address)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Messages in this worker's hands, and how many others were put off because their domain takes none for now."""

    parcels: list[Parcel]
    put_off: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message the relay did not take: why, and what that means for it."""

    parcel: Parcel
    reason: str
    verdict: Verdict


def post(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Write messages with their wording, and return the person and id of each whose key is new."""
    messages = [{name: value for name, value in row.items() if name not in WORDING} for row in rows]
    ids = dict(insert_returning(session, OutboxMessage, messages, ("key", "id")))
    new = [row for row in rows if row["key"] in ids]
    letters = [{"outbox_id": ids[row["key"]], **{name: row[name] for name in WORDING}} for row in new]
    insert_new(session, OutboxLetter, letters)
    return [(row["person_id"], ids[row["key"]]) for row in new]


def claim_parcels(session: Session, as_of: datetime, *, now: datetime, claimed_until: datetime, limit: int) -> Claimed:
    """Take up to limit deliverable messages in hand until an instant, leaving alone what another worker holds.

    Messages are due by ``as_of``, which a rehearsal sets; claims run by ``now``, the machine's own time. Those to a
    domain that takes none are put off until it is asked again; each of them is looked at once for that.
    """
    due = _due(session, as_of, now, limit)
    domains = held_domains(session, {domain_of(address) for address in due.values()})
    held = {one: until for one, address in due.items() if (until := domains.get(domain_of(address), as_of)) > as_of}
    _put_off(session, held)
    ids = [one for one in due if one not in held]
    _change(session, ids, state="sending", attempts=OutboxMessage.attempts + 1, claimed_until=claimed_until)
    return Claimed(_parcels(session, ids, domains), len(held))


def _due(session: Session, as_of: datetime, now: datetime, limit: int) -> dict[int, str]:
    """Return the messages that may be taken in hand, the longest due first, with their addresses; and lock them."""
    free = or_(
        and_(OutboxMessage.state == "waiting", OutboxMessage.next_attempt_at <= as_of),
        and_(OutboxMessage.state == "sending", OutboxMessage.claimed_until <= now),
    )
    due = (
        select(OutboxMessage.id, Person.email)
        .join(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.sent_at.is_(None), free)
        .order_by(OutboxMessage.next_attempt_at)
        .limit(limit)
    )
    return {one: email for one, email in session.execute(due.with_for_update(skip_locked=True, of=OutboxMessage))}


def _put_off(session: Session, held: Mapping[int, datetime]) -> None:
    by_instant = sorted(held, key=lambda one: (held[one], one))
    for until, ids in groupby(by_instant, key=lambda one: held[one]):
        _change(session, list(ids), state="waiting", next_attempt_at=until, claimed_until=None)


def mark_sent(session: Session, parcels: Sequence[Parcel], as_of: datetime) -> None:
    """Record the messages the relay has taken; a domain that takes mail again is held no longer."""
    ids = [parcel.id for parcel in parcels]
    _change(session, ids, state="sent", sent_at=as_of, claimed_until=None, error=None)
    if recovered := {parcel.domain for parcel in parcels if parcel.domain_refused}:
        free_domains(session, recovered)


def mark_refused(session: Session, refusals: Sequence[Refusal], as_of: datetime) -> None:
    """Record why messages were not taken: they wait for a later attempt, or have failed for good."""
    if not refusals:
        return
    answers = {one.parcel.domain: one.reason for one in refusals if one.verdict is Verdict.DOMAIN}
    held = hold_domains(session, answers, as_of) if answers else {}
    outbox = table_of(OutboxMessage)
    change = update(outbox).where(outbox.c.id == bindparam("parcel_id"), outbox.c.sent_at.is_(None))
    session.connection().execute(
        change.values(
            state=bindparam("new_state"),
            next_attempt_at=bindparam("next_at"),
            error=bindparam("reason"),
            claimed_until=None,
        ),
        [_refused(refusal, as_of, held) for refusal in refusals],
    )


def _refused(refusal: Refusal, as_of: datetime, held: Mapping[str, datetime]) -> dict[str, Any]:
    """Return what a refused message becomes; to a domain that refuses, another one is offered first next time."""
    of_domain = refusal.verdict is Verdict.DOMAIN
    next_at = held[refusal.parcel.domain] + FIRST_BACKOFF if of_domain else as_of + backoff(refusal.parcel.attempt)
    return {
        "parcel_id": refusal.parcel.id,
        "new_state": "failed" if has_failed(refusal) else "waiting",
        "next_at": next_at,
        "reason": refusal.reason[:REASON_LENGTH],
    }


def release(session: Session, parcels: Iterable[Parcel]) -> None:
    """Put messages back that were never offered to the relay, as if they had not been taken in hand."""
    ids = [parcel.id for parcel in parcels]
    _change(session, ids, state="waiting", attempts=OutboxMessage.attempts - 1, claimed_until=None)


def _change(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Change messages that are not sent yet."""
    if ids:
        outbox = table_of(OutboxMessage)
        session.execute(update(outbox).where(outbox.c.id.in_(ids), outbox.c.sent_at.is_(None)).values(values))


def release_all(session: Session, edition_id: int) -> None:
    """Put back whatever an edition has in hand, when it is known that nobody is delivering it any more."""
    held = (OutboxMessage.edition_id == edition_id, OutboxMessage.state == "sending")
    session.execute(update(OutboxMessage).where(*held).values(state="waiting", claimed_until=None))


def count_states(session: Session) -> dict[str, int]:
    """Return how many messages are in each state, of whatever edition."""
    counted = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    found = {state: count for state, count in session.execute(counted)}
    return {state: found.get(state, 0) for state in STATES}


def has_failed(refusal: Refusal) -> bool:
    """Tell whether a refused message is given up."""
    limit = DOMAIN_ATTEMPTS_LIMIT if refusal.verdict is Verdict.DOMAIN else ATTEMPTS_LIMIT
    return refusal.verdict is Verdict.NEVER or refusal.parcel.attempt >= limit


def _parcels(session: Session, ids: Sequence[int], refused: Mapping[str, datetime]) -> list[Parcel]:
    """Return messages, those offered least first: a domain that refused is asked with another one each time."""
    columns = (OutboxMessage.key, Person.name, Person.email, OutboxMessage.subject)
    found = (
        select(OutboxMessage.id, OutboxMessage.attempts, *columns, OutboxLetter.plain, OutboxLetter.html)
        .join(Person, Person.id == OutboxMessage.person_id)
        .join(OutboxLetter, OutboxLetter.outbox_id == OutboxMessage.id)
        .where(OutboxMessage.id.in_(ids))
        .order_by(OutboxMessage.attempts, OutboxMessage.id)
    )
    letters = ((row[0], row[1], Letter(*row[2:])) for row in session.execute(found))
    return [Parcel(*row, domain_refused=domain_of(row[2].address) in refused) for row in letters]
