"""What protocols, notices and objections share: the allocations they follow, who records them, the act on the trail."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import Stage
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.trail import Entry
from sekaps.models.allocation import Allocation, Resource
from sekaps.models.base import Base
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.programmes import Edition
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.outcomes import Outcome
from sekaps.services.registry import active
from sekaps.services.waiting import in_force
from sekaps.services.writing import Query, chunked, table_of
from sekaps.texts import Text, text

ACTIVITY = "contracts_and_notifications"
CONTRACT_STEP, SERVICE_STEP, RECORD_STEP = "7.a", "7.b", "7.c"
COMMISSION_STAGES = (Stage.DISTRICT, Stage.PROVINCE)
"""Allocations decided by a commission bind by obligation decision and notice; all others by contract."""
EFFECTIVE = ("decided", "approved")
NOTHING_LEFT = text("nothing is left to record for it")

Need, Offer = aliased(Document), aliased(Document)


def allocations(edition: EditionView, *conditions: ColumnElement[bool]) -> Query:
    """Return the effective allocations of this year and of the year before, which stay valid (calendar row 7.a)."""
    return (
        select(
            Allocation.id,
            Allocation.stage,
            Need.number.label("need"),
            Need.unit_id.label("need_unit"),
            Offer.number.label("resource"),
            Offer.unit_id.label("resource_unit"),
            Resource.province_code,
            Resource.district_code,
        )
        .join(Need, Need.id == Allocation.need_id)
        .join(Offer, Offer.id == Allocation.resource_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .where(Allocation.state.in_(EFFECTIVE), *conditions)
        .where(or_(Allocation.edition_id == edition.id, Allocation.edition_id.in_(year_before(edition))))
        .order_by(Allocation.id)
    )


def year_before(edition: EditionView) -> Select[tuple[int]]:
    """Return the edition of the same programme of the year before."""
    this, before = aliased(Edition), aliased(Edition)
    return (
        select(before.id)
        .join(this, this.programme_id == before.programme_id)
        .where(this.id == edition.id, before.year == edition.year - 1)
    )


def in_work(edition: EditionView, model: type[Protocol] | type[Notice]) -> ColumnElement[bool]:
    """Return the condition that a protocol or notice is this year's work: its own, or the year before's unfinished."""
    return or_(model.edition_id == edition.id, model.edition_id.in_(year_before(edition)))


Open = Mapping[int, tuple[Standing, date]]
"""Where the acting unit of each row still to be recorded stands, and the local day the row was prepared."""


def lock_open(
    session: Session,
    edition: EditionView,
    model: type[Protocol] | type[Notice],
    actor: Any,
    ids: Sequence[int],
    *conditions: ColumnElement[bool],
) -> Open:
    """Return those of the rows of this year's work that meet the conditions, locked until the transaction ends."""
    query = (
        select(model.id, Unit.number, Unit.province_code, Unit.district_code, model.prepared_at)
        .join(Unit, Unit.id == actor)
        .where(in_work(edition, model), *conditions)
        .order_by(model.id)
        .with_for_update(of=model)
    )
    return {
        key: (Standing(number, province, district), local_day(prepared_at))
        for part in chunked(sorted(set(ids)))
        for key, number, province, district, prepared_at in session.execute(query.where(model.id.in_(part)))
    }


Posts = set[tuple[int, int]]
"""(person, unit number) of the posts people hold."""


def posts_of(session: Session, people: set[int], as_of: datetime) -> Posts:
    """Return every post these people hold at that instant."""
    query = (
        select(Mandate.person_id, Unit.number)
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(in_force(as_of), active(as_of))
    )
    return {
        (person_id, number)
        for part in chunked(sorted(people))
        for person_id, number in session.execute(query.where(Mandate.person_id.in_(part)))
    }


def refusal_by_place(gate: Gate, standing: Standing, posts: Posts, person_id: int, as_of: datetime) -> Text | None:
    """Return why a person may not record something of a unit now: outside its window, or without a post there."""
    return gate.refusal(standing, local_day(as_of)) or refusal_without_post(posts, person_id, standing.unit_number)


def refusal_without_post(posts: Posts, person_id: int, *units: int) -> Text | None:
    """Return why a person may not act for any of these units, or None."""
    if any((person_id, unit) in posts for unit in units):
        return None
    return text("only somebody with a post in unit {unit} records it", unit=" / ".join(map(str, units)))


def write(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], as_of: datetime) -> None:
    """Write the values of each row, by its id under ``key``, and when they were recorded."""
    if not rows:
        return
    table = table_of(model)
    columns: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in rows[0] if name != "key"}
    statement = update(table).where(table.c.id == bindparam("key")).values(**columns, recorded_at=as_of)
    session.connection().execute(statement, [dict(row) for row in rows])


def log_outcomes(
    session: Session, edition: EditionView, step: str, verb: str, outcomes: Sequence[Outcome], as_of: datetime
) -> None:
    """Put what was recorded, and what was refused with its reason, on the trail."""
    done = [outcome.subject_id for outcome in outcomes if outcome.done]
    refused: dict[str, list[int]] = {}
    for outcome in outcomes:
        if outcome.refusal is not None:
            refused.setdefault(outcome.refusal.say("en"), []).append(outcome.subject_id)
    if done:
        log_act(session, edition, step, verb, as_of, len(done), {"ids": done})
    for reason, ids in refused.items():
        log_act(session, edition, step, verb, as_of, len(ids), {"ids": ids, "reason": reason}, outcome="refused")


def log_act(
    session: Session,
    edition: EditionView,
    step: str,
    verb: str,
    as_of: datetime,
    documents: int,
    facts: dict[str, Any],
    *,
    outcome: str = "done",
) -> None:
    """Put one act of the phase on the trail."""
    entry = Entry(
        at=as_of,
        verb=verb,
        outcome=outcome,
        edition_id=edition.id,
        revision=edition.revision,
        activity=ACTIVITY,
        step=step,
        documents=documents,
        facts=facts,
    )
    trail.append(session, entry)
