"""The year as stored: programmes, editions, their numbered revisions, dates, day snapshot, phases and extensions."""

from datetime import date, time

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import (
    At,
    Base,
    Code,
    Digest,
    DistrictCode,
    Id,
    Name,
    ProvinceCode,
    Sentence,
    reference,
)

WHOLE_ROW = ""
"""Step key of a calendar row's own window (a primary key cannot hold null)."""


class Programme(Base):
    """A named body of annual work, by its code."""

    __tablename__ = "programmes"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name_tr: Mapped[Name]
    name_en: Mapped[Name]


class Edition(Base):
    """One programme in one year; synthetic when it was made by a rehearsal."""

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("programme_id", "year"),
        CheckConstraint("state IN ('draft', 'published', 'amended', 'closed')", name="state_known"),
    )
    id: Mapped[Id]
    programme_id: Mapped[int] = reference("programmes.id")
    year: Mapped[int]
    state: Mapped[Code]
    revision: Mapped[int] = mapped_column(default=0)
    synthetic: Mapped[bool] = mapped_column(default=False)


class Revision(Base):
    """An immutable numbered state of an edition: the programme's own text as it was, and the days it knew."""

    __tablename__ = "revisions"
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id")
    number: Mapped[int]
    programme_text: Mapped[str]
    programme_digest: Mapped[Digest]
    days_from: Mapped[date]
    days_until: Mapped[date]
    reason: Mapped[Sentence]
    letter_number: Mapped[Name | None]
    decided_by: Mapped[Name]
    decided_at: Mapped[At]
    __table_args__ = (UniqueConstraint("edition_id", "number"),)


class BoundaryDate(Base):
    """A boundary of a revision: the rule, what it proposes, what was published, and the date that holds."""

    __tablename__ = "boundary_dates"
    revision_id: Mapped[int] = reference("revisions.id", primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    rule: Mapped[Name | None]
    proposed: Mapped[date | None]
    published: Mapped[date | None]
    day: Mapped[date]


class EditionWindow(Base):
    """A window of a revision: two inclusive local dates for a row of the calendar, or for one of its steps."""

    __tablename__ = "edition_windows"
    __table_args__ = (CheckConstraint("closes >= opens", name="not_empty"),)
    revision_id: Mapped[int] = reference("revisions.id", primary_key=True)
    activity: Mapped[Code] = mapped_column(primary_key=True)
    step: Mapped[Code] = mapped_column(primary_key=True)
    opens: Mapped[date]
    closes: Mapped[date]


class EditionDay(Base):
    """A fact about a day frozen into the revision: holiday, leave, closure or suspension, its place and source."""

    __tablename__ = "edition_days"
    id: Mapped[Id]
    revision_id: Mapped[int] = reference("revisions.id", index=True)
    day: Mapped[date]
    layer: Mapped[Code]
    name_tr: Mapped[Name]
    name_en: Mapped[Name]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    province_code: Mapped[ProvinceCode | None]
    district_code: Mapped[DistrictCode | None]
    source: Mapped[Name]
    estimated: Mapped[bool] = mapped_column(default=False)


class Phase(Base):
    """The life of one phase of an edition; each instant is written once, by the tick that made the change."""

    __tablename__ = "phases"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'open', 'closed', 'closed_with_gaps')", name="state_known"),
        CheckConstraint("closes >= opens", name="not_empty"),
    )
    edition_id: Mapped[int] = reference("editions.id", primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    opens: Mapped[date]
    closes: Mapped[date]
    state: Mapped[Code] = mapped_column(default="planned")
    opened_at: Mapped[At | None]
    near_end_at: Mapped[At | None]
    closed_at: Mapped[At | None]
    gaps_at_close: Mapped[int | None]
    ticked_through: Mapped[date | None]


class Extension(Base):
    """An authorised exception to a gate: who allowed it, why, by which letter, for whom, and until when."""

    __tablename__ = "extensions"
    __table_args__ = (
        UniqueConstraint("edition_id", "letter_number", "activity", "step", "scope", "scope_code"),
        CheckConstraint("scope IN ('nation', 'province', 'district', 'unit')", name="scope_known"),
        CheckConstraint("until >= since", name="not_empty"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id")
    activity: Mapped[Code]
    step: Mapped[Code] = mapped_column(default=WHOLE_ROW)
    scope: Mapped[Code]
    scope_code: Mapped[Code] = mapped_column(default="")
    since: Mapped[date]
    until: Mapped[date]
    authority: Mapped[Name]
    reason: Mapped[Sentence]
    letter_number: Mapped[Name]
    issued_at: Mapped[At]
    revoked_at: Mapped[At | None]
