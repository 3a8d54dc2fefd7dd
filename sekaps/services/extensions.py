"""Extensions: authorised, logged exceptions to a gate that open exactly their scope and close by themselves."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Act
from sekaps.domain.authorities import authority_problem
from sekaps.domain.gates import Scope
from sekaps.domain.trail import Entry
from sekaps.errors.editions import ExtensionRefused
from sekaps.models.programmes import Extension
from sekaps.models.registry import District, Province
from sekaps.services import trail
from sekaps.services.closing import require_not_closed
from sekaps.services.corrections import Cause, correct, deadlines
from sekaps.services.day_orders import place_of
from sekaps.services.editions import EditionView
from sekaps.services.registry import require_unit
from sekaps.services.requests import ExtensionOrder
from sekaps.texts import Text, text


def extend(session: Session, edition: EditionView, order: ExtensionOrder, as_of: datetime) -> int:
    """Issue an extension and return its id; the same letter for the same scope issued again is the one that stands.

    Raises ExtensionRefused when the step, the scope or the end makes no sense, UnitUnknown for an unknown unit.
    """
    require_not_closed(session, edition)
    problem = _problem(session, edition, order, as_of)
    if problem is not None:
        raise ExtensionRefused(problem=problem)
    held = session.scalar(_same(edition.id, order))
    if held is not None:
        return held
    row = _row(edition, order, as_of)
    extension_id = session.scalars(insert(Extension).values(row).returning(Extension.id)).one()
    trail.append(session, _entry(edition, order, as_of))
    return extension_id


def revoke(session: Session, edition: EditionView, extension_id: int, authority: str, as_of: datetime) -> None:
    """End an extension at an instant; what was signed under it stays, and who was told of its end is told otherwise.

    Raises ExtensionRefused when it is not in force, or not this authority's to revoke.
    """
    require_not_closed(session, edition)
    query = select(Extension).where(Extension.edition_id == edition.id, Extension.id == extension_id)
    held = session.scalars(query.with_for_update()).one_or_none()
    if held is None or held.revoked_at is not None:
        raise ExtensionRefused(problem=text("extension {id} is not in force", id=extension_id))
    problem = authority_problem(edition.programme, authority, Act.EXTEND, ())
    if problem is not None:
        raise ExtensionRefused(problem=problem)
    before = deadlines(session, edition, as_of)
    held.revoked_at = as_of
    session.flush()
    wording = text("{letter} was revoked by {authority}", letter=held.letter_number, authority=authority)
    cause = Cause(f"extension:{extension_id}", wording)
    correct(session, before, deadlines(session, edition, as_of), cause, as_of)
    trail.append(session, _revocation(edition, held, authority, as_of))


def _revocation(edition: EditionView, held: Extension, authority: str, as_of: datetime) -> Entry:
    return Entry(
        at=as_of,
        verb="revoke_extension",
        authority=authority,
        edition_id=edition.id,
        revision=edition.revision,
        activity=held.activity,
        step=held.step,
        facts={"extension": held.id, "letter_number": held.letter_number},
    )


def list_extensions(session: Session, edition: EditionView) -> list[Extension]:
    """Return every extension of an edition, revoked ones included, in the order they were issued."""
    return list(session.scalars(select(Extension).where(Extension.edition_id == edition.id).order_by(Extension.id)))


def _problem(session: Session, edition: EditionView, order: ExtensionOrder, as_of: datetime) -> Text | None:
    known = {activity.code: {"", *(step.key for step in activity.steps)} for activity in edition.programme.activities}
    if order.step not in known.get(order.activity, set()):
        return text("{activity} {step} is no step of this edition", activity=order.activity, step=order.step)
    if order.until < local_day(as_of):
        return text("it would end on {until}, in the past", until=order.until)
    if order.until > edition.days.last:
        return text("it would end on {until}, after {last}, the last day this edition knows", until=order.until,
                    last=edition.days.last)  # fmt: skip
    closes = edition.window(order.activity, order.step).closes
    if order.until <= closes:
        return text("it would end on {until}, but the window is open until {closes} anyway", until=order.until,
                    closes=closes)  # fmt: skip
    if not (order.authority.strip() and order.reason.strip() and order.letter_number.strip()):
        return text("authority, reason and letter number must all be given")
    problem = _scope_problem(session, order)
    if problem is not None:
        return problem
    place = place_of(session, Scope(order.scope), order.scope_code)
    return authority_problem(edition.programme, order.authority, Act.EXTEND, [place])


def _scope_problem(session: Session, order: ExtensionOrder) -> Text | None:
    unknown = text("no {scope} has the code {code}", scope=Scope(order.scope).meaning, code=order.scope_code)
    if order.scope == Scope.UNIT:
        if not order.scope_code.isdigit():
            return unknown
        require_unit(session, int(order.scope_code))
        return None
    if order.scope == Scope.PROVINCE:
        return None if session.get(Province, order.scope_code) else unknown
    if order.scope == Scope.DISTRICT:
        return None if session.get(District, order.scope_code) else unknown
    return None


def _same(edition_id: int, order: ExtensionOrder) -> Select[tuple[int]]:
    return select(Extension.id).where(
        Extension.edition_id == edition_id,
        Extension.letter_number == order.letter_number,
        Extension.activity == order.activity,
        Extension.step == order.step,
        Extension.scope == order.scope,
        Extension.scope_code == order.scope_code,
    )


def _row(edition: EditionView, order: ExtensionOrder, as_of: datetime) -> dict[str, object]:
    return {**asdict(order), "edition_id": edition.id, "since": local_day(as_of), "issued_at": as_of}


def _entry(edition: EditionView, order: ExtensionOrder, as_of: datetime) -> Entry:
    facts = {**asdict(order), "until": order.until.isoformat()}
    return Entry(
        at=as_of,
        verb="extend",
        authority=order.authority,
        edition_id=edition.id,
        revision=edition.revision,
        activity=order.activity,
        step=order.step,
        facts=facts,
    )
