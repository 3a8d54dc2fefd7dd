"""What one stage of the cascade has to share out: who still needs what, what is still free, and who decides."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, literal, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.allocation import Offer, StageRule, Want
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Item, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query

PoolKey = tuple[str, str]
"""An item and the area (district code, province code or '' for the nation) inside which it is shared."""


@dataclass(slots=True)
class Pool:
    """The wants and offers of one item in one area, and the body that decides there.

    Where the registry has no competent body nothing can be decided: nothing is offered and the needs pass on whole.
    """

    body_id: int | None
    wants: list[Want] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)


def load_pools(session: Session, edition: EditionView, rule: StageRule) -> dict[PoolKey, Pool]:
    """Return the pools of a stage that hold at least one want not yet taken up; their resources are locked."""
    pools = _with_wants(session, edition, rule)
    items = {item for item, _ in pools}
    for row in session.execute(_offer_query(edition.id, rule, items)):
        pool = pools.get((row.item_code, row.area))
        if pool is not None and pool.body_id is not None:
            pool.offers.append(Offer(row.document_id, row.number, row.capacity - row.allocated))
    return pools


def _with_wants(session: Session, edition: EditionView, rule: StageRule) -> dict[PoolKey, Pool]:
    bodies = _bodies(session, rule)
    pools: dict[PoolKey, Pool] = {}
    for row in session.execute(_want_query(edition.id, rule)):
        body = bodies.get(row.ministry_id if rule.area == "nation" else row.area)
        pool = pools.setdefault((row.item_code, row.area), Pool(body))
        pool.wants.append(Want(row.document_id, row.priority, row.waiting_since, row.number, row.quantity))
    return pools


def _area(rule: StageRule, model: type[Need] | type[Resource]) -> Any:
    columns = {"district": model.district_code, "province": model.province_code}
    return columns.get(rule.area, literal("")).label("area")


def _want_query(edition_id: int, rule: StageRule) -> Query:
    """Signed needs the stage serves and has not taken up yet, with what is left of each."""
    own, before = aliased(StageBalance), aliased(StageBalance)
    query = (
        select(Need.document_id, Need.item_code, Need.priority, Item.ministry_id, _area(rule, Need))
        .add_columns(Document.number, Document.waiting_since)
        .join(Document, Document.id == Need.document_id)
        .join(Item, Item.code == Need.item_code)
        .outerjoin(own, and_(own.need_id == Need.document_id, own.stage == rule.stage))
        .where(Document.edition_id == edition_id, Document.state == DocumentState.COMPLETE, own.need_id.is_(None))
        .where(Need.beneficiary.in_(rule.beneficiaries))
        .order_by(Document.number)
    )
    if not rule.takes_from:
        return query.add_columns(Need.quantity).where(Need.scope == rule.scope)
    taken = and_(before.need_id == Need.document_id, before.stage.in_(rule.takes_from), before.transferred > 0)
    return query.add_columns(before.transferred.label("quantity")).join(before, taken)


def _offer_query(edition_id: int, rule: StageRule, items: set[str]) -> Query:
    return (
        select(Resource.document_id, Resource.item_code, Resource.capacity, Resource.allocated, _area(rule, Resource))
        .add_columns(Document.number)
        .join(Document, Document.id == Resource.document_id)
        .where(Document.edition_id == edition_id, Document.state == DocumentState.COMPLETE)
        .where(Resource.scope == rule.scope, Resource.allocated < Resource.capacity, Resource.item_code.in_(items))
        .order_by(Document.number)
        .with_for_update(of=Resource)
    )


def _bodies(session: Session, rule: StageRule) -> dict[Any, int]:
    """Return the deciding unit by area code, or by its own id where the stage decides for the nation."""
    place = {"district": Unit.district_code, "province": Unit.province_code}.get(rule.area, Unit.id)
    rows = session.execute(select(place, Unit.id).where(Unit.kind == rule.body_kind, place.is_not(None)))
    return {area: unit_id for area, unit_id in rows}
