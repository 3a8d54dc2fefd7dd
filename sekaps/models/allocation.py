"""Needs, resources and what was allocated of the one to the other; conservation is held by the schema."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import (
    At,
    Base,
    Code,
    DistrictCode,
    Id,
    Name,
    ProvinceCode,
    Sentence,
    reference,
    unique_where,
)


class Item(Base):
    """A good or service that can be needed and supplied: module, sector, item, with the measure it is counted in."""

    __tablename__ = "items"
    code: Mapped[Code] = mapped_column(primary_key=True)
    name_tr: Mapped[Name]
    name_en: Mapped[Name]
    module: Mapped[Code]
    sector: Mapped[Code]
    measure: Mapped[Code]
    ministry_id: Mapped[int] = reference("units.id")


class ItemSubstitute(Base):
    """One item may stand in for another, one for one: a need of ``item_code`` can be met by ``served_by_code``."""

    __tablename__ = "item_substitutes"
    __table_args__ = (CheckConstraint("item_code <> served_by_code", name="another_item"),)
    item_code: Mapped[str] = reference("items.code", primary_key=True)
    served_by_code: Mapped[str] = reference("items.code", primary_key=True)


class Need(Base):
    """What a need form asks for: item, quantity, place, period, scope, beneficiary, class and priority (1 is first).

    ``quantity`` is in the item's measure; ``stated_quantity`` and ``stated_measure`` are as it was entered, where that
    was another. ``necessity`` is the class of a need of the public (zorunlu, tali).
    """

    __tablename__ = "needs"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("priority BETWEEN 1 AND 9", name="priority_sane"),
        CheckConstraint("scope IN ('local', 'central')", name="scope_known"),
        CheckConstraint("beneficiary IN ('military', 'institution', 'public')", name="beneficiary_known"),
        CheckConstraint("(beneficiary = 'public') = (age_group IS NOT NULL)", name="public_by_age_group"),
        CheckConstraint("necessity IN ('mandatory', 'secondary')", name="necessity_known"),
        CheckConstraint("(stated_quantity IS NULL) = (stated_measure IS NULL)", name="stated_whole"),
        CheckConstraint("needed_until >= needed_from", name="period_ends_after_it_begins"),
    )
    document_id: Mapped[int] = reference("documents.id", primary_key=True)
    item_code: Mapped[str] = reference("items.code", index=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[int]
    scope: Mapped[Code]
    beneficiary: Mapped[Code]
    age_group: Mapped[Code | None]
    necessity: Mapped[Code | None]
    province_code: Mapped[ProvinceCode]
    district_code: Mapped[DistrictCode]
    place: Mapped[Name | None]
    needed_from: Mapped[date | None]
    needed_until: Mapped[date | None]
    stated_quantity: Mapped[int | None] = mapped_column(BigInteger)
    stated_measure: Mapped[Code | None]


class Resource(Base):
    """What a resource form offers; ``allocated`` is the sum of its live allocations and never passes capacity.

    ``scope`` becomes central on the transfer day for what no local need reserved; ``recorded_scope`` stays.
    ``supplier`` is the service it was read from, where its origin is one. Resources of sectors that become local
    by a commission's decision only name that decision.
    """

    __tablename__ = "resources"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("allocated BETWEEN 0 AND capacity", name="never_promised_twice"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        CheckConstraint("scope IN ('local', 'central')", name="scope_known"),
        CheckConstraint("recorded_scope IN ('local', 'central')", name="recorded_scope_known"),
        CheckConstraint("origin IN ('manual', 'web_service')", name="origin_known"),
        CheckConstraint("holder_kind IN ('unit', 'company', 'person')", name="holder_kind_known"),
        Index("ix_resources_offer", "item_code", "scope", "province_code"),
    )
    document_id: Mapped[int] = reference("documents.id", primary_key=True)
    item_code: Mapped[str] = reference("items.code")
    capacity: Mapped[int] = mapped_column(BigInteger)
    stock: Mapped[int | None] = mapped_column(BigInteger)
    allocated: Mapped[int] = mapped_column(BigInteger, default=0)
    scope: Mapped[Code]
    recorded_scope: Mapped[Code]
    origin: Mapped[Code]
    supplier: Mapped[Code | None]
    holder: Mapped[Name]
    holder_kind: Mapped[Code | None]
    holder_number: Mapped[Code | None]
    address: Mapped[Name | None]
    province_code: Mapped[ProvinceCode]
    district_code: Mapped[DistrictCode]
    local_decision_id: Mapped[int | None] = reference("decisions.id", index=True)


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
    """A numbered decision of a competent body (commission, governor, ministry) about allocations or local resources.

    A commission's tells how many seats it has, how many members were present and how they voted; ``by_chair`` that
    the chair's side broke a tie (law 3634, article 8).
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("body_id", "year", "sequence"),
        CheckConstraint("kind IN ('allocation', 'local_resource')", name="kind_known"),
        CheckConstraint("(kind = 'allocation') = (stage IS NOT NULL)", name="stage_of_allocations"),
        CheckConstraint("2 * present > seats", name="quorum"),
        CheckConstraint("in_favour + against <= present", name="votes_of_those_present"),
        CheckConstraint("in_favour > against OR (in_favour = against AND by_chair)", name="carried"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id", index=True)
    kind: Mapped[Code] = mapped_column(default="allocation", server_default="allocation")
    body_id: Mapped[int] = reference("units.id")
    stage: Mapped[Code | None]
    year: Mapped[int]
    sequence: Mapped[int]
    decided_at: Mapped[At]
    decided_by_id: Mapped[int] = reference("mandates.id")
    seats: Mapped[int | None] = mapped_column(SmallInteger)
    present: Mapped[int | None] = mapped_column(SmallInteger)
    in_favour: Mapped[int | None] = mapped_column(SmallInteger)
    against: Mapped[int | None] = mapped_column(SmallInteger)
    by_chair: Mapped[bool] = mapped_column(default=False, server_default=false())
    text: Mapped[Sentence | None]


class DecisionVote(Base):
    """How the holder of one seat of a commission voted on one decision; who abstained was present."""

    __tablename__ = "decision_votes"
    __table_args__ = (
        UniqueConstraint("decision_id", "person_id"),
        CheckConstraint("vote IN ('for', 'against', 'abstained')", name="vote_known"),
    )
    decision_id: Mapped[int] = reference("decisions.id", primary_key=True)
    post_id: Mapped[int] = reference("posts.id", primary_key=True)
    person_id: Mapped[int] = reference("people.id")
    mandate_id: Mapped[int] = reference("mandates.id")
    vote: Mapped[Code]


class FormRevision(Base):
    """What was taken back of a need or resource after it was allocated: shrunk, withdrawn, destroyed; append-only."""

    __tablename__ = "form_revisions"
    __table_args__ = (
        CheckConstraint("kind IN ('shrunk', 'withdrawn', 'destroyed')", name="kind_known"),
        CheckConstraint("quantity_after BETWEEN 0 AND quantity_before", name="only_less"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id", index=True)
    document_id: Mapped[int] = reference("documents.id", index=True)
    kind: Mapped[Code]
    quantity_before: Mapped[int] = mapped_column(BigInteger)
    quantity_after: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[Sentence]
    letter: Mapped[Name | None]
    at: Mapped[At]
    act_id: Mapped[int] = reference("acts.id")


class Allocation(Base):
    """A quantity of one resource promised to one need (tahsis), with the body that decides it.

    ``proposed_quantity`` is what was proposed where the body decided another. A revoked line had been decided; the
    revision that took it away is named.
    """

    __tablename__ = "allocations"
    __table_args__ = (
        unique_where(
            "uq_allocations_live",
            "need_id",
            "resource_id",
            "stage",
            condition="state IN ('proposed', 'decided', 'awaiting_approval', 'approved')",
        ),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("proposed_quantity > 0", name="proposed_quantity_positive"),
        CheckConstraint(
            "state IN ('proposed', 'decided', 'awaiting_approval', 'approved', 'refused', 'lapsed', 'revoked')",
            name="state_known",
        ),
        CheckConstraint(
            "(decision_id IS NOT NULL) = (state IN ('decided', 'awaiting_approval', 'approved'))"
            " OR state IN ('refused', 'lapsed', 'revoked')",
            name="decided_by_a_decision",
        ),
        CheckConstraint("state <> 'revoked' OR reason IS NOT NULL", name="revoked_for_a_reason"),
        Index("ix_allocations_body", "edition_id", "stage", "state", "body_id"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id")
    need_id: Mapped[int] = reference("needs.document_id", index=True)
    resource_id: Mapped[int] = reference("resources.document_id", index=True)
    stage: Mapped[Code]
    body_id: Mapped[int] = reference("units.id")
    quantity: Mapped[int] = mapped_column(BigInteger)
    proposed_quantity: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[Code]
    reason: Mapped[Name | None]
    decision_id: Mapped[int | None] = reference("decisions.id", index=True)
    form_revision_id: Mapped[int | None] = reference("form_revisions.id", index=True)
    proposed_at: Mapped[At]
    settled_at: Mapped[At | None]
