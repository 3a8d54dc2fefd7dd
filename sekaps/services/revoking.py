"""Revoking people's certificates of the test authority: once, by whom the rules allow, with an act on the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.domain.signatories import lies_in_area
from sekaps.domain.trail import Entry
from sekaps.errors.registry import SignatoryRefused
from sekaps.evidence.keys import read_certificate
from sekaps.evidence.revocations import Reason, Revocation
from sekaps.models.evidence import Certificate
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.models.trail import Act
from sekaps.services import trail
from sekaps.services.evidence import Holder
from sekaps.services.offices import read_offices
from sekaps.services.registry import require_person
from sekaps.services.responsibles import Actor, require_grants
from sekaps.services.waiting import in_force
from sekaps.texts import text

VERB = "revoke_certificate"


class Revoker(Protocol):
    """An authority that certifies people and revokes what it certified."""

    def certificate(self, holder: Holder, at: datetime) -> bytes:
        """Return the certificate a person signs with at an instant."""
        ...

    def revoke(self, certificate: bytes, at: datetime, reason: Reason) -> Revocation:
        """Revoke a certificate and return the revocation that stands: the first one."""
        ...


@dataclass(frozen=True, slots=True)
class Revoked:
    """What a revocation came to: the certificates it is about, and those of them this act revoked."""

    certificates: tuple[Revocation, ...]
    is_new: bool


def revoke_certificates(
    session: Session, authority: Revoker, code: int, reason: Reason, by: Actor | None, as_of: datetime
) -> Revoked:
    """Revoke what a person signs with at an instant, and return what stands; revoked before, nothing changes.

    ``by`` is the holder or a responsible of a unit the holder has a post in, or None for the national authority.
    Signatures made before the instant stay valid. Raises PersonUnknown, and SignatoryRefused.
    """
    person = require_person(session, code)
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())  # two at once queue here
    _require_right(session, person, by, as_of)
    held = _held(session, authority, person, as_of)
    told = _told(session)
    new = [each for each in held if _serial(each) not in told]
    standing = tuple(authority.revoke(each, as_of, reason) for each in held)
    if new:
        serials = {f"{each.serial:x}": each.at.isoformat() for each in standing}
        facts = {"person": code, "reason": reason.value, "certificates": serials, **(by.facts if by else {})}
        authorised = "person" if by else "national authority"
        trail.append(session, Entry(at=as_of, verb=VERB, authority=authorised, facts=facts))
    return Revoked(standing, bool(new))


def _require_right(session: Session, person: Person, by: Actor | None, as_of: datetime) -> None:
    """Raise SignatoryRefused unless it is the holder, the national authority, or a responsible who answers for them."""
    if by is None or by.code == person.number:
        return
    grants, offices = require_grants(session, by, as_of), read_offices(session, as_of)
    posts = select(Unit.number).join(Post, Post.unit_id == Unit.id).join(Mandate, Mandate.post_id == Post.id)
    units = session.scalars(posts.where(Mandate.person_id == person.id, in_force(as_of)).distinct()).all()
    if not any(lies_in_area(each.recorder, unit, offices) is None for each in grants for unit in units):
        problem = text(
            "a certificate is revoked by its holder, by a responsible of a unit where {person} holds a post, or by the"
            " national authority",
            person=person.name,
        )
        raise SignatoryRefused(problem=problem)


def _held(session: Session, authority: Revoker, person: Person, as_of: datetime) -> Sequence[bytes]:
    """Return the test certificates in force at an instant that a person signs with, or has signed with."""
    mine = (Certificate.person_id == person.id, Certificate.is_test, Certificate.valid_until >= as_of)
    kept = session.scalars(select(Certificate.encoded).where(*mine, Certificate.valid_from <= as_of))
    present = authority.certificate(Holder(person.number, person.name), as_of)
    return sorted({present, *kept}, key=_serial)


def _told(session: Session) -> set[str]:
    """Return the serial numbers of which the trail tells that they were revoked."""
    acts = session.scalars(select(Act.facts).where(Act.verb == VERB, Act.outcome == "done"))
    return {serial for facts in acts for serial in facts["certificates"]}


def _serial(certificate: bytes) -> str:
    return f"{read_certificate(certificate).serial_number:x}"
