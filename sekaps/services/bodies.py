"""Units as actors of a programme: which they are, and in which of them somebody holds a post."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.domain.bodies import Body
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.registry import active
from sekaps.services.waiting import in_force
from sekaps.services.writing import Query, chunked


def bodies_of(session: Session, numbers: Iterable[int], as_of: datetime) -> dict[int, Body]:
    """Return the active units of these registry numbers, by number."""
    found: dict[int, Body] = {}
    for part in chunked(sorted(set(numbers))):
        for number, *columns in session.execute(_bodies().where(Unit.number.in_(part), active(as_of))):
            found[number] = Body(*columns)
    return found


def seats_of(session: Session, person_id: int, as_of: datetime) -> list[Body]:
    """Return the units in which a person holds a post at an instant, in one's own right or as deputy."""
    posts = (
        select(Post.unit_id)
        .join(Mandate, Mandate.post_id == Post.id)
        .where(Mandate.person_id == person_id, in_force(as_of))
    )
    query = _bodies().where(Unit.id.in_(posts), active(as_of)).order_by(Unit.id)
    return [Body(*columns) for _number, *columns in session.execute(query)]


def _bodies() -> Query:
    return select(
        Unit.number, Unit.id, Unit.kind, Unit.ministry_id, Unit.parent_id, Unit.province_code, Unit.district_code
    )
