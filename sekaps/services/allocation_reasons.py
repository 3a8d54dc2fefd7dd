"""The facts behind an allocation: the queue a need stood in, what the pool held, and each of its lines."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import APPROVAL_STEP, RULES, Stage
from sekaps.domain.line_reasons import LineFacts, NeedFacts, QueueFacts, StageFacts
from sekaps.domain.need_order import declared_order
from sekaps.domain.signatures import DocumentState
from sekaps.errors.allocation import LineUnknown
from sekaps.models.allocation import Allocation, Decision, Item, ItemSubstitute, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.models.registry import District, Province, Unit
from sekaps.services.editions import EditionView
from sekaps.services.lines import activity_of
from sekaps.services.outstanding import EPOCH, LIVE, by_number
from sekaps.services.writing import Query
from sekaps.texts import Bilingual, Sayable, text


def explain(session: Session, edition: EditionView, asked: str) -> tuple[NeedFacts, int | None]:
    """Return the facts of the need asked for, and the line where one was asked for by its number.

    Raises LineUnknown where neither is there.
    """
    need_id, line_id = _asked(session, edition, asked)
    need, document, item = session.execute(
        select(Need, Document, Item)
        .join(Document, Document.id == Need.document_id)
        .join(Item, Item.code == Need.item_code)
        .where(Need.document_id == need_id)
    ).one()
    lines, stages = tuple(_lines(session, edition, need_id)), tuple(_stages(session, edition, need_id))
    live = sum(line.quantity for line in lines if line.is_live)
    facts = NeedFacts(
        number=document.number,
        item=Bilingual(item.name_tr, item.name_en),
        measure=item.measure,
        quantity=need.quantity,
        priority=need.priority,
        signed=local_day(document.waiting_since),
        outstanding=need.quantity - live,
        queue=_queue(session, edition, need, lines, stages),
        lines=lines,
        stages=stages,
    )
    return facts, line_id


def _asked(session: Session, edition: EditionView, asked: str) -> tuple[int, int | None]:
    if asked.isdecimal() and len(asked) < 19:
        query = select(Allocation.need_id).where(Allocation.edition_id == edition.id, Allocation.id == int(asked))
        need_id = session.scalar(query)
        if need_id is not None:
            return need_id, int(asked)
    signed = (Document.number == asked, Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE)
    need_id = session.scalar(select(Need.document_id).join(Document, Document.id == Need.document_id).where(*signed))
    if need_id is None:
        raise LineUnknown(asked=asked, year=edition.year)
    return need_id, None


def _lines(session: Session, edition: EditionView, need_id: int) -> Iterator[LineFacts]:
    for row in session.execute(_line_query(need_id)):
        stage = Stage(row.stage)
        step = APPROVAL_STEP if row.state == "awaiting_approval" else RULES[stage].step
        yield LineFacts(
            line=row.id,
            stage=stage,
            state=row.state,
            quantity=row.quantity,
            resource=row.number,
            place=f"{row.district} / {row.province}",
            capacity=row.capacity,
            others=int(row.others),
            body=row.body,
            closes=edition.window(activity_of(step), step).closes,
            decision=None if row.year is None else f"{row.year}/{row.sequence}",
            reason=row.reason,
        )


def _line_query(need_id: int) -> Query:
    """Return a need's lines, each with its resource and what other lines hold of that."""
    other = aliased(Allocation)
    others = (
        select(func.coalesce(func.sum(other.quantity), 0))
        .where(other.resource_id == Allocation.resource_id, other.id != Allocation.id, other.state.in_(LIVE))
        .scalar_subquery()
    )
    return (
        select(Allocation.id, Allocation.stage, Allocation.state, Allocation.quantity, Allocation.reason)
        .add_columns(Document.number, Resource.capacity, others.label("others"), Decision.year, Decision.sequence)
        .add_columns(District.name.label("district"), Province.name.label("province"), Unit.name.label("body"))
        .join(Document, Document.id == Allocation.resource_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(District, District.code == Resource.district_code)
        .join(Province, Province.code == Resource.province_code)
        .join(Unit, Unit.id == Allocation.body_id)
        .outerjoin(Decision, Decision.id == Allocation.decision_id)
        .where(Allocation.need_id == need_id)
        .order_by(Allocation.id)
    )


def _stages(session: Session, edition: EditionView, need_id: int) -> list[StageFacts]:
    balances = {row.stage: row for row in session.scalars(select(StageBalance).where(StageBalance.need_id == need_id))}
    return [
        StageFacts(
            stage=stage,
            unmet=balances[stage].unmet,
            transferred=balances[stage].transferred,
            settled=balances[stage].settled_at is not None,
            closes=edition.window(activity_of(rule.step), rule.step).closes,
        )
        for stage, rule in RULES.items()
        if stage in balances
    ]


def _queue(
    session: Session,
    edition: EditionView,
    need: Need,
    lines: tuple[LineFacts, ...],
    stages: tuple[StageFacts, ...],
) -> QueueFacts:
    """Return the queue of the pool the need was last served from: its province's, or the centre's."""
    last = lines[-1].stage if lines else stages[-1].stage if stages else None
    nationwide = need.scope == "central" if last is None else RULES[last].area == "nation"
    order = _order(session, edition, need, nationwide=nationwide)
    turn = order.index(need.document_id)
    of_pool = _pool(need, nationwide=nationwide)
    held = session.scalar(_held(edition.id).where(of_pool))
    taken = _taken(session, of_pool)
    return QueueFacts(
        area=_area(session, need, nationwide=nationwide),
        order=edition.allocation_rules.order,
        turn=turn + 1,
        needs=len(order),
        held=int(held or 0),
        taken_before=sum(taken.get(before, 0) for before in order[:turn]),
    )


def _order(session: Session, edition: EditionView, need: Need, *, nationwide: bool) -> list[int]:
    """Return the needs that stand in the queue for that item there, in the declared order."""
    here = true() if nationwide else and_(Need.scope == "local", Need.province_code == need.province_code)
    query = (
        select(Need.document_id, Need.priority, Need.beneficiary, Need.necessity, Document.waiting_since)
        .join(Document, Document.id == Need.document_id)
        .where(Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE)
        .where(Need.item_code == need.item_code, here)
        .order_by(by_number(session))
    )
    rows = session.execute(query).all()
    ids, priority, beneficiary, necessity, signed = zip(*rows, strict=True)
    keys = {
        "priority": np.array(priority),
        "beneficiary": np.array(beneficiary),
        "necessity": np.array(necessity),
        "signed": np.array([(at - EPOCH).total_seconds() for at in signed]),
        "number": np.arange(len(ids)),
    }
    order, _ = declared_order(keys, edition.allocation_rules)
    return [ids[row] for row in order]


def _pool(need: Need, *, nationwide: bool) -> ColumnElement[bool]:
    instead = select(ItemSubstitute.served_by_code).where(ItemSubstitute.item_code == need.item_code)
    items = or_(Resource.item_code == need.item_code, Resource.item_code.in_(instead))
    if not nationwide:
        return and_(items, Resource.recorded_scope == "local", Resource.province_code == need.province_code)
    central = Resource.recorded_scope == "central" if need.scope == "central" else Resource.scope == "central"
    return and_(items, central)


def _held(edition_id: int) -> Query:
    return (
        select(func.sum(Resource.capacity))
        .join(Document, Document.id == Resource.document_id)
        .where(Document.edition_id == edition_id, Document.state == DocumentState.COMPLETE)
    )


def _taken(session: Session, of_pool: ColumnElement[bool]) -> dict[int, int]:
    query = (
        select(Allocation.need_id, func.sum(Allocation.quantity))
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .where(of_pool, Allocation.state.in_(LIVE))
        .group_by(Allocation.need_id)
    )
    return {need_id: int(quantity) for need_id, quantity in session.execute(query)}


def _area(session: Session, need: Need, *, nationwide: bool) -> Sayable:
    if nationwide:
        return text("central planning")
    name = session.scalars(select(Province.name).where(Province.code == need.province_code)).one()
    return Bilingual(name, name)
