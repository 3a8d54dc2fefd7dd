"""What is still needed and what is still free in an edition, in columns: what a plan is made of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from sekaps.calendar.allocating import AllocationRules
from sekaps.domain.allocation import MILITARY, RULES, Stage
from sekaps.domain.allocation_columns import Bools, Ints, Needs, Pool, Resources
from sekaps.domain.need_order import declared_order
from sekaps.domain.signatures import DocumentState
from sekaps.domain.substitution import Swap
from sekaps.models.allocation import Allocation, Item, ItemSubstitute, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.column_rows import Columns, Words
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query

NOBODY = -1
LIVE = ("proposed", "decided", "awaiting_approval", "approved")
STAGES = tuple(RULES)
PLACE = {stage: place for place, stage in enumerate(STAGES)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """The signed needs of an edition in their declared order, each with the stage it stands at.

    ``begun`` tells that the stage has taken the need up already, so that it proposes for it again only when asked.
    """

    ids: Ints
    columns: Needs
    priority: Ints
    ministry: Ints
    stage: Ints
    begun: Bools

    def awaiting(self, stage: Stage) -> Bools:
        """Tell which needs a stage has to take up."""
        return self._stands_at(stage) & ~self.begun

    def open_at(self, stage: Stage) -> Bools:
        """Tell which needs a stage has taken up and leaves something of unmet."""
        return self._stands_at(stage) & self.begun

    def _stands_at(self, stage: Stage) -> Bools:
        found: Bools = (self.stage == PLACE[stage]) & (self.columns.outstanding > 0)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The signed resources of an edition in the order of their numbers."""

    ids: Ints
    columns: Resources
    ministry: Ints


@dataclass(slots=True)
class Codebook:
    """The small numbers that stand for items, provinces and districts while columns are read."""

    item: Words
    province: Words
    district: Words

    @classmethod
    def empty(cls) -> "Codebook":
        """Return a codebook that has met nothing."""
        return cls({}, {}, {})

    @property
    def words(self) -> dict[str, Words]:
        """The codes by the column they stand in."""
        return {"item_code": self.item, "province_code": self.province, "district_code": self.district}

    def numbers(self, column: str, found: dict[Any, int]) -> Ints:
        """Return a value for each number of a column's codes, nobody where there is none."""
        words = self.words[column]
        numbers = np.full(len(words), NOBODY, dtype=np.int64)
        for word, number in words.items():
            numbers[number] = found.get(word, NOBODY)
        return numbers


def queued_needs(session: Session, edition: EditionView, book: Codebook, *, afresh: bool = False) -> Queue:
    """Return the signed needs with what is outstanding of each; afresh, as if nothing had been allocated yet."""
    read = Columns(session, _need_query(session, edition.id), book.words)
    order, rank = _declared(read, edition.allocation_rules)
    military, central = read["beneficiary"][order] == MILITARY, read["scope"][order] == "central"
    ids, left = read["document_id"][order], read["quantity"][order].astype(np.int64)
    stage = np.where(central, PLACE[Stage.CENTRAL], np.where(military, PLACE[Stage.DISTRICT], PLACE[Stage.GOVERNOR]))
    begun = np.zeros(len(ids), dtype=np.bool_)
    if not afresh:
        stage, begun, left = _stand(session, edition.id, ids, stage, left)
    province, district = read["province_code"][order], read["district_code"][order]
    district_open = _stands_before(session, stage, Stage.DISTRICT, book, district)
    columns = Needs(
        item=read["item_code"][order],
        province=province,
        district=district,
        rank=rank,
        outstanding=left,
        central=central,
        military=military,
        local_open=district_open
        | _stands_before(session, stage, Stage.PROVINCE, book, province)
        | _stands_before(session, stage, Stage.GOVERNOR, book, province),
        district_open=district_open,
    )
    return Queue(ids, columns, read["priority"][order], read["ministry_id"][order], stage, begun)


def _declared(read: Columns, rules: AllocationRules) -> tuple[Ints, Ints]:
    """Return the needs' order and ranks; they were read by their numbers."""
    signed = np.array([(at - EPOCH).total_seconds() for at in read["waiting_since"]])
    keys = {word: read[word] for word in ("priority", "beneficiary", "necessity")}
    return declared_order({**keys, "signed": signed, "number": np.arange(len(signed))}, rules)


def _stands_before(session: Session, stage: Ints, at: Stage, book: Codebook, areas: Ints) -> Bools:
    """Tell which needs a local stage may still serve: they are there, or will come, and a body is competent."""
    here = stage == PLACE[at]
    if at is Stage.PROVINCE:
        here |= stage == PLACE[Stage.DISTRICT]
    found: Bools = here & (_of_area(session, at, book, areas) != NOBODY)
    return found


def _of_area(session: Session, stage: Stage, book: Codebook, areas: Ints) -> Ints:
    """Return the competent body for each row's area."""
    column = {"district": "district_code", "province": "province_code"}[RULES[stage].area]
    return book.numbers(column, _bodies_by_place(session, stage))[areas] if len(areas) else areas


def held_resources(
    session: Session, edition: EditionView, book: Codebook, *, afresh: bool = False, moved: bool = False
) -> Held:
    """Return the signed resources with what is free of each; afresh, all of it and where it was recorded.

    Once resources have moved to central planning, only those of central scope.
    """
    query = _resource_query(session, edition, afresh=afresh)
    read = Columns(session, query.where(Resource.scope == "central") if moved else query, book.words)
    columns = Resources(
        item=read["item_code"],
        province=read["province_code"],
        district=read["district_code"],
        pool=read["pool"].astype(np.int64),
        free=read["free"].astype(np.int64),
    )
    return Held(read["document_id"], columns, read["ministry_id"])


def substitutes(session: Session, book: Codebook) -> list[Swap]:
    """Return which items may stand in for which, as far as they occur."""
    query = select(ItemSubstitute.item_code, ItemSubstitute.served_by_code)
    known = book.item
    return [(known[item], known[other]) for item, other in session.execute(query) if {item, other} <= known.keys()]


def bodies_of(session: Session, stage: Stage, queue: Queue, book: Codebook) -> Ints:
    """Return who decides about each need at a stage; nobody where the registry has no competent body."""
    if RULES[stage].area == "nation":
        return ministries(session, queue.ministry)
    areas = queue.columns.district if RULES[stage].area == "district" else queue.columns.province
    return _of_area(session, stage, book, areas)


def ministries(session: Session, ids: Ints) -> Ints:
    """Return the units of those ids that are ministries, nobody in the place of others."""
    known = np.array(sorted(_bodies_by_place(session, Stage.CENTRAL)), dtype=np.int64)
    return np.where(np.isin(ids, known), ids, NOBODY)


def barred_pairs(session: Session, edition_id: int, stage: Stage) -> set[tuple[int, int]]:
    """Return the (need, resource) pairs a stage proposes no more: refused by a body, or before one there already."""
    here = and_(Allocation.stage == stage, Allocation.state.in_(LIVE))
    query = select(Allocation.need_id, Allocation.resource_id).where(
        Allocation.edition_id == edition_id, or_(Allocation.state == "refused", here)
    )
    return {(need, resource) for need, resource in session.execute(query)}


def _bodies_by_place(session: Session, stage: Stage) -> dict[Any, int]:
    """Return the deciding unit by area code, or by its own id where the stage decides for the nation."""
    rule = RULES[stage]
    place = {"district": Unit.district_code, "province": Unit.province_code}.get(rule.area, Unit.id)
    rows = session.execute(select(place, Unit.id).where(Unit.kind == rule.body_kind, place.is_not(None)))
    return {area: unit_id for area, unit_id in rows}


def by_number(session: Session) -> ColumnElement[str]:
    """Return the order of document numbers, letter by letter, the same on either database."""
    on_server = session.get_bind().dialect.name == "postgresql"
    return Document.number.collate("C") if on_server else Document.number.expression


def _signed(edition_id: int) -> ColumnElement[bool]:
    return and_(Document.edition_id == edition_id, Document.state == DocumentState.COMPLETE)


def _need_query(session: Session, edition_id: int) -> Query:
    columns = (Need.document_id, Need.item_code, Need.province_code, Need.district_code, Need.quantity, Need.priority)
    return (
        select(*columns, Need.scope, Need.beneficiary, Need.necessity, Document.waiting_since, Item.ministry_id)
        .join(Document, Document.id == Need.document_id)
        .join(Item, Item.code == Need.item_code)
        .where(_signed(edition_id))
        .order_by(by_number(session))
    )


def _resource_query(session: Session, edition: EditionView, *, afresh: bool) -> Query:
    undecided = and_(Item.sector.in_(edition.allocation_rules.local_by_decision), Resource.local_decision_id.is_(None))
    scope = Resource.recorded_scope if afresh else Resource.scope
    pool = case(
        (and_(scope == "local", ~undecided), int(Pool.LOCAL)),
        (or_(scope == "local", Resource.recorded_scope == "local"), int(Pool.MOVED)),
        else_=int(Pool.CENTRAL),
    )
    free = Resource.capacity if afresh else Resource.capacity - Resource.allocated
    return (
        select(Resource.document_id, Resource.item_code, Resource.province_code, Resource.district_code)
        .add_columns(pool.label("pool"), free.label("free"), Item.ministry_id)
        .join(Document, Document.id == Resource.document_id)
        .join(Item, Item.code == Resource.item_code)
        .where(_signed(edition.id), free > 0)
        .order_by(by_number(session))
    )


def _stand(session: Session, edition_id: int, ids: Ints, first: Ints, quantity: Ints) -> tuple[Ints, Bools, Ints]:
    """Return the stage each need stands at, whether that stage has begun, and what is outstanding there."""
    stage, begun, left = first.copy(), np.zeros(len(ids), dtype=np.bool_), quantity.copy()
    place = np.argsort(ids)
    for at in STAGES:
        balances = Columns(session, _balance_query(edition_id, at), {})
        known = np.isin(balances["need_id"], ids)
        rows = place[np.searchsorted(ids[place], balances["need_id"][known])]
        settled, following = balances["settled"][known].astype(np.bool_), _next_stage(at)
        stage[rows] = np.where(settled, following, PLACE[at])
        begun[rows] = ~settled
        open_there = balances["unmet"][known] - balances["proposed"][known]
        left[rows] = np.where(settled, balances["transferred"][known], open_there)
    return stage, begun, left


def _next_stage(stage: Stage) -> int:
    """Return the place of the stage that takes a remainder over; beyond the last one, where nothing follows."""
    return next((PLACE[rule.stage] for rule in RULES.values() if stage in rule.takes_from), len(STAGES))


def _balance_query(edition_id: int, stage: Stage) -> Query:
    proposed = (
        select(Allocation.need_id, func.sum(Allocation.quantity).label("quantity"))
        .where(Allocation.edition_id == edition_id, Allocation.stage == stage, Allocation.state == "proposed")
        .group_by(Allocation.need_id)
        .subquery()
    )
    return (
        select(StageBalance.need_id, StageBalance.unmet, StageBalance.transferred)
        .add_columns(case((StageBalance.settled_at.is_(None), 0), else_=1).label("settled"))
        .add_columns(func.coalesce(proposed.c.quantity, 0).label("proposed"))
        .outerjoin(proposed, proposed.c.need_id == StageBalance.need_id)
        .where(StageBalance.edition_id == edition_id, StageBalance.stage == stage)
    )
