"""What makes an institution ready: the items of its checklist, and its requests for training."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Id, Name, Sentence, reference, unique_where


class ReadinessItem(Base):
    """One thing recorded of a unit, by whom and when; without an edition it is true in every year of its days.

    What is recorded anew or withdrawn ends the item; its row stays. At most one of a code stands for a unit, or for
    a unit and edition.
    """

    __tablename__ = "readiness_items"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        unique_where(
            "uq_readiness_items_lasting", "unit_id", "code", condition="edition_id IS NULL AND ended_at IS NULL"
        ),
        unique_where(
            "uq_readiness_items_yearly",
            "unit_id",
            "code",
            "edition_id",
            condition="edition_id IS NOT NULL AND ended_at IS NULL",
        ),
    )
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id", index=True)
    code: Mapped[Code]
    edition_id: Mapped[int | None] = reference("editions.id")
    since: Mapped[date]
    until: Mapped[date | None]
    recorded_by_id: Mapped[int] = reference("people.id")
    recorded_at: Mapped[At]
    note: Mapped[Sentence] = mapped_column(default="")
    ended_by_id: Mapped[int | None] = reference("people.id")
    ended_at: Mapped[At | None]


class TrainingRequest(Base):
    """A unit's request for training and what became of it; a unit has one open request on a topic at most."""

    __tablename__ = "training_requests"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'scheduled', 'held', 'refused', 'withdrawn')", name="state_known"),
        CheckConstraint("wished_until >= wished_from", name="ends_after_it_begins"),
        CheckConstraint("state NOT IN ('scheduled', 'held') OR scheduled_on IS NOT NULL", name="scheduled_on_a_day"),
        CheckConstraint("(state = 'held') = (people IS NOT NULL)", name="people_are_counted"),
        CheckConstraint("people > 0", name="people_positive"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refusal_has_a_reason"),
        unique_where("uq_training_requests_open", "unit_id", "topic", condition="state IN ('asked', 'scheduled')"),
    )
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id", index=True)
    topic: Mapped[Name]
    wished_from: Mapped[date]
    wished_until: Mapped[date]
    asked_by_id: Mapped[int] = reference("people.id")
    asked_at: Mapped[At]
    state: Mapped[Code]
    scheduled_on: Mapped[date | None]
    place: Mapped[Name | None]
    answered_by_id: Mapped[int | None] = reference("people.id")
    answered_at: Mapped[At | None]
    held_on: Mapped[date | None]
    people: Mapped[int | None]
    reason: Mapped[Sentence | None]
