"""The part of a country that coverage is asked for, and the sides of a need that the parts are cut along."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.coverage import Side
from sekaps.errors.coverage import SectorUnknown
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.observed_places import ministry_of
from sekaps.services.registry import require_unit

Owner = aliased(Unit)
"""The unit whose need it is."""
SIDES: dict[Side, Any] = {
    Side.SECTOR: Item.sector,
    Side.PROVINCE: Need.province_code,
    Side.MINISTRY: ministry_of(Owner),
    Side.ITEM_MINISTRY: Item.ministry_id,
    Side.BENEFICIARY: Need.beneficiary,
    Side.PRIORITY: Need.priority,
}


@dataclass(frozen=True, slots=True)
class Part:
    """Which needs are meant: all of them, or those of one sector, province and so on; ministries by id."""

    sector: str | None = None
    province: str | None = None
    ministry: int | None = None
    item_ministry: int | None = None
    beneficiary: str | None = None
    priority: int | None = None

    @property
    def asked(self) -> dict[Side, Any]:
        """The sides it is cut along, with what is wanted of each."""
        found = {side: getattr(self, side.value) for side in Side}
        return {side: value for side, value in found.items() if value is not None}

    @property
    def of_needs(self) -> list[ColumnElement[bool]]:
        """What holds for its needs, in a query that joins them with their items and owners."""
        return [SIDES[side] == value for side, value in self.asked.items()]

    @property
    def of_items(self) -> list[ColumnElement[bool]]:
        """What holds for its items."""
        return [SIDES[side] == self.asked[side] for side in (Side.SECTOR, Side.ITEM_MINISTRY) if side in self.asked]

    @property
    def of_places(self) -> list[ColumnElement[bool]]:
        """What holds for where its resources stand."""
        return [] if self.province is None else [Resource.province_code == self.province]

    @property
    def has_resources(self) -> bool:
        """Whether a resource can belong to it: nobody's priority or beneficiary is a resource's side."""
        return not {Side.MINISTRY, Side.BENEFICIARY, Side.PRIORITY} & self.asked.keys()


WHOLE_COUNTRY = Part()


def joined(query: Select[Any]) -> Select[Any]:
    """Return a query of needs joined with their forms, owners and items."""
    return (
        query.join(Document, Document.id == Need.document_id)
        .join(Owner, Owner.id == Document.unit_id)
        .join(Item, Item.code == Need.item_code)
    )


def find_part(
    session: Session,
    *,
    sector: str | None = None,
    province: str | None = None,
    ministry: int | None = None,
    item_ministry: int | None = None,
    beneficiary: str | None = None,
    priority: int | None = None,
) -> Part:
    """Return the part named by codes and registry numbers; raise UnitUnknown or SectorUnknown."""
    if sector is not None:
        _require_sector(session, sector)
    units = [None if number is None else require_unit(session, number).id for number in (ministry, item_ministry)]
    return Part(sector, province, units[0], units[1], beneficiary, priority)


def _require_sector(session: Session, sector: str) -> None:
    known = sorted(session.scalars(select(Item.sector).distinct()))
    if sector not in known:
        raise SectorUnknown(sector=sector, known=known)
