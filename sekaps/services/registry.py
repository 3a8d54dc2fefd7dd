"""What is asked of the registry of units, people and posts: who holds a post, and that somebody leaves one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select, text, update
from sqlalchemy.orm import Session

from sekaps.domain.trail import Entry
from sekaps.errors.editions import PersonUnknown, UnitUnknown
from sekaps.models.base import Base
from sekaps.models.registry import Mandate, Person, Unit
from sekaps.services import trail
from sekaps.services.editions import EditionView


def end_mandates(session: Session, edition: EditionView, mandate_ids: Sequence[int], as_of: datetime) -> int:
    """End mandates at an instant (the instant itself is excluded) and return how many were still in force."""
    still = or_(Mandate.until_at.is_(None), Mandate.until_at > as_of)
    query = select(Mandate.id).where(Mandate.id.in_(mandate_ids), Mandate.from_at < as_of, still)
    ended = list(session.scalars(query.order_by(Mandate.id).with_for_update()))
    if not ended:
        return 0
    session.execute(update(Mandate).where(Mandate.id.in_(ended)).values(until_at=as_of, end_recorded_at=as_of))
    entry = Entry(
        at=as_of, verb="end_mandate", edition_id=edition.id, revision=edition.revision, facts={"mandates": ended}
    )
    trail.append(session, entry)
    return len(ended)


def queue_to_change(session: Session, model: type[Base]) -> None:
    """Let one change of a whole table pass at a time; on SQLite the transaction itself is the only right to write."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {model.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def active(as_of: datetime | BindParameter[datetime], unit: type[Unit] = Unit) -> ColumnElement[bool]:
    """Return the condition that a unit is active at an instant; its last instant is excluded."""
    began = or_(unit.active_from.is_(None), unit.active_from <= as_of)
    return and_(began, or_(unit.active_until.is_(None), unit.active_until > as_of))


def require_person(session: Session, code: int) -> Person:
    """Return the person of a manager code; raise PersonUnknown."""
    person = session.scalar(select(Person).where(Person.number == code))
    if person is None:
        raise PersonUnknown(number=code)
    return person


def require_unit(session: Session, number: int) -> Unit:
    """Return the unit of a registry number; raise UnitUnknown."""
    unit = session.scalars(select(Unit).where(Unit.number == number)).one_or_none()
    if unit is None:
        raise UnitUnknown(number=number)
    return unit


def subtree(session: Session, unit_id: int) -> list[int]:
    """Return the ids of a unit and of every unit below it."""
    below = select(Unit.id).where(Unit.id == unit_id).cte(recursive=True)
    below = below.union(select(Unit.id).join(below, or_(Unit.parent_id == below.c.id, Unit.ministry_id == below.c.id)))
    return list(session.scalars(select(below.c.id)))
