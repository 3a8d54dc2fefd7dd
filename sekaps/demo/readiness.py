"""Making everybody ready: what each institution's checklist asks is recorded by the officer who sees to it."""

from datetime import datetime

from sqlalchemy import ColumnElement, insert, literal, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Actor, Scope
from sekaps.calendar.readiness import Readiness, Requirement
from sekaps.models.base import Instant
from sekaps.models.readiness import ReadinessItem
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query, table_of

OFFICER = "officer"
RECORDED = ("unit_id", "code", "edition_id", "since", "recorded_by_id", "recorded_at", "note")


def make_ready(session: Session, edition: EditionView, as_of: datetime) -> None:
    """Record every requirement of every unit it is asked of, a statement for each."""
    readiness = edition.programme.readiness
    if readiness is None:
        return
    for requirement in readiness.requirements:
        query = _items(edition, readiness, requirement, as_of)
        session.execute(insert(table_of(ReadinessItem)).from_select(RECORDED, query))


def _items(edition: EditionView, readiness: Readiness, requirement: Requirement, as_of: datetime) -> Query:
    body = aliased(Unit)
    actor = edition.programme.actors[requirement.done_by]
    return (
        select(
            Unit.id,
            literal(requirement.code),
            literal(edition.id if requirement.yearly else None, table_of(ReadinessItem).c.edition_id.type),
            literal(local_day(as_of)),
            Mandate.person_id,
            literal(as_of, Instant),
            literal(""),
        )
        .join(body, _plays(body, actor))
        .join(Post, (Post.unit_id == body.id) & (Post.kind == OFFICER))
        .join(Mandate, (Mandate.post_id == Post.id) & (Mandate.kind == "own"))
        .where(Unit.kind.in_(requirement.only_for.kinds or readiness.asked_of))
    )


def _plays(body: type[Unit], actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a body is the actor for a unit, as the rules tell it of two bodies."""
    if actor.kind is None:
        return body.id == Unit.id
    is_kind = body.kind == actor.kind
    if actor.per is Scope.PROVINCE:
        return is_kind & (body.province_code == Unit.province_code)
    return is_kind & or_(body.id == Unit.id, body.id == Unit.ministry_id)
