"""Amendments: new dates for a published edition, proposed by one person and decided by another."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Facts, Id, Name, Sentence, reference


class Amendment(Base):
    """A proposal to move boundaries of an edition; it stands on one revision and becomes the next, or is withdrawn."""

    __tablename__ = "amendments"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'published', 'withdrawn')", name="state_known"),
        CheckConstraint("state <> 'published' OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_once"),
        Index("ix_amendments_edition_id_state", "edition_id", "state"),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id")
    base_revision: Mapped[int]
    dates: Mapped[Facts]
    reason: Mapped[Sentence]
    letter_number: Mapped[Name]
    proposed_by: Mapped[Name]
    proposed_at: Mapped[At]
    state: Mapped[Code] = mapped_column(default="proposed")
    decided_by: Mapped[Name | None]
    decided_at: Mapped[At | None]
