"""What proves the records: certificates, the signed roots of the audit trail, how far all of it was checked again."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Digest, Id, reference
from sekaps.models.documents import Chain, ChainSlot, Document, Signature
from sekaps.models.trail import Act


class Certificate(Base):
    """A certificate somebody has signed with, kept once however often it signs; rows are only ever appended."""

    __tablename__ = "certificates"
    __table_args__ = (CheckConstraint("valid_until > valid_from", name="ends_after_it_begins"),)
    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", index=True)
    digest: Mapped[Digest] = mapped_column(unique=True)
    encoded: Mapped[bytes]
    """The certificate itself, in DER."""
    valid_from: Mapped[At]
    valid_until: Mapped[At]
    is_test: Mapped[bool]
    """Whether a local test authority issued it, so that it is not valid in law."""


class TrailRoot(Base):
    """The signed, time-stamped statement that stands for the acts of a stream up to a day; at most one each day.

    The time stamp is inside the signature (CAdES-T). ``last`` is one less than ``first`` when nothing was done.
    """

    __tablename__ = "trail_roots"
    __table_args__ = (
        UniqueConstraint("stream", "previous"),  # each statement follows one other: the roots are a chain themselves
        CheckConstraint("last >= first - 1", name="counted"),
    )
    stream: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    first: Mapped[int]
    last: Mapped[int]
    root: Mapped[Digest]
    previous: Mapped[Digest]
    statement: Mapped[bytes]
    signature: Mapped[bytes]
    made_at: Mapped[At]


class EvidenceCheck(Base):
    """What of an edition's signatures was verified on a day, as spans of places on the audit trail; one row a day.

    Up to ``through`` everything was verified after the night it was signed; ``again_first`` to ``again_through`` once
    more, as that day's share of a round over all of them. A span that ends before it begins is empty.
    """

    __tablename__ = "evidence_checks"
    __table_args__ = (
        CheckConstraint("through >= first - 1 AND again_through >= again_first - 1", name="counted"),
        CheckConstraint("again_through < first", name="again_what_was_verified_before"),
    )
    edition_id: Mapped[int] = reference("editions.id", primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    first: Mapped[int]
    through: Mapped[int]
    again_first: Mapped[int]
    again_through: Mapped[int]
    made_at: Mapped[At]


class SuspectSignature(Base):
    """A signature that did not hold when it was verified; every night verifies it again until it does.

    It is named by the act it was given in, so that it stays the same one wherever a hand in the database moves it.
    """

    __tablename__ = "suspect_signatures"
    document_id: Mapped[int] = reference("documents.id", primary_key=True)
    act_id: Mapped[int] = reference("acts.id", primary_key=True)
    edition_id: Mapped[int] = reference("editions.id", index=True)
    found_at: Mapped[At]
    cleared_at: Mapped[At | None]


class SuspectAct(Base):
    """An act whose signatures were not those it sealed; every night compares it with the trail until they are."""

    __tablename__ = "suspect_acts"
    act_id: Mapped[int] = reference("acts.id", primary_key=True)
    edition_id: Mapped[int] = reference("editions.id", index=True)
    found_at: Mapped[At]
    cleared_at: Mapped[At | None]


PLAIN_LENGTH = 3
"""Signatures of the usual chain: preparer, head, ministry. What differs is indexed, so that the rest can be counted."""
UNUSUAL = f"round <> 1 OR slot > {PLAIN_LENGTH}"

UNUSUAL_CHAIN, UNEVEN_SLOT = f"length <> {PLAIN_LENGTH}", "needed <> 1 OR stage < slot OR condition IS NOT NULL"

Index("ix_acts_at", Act.at)
Index("ix_signatures_act_id", Signature.act_id)
Index("ix_chains_unusual", Chain.id, sqlite_where=sql(UNUSUAL_CHAIN), postgresql_where=sql(UNUSUAL_CHAIN))
Index("ix_chain_slots_uneven", ChainSlot.chain_id, sqlite_where=sql(UNEVEN_SLOT), postgresql_where=sql(UNEVEN_SLOT))
Index(
    "ix_signatures_unusual",
    Signature.document_id,
    sqlite_where=sql(UNUSUAL),
    postgresql_where=sql(UNUSUAL),
    postgresql_include=["round", "slot"],  # SQLite's has the whole key by itself
)
Index("ix_documents_chain_id", Document.chain_id)
Index(
    "ix_documents_later_round",
    Document.id,
    Document.round,
    Document.chain_id,
    sqlite_where=sql("round <> 1"),
    postgresql_where=sql("round <> 1"),
)
