"""What follows from allocations: protocols, notices of obligation decisions, objections, legal terms."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Id, Name, Sentence, reference, unique_where


class Protocol(Base):
    """An agreement: framework (between ministries) or detail (need owner and resource holder), concluded or not.

    When its allocation is revoked one that was concluded is terminated, one still open is void.
    """

    __tablename__ = "protocols"
    __table_args__ = (
        UniqueConstraint("edition_id", "kind", "number"),
        UniqueConstraint("allocation_id"),
        CheckConstraint("kind IN ('framework', 'detail')", name="kind_known"),
        CheckConstraint("state IN ('open', 'concluded', 'not_concluded', 'terminated', 'void')", name="state_known"),
        CheckConstraint(
            "state NOT IN ('not_concluded', 'terminated') OR reason IS NOT NULL", name="refusal_has_a_reason"
        ),
        CheckConstraint("(kind = 'detail') = (allocation_id IS NOT NULL)", name="detail_follows_an_allocation"),
        CheckConstraint("ends_on >= begins_on", name="ends_after_it_begins"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id")
    kind: Mapped[Code]
    number: Mapped[Code]
    document_id: Mapped[int | None] = reference("documents.id", index=True)
    allocation_id: Mapped[int | None] = reference("allocations.id")
    need_side_id: Mapped[int] = reference("units.id", index=True)
    resource_side_id: Mapped[int] = reference("units.id", index=True)
    state: Mapped[Code]
    reason: Mapped[Name | None]
    concluded_on: Mapped[date | None]
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    letter: Mapped[Name | None]
    prepared_at: Mapped[At]
    recorded_at: Mapped[At | None]


class Notice(Base):
    """A notice (tebliğ) of an obligation decision: prepared, then recorded as served or not served with a reason.

    ``reached_on`` is the day it reached the addressee, ``served_on`` the day the law counts it as served.
    A correction or an annulment follows one notice and takes its place; what it replaces is void unless it was served.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        UniqueConstraint("corrects_id"),
        unique_where("uq_notices_first", "allocation_id", condition="kind = 'obligation'"),
        CheckConstraint("kind IN ('obligation', 'correction', 'annulment')", name="kind_known"),
        CheckConstraint("(kind = 'obligation') = (corrects_id IS NULL)", name="correction_follows_one"),
        CheckConstraint("state IN ('prepared', 'served', 'not_served', 'void')", name="state_known"),
        CheckConstraint("(state = 'served') = (served_on IS NOT NULL)", name="served_on_a_day"),
        CheckConstraint("state <> 'not_served' OR reason IS NOT NULL", name="failure_has_a_reason"),
        CheckConstraint("channel IN ('hand', 'post', 'uets', 'kep', 'chamber')", name="channel_known"),
        CheckConstraint("copies_returned BETWEEN 0 AND copies", name="copies_sane"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id", index=True)
    number: Mapped[Code]
    kind: Mapped[Code] = mapped_column(default="obligation", server_default="obligation")
    allocation_id: Mapped[int] = reference("allocations.id", index=True)
    corrects_id: Mapped[int | None] = reference("notices.id")
    addressee_id: Mapped[int] = reference("units.id")
    served_by_id: Mapped[int] = reference("units.id", index=True)
    recorded_by_id: Mapped[int] = reference("units.id", index=True)
    state: Mapped[Code]
    channel: Mapped[Code | None]
    copies: Mapped[int] = mapped_column(SmallInteger, default=4, server_default="4")
    copies_returned: Mapped[int | None] = mapped_column(SmallInteger)
    receipt: Mapped[Name | None]
    sent_on: Mapped[date | None]
    reached_on: Mapped[date | None]
    served_on: Mapped[date | None]
    reason: Mapped[Name | None]
    prepared_at: Mapped[At]
    recorded_at: Mapped[At | None]


class Objection(Base):
    """What the addressee of a notice objects to, and what the commission made of it (law 3634, articles 57 to 60).

    Prices are in kuruş.
    """

    __tablename__ = "objections"
    __table_args__ = (
        UniqueConstraint("notice_id"),
        CheckConstraint("state IN ('filed', 'accepted', 'rejected', 'withdrawn')", name="state_known"),
        CheckConstraint("(state = 'filed') = (decided_on IS NULL)", name="decided_on_a_day"),
        CheckConstraint("declared_price > 0 AND set_price > 0", name="prices_positive"),
    )
    id: Mapped[Id]
    notice_id: Mapped[int] = reference("notices.id")
    filed_on: Mapped[date]
    reasons: Mapped[Sentence]
    declared_price: Mapped[int | None] = mapped_column(BigInteger)
    set_price: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[Code]
    decided_on: Mapped[date | None]
    decision_id: Mapped[int | None] = reference("decisions.id")
    recorded_at: Mapped[At]


class LegalTerm(Base):
    """A period of law that runs for one notice: who must act until when; then met, or lapsed with its consequence.

    ``code`` is a statutory period's; ``unit_id`` the unit that must act, none when it is the addressee.
    """

    __tablename__ = "legal_terms"
    __table_args__ = (
        UniqueConstraint("notice_id", "code"),
        CheckConstraint("state IN ('running', 'met', 'lapsed')", name="state_known"),
        CheckConstraint("due_at >= starts_at", name="ends_after_it_begins"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended_at_an_instant"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id", index=True)
    notice_id: Mapped[int] = reference("notices.id")
    code: Mapped[Code]
    unit_id: Mapped[int | None] = reference("units.id", index=True)
    starts_at: Mapped[At]
    due_at: Mapped[At]
    state: Mapped[Code]
    ended_at: Mapped[At | None]
