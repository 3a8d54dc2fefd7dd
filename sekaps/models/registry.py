"""Who there is: provinces, districts, units of the state registry, people, their posts and mandates."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import (
    At,
    Base,
    Code,
    DistrictCode,
    Facts,
    Id,
    Name,
    ProvinceCode,
    Sentence,
    reference,
    unique_where,
)


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
    """An organisation of the state registry (DETSİS), in a tree under its ministry; it is closed, never deleted.

    Where ``active_from`` is not known the unit is active from ever; the instant ``active_until`` is excluded.
    """

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("number BETWEEN 10000000 AND 99999999", name="eight_digits"),
        CheckConstraint("tier IN ('central', 'provincial', 'abroad')", name="tier_known"),
        CheckConstraint("closing IN ('request', 'submit', 'both')", name="closing_known"),
        CheckConstraint("successor_id <> id", name="merged_into_another"),
    )
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[Code] = mapped_column(index=True)
    name: Mapped[Name]
    parent_id: Mapped[int | None] = reference("units.id", index=True)
    ministry_id: Mapped[int | None] = reference("units.id", index=True)
    province_code: Mapped[str | None] = reference("provinces.code", index=True)
    district_code: Mapped[str | None] = reference("districts.code", index=True)
    synthetic: Mapped[bool] = mapped_column(default=False)
    tier: Mapped[Code | None]
    letterhead: Mapped[Name | None]
    addressee: Mapped[Name | None]
    closing: Mapped[Code | None]
    former_head: Mapped[Name | None]
    active_from: Mapped[At | None]
    active_until: Mapped[At | None]
    successor_id: Mapped[int | None] = reference("units.id")


class UnitChange(Base):
    """What became of a unit in one act: its fields before and after; rows are only ever appended."""

    __tablename__ = "unit_changes"
    __table_args__ = (Index("ix_unit_changes_unit_id_at", "unit_id", "at"),)
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id")
    at: Mapped[At]
    what: Mapped[Code]
    before: Mapped[Facts]
    after: Mapped[Facts]
    source: Mapped[Name]
    act_id: Mapped[int] = reference("acts.id")


class KepAddress(Base):
    """A unit's registered e-mail address (KEP) on its way from registration to use, and out of use."""

    __tablename__ = "kep_addresses"
    __table_args__ = (
        CheckConstraint(
            "state IN ('registered', 'verification_sent', 'verified', 'replaced', 'closed')", name="state_known"
        ),
        Index("ix_kep_addresses_unit_id", "unit_id"),
        unique_where("uq_kep_addresses_open", "unit_id", condition="state = 'verified'"),
        unique_where("uq_kep_addresses_waiting", "unit_id", condition="state IN ('registered', 'verification_sent')"),
    )
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id")
    address: Mapped[Name]
    into_ebys: Mapped[bool] = mapped_column(default=False)
    state: Mapped[Code]
    registered_at: Mapped[At]
    sent_at: Mapped[At | None]
    verified_at: Mapped[At | None]
    ended_at: Mapped[At | None]


class Person(Base):
    """Someone with a duty in the system, by a lasting manager code (yönetici kodu) that no post changes."""

    __tablename__ = "people"
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[Name]
    email: Mapped[Name] = mapped_column(unique=True)
    language: Mapped[Code] = mapped_column(default="tr")
    synthetic: Mapped[bool] = mapped_column(default=False)
    curriculum_vitae: Mapped[Sentence | None]


class Post(Base):
    """A post (görev) of a unit that chains and digests name; who fills it is a mandate."""

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("unit_id", "kind"),)
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id")
    kind: Mapped[Code]
    title: Mapped[Name]


class Mandate(Base):
    """A dated right to sign from a post: one's own, or as deputy (vekâlet); the end instant is excluded.

    The right begins with the record in the signatory module; rows without one are older than it.
    """

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint("kind IN ('own', 'deputy')", name="kind_known"),
        CheckConstraint("reason IN ('leave', 'duty_at_home', 'duty_abroad')", name="reason_known"),
        CheckConstraint("until_at IS NULL OR until_at > from_at", name="ends_after_it_begins"),
        Index("ix_mandates_post_id_from_at", "post_id", "from_at"),
    )
    id: Mapped[Id]
    post_id: Mapped[int] = reference("posts.id")
    person_id: Mapped[int] = reference("people.id", index=True)
    kind: Mapped[Code] = mapped_column(default="own")
    from_at: Mapped[At]
    until_at: Mapped[At | None]
    recorded_at: Mapped[At | None]
    recorded_by_id: Mapped[int | None] = reference("responsibles.id")
    end_recorded_at: Mapped[At | None]
    reason: Mapped[Code | None]


class Responsible(Base):
    """Who keeps the signatories of a unit and of all below it: authoriser (İYEM Yetkilisi) or registrar (Görevlisi).

    Whoever has no grantor among the responsibles was granted by the national authority.
    """

    __tablename__ = "responsibles"
    __table_args__ = (
        CheckConstraint("role IN ('authoriser', 'registrar')", name="role_known"),
        CheckConstraint("until_at IS NULL OR until_at > granted_at", name="ends_after_it_begins"),
        unique_where("uq_responsibles_current", "unit_id", "person_id", "role", condition="until_at IS NULL"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", index=True)
    unit_id: Mapped[int] = reference("units.id")
    role: Mapped[Code]
    granted_by_id: Mapped[int | None] = reference("responsibles.id")
    granted_at: Mapped[At]
    until_at: Mapped[At | None]
    work_phone: Mapped[Code]
    mobile_phone: Mapped[Code]
    email: Mapped[Name]


class DeputyLink(Base):
    """The deputy head's post a first-level unit answers to (bağlantı); at most one at a time."""

    __tablename__ = "deputy_links"
    __table_args__ = (
        CheckConstraint("until_at IS NULL OR until_at > linked_at", name="ends_after_it_begins"),
        unique_where("uq_deputy_links_current", "unit_id", condition="until_at IS NULL"),
    )
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id")
    post_id: Mapped[int] = reference("posts.id", index=True)
    linked_by_id: Mapped[int] = reference("responsibles.id")
    linked_at: Mapped[At]
    until_at: Mapped[At | None]
