"""The outbox: which messages may be handed over now, and what became of each; knows rows, not relays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from sekaps.domain.messages import Letter
from sekaps.models.mail import OutboxMessage
from sekaps.models.registry import Person
from sekaps.services.writing import table_of

ATTEMPTS_LIMIT = 8
FIRST_BACKOFF = timedelta(minutes=5)
LONGEST_BACKOFF = timedelta(hours=6)
REASON_LENGTH = 300
"""Characters of a failure's reason that the outbox keeps."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in this worker's hands, and which attempt this is."""

    id: int
    attempt: int
    letter: Letter


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message the relay did not take: why, and whether asking again is pointless."""

    parcel: Parcel
    reason: str
    permanent: bool


def claim_parcels(
    session: Session, as_of: datetime, *, now: datetime, claimed_until: datetime, limit: int
) -> list[Parcel]:
    """Take up to limit deliverable messages in hand until an instant, leaving alone what another worker holds.

    Messages are due by ``as_of``, which a rehearsal sets; claims run by ``now``, the machine's own time.
    """
    free = or_(
        and_(OutboxMessage.state == "waiting", OutboxMessage.next_attempt_at <= as_of),
        and_(OutboxMessage.state == "sending", OutboxMessage.claimed_until <= now),
    )
    due = select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None), free).order_by(OutboxMessage.next_attempt_at)
    ids = list(session.scalars(due.limit(limit).with_for_update(skip_locked=True)))
    outbox = table_of(OutboxMessage)
    session.execute(
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(state="sending", attempts=outbox.c.attempts + 1, claimed_until=claimed_until)
    )
    return _parcels(session, ids)


def mark_sent(session: Session, parcels: Sequence[Parcel], as_of: datetime) -> None:
    """Record the messages the relay has taken."""
    ids = [parcel.id for parcel in parcels]
    outbox = table_of(OutboxMessage)
    taken = {"state": "sent", "sent_at": as_of, "claimed_until": None, "error": None}
    session.execute(update(outbox).where(outbox.c.id.in_(ids)).values(taken))


def mark_refused(session: Session, refusals: Iterable[Refusal], as_of: datetime) -> None:
    """Record why messages were not taken: they wait for a later attempt, or have failed for good."""
    outbox = table_of(OutboxMessage)
    rows = [
        {
            "parcel_id": refusal.parcel.id,
            "new_state": "failed" if has_failed(refusal) else "waiting",
            "next_at": as_of + backoff(refusal.parcel.attempt),
            "reason": refusal.reason[:REASON_LENGTH],
        }
        for refusal in refusals
    ]
    if rows:
        change = update(outbox).where(outbox.c.id == bindparam("parcel_id"), outbox.c.sent_at.is_(None))
        session.connection().execute(
            change.values(
                state=bindparam("new_state"),
                next_attempt_at=bindparam("next_at"),
                error=bindparam("reason"),
                claimed_until=None,
            ),
            rows,
        )


def release(session: Session, parcels: Sequence[Parcel]) -> None:
    """Put messages back that were never offered to the relay, as if they had not been taken in hand."""
    outbox = table_of(OutboxMessage)
    session.execute(
        update(outbox)
        .where(outbox.c.id.in_([parcel.id for parcel in parcels]), outbox.c.sent_at.is_(None))
        .values(state="waiting", attempts=outbox.c.attempts - 1, claimed_until=None)
    )


def release_all(session: Session, edition_id: int) -> None:
    """Put back whatever an edition has in hand, when it is known that nobody is delivering it any more."""
    held = (OutboxMessage.edition_id == edition_id, OutboxMessage.state == "sending")
    session.execute(update(OutboxMessage).where(*held).values(state="waiting", claimed_until=None))


def has_failed(refusal: Refusal) -> bool:
    """Tell whether a refused message is given up."""
    return refusal.permanent or refusal.parcel.attempt >= ATTEMPTS_LIMIT


def backoff(attempt: int) -> timedelta:
    """Return how long to wait after an attempt: twice as long each time, up to a limit."""
    doubled: timedelta = FIRST_BACKOFF * 2 ** (attempt - 1)
    return min(doubled, LONGEST_BACKOFF)


def _parcels(session: Session, ids: Sequence[int]) -> list[Parcel]:
    columns = (OutboxMessage.key, Person.name, Person.email, OutboxMessage.subject)
    found = (
        select(OutboxMessage.id, OutboxMessage.attempts, *columns, OutboxMessage.plain, OutboxMessage.html)
        .join(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.id.in_(ids))
        .order_by(OutboxMessage.id)
    )
    return [Parcel(row[0], row[1], Letter(*row[2:])) for row in session.execute(found)]
