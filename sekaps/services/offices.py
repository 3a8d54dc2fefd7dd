"""The units of the registry as the signatory rules see them, and who is responsible for which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.offices import Office, Offices
from sekaps.domain.signatories import Recorder
from sekaps.errors.editions import UnitUnknown
from sekaps.models.registry import Person, Responsible, Unit
from sekaps.services.registry import active


@dataclass(frozen=True, slots=True)
class Grant:
    """A responsible's current grant, with its id."""

    id: int
    recorder: Recorder


def read_offices(session: Session, as_of: datetime) -> Offices:
    """Return every unit of the registry."""
    parent, ministry = aliased(Unit), aliased(Unit)
    query = (
        select(Unit.number, Unit.kind, Unit.tier, parent.number, ministry.number, active(as_of))
        .outerjoin(parent, parent.id == Unit.parent_id)
        .outerjoin(ministry, ministry.id == Unit.ministry_id)
    )
    return Offices({row[0]: Office(*row) for row in session.execute(query)})


def require_office(offices: Offices, number: int) -> Office:
    """Return a unit; raise UnitUnknown."""
    if number not in offices.units:
        raise UnitUnknown(number=number)
    return offices.units[number]


def is_current(as_of: datetime) -> ColumnElement[bool]:
    """Return the condition that a grant holds at an instant."""
    return and_(Responsible.granted_at <= as_of, or_(Responsible.until_at.is_(None), Responsible.until_at > as_of))


def grants_of(session: Session, code: int, as_of: datetime) -> Sequence[Grant]:
    """Return the current grants of a person, authorisers first."""
    query = (
        select(Responsible.id, Responsible.role, Unit.number)
        .join(Person, Person.id == Responsible.person_id)
        .join(Unit, Unit.id == Responsible.unit_id)
        .where(Person.number == code, is_current(as_of), active(as_of))
        .order_by(Responsible.role, Responsible.id)
    )
    return [Grant(grant_id, Recorder(role, number)) for grant_id, role, number in session.execute(query)]
