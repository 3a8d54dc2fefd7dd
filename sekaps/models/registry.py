"""Who there is: provinces, districts, units of the state registry, people, their posts and mandates."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, DistrictCode, Id, Name, ProvinceCode, reference


class Province(Base):
    """One of the 81 provinces (il), by its two-digit plate code."""

    __tablename__ = "provinces"
    code: Mapped[ProvinceCode] = mapped_column(primary_key=True)
    name: Mapped[Name]


class District(Base):
    """One of the 973 districts (ilçe), by its four-digit code."""

    __tablename__ = "districts"
    code: Mapped[DistrictCode] = mapped_column(primary_key=True)
    province_code: Mapped[str] = reference("provinces.code", index=True)
    name: Mapped[Name]


class Unit(Base):
    """An organisation of the state registry (DETSİS), in a tree under its ministry."""

    __tablename__ = "units"
    __table_args__ = (CheckConstraint("number BETWEEN 10000000 AND 99999999", name="eight_digits"),)
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[Code] = mapped_column(index=True)
    name: Mapped[Name]
    parent_id: Mapped[int | None] = reference("units.id", index=True)
    ministry_id: Mapped[int | None] = reference("units.id", index=True)
    province_code: Mapped[str | None] = reference("provinces.code", index=True)
    district_code: Mapped[str | None] = reference("districts.code", index=True)
    synthetic: Mapped[bool] = mapped_column(default=False)


class Person(Base):
    """Someone with a duty in the system, by a lasting manager code (yönetici kodu)."""

    __tablename__ = "people"
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[Name]
    email: Mapped[Name] = mapped_column(unique=True)
    language: Mapped[Code] = mapped_column(default="tr")
    synthetic: Mapped[bool] = mapped_column(default=False)


class Post(Base):
    """A post (görev) of a unit that chains and digests name; who fills it is a mandate."""

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("unit_id", "kind"),)
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id")
    kind: Mapped[Code]
    title: Mapped[Name]


class Mandate(Base):
    """A dated right to sign from a post: one's own, or as deputy (vekâlet); the end instant is excluded."""

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint("kind IN ('own', 'deputy')", name="kind_known"),
        CheckConstraint("until_at IS NULL OR until_at > from_at", name="ends_after_it_begins"),
        Index("ix_mandates_post_id_from_at", "post_id", "from_at"),
    )
    id: Mapped[Id]
    post_id: Mapped[int] = reference("posts.id")
    person_id: Mapped[int] = reference("people.id", index=True)
    kind: Mapped[Code] = mapped_column(default="own")
    from_at: Mapped[At]
    until_at: Mapped[At | None]
