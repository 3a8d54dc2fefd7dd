"""Mandates about to end with nobody to follow, and the open documents that wait or will wait for their posts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.chains import Layout
from sekaps.domain.observatory import Ending, Hold, Holder, Pile
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.services.observed_places import holder_columns, holder_from, place_columns, place_from
from sekaps.services.registry import active
from sekaps.services.waiting import in_force
from sekaps.services.writing import Query

Pending = Mapping[int, tuple[int, int]]
"""By post, how many open documents wait for it now and how many will at a later slot."""
Follower, Owner, OwnMandate = aliased(Mandate), aliased(Person), aliased(Mandate)


def pending_by_post(piles: Iterable[Pile], layouts: Mapping[int, Layout]) -> Pending:
    """Return what waits for each post, now and later, for all slots that the open documents have still before them."""
    now, later = Counter[int](), Counter[int]()
    for pile in piles:
        now[pile.post_id] += pile.documents
        for slot in layouts[pile.chain_id].slots:
            if slot.place > pile.slot:
                later[slot.post_id] += pile.documents
    return {post_id: (now[post_id], later[post_id]) for post_id in {*now, *later}}


def find_endings(session: Session, pending: Pending, as_of: datetime, horizon_days: int) -> Iterator[Ending]:
    """Yield the mandates that end within so many days of an instant and that no later one of their kind follows.

    What was recorded after the instant, an end or a successor, was not known then and is left out.
    """
    for row in session.execute(_ending(as_of, as_of + timedelta(days=horizon_days))):
        waiting_now, coming = pending.get(row.post_id, (0, 0))
        person = holder_from(row, "person")
        assert isinstance(person, Holder)
        yield Ending(
            hold=Hold(row.kind),
            unit=place_from(row, "unit"),
            post=row.title,
            person=person,
            until=row.until_at,
            back_to=row.back_to if row.kind == Hold.DEPUTY else None,
            waiting_now=waiting_now,
            coming=coming,
        )


def _ending(as_of: datetime, horizon: datetime) -> Query:
    followed = exists(
        select(Follower.id).where(
            Follower.post_id == Mandate.post_id,
            Follower.kind == Mandate.kind,
            Follower.id != Mandate.id,
            _holds_at_the_end(Follower),
            or_(Follower.recorded_at.is_(None), Follower.recorded_at <= as_of),
        )
    )
    is_known = or_(Mandate.end_recorded_at.is_(None), Mandate.end_recorded_at <= as_of)
    is_own = (OwnMandate.post_id == Mandate.post_id) & (OwnMandate.kind == Hold.OWN.value)
    return (
        select(
            Mandate.post_id,
            Mandate.kind,
            Mandate.until_at,
            Post.title,
            Owner.name.label("back_to"),
            *place_columns("unit", Unit),
            *holder_columns("person", Person),
        )
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Mandate.person_id)
        .outerjoin(OwnMandate, is_own & _holds_at_the_end(OwnMandate))
        .outerjoin(Owner, Owner.id == OwnMandate.person_id)
        .where(in_force(as_of), active(as_of), Mandate.until_at <= horizon, is_known, ~followed)
        .order_by(Mandate.until_at, Mandate.id)
    )


def _holds_at_the_end(other: Any) -> ColumnElement[bool]:
    """Return the condition that another mandate holds at the instant at which this one does not any more."""
    begins = other.from_at <= Mandate.until_at
    found: ColumnElement[bool] = begins & or_(other.until_at.is_(None), other.until_at > Mandate.until_at)
    return found
