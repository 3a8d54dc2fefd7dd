"""What lies before those who decide: proposals of a body and allocations that await approval, what and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from sekaps.models.allocation import Allocation, Item, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.models.registry import District, Province, Unit
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query
from sekaps.texts import Bilingual, Text, text

NeedForm, ResourceForm, Owner, Decider = aliased(Document), aliased(Document), aliased(Unit), aliased(Unit)
NeedDistrict, ResourceDistrict = aliased(District), aliased(District)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line before somebody: whose need it serves with what, and why this resource and no more of it."""

    id: int
    stage: str
    body: int
    body_name: str
    need: str
    unit: int
    unit_name: str
    beneficiary: str
    priority: int
    lacks: int
    """What the need lacks at this stage, all its open lines counted as not allocated."""
    item: str
    item_name: Bilingual
    measure: str
    quantity: int
    resource: str
    holder: str
    place: str
    free: int
    """What the resource has left besides this line."""
    why_resource: Text
    why_quantity: Text


def open_lines(session: Session, edition: EditionView, body_id: int, stage: str = "") -> list[OpenLine]:
    """Return the open proposals of a body, of one stage or of all, by need and number."""
    query = _lines(edition, "proposed").where(Allocation.body_id == body_id)
    return _read(session, query.where(Allocation.stage == stage) if stage else query)


def awaiting_lines(session: Session, edition: EditionView) -> list[OpenLine]:
    """Return the allocations to military units that await the ministry of defence's approval."""
    return _read(session, _lines(edition, "awaiting_approval"))


def _lines(edition: EditionView, state: str) -> Query:
    return (
        select(Allocation.id, Allocation.stage, Allocation.quantity, Need.priority, Need.beneficiary)
        .add_columns(Decider.number.label("body"), Decider.name.label("body_name"))
        .add_columns(NeedForm.number.label("need"), Owner.number.label("unit"), Owner.name.label("unit_name"))
        .add_columns(func.coalesce(StageBalance.unmet, 0).label("lacks"))
        .add_columns(Item.code, Item.name_tr, Item.name_en, Item.measure)
        .add_columns(ResourceForm.number.label("resource"), Resource.holder)
        .add_columns((Resource.capacity - Resource.allocated).label("free"))
        .add_columns(NeedDistrict.code.label("need_district"), NeedDistrict.province_code.label("need_province"))
        .add_columns(ResourceDistrict.code.label("district"), ResourceDistrict.province_code.label("province"))
        .add_columns(ResourceDistrict.name.label("district_name"), Province.name.label("province_name"))
        .join(Need, Need.document_id == Allocation.need_id)
        .join(NeedForm, NeedForm.id == Allocation.need_id)
        .join(Owner, Owner.id == NeedForm.unit_id)
        .join(Decider, Decider.id == Allocation.body_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(ResourceForm, ResourceForm.id == Allocation.resource_id)
        .join(Item, Item.code == Resource.item_code)
        .join(NeedDistrict, NeedDistrict.code == Need.district_code)
        .join(ResourceDistrict, ResourceDistrict.code == Resource.district_code)
        .join(Province, Province.code == ResourceDistrict.province_code)
        .outerjoin(
            StageBalance, (StageBalance.need_id == Allocation.need_id) & (StageBalance.stage == Allocation.stage)
        )
        .where(Allocation.edition_id == edition.id, Allocation.state == state)
        .order_by(Need.priority, NeedForm.number, Allocation.id)
    )


def _read(session: Session, query: Query) -> list[OpenLine]:
    rows = session.execute(query).all()
    given = _given(rows)
    return [
        OpenLine(
            **{name: getattr(row, name) for name in AS_THEY_ARE},
            item=row.code,
            item_name=Bilingual(row.name_tr, row.name_en),
            place=f"{row.province_name} / {row.district_name}",
            why_resource=_why_resource(row),
            why_quantity=_why_quantity(row, given[row.stage, row.need]),
        )
        for row in rows
    ]


AS_THEY_ARE = (
    "id", "stage", "body", "body_name", "need", "unit", "unit_name", "beneficiary", "priority", "lacks", "measure",
    "quantity", "resource", "holder", "free",
)  # fmt: skip


def _given(rows: Iterable[Row[tuple[object, ...]]]) -> Counter[tuple[str, str]]:
    given: Counter[tuple[str, str]] = Counter()
    for row in rows:
        given[row.stage, row.need] += row.quantity
    return given


def _why_resource(row: Row[tuple[object, ...]]) -> Text:
    if row.district == row.need_district:
        return text("of the need's own district")
    if row.province == row.need_province:
        return text("of the need's own province; its district has nothing left for it")
    return text("of another province; its own has nothing left for it")


def _why_quantity(row: Row[tuple[object, ...]], given: int) -> Text:
    if given >= row.lacks:
        return text("the need is met in full at this stage")
    if row.free == 0:
        return text("the resource has no more")
    return text("the rest of the resource is for others: sekaps allocation explain {line}", line=row.id)
