"""Decisions over a whole year that two people take: to publish it for the first time, and to close it.

Both are rows of ``amendments``, under the same four eyes: one to publish stands on revision 0 and dates every boundary,
one to close stands on the revision that holds and dates none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.four_eyes import is_same_person
from sekaps.domain.trail import Entry
from sekaps.models import programmes as stored
from sekaps.models.amendments import Amendment
from sekaps.services import trail
from sekaps.texts import Text, text

UNPUBLISHED = 0
"""The revision a first publication stands on."""


class Kind(StrEnum):
    """What a row of ``amendments`` asks for."""

    PUBLICATION = "publication"
    """The year's first publication."""
    AMENDMENT = "amendment"
    """New dates for a published year."""
    CLOSING = "closing"
    """The end of the year."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who asks for a decision, why, and by which letter."""

    proposed_by: str
    reason: str = ""
    letter_number: str = ""

    def stripped(self) -> "Order":
        """Return the order without the blanks around what was typed."""
        return Order(self.proposed_by.strip(), self.reason.strip(), self.letter_number.strip())


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands: what it asks for, on which revision, who asked and who decided."""

    id: int
    kind: Kind
    state: str
    base_revision: int
    dates: Mapping[str, str]
    order: Order
    proposed_at: datetime
    decided_by: str | None

    def is_by(self, name: str) -> bool:
        """Tell whether somebody is the one who asked."""
        return is_same_person(self.order.proposed_by, name)


def kind_of(row: Amendment) -> Kind:
    """Return what a row asks for."""
    if row.base_revision == UNPUBLISHED:
        return Kind.PUBLICATION
    return Kind.AMENDMENT if row.dates else Kind.CLOSING


def list_proposals(session: Session, programme: str, year: int) -> list[Proposal]:
    """Return every proposal to publish or to close a year, oldest first; amendments are listed by themselves."""
    query = select(Amendment).join(stored.Edition, stored.Edition.id == Amendment.edition_id)
    query = query.join(stored.Programme, stored.Programme.id == stored.Edition.programme_id)
    rows = session.scalars(
        query.where(stored.Programme.code == programme, stored.Edition.year == year).order_by(Amendment.id)
    )
    return [_proposal(row) for row in rows if kind_of(row) is not Kind.AMENDMENT]


def open_proposal(session: Session, edition_id: int, kind: Kind) -> Proposal | None:
    """Return the proposal of a kind that waits for another person; whoever decides holds the edition's lock."""
    query = select(Amendment).where(Amendment.edition_id == edition_id, Amendment.state == "proposed")
    rows = session.scalars(query.order_by(Amendment.id).execution_options(populate_existing=True))
    return next((_proposal(row) for row in rows if kind_of(row) is kind), None)


def store_proposal(
    session: Session,
    edition: stored.Edition,
    order: Order,
    as_of: datetime,
    *,
    kind: Kind,
    dates: Mapping[str, str],
    facts: Mapping[str, object],
) -> int:
    """Store a proposal, tell the trail with those facts, and return the proposal's number."""
    row = {
        "edition_id": edition.id,
        "base_revision": edition.revision,
        "dates": dict(dates),
        "reason": order.reason,
        "letter_number": order.letter_number,
        "proposed_by": order.proposed_by,
        "proposed_at": as_of,
        "state": "proposed",
    }
    number = session.scalars(insert(Amendment).values(row).returning(Amendment.id)).one()
    log_decision(session, edition, f"propose_{kind}", order.proposed_by, as_of, {"amendment": number, **facts})
    return number


def withdraw_proposal(
    session: Session, edition: stored.Edition, proposal: Proposal, decided_by: str, as_of: datetime
) -> None:
    """Take a proposal back."""
    mark_decided(session, proposal.id, "withdrawn", decided_by, as_of)
    log_decision(session, edition, f"withdraw_{proposal.kind}", decided_by, as_of, {"amendment": proposal.id})


def mark_decided(session: Session, number: int, state: str, decided_by: str, as_of: datetime) -> None:
    """Note on a proposal's row what became of it; the schema refuses a publication by who proposed it."""
    values = {"state": state, "decided_by": decided_by, "decided_at": as_of}
    session.execute(update(Amendment).where(Amendment.id == number).values(values))


def log_decision(
    session: Session, edition: stored.Edition, verb: str, who: str, as_of: datetime, facts: Mapping[str, object]
) -> None:
    """Append an act on the edition as a whole to the trail."""
    entry = Entry(at=as_of, verb=verb, authority=who, edition_id=edition.id, revision=edition.revision, facts=facts)
    trail.append(session, entry)


def decider_problem(proposal: Proposal, decided_by: str) -> Text | None:
    """Return why somebody may not decide a proposal, if so."""
    if not decided_by.strip():
        return text("who decides must be named")
    if proposal.is_by(decided_by):
        return text("two people are needed: {name} proposed it, so another person decides", name=decided_by.strip())
    return None


def _proposal(row: Amendment) -> Proposal:
    return Proposal(
        id=row.id,
        kind=kind_of(row),
        state=row.state,
        base_revision=row.base_revision,
        dates=row.dates,
        order=Order(row.proposed_by, row.reason, row.letter_number),
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
    )
