"""The bodies that decide: where each stands, whose mandates seat it, and who decides for it in one act."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.calendar.allocating import Commission
from sekaps.domain.commissions import Right, Sitting, Vote, take_seats
from sekaps.domain.gates import Standing
from sekaps.models.registry import Mandate, Person, Post, Unit
from sekaps.services.editions import EditionView
from sekaps.services.posts import HEAD
from sekaps.services.registry import active
from sekaps.services.waiting import in_force
from sekaps.services.writing import chunked
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class Body:
    """A competent body: what it is, where it stands, its seats if it votes, and the mandates by which they are held."""

    id: int
    name: str
    kind: str
    standing: Standing
    commission: Commission | None
    rights: tuple[Right, ...]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides for a body: the right of whoever chairs or heads it, and its sitting where it votes."""

    chair: Right
    sitting: Sitting | None


def lock_bodies(session: Session, edition: EditionView, ids: Iterable[int], as_of: datetime) -> dict[int, Body]:
    """Return the active units of those ids, locked: a body makes one decision at a time, so numbers never meet."""
    commissions = edition.allocation_rules.commissions
    found: dict[int, Body] = {}
    for part in chunked(sorted(set(ids))):
        query = select(Unit).where(Unit.id.in_(part), active(as_of)).order_by(Unit.id)
        units = session.scalars(query.with_for_update(key_share=True)).all()
        rights = _rights(session, [unit.id for unit in units], as_of)
        for unit in units:
            commission = commissions.get(unit.kind)
            seats = commission.seats if commission else (HEAD,)
            held = tuple(right for right in rights[unit.id] if right.seat in seats)
            standing = Standing(unit.number, unit.province_code, unit.district_code)
            found[unit.id] = Body(unit.id, unit.name, unit.kind, standing, commission, held)
    return found


def _rights(session: Session, ids: Iterable[int], as_of: datetime) -> dict[int, list[Right]]:
    """Return who may take which seat of each unit, those in their own right before deputies."""
    query = (
        select(Post.unit_id, Post.kind, Post.id, Mandate.id, Mandate.person_id)
        .join(Mandate, Mandate.post_id == Post.id)
        .where(Post.unit_id.in_(ids), in_force(as_of))
        .order_by(Mandate.kind.desc(), Mandate.id)
    )
    rights: dict[int, list[Right]] = defaultdict(list)
    for unit_id, *right in session.execute(query):
        rights[unit_id].append(Right(*right))
    return rights


def deciding(session: Session, body: Body, person_id: int, votes: Mapping[int, Vote]) -> Deciding | Text:
    """Return who decides for a body in one act, or why nobody does; the chair's deputy needs a mandate, as anybody."""
    chair = next((r for r in body.rights if r.person_id == person_id and r.seat == _first_seat(body)), None)
    if chair is None:
        return text("only the holder of the head's post of {unit} decides for it", unit=body.name)
    if body.commission is None:
        return (
            text("{unit} is decided for by its head and takes no vote", unit=body.name)
            if votes
            else Deciding(chair, None)
        )
    if not votes:
        return text("{unit} decides by vote: give how each member present votes", unit=body.name)
    sitting = take_seats(body.commission.seats, body.rights, votes, chair, _names(session, [*votes, person_id]))
    if isinstance(sitting, Text):
        return sitting
    return Deciding(chair, sitting)


def _first_seat(body: Body) -> str:
    return body.commission.seats[0] if body.commission else HEAD


def _names(session: Session, people: Iterable[int]) -> dict[int, str]:
    """Return what people are called, with the manager code they are known by."""
    query = select(Person.id, Person.name, Person.number).where(Person.id.in_(people))
    return {person_id: f"{name} ({number})" for person_id, name, number in session.execute(query)}
