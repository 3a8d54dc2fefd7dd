"""Orders about days, issued after publication: leave, closures of offices, suspensions of legal clocks."""

from datetime import date, time

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Id, Name, Sentence, reference


class DayOrder(Base):
    """An order that takes days, or halves of them, from everyone in its places; for one activity, or (empty) for all.

    ``starts`` leaves the morning worked, ``ends`` the afternoon; without them whole days are taken.
    """

    __tablename__ = "day_orders"
    __table_args__ = (
        UniqueConstraint("letter_number", "kind", "since", "until", "activity"),
        CheckConstraint("kind IN ('leave', 'closure', 'suspension')", name="kind_known"),
        CheckConstraint("until >= since", name="not_empty"),
        CheckConstraint("starts IS NULL OR ends IS NULL", name="one_half"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
    )
    id: Mapped[Id]
    kind: Mapped[Code]
    since: Mapped[date]
    until: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    activity: Mapped[Code] = mapped_column(default="")
    authority: Mapped[Name]
    reason: Mapped[Sentence]
    letter_number: Mapped[Name]
    issued_at: Mapped[At]
    revoked_at: Mapped[At | None]
    revoked_by: Mapped[Name | None]


class DayOrderPlace(Base):
    """One place an order holds in: the nation (empty code), a province, a district, or a unit by its number."""

    __tablename__ = "day_order_places"
    __table_args__ = (
        CheckConstraint("scope IN ('nation', 'province', 'district', 'unit')", name="scope_known"),
        CheckConstraint("(scope = 'nation') = (scope_code = '')", name="nation_has_no_code"),
    )
    order_id: Mapped[int] = reference("day_orders.id", primary_key=True)
    scope: Mapped[Code] = mapped_column(primary_key=True)
    scope_code: Mapped[Code] = mapped_column(primary_key=True)
