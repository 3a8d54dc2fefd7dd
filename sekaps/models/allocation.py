"""Needs, resources and what was allocated of the one to the other; conservation is held by the schema."""

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, DistrictCode, Id, Name, ProvinceCode, reference


class Item(Base):
    """A good or service that can be needed and supplied, with its measure and the sector it belongs to."""

    __tablename__ = "items"
    code: Mapped[Code] = mapped_column(primary_key=True)
    name_tr: Mapped[Name]
    name_en: Mapped[Name]
    module: Mapped[Code]
    sector: Mapped[Code]
    measure: Mapped[Code]
    ministry_id: Mapped[int] = reference("units.id")


class Need(Base):
    """What a need form asks for: item, quantity, place, scope, beneficiary and priority (1 is first)."""

    __tablename__ = "needs"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("priority BETWEEN 1 AND 9", name="priority_sane"),
        CheckConstraint("scope IN ('local', 'central')", name="scope_known"),
        CheckConstraint("beneficiary IN ('military', 'institution', 'public')", name="beneficiary_known"),
        CheckConstraint("(beneficiary = 'public') = (age_group IS NOT NULL)", name="public_by_age_group"),
    )
    document_id: Mapped[int] = reference("documents.id", primary_key=True)
    item_code: Mapped[str] = reference("items.code", index=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[int]
    scope: Mapped[Code]
    beneficiary: Mapped[Code]
    age_group: Mapped[Code | None]
    province_code: Mapped[ProvinceCode]
    district_code: Mapped[DistrictCode]


class Resource(Base):
    """What a resource form offers; ``allocated`` is the sum of its live allocations and never passes capacity.

    ``scope`` becomes central on the transfer day for what no local need reserved; ``recorded_scope`` stays.
    """

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("allocated BETWEEN 0 AND capacity", name="never_promised_twice"),
        CheckConstraint("scope IN ('local', 'central')", name="scope_known"),
        CheckConstraint("recorded_scope IN ('local', 'central')", name="recorded_scope_known"),
        Index("ix_resources_offer", "item_code", "scope", "province_code"),
    )
    document_id: Mapped[int] = reference("documents.id", primary_key=True)
    item_code: Mapped[str] = reference("items.code")
    capacity: Mapped[int] = mapped_column(BigInteger)
    allocated: Mapped[int] = mapped_column(BigInteger, default=0)
    scope: Mapped[Code]
    recorded_scope: Mapped[Code]
    origin: Mapped[Code]
    holder: Mapped[Name]
    province_code: Mapped[ProvinceCode]
    district_code: Mapped[DistrictCode]


class StageBalance(Base):
    """What one stage did for one need: needed = allocated + transferred + unmet, always."""

    __tablename__ = "stage_balances"
    __table_args__ = (
        CheckConstraint("needed = allocated + transferred + unmet", name="conserved"),
        CheckConstraint("needed > 0 AND allocated >= 0 AND transferred >= 0 AND unmet >= 0", name="not_negative"),
    )
    need_id: Mapped[int] = reference("needs.document_id", primary_key=True)
    stage: Mapped[Code] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = reference("editions.id", index=True)
    needed: Mapped[int] = mapped_column(BigInteger)
    allocated: Mapped[int] = mapped_column(BigInteger, default=0)
    transferred: Mapped[int] = mapped_column(BigInteger, default=0)
    unmet: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[At | None]


class Decision(Base):
    """A numbered decision of a competent body (commission, governor, ministry) about allocations of one stage."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("body_id", "year", "sequence"),)
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id", index=True)
    body_id: Mapped[int] = reference("units.id")
    stage: Mapped[Code]
    year: Mapped[int]
    sequence: Mapped[int]
    decided_at: Mapped[At]
    decided_by_id: Mapped[int] = reference("mandates.id")


class Allocation(Base):
    """A quantity of one resource promised to one need (tahsis), with the body that decides it."""

    __tablename__ = "allocations"
    __table_args__ = (
        UniqueConstraint("need_id", "resource_id", "stage"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "state IN ('proposed', 'decided', 'awaiting_approval', 'approved', 'refused', 'lapsed')", name="state_known"
        ),
        CheckConstraint(
            "(decision_id IS NOT NULL) = (state IN ('decided', 'awaiting_approval', 'approved'))"
            " OR state IN ('refused', 'lapsed')",
            name="decided_by_a_decision",
        ),
        Index("ix_allocations_body", "edition_id", "stage", "state", "body_id"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id")
    need_id: Mapped[int] = reference("needs.document_id")
    resource_id: Mapped[int] = reference("resources.document_id", index=True)
    stage: Mapped[Code]
    body_id: Mapped[int] = reference("units.id")
    quantity: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[Code]
    reason: Mapped[Name | None]
    decision_id: Mapped[int | None] = reference("decisions.id", index=True)
    proposed_at: Mapped[At]
    settled_at: Mapped[At | None]
