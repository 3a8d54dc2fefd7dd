"""Requests for training: asked for by an institution, answered by the body that gives it, held, and so recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Actor
from sekaps.calendar.readiness import Requirement
from sekaps.domain.bodies import Body, plays
from sekaps.domain.trail import Entry
from sekaps.domain.training import (
    OPEN,
    TrainingEvent,
    TrainingState,
    moved,
    refusal_to_ask,
    refusal_to_hold,
    refusal_to_schedule,
)
from sekaps.errors.editions import UnitUnknown
from sekaps.errors.readiness import TrainingRefused, TrainingUnknown
from sekaps.models.readiness import TrainingRequest
from sekaps.models.registry import Person, Province, Unit
from sekaps.services import trail
from sekaps.services.bodies import bodies_of, seats_of
from sekaps.services.editions import EditionView
from sekaps.services.readiness_records import Desk, Evidence, record_all
from sekaps.services.registry import require_person
from sekaps.services.writing import insert_returning
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class Wish:
    """A unit wishes for training on a topic within some days."""

    unit: int
    topic: str
    wished_from: date
    wished_until: date


@dataclass(frozen=True, slots=True)
class Asked:
    """The number of a request, and whether it was made just now."""

    number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A request, by its number, and who answers it."""

    number: int
    by: int


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A request as it is listed."""

    number: int
    unit: int
    unit_name: str
    province: str
    topic: str
    state: TrainingState
    wished_from: date
    wished_until: date
    asked_by: str
    asked_at: datetime
    scheduled_on: date | None
    place: str | None
    answered_by: str | None
    answered_at: datetime | None
    held_on: date | None
    people: int | None
    reason: str | None


def ask(session: Session, edition: EditionView, wish: Wish, by: int, as_of: datetime) -> Asked:
    """Ask for training and return the request: the open one on that topic, where there is one.

    Only somebody with a post of the unit asks. Raises TrainingRefused.
    """
    _giver(edition)
    topic = " ".join(wish.topic.split())
    _refuse(refusal_to_ask(topic, wish.wished_from, wish.wished_until, local_day(as_of)))
    unit, person = _require_unit(session, wish.unit, as_of), require_person(session, by)
    if unit.id not in [seat.id for seat in seats_of(session, person.id, as_of)]:
        _refuse(text("only somebody with a post of unit {number} asks for its training", number=wish.unit))
    if unit.province is None:
        _refuse(text("unit {number} belongs to no province, so that nobody could answer", number=wish.unit))
    row = {"unit_id": unit.id, "topic": topic, "wished_from": wish.wished_from, "wished_until": wish.wished_until}
    row |= {"asked_by_id": person.id, "asked_at": as_of, "state": TrainingState.ASKED.value}
    new = insert_returning(session, TrainingRequest, [row], ("id", "unit_id"))
    for number, _unit_id in new:
        _note(session, edition, "ask_training", number, by, as_of, {"unit": wish.unit, "topic": topic})
    mine = (TrainingRequest.unit_id == unit.id, TrainingRequest.topic == topic, TrainingRequest.state.in_(OPEN))
    return Asked(session.scalars(select(TrainingRequest.id).where(*mine)).one(), bool(new))


def schedule(session: Session, edition: EditionView, answer: Answer, on: date, place: str, as_of: datetime) -> bool:
    """Set the day and place of a training, or set them anew; return whether anything changed."""
    request, _unit, person = _answering(session, edition, answer, as_of)
    state = moved(TrainingState(request.state), TrainingEvent.SCHEDULE)
    _refuse(refusal_to_schedule(on, place, local_day(as_of)))
    if (request.state, request.scheduled_on, request.place) == (state, on, place):
        return False
    facts = {"on": on.isoformat(), "place": place}
    changes = {"state": state, "scheduled_on": on, "place": place, "answered_by_id": person.id, "answered_at": as_of}
    _change(session, request.id, changes)
    _note(session, edition, "schedule_training", request.id, answer.by, as_of, facts)
    return True


def refuse(session: Session, edition: EditionView, answer: Answer, reason: str, as_of: datetime) -> None:
    """Refuse a request, or call a scheduled training off, with a reason."""
    request, _unit, person = _answering(session, edition, answer, as_of)
    state = moved(TrainingState(request.state), TrainingEvent.REFUSE)
    if not reason:
        _refuse(text("a reason is needed"))
    _change(session, request.id, {"state": state, "reason": reason, "answered_by_id": person.id, "answered_at": as_of})
    _note(session, edition, "refuse_training", request.id, answer.by, as_of, {"reason": reason})


def hold(
    session: Session, edition: EditionView, answer: Answer, people: int, as_of: datetime, *, on: date | None = None
) -> None:
    """Record that a training was held, on its day unless another is given, and with it that its unit is trained."""
    request, unit, person = _answering(session, edition, answer, as_of)
    state = moved(TrainingState(request.state), TrainingEvent.HOLD)
    held_on = on or request.scheduled_on or local_day(as_of)
    _refuse(refusal_to_hold(held_on, people, local_day(as_of)))
    changes = {"state": state, "held_on": held_on, "people": people}
    _change(session, request.id, {**changes, "answered_by_id": person.id, "answered_at": as_of})
    requirement, _actor = _giver(edition)
    desk = Desk(session, edition, answer.by, [unit], as_of)
    evidence = Evidence(unit, requirement.code, held_on, note=request.topic)
    if desk.problem(evidence) is None:
        record_all(session, desk, [evidence])  # before the trail is locked, in the order in which others lock both
    facts = {"on": held_on.isoformat(), "people": people}
    _note(session, edition, "hold_training", request.id, answer.by, as_of, facts)


def withdraw(session: Session, edition: EditionView, number: int, by: int, as_of: datetime) -> None:
    """Take a request back, as somebody with a post of the unit."""
    request, person = _lock(session, number), require_person(session, by)
    if request.unit_id not in [seat.id for seat in seats_of(session, person.id, as_of)]:
        _refuse(text("only somebody with a post of the unit that asked withdraws the request"))
    _change(session, number, {"state": moved(TrainingState(request.state), TrainingEvent.WITHDRAW)})
    _note(session, edition, "withdraw_training", number, by, as_of, {})


def list_requests(
    session: Session, *, unit: int | None = None, province: str | None = None, only_open: bool = False
) -> list[TrainingLine]:
    """Return the requests of a unit, of a province or all, in the order they were made."""
    asked, answered = aliased(Person), aliased(Person)
    query = (
        select(TrainingRequest, Unit.number, Unit.name, Province.name, asked.name, answered.name)
        .join(Unit, Unit.id == TrainingRequest.unit_id)
        .join(Province, Province.code == Unit.province_code)
        .join(asked, asked.id == TrainingRequest.asked_by_id)
        .outerjoin(answered, answered.id == TrainingRequest.answered_by_id)
        .order_by(TrainingRequest.id)
    )
    if unit is not None:
        query = query.where(Unit.number == unit)
    if province is not None:
        query = query.where(Unit.province_code == province)
    if only_open:
        query = query.where(TrainingRequest.state.in_(OPEN))
    return [_line(*row) for row in session.execute(query)]


def _line(
    request: TrainingRequest, unit: int, unit_name: str, province: str, asked_by: str, answered_by: str | None
) -> TrainingLine:
    return TrainingLine(
        number=request.id,
        unit=unit,
        unit_name=unit_name,
        province=province,
        topic=request.topic,
        state=TrainingState(request.state),
        wished_from=request.wished_from,
        wished_until=request.wished_until,
        asked_by=asked_by,
        asked_at=request.asked_at,
        scheduled_on=request.scheduled_on,
        place=request.place,
        answered_by=answered_by,
        answered_at=request.answered_at,
        held_on=request.held_on,
        people=request.people,
        reason=request.reason,
    )


def _giver(edition: EditionView) -> tuple[Requirement, Actor]:
    """Return the requirement that training meets, and the actor that gives it; raise where there is none."""
    readiness = edition.programme.readiness
    requirement = readiness.of_training if readiness else None
    if requirement is None:
        raise TrainingRefused(problem=text("{programme} knows no training", programme=edition.programme.name))
    return requirement, edition.programme.actors[requirement.done_by]


def _answering(
    session: Session, edition: EditionView, answer: Answer, as_of: datetime
) -> tuple[TrainingRequest, int, Person]:
    """Return the locked request, its unit's number and who answers; raise unless that one may."""
    _requirement, actor = _giver(edition)
    request, person = _lock(session, answer.number), require_person(session, answer.by)
    number = session.scalars(select(Unit.number).where(Unit.id == request.unit_id)).one()
    unit = _require_unit(session, number, as_of)
    if not any(plays(seat, actor, unit) for seat in seats_of(session, person.id, as_of)):
        _refuse(
            text("only somebody with a post in {actor} of unit {number} answers it", actor=actor.name, number=number)
        )
    return request, number, person


def _require_unit(session: Session, number: int, as_of: datetime) -> Body:
    unit = bodies_of(session, [number], as_of).get(number)
    if unit is None:
        raise UnitUnknown(number=number)
    return unit


def _lock(session: Session, number: int) -> TrainingRequest:
    query = select(TrainingRequest).where(TrainingRequest.id == number).with_for_update()
    request = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if request is None:
        raise TrainingUnknown(number=number)
    return request


def _change(session: Session, number: int, values: Mapping[str, Any]) -> None:
    session.execute(update(TrainingRequest).where(TrainingRequest.id == number).values(**values))


def _refuse(problem: Text | None) -> None:
    if problem is not None:
        raise TrainingRefused(problem=problem)


def _note(
    session: Session,
    edition: EditionView,
    verb: str,
    number: int,
    by: int,
    as_of: datetime,
    facts: Mapping[str, object],
) -> None:
    entry = Entry(
        at=as_of,
        verb=verb,
        authority="person",
        edition_id=edition.id,
        revision=edition.revision,
        facts={"request": number, "by": by, **facts},
    )
    trail.append(session, entry)
