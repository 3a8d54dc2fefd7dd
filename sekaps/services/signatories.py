"""Heads and their deputies in the signatory module: recorded, ended, deputised, linked; every act checked and kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.offices import Offices
from sekaps.domain.signatories import (
    Recorder,
    days_late,
    refusal_to_deputise,
    refusal_to_link,
    refusal_to_record,
    refusal_to_record_deputy,
)
from sekaps.domain.terms import Placement, Term, place
from sekaps.domain.trail import Entry
from sekaps.errors.registry import SignatoryRefused
from sekaps.models.registry import DeputyLink, Mandate
from sekaps.services import trail
from sekaps.services.offices import read_offices, require_office
from sekaps.services.posts import DEPUTY_HEAD, HEAD, end_term, post_of, terms_of, wipe_former_heads
from sekaps.services.registry import require_unit
from sekaps.services.responsibles import Actor, PersonFacts, refuse, require_grants, store_person
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class HeadOrder:
    """A person's term in a post of a unit, to be recorded."""

    unit: int
    person: PersonFacts
    from_at: datetime
    until_at: datetime | None = None
    post: str = HEAD
    title: str = ""


@dataclass(frozen=True, slots=True)
class DeputyOrder:
    """Somebody who signs for the holder of a filled post while that one is away."""

    unit: int
    person: PersonFacts
    from_at: datetime
    until_at: datetime
    reason: str
    post: str = HEAD


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act came to: whether anything changed, and how many days after the event it was recorded."""

    changed: bool
    days_late: int = 0


def record_head(session: Session, order: HeadOrder, by: Actor, as_of: datetime) -> Recorded:
    """Record who holds a post from an instant on; whoever held it until then leaves it.

    The right to sign begins with this record. The first head an institution records wipes the former names of its
    heads. The same record again changes nothing. Raises SignatoryRefused.
    """
    offices = read_offices(session, as_of)
    grant_id = _admitted(session, refusal_to_record, order.unit, offices, by, as_of)
    person = store_person(session, order.person, as_of)
    post_id = post_of(session, order.unit, order.post, order.title)
    held = terms_of(session, post_id, "own")
    placement = place(list(held.values()), Term(order.person.code, order.from_at, order.until_at))
    if not isinstance(placement, Placement):
        raise SignatoryRefused(problem=placement)
    if not placement.is_new and placement.ends is None:
        return Recorded(changed=False)
    end_term(session, post_id, held, placement, as_of)
    facts = {"unit": order.unit, "post": order.post, "person": order.person.code, **by.facts}
    mandate_id = None
    if placement.is_new:
        wiped = wipe_former_heads(session, offices, [order.unit]) if order.post == HEAD else 0
        row = {"post_id": post_id, "person_id": person.id, "kind": "own", "from_at": order.from_at}
        record = {"until_at": order.until_at, "recorded_at": as_of, "recorded_by_id": grant_id}
        mandate_id = session.scalar(insert(Mandate).values(**row, **record).returning(Mandate.id))
        facts |= {"from": order.from_at.isoformat(), "former_heads_wiped": wiped}
    late = days_late(order.from_at, as_of) if held else 0
    _note(session, "record_signatory", mandate_id, {**facts, "days_late": late}, as_of)
    return Recorded(changed=True, days_late=late)


def end_post(session: Session, unit: int, post: str, ends_at: datetime, by: Actor, as_of: datetime) -> Recorded:
    """Record that the holder of a post leaves it at an instant, and with it whoever acts for it."""
    _admitted(session, refusal_to_record, unit, read_offices(session, as_of), by, as_of)
    post_id = post_of(session, unit, post)
    held = terms_of(session, post_id, "own")
    if any(term.until_at == ends_at for term in held.values()):
        return Recorded(changed=False)
    last = next((term for term in held.values() if term.holds(ends_at) and term.from_at < ends_at), None)
    if last is None:
        raise SignatoryRefused(problem=text("nobody holds that post of unit {unit} then", unit=unit))
    end_term(session, post_id, held, Placement(is_new=False, ends=last, ends_at=ends_at), as_of)
    late = days_late(ends_at, as_of)
    facts = {"unit": unit, "post": post, "person": last.person, "until": ends_at.isoformat(), **by.facts}
    _note(session, "end_signatory", None, {**facts, "days_late": late}, as_of)
    return Recorded(changed=True, days_late=late)


def record_deputy(session: Session, order: DeputyOrder, by: Actor, as_of: datetime) -> Recorded:
    """Record who acts for the holder of a filled post, and why; the same record again changes nothing."""
    offices = read_offices(session, as_of)
    grant_id = _admitted(session, refusal_to_record_deputy, order.unit, offices, by, as_of)
    person = store_person(session, order.person, as_of)
    post_id = post_of(session, order.unit, order.post)
    deputy = Term(order.person.code, order.from_at, order.until_at)
    acting = list(terms_of(session, post_id, "deputy").values())
    if deputy in acting:
        return Recorded(changed=False)
    refuse(refusal_to_deputise(deputy, order.reason, list(terms_of(session, post_id, "own").values()), acting))
    row = {"post_id": post_id, "person_id": person.id, "kind": "deputy", "from_at": order.from_at}
    record = {"until_at": order.until_at, "reason": order.reason, "recorded_at": as_of}
    insertion = insert(Mandate).values(**row, **record, recorded_by_id=grant_id).returning(Mandate.id)
    facts = {"unit": order.unit, "post": order.post, "person": order.person.code, "reason": order.reason, **by.facts}
    times = {"from": order.from_at.isoformat(), "until": order.until_at.isoformat()}
    _note(session, "record_deputy", session.scalar(insertion), {**facts, **times}, as_of)
    return Recorded(changed=True, days_late=days_late(order.from_at, as_of))


def link(session: Session, unit: int, deputy_unit: int, by: Actor, as_of: datetime, *, post: str = DEPUTY_HEAD) -> bool:
    """Link a first-level unit with a deputy head's post of the office above it; return whether anything changed."""
    offices = read_offices(session, as_of)
    require_office(offices, deputy_unit)

    def refusal(by: Recorder, unit: int, offices: Offices) -> Text | None:
        return refusal_to_link(by, unit, deputy_unit, offices)

    grant_id = _admitted(session, refusal, unit, offices, by, as_of)
    unit_id, post_id = require_unit(session, unit).id, post_of(session, deputy_unit, post)
    current = (DeputyLink.unit_id == unit_id, DeputyLink.until_at.is_(None))
    if session.scalar(select(DeputyLink.post_id).where(*current).with_for_update()) == post_id:
        return False
    session.execute(update(DeputyLink).where(*current).values(until_at=as_of))
    row = {"unit_id": unit_id, "post_id": post_id, "linked_by_id": grant_id, "linked_at": as_of}
    session.execute(insert(DeputyLink).values(row))
    _note(session, "link_deputy", None, {"unit": unit, "deputy_unit": deputy_unit, **by.facts}, as_of)
    return True


def _admitted(
    session: Session,
    refusal: Callable[[Recorder, int, Offices], Text | None],
    unit: int,
    offices: Offices,
    by: Actor,
    as_of: datetime,
) -> int:
    """Return the id of the grant under which somebody acts; raise SignatoryRefused where none of them allows it."""
    require_office(offices, unit)
    grants = require_grants(session, by, as_of)
    problems = [refusal(each.recorder, unit, offices) for each in grants]
    if None not in problems:
        refuse(problems[0])
    return grants[problems.index(None)].id


def _note(session: Session, verb: str, mandate_id: int | None, facts: dict[str, object], as_of: datetime) -> None:
    trail.append(session, Entry(at=as_of, verb=verb, mandate_id=mandate_id, authority="person", facts=facts))
