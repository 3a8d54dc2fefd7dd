"""Who keeps the signatories: admitting and dismissing the responsible persons of a unit, by whom the rules name."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.offices import Offices
from sekaps.domain.registry_fields import field_names
from sekaps.domain.signatories import (
    LOGIN_MEANS,
    Contact,
    Role,
    contact_missing,
    is_login_means,
    refusal_of_code,
    refusal_to_grant,
    refusal_without_grant,
)
from sekaps.domain.trail import Entry
from sekaps.errors.registry import SignatoryRefused
from sekaps.models.registry import Person, Responsible
from sekaps.services import trail
from sekaps.services.offices import Grant, grants_of, is_current, read_offices, require_office
from sekaps.services.registry import require_person, require_unit
from sekaps.services.writing import insert_new
from sekaps.texts import Text, text

DETAILS = ("name", "email", "curriculum_vitae")
"""What may change of a person; the manager code never does."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person by the manager code; name and e-mail are needed when the code is new here."""

    code: int
    name: str = ""
    email: str = ""
    curriculum_vitae: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, by the manager code, and by which of the three means the login was made, where that is told."""

    code: int
    means: str = ""

    @property
    def facts(self) -> dict[str, object]:
        """What the trail keeps of it."""
        return {"by": self.code} | ({"means": self.means} if self.means else {})


@dataclass(frozen=True, slots=True)
class GrantOrder:
    """Who is admitted in which role for which unit, with the contact data the rules ask for."""

    person: PersonFacts
    unit: int
    role: Role
    work_phone: str
    mobile_phone: str


def grant(session: Session, order: GrantOrder, by: Actor | None, as_of: datetime) -> bool:
    """Admit a responsible, or bring the contact data up to date; return whether anything changed.

    ``by`` is the authoriser who admits, or None for the national authority. Raises
    SignatoryRefused.
    """
    offices = read_offices(session, as_of)
    require_office(offices, order.unit)
    granted_by = _granting(session, order.role, order.unit, by, offices, as_of)
    person = store_person(session, order.person, as_of)
    refuse(_incomplete(order, person))
    unit = require_unit(session, order.unit)
    held = session.scalar(_current(person.id, unit.id, order.role, as_of))
    contact = {"work_phone": order.work_phone, "mobile_phone": order.mobile_phone, "email": person.email}
    if held is not None and all(getattr(held, name) == value for name, value in contact.items()):
        return False
    if held is not None:
        session.execute(update(Responsible).where(Responsible.id == held.id).values(**contact))
    else:
        row = {"person_id": person.id, "unit_id": unit.id, "role": order.role.value, "granted_by_id": granted_by}
        insert_new(session, Responsible, [{**row, "granted_at": as_of, **contact}])
    _note(session, "grant_responsible", order.person.code, order.unit, order.role, by, as_of)
    return True


def revoke(session: Session, code: int, unit: int, role: Role, by: Actor | None, as_of: datetime) -> bool:
    """Dismiss a responsible, by whoever may admit one; return whether the person was one."""
    offices = read_offices(session, as_of)
    require_office(offices, unit)
    _granting(session, role, unit, by, offices, as_of)
    held = session.scalar(_current(require_person(session, code).id, require_unit(session, unit).id, role, as_of))
    if held is None:
        return False
    session.execute(update(Responsible).where(Responsible.id == held.id).values(until_at=as_of))
    _note(session, "revoke_responsible", code, unit, role, by, as_of)
    return True


def store_person(session: Session, facts: PersonFacts, as_of: datetime) -> Person:
    """Return the person of a code, brought up to date or new; raise SignatoryRefused when the code is another's."""
    person = session.scalar(select(Person).where(Person.number == facts.code))
    facts = replace(facts, email=facts.email.strip())
    _require_free_address(session, facts)
    if person is None:
        if not (facts.name and facts.email):
            refuse(text("manager code {code} is new here; give the name and the e-mail", code=facts.code))
        row = {"number": facts.code, "name": facts.name, "email": facts.email, "language": "tr", "synthetic": False}
        session.execute(insert(Person).values(**row, curriculum_vitae=facts.curriculum_vitae))
        return require_person(session, facts.code)
    refuse(refusal_of_code(facts.code, (person.name, person.email), (facts.name, facts.email)))
    changed = [name for name in DETAILS if getattr(facts, name) and getattr(facts, name) != getattr(person, name)]
    if changed:
        for name in changed:
            setattr(person, name, getattr(facts, name))
        session.flush()
        entry = Entry(at=as_of, verb="change_person", facts={"person": facts.code, "fields": changed})
        trail.append(session, entry)
    return person


def require_grants(session: Session, by: Actor, as_of: datetime) -> list[Grant]:
    """Return the current grants of whoever acts; raise SignatoryRefused when there is none."""
    if by.means and not is_login_means(by.means):
        refuse(text("'{means}' is no login; give one of: {known}", means=by.means, known=list(LOGIN_MEANS)))
    grants = list(grants_of(session, by.code, as_of))
    refuse(refusal_without_grant([grant.recorder for grant in grants]))
    return grants


def refuse(problem: Text | None) -> None:
    """Raise SignatoryRefused when there is a reason to."""
    if problem is not None:
        raise SignatoryRefused(problem=problem)


def _granting(
    session: Session, role: Role, unit: int, by: Actor | None, offices: Offices, as_of: datetime
) -> int | None:
    """Return the id of the grant that admits, None for the national authority; raise when it may not (rule 7)."""
    if by is None:
        refuse(refusal_to_grant(role, unit, None, offices))
        return None
    grants = require_grants(session, by, as_of)
    refuse(refusal_to_grant(role, unit, [each.recorder for each in grants], offices))
    return next(each.id for each in grants if refusal_to_grant(role, unit, [each.recorder], offices) is None)


def _require_free_address(session: Session, facts: PersonFacts) -> None:
    query = select(Person.number).where(Person.email == facts.email, Person.number != facts.code)
    other = session.scalar(query) if facts.email else None
    if other is not None:
        refuse(text("the e-mail {email} belongs to manager code {code}", email=facts.email, code=other))


def _incomplete(order: GrantOrder, person: Person) -> Text | None:
    missing = contact_missing(Contact(person.name, order.work_phone, order.mobile_phone, person.email))
    return text("a responsible needs: {missing}", missing=field_names(missing)) if missing else None


def _current(person_id: int, unit_id: int, role: Role, as_of: datetime) -> Select[tuple[Responsible]]:
    mine = (Responsible.person_id == person_id, Responsible.unit_id == unit_id, Responsible.role == role.value)
    return select(Responsible).where(*mine, is_current(as_of)).with_for_update()


def _note(session: Session, verb: str, code: int, unit: int, role: Role, by: Actor | None, as_of: datetime) -> None:
    facts = {"person": code, "unit": unit, "role": role.value, **(by.facts if by else {})}
    trail.append(session, Entry(at=as_of, verb=verb, authority="person" if by else "national authority", facts=facts))
