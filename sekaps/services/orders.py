"""Issuing and revoking orders about days; every published year they reach follows, and who was told is corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.day_orders import DayOrder
from sekaps.calendar.days import Layer, Place
from sekaps.calendar.programmes import Act
from sekaps.domain.authorities import authority_problem
from sekaps.domain.gates import ExtensionTerms, Scope
from sekaps.domain.trail import Entry
from sekaps.errors.editions import OrderRefused
from sekaps.models import orders as stored
from sekaps.models.programmes import Edition, Programme
from sekaps.models.registry import District, Province
from sekaps.services import trail
from sekaps.services.corrections import Cause, Corrected, correct, deadlines, moved_deadlines
from sekaps.services.day_orders import orders_in_force, place_of
from sekaps.services.editions import EditionView, load_edition
from sekaps.services.registry import require_unit
from sekaps.services.requests import DayOrderRequest
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class OrderEffect:
    """What an order does to one edition: last days it moves in its places, and the letters it corrects."""

    edition: EditionView
    moved: tuple[ExtensionTerms, ...]
    corrected: Corrected


def live_editions(session: Session, as_of: datetime) -> list[EditionView]:
    """Return the published editions that are not closed, as they stand at the instant."""
    query = (
        select(Programme.code, Edition.year)
        .join(Programme, Programme.id == Edition.programme_id)
        .where(Edition.revision > 0, Edition.state != "closed")
        .order_by(Edition.id)
    )
    return [load_edition(session, code, year, as_of) for code, year in session.execute(query)]


def foresee(session: Session, edition: EditionView, request: DayOrderRequest, as_of: datetime) -> list[OrderEffect]:
    """Return what an order would do to each live edition; nothing is changed. Raises OrderRefused as issuing would."""
    _require(session, edition, request, as_of)
    order = _terms(session, request)
    return [_foreseen(session, one, order, as_of) for one in live_editions(session, as_of)]


def issue_order(
    session: Session, edition: EditionView, request: DayOrderRequest, as_of: datetime
) -> tuple[int, list[OrderEffect]]:
    """Issue an order and return its id and what it did; the same order again is the one that stands, and does nothing.

    The edition's programme says who may order what. Raises OrderRefused when that is not allowed or makes no sense.
    """
    _require(session, edition, request, as_of)
    held = _held(session, request)
    if held is not None:
        return held, []
    before = live_editions(session, as_of)
    order_id = _insert(session, request, as_of)
    cause = Cause(f"order:{order_id}", _wording(_terms(session, request)))
    return order_id, _follow(session, before, cause, as_of, "issue_order", request.authority, order_id)


def revoke_order(
    session: Session, edition: EditionView, order_id: int, authority: str, as_of: datetime
) -> list[OrderEffect]:
    """End an order, for the days it has not taken yet as for those it has; those it moved are told once again."""
    query = select(stored.DayOrder).where(stored.DayOrder.id == order_id).with_for_update()
    held = session.scalars(query).one_or_none()
    if held is None or held.revoked_at is not None:
        raise OrderRefused(problem=text("order {id} is not in force", id=order_id))
    problem = authority_problem(edition.programme, authority, Act(held.kind), _stored_places(session, order_id))
    if problem is not None:
        raise OrderRefused(problem=problem)
    before = live_editions(session, as_of)
    held.revoked_at, held.revoked_by = as_of, authority
    session.flush()
    wording = text("{letter} was revoked by {authority}", letter=held.letter_number, authority=authority)
    return _follow(session, before, Cause(f"revoked:{order_id}", wording), as_of, "revoke_order", authority, order_id)


def list_orders(session: Session) -> list[tuple[stored.DayOrder, tuple[Place, ...]]]:
    """Return every order with its places, revoked ones included, in the order they were issued."""
    rows = session.scalars(select(stored.DayOrder).order_by(stored.DayOrder.id)).all()
    return [(row, tuple(_stored_places(session, row.id))) for row in rows]


def _require(session: Session, edition: EditionView, request: DayOrderRequest, as_of: datetime) -> None:
    problem = _problem(edition, request) or _place_problem(session, request)
    if problem is None:
        places = [place_of(session, Scope(scope), code) for scope, code in request.places]
        problem = authority_problem(edition.programme, request.authority, Act(request.kind), places)
    if problem is None and not any(_reaches(one, request) for one in live_editions(session, as_of)):
        problem = text("no published year has a day from {since} to {until}", since=request.since, until=request.until)
    if problem is not None:
        raise OrderRefused(problem=problem)


def _problem(edition: EditionView, request: DayOrderRequest) -> Text | None:
    known = [activity.code for activity in edition.programme.activities]
    if request.until < request.since:
        return text("it would end on {until}, before it begins on {since}", until=request.until, since=request.since)
    if (request.starts or request.ends) and request.since != request.until:
        return text("half a day is ordered day by day; {since} to {until} are several", since=request.since,
                    until=request.until)  # fmt: skip
    if request.kind == Layer.SUSPENSION and (request.starts or request.ends):
        return text("a suspension takes whole days")
    if request.activity not in ("", *known):
        return text("no activity '{code}' in this edition; its activities: {known}", code=request.activity, known=known)
    if not (request.authority.strip() and request.reason.strip() and request.letter_number.strip()):
        return text("authority, reason and letter number must all be given")
    return None


def _place_problem(session: Session, request: DayOrderRequest) -> Text | None:
    known = {Scope.PROVINCE: Province, Scope.DISTRICT: District}
    for scope, code in request.places:
        if Scope(scope) in known and session.get(known[Scope(scope)], code) is None:
            return text("no {scope} has the code {code}", scope=Scope(scope).meaning, code=code)
        if scope == Scope.UNIT:
            require_unit(session, int(code))
    return None


def _reaches(edition: EditionView, request: DayOrderRequest) -> bool:
    windows = edition.windows.values()
    return min(w.opens for w in windows) <= request.until and request.since <= edition.days.last


def _terms(session: Session, request: DayOrderRequest) -> DayOrder:
    found = (place_of(session, Scope(scope), code) for scope, code in request.places)
    return DayOrder(
        layer=Layer(request.kind),
        first=request.since,
        last=request.until,
        places=tuple(place.for_activity(request.activity or None) for place in found),
        authority=request.authority,
        reason=request.reason,
        letter_number=request.letter_number,
        starts=request.starts,
        ends=request.ends,
    )


def _wording(order: DayOrder) -> Text:
    return text(
        "{what}, {first} to {last} ({authority}, {letter}: {reason})",
        what=order.layer.meaning,
        first=order.first,
        last=order.last,
        authority=order.authority,
        letter=order.letter_number,
        reason=order.reason,
    )


def _held(session: Session, request: DayOrderRequest) -> int | None:
    """Return the id of the same order, if it was issued; raise OrderRefused when its letter named other places."""
    same = select(stored.DayOrder).where(
        stored.DayOrder.letter_number == request.letter_number,
        stored.DayOrder.kind == request.kind,
        stored.DayOrder.since == request.since,
        stored.DayOrder.until == request.until,
        stored.DayOrder.activity == request.activity,
    )
    held = session.scalars(same).one_or_none()
    if held is None:
        return None
    asked = {place_of(session, Scope(scope), code) for scope, code in request.places}
    if set(_stored_places(session, held.id)) != asked or held.revoked_at is not None:
        raise OrderRefused(
            problem=text(
                "letter {letter} has ordered these days already, otherwise (order {id})",
                letter=request.letter_number,
                id=held.id,
            )  # fmt: skip
        )
    return held.id


def _stored_places(session: Session, order_id: int) -> list[Place]:
    columns = select(stored.DayOrderPlace.scope, stored.DayOrderPlace.scope_code)
    rows = session.execute(columns.where(stored.DayOrderPlace.order_id == order_id)).all()
    return [place_of(session, Scope(scope), code) for scope, code in rows]


def _insert(session: Session, request: DayOrderRequest, as_of: datetime) -> int:
    row: dict[str, Any] = {
        "kind": request.kind,
        "since": request.since,
        "until": request.until,
        "starts": request.starts,
        "ends": request.ends,
        "activity": request.activity,
        "authority": request.authority,
        "reason": request.reason,
        "letter_number": request.letter_number,
        "issued_at": as_of,
    }
    order_id = session.scalars(insert(stored.DayOrder).values(row).returning(stored.DayOrder.id)).one()
    places = [{"order_id": order_id, "scope": scope, "scope_code": code} for scope, code in set(request.places)]
    session.execute(insert(stored.DayOrderPlace), places)
    return order_id


def _foreseen(session: Session, edition: EditionView, order: DayOrder, as_of: datetime) -> OrderEffect:
    after = edition.under((*orders_in_force(session, as_of), order))
    changes = moved_deadlines(session, deadlines(session, edition, as_of), deadlines(session, after, as_of))
    return OrderEffect(after, _newly(edition, after), Corrected(people=len(changes)))


def _follow(
    session: Session,
    before: Sequence[EditionView],
    cause: Cause,
    as_of: datetime,
    verb: str,
    authority: str,
    order_id: int,
) -> list[OrderEffect]:
    """Bring every edition to the orders now in force: correct who was told, and write what was done on the trail."""
    return [_follow_in(session, edition, cause, as_of, verb, authority, order_id) for edition in before]


def _follow_in(
    session: Session, edition: EditionView, cause: Cause, as_of: datetime, verb: str, authority: str, order_id: int
) -> OrderEffect:
    after = load_edition(session, edition.programme.code, edition.year, as_of)
    was, now = deadlines(session, edition, as_of), deadlines(session, after, as_of)
    corrected = correct(session, was, now, cause, as_of)
    facts = {"order": order_id, "corrected": corrected.people}
    entry = Entry(
        at=as_of, verb=verb, authority=authority, edition_id=edition.id, revision=edition.revision, facts=facts
    )
    trail.append(session, entry)
    return OrderEffect(after, _newly(edition, after), corrected)


def _newly(before: EditionView, after: EditionView) -> tuple[ExtensionTerms, ...]:
    held = set(before.moved)
    return tuple(terms for terms in after.moved if terms not in held)
