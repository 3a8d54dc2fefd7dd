"""Open work that is no document: proposals to decide, approvals, contracts and notices to record, by who must act."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from sekaps.domain.allocation import APPROVAL_STEP, RULES
from sekaps.domain.reminders import OpenWork
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.registry import Post, Unit
from sekaps.services.editions import EditionView
from sekaps.services.lines import activity_of
from sekaps.services.open_work import HEAD, holders
from sekaps.services.papers import ACTIVITY, CONTRACT_STEP, RECORD_STEP, in_work
from sekaps.services.writing import Query

OFFICER, APPROVER = "officer", "approver"
"""Kinds of post that record contracts, and that approve for a ministry."""


def open_decisions(session: Session, edition: EditionView, as_of: datetime) -> list[OpenWork]:
    """Return the proposals and approvals that await a decision, as they stood at that instant."""
    return [*_proposals(session, edition, as_of), *_approvals(session, edition, as_of)]


def open_records(session: Session, edition: EditionView, as_of: datetime) -> list[OpenWork]:
    """Return the contracts and notices still to be recorded, as they stood at that instant."""
    contracts = _query(edition, Protocol, Protocol.need_side_id, Protocol.prepared_at, OFFICER, as_of)
    notices = _query(edition, Notice, Notice.recorded_by_id, Notice.prepared_at, HEAD, as_of)
    found = session.execute(contracts.where(Protocol.state == "open", Protocol.kind == "detail"))
    served = session.execute(notices.where(Notice.state == "prepared"))
    return [
        *(_work(ACTIVITY, CONTRACT_STEP, row) for row in found),
        *(_work(ACTIVITY, RECORD_STEP, row) for row in served),
    ]


def _proposals(session: Session, edition: EditionView, as_of: datetime) -> list[OpenWork]:
    query = _query(edition, Allocation, Allocation.body_id, Allocation.proposed_at, HEAD, as_of)
    by_stage = query.add_columns(Allocation.stage).group_by(Allocation.stage).where(Allocation.state == "proposed")
    steps = {rule.stage.value: rule.step for rule in RULES.values()}
    return [_work(activity_of(steps[row.stage]), steps[row.stage], row) for row in session.execute(by_stage)]


def _approvals(session: Session, edition: EditionView, as_of: datetime) -> list[OpenWork]:
    """Return the ministry of defence's approvals, as one unit's work: its approver's, else its head's."""
    waiting = select(func.count(Allocation.id), func.min(Allocation.settled_at)).where(
        Allocation.edition_id == edition.id,
        Allocation.state == "awaiting_approval",
        Allocation.settled_at <= as_of,
    )
    count, since = session.execute(waiting).one()
    defence = session.scalar(select(Unit.ministry_id).where(Unit.kind == "military_unit").limit(1))
    if not count or defence is None:
        return []
    held = holders(as_of)
    query = select(Post.kind, held.c.person_id).join(held, held.c.post_id == Post.id).where(Post.unit_id == defence)
    people = {kind: person_id for kind, person_id in session.execute(query)}
    person_id = people.get(APPROVER) or people.get(HEAD)
    return [OpenWork(activity_of(APPROVAL_STEP), APPROVAL_STEP, defence, person_id, count, since)]


def _query(
    edition: EditionView,
    model: Any,
    unit_id: InstrumentedAttribute[int],
    since: InstrumentedAttribute[datetime],
    post: str,
    as_of: datetime,
) -> Query:
    """Return (unit, holder of its post or of its head's, how many, since when) for rows of a model."""
    held = holders(as_of)
    own, head = aliased(Post), aliased(Post)
    own_holder, head_holder = aliased(held), aliased(held)
    told = func.coalesce(own_holder.c.person_id, head_holder.c.person_id)
    return (
        select(
            unit_id.label("unit_id"),
            told.label("person_id"),
            func.count(model.id).label("documents"),
            func.min(since).label("since"),
        )
        .outerjoin(own, (own.unit_id == unit_id) & (own.kind == post))
        .outerjoin(own_holder, own_holder.c.post_id == own.id)
        .outerjoin(head, (head.unit_id == unit_id) & (head.kind == HEAD))
        .outerjoin(head_holder, head_holder.c.post_id == head.id)
        .where(_of_this_year(edition, model), since <= as_of)
        .group_by(unit_id, told)
    )


def _of_this_year(edition: EditionView, model: Any) -> ColumnElement[bool]:
    """Return the condition that a row is this year's work; papers the year before left unrecorded are."""
    is_mine: ColumnElement[bool] = model.edition_id == edition.id
    return in_work(edition, model) if model in (Protocol, Notice) else is_mine


def _work(activity: str, step: str, row: Any) -> OpenWork:
    return OpenWork(activity, step, row.unit_id, row.person_id, row.documents, row.since)
