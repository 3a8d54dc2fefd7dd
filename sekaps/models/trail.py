"""The audit trail: one row for each act, chained by hash within its stream; rows are only ever appended."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Digest, Facts, Id, Name, reference


class TrailHead(Base):
    """The end of one stream of the trail; updating it is the lock that orders the appenders."""

    __tablename__ = "trail_heads"
    stream: Mapped[Code] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[Digest]


class Act(Base):
    """Something that was done or refused: who, when, under which revision, on how many documents, with its facts.

    An act over a batch (bulk signing, an allocation proposal) is one row; the rows it made refer to it.
    """

    __tablename__ = "acts"
    __table_args__ = (
        UniqueConstraint("stream", "sequence"),
        CheckConstraint("outcome IN ('done', 'refused')", name="outcome_known"),
    )
    id: Mapped[Id]
    stream: Mapped[Code]
    sequence: Mapped[int]
    at: Mapped[At]
    verb: Mapped[Code]
    outcome: Mapped[Code]
    mandate_id: Mapped[int | None] = reference("mandates.id")
    authority: Mapped[Name]
    edition_id: Mapped[int | None] = reference("editions.id", index=True)
    revision: Mapped[int]
    activity: Mapped[Code]
    step: Mapped[Code]
    documents: Mapped[int]
    facts: Mapped[Facts]
    previous_hash: Mapped[Digest]
    hash: Mapped[Digest]


class Rehearsal(Base):
    """How far a rehearsal has come: the settings that made its country, and the days already acted out."""

    __tablename__ = "rehearsals"
    edition_id: Mapped[int] = reference("editions.id", primary_key=True)
    seed: Mapped[int]
    scale: Mapped[Name]
    acted_through: Mapped[At | None]
