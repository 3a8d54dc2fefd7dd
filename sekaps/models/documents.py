"""Documents and their signature chains; which slot a document waits for is kept on the document row itself."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Digest, Facts, Id, Sentence, reference

COMPLETE = 0
"""Value of ``next_slot`` once every slot of the chain is signed."""


class Chain(Base):
    """The ordered signatures a unit's documents of one kind need, agreed with its ministry; versions are kept.

    ``variant`` tells chains of one kind apart, such as framework protocols by the other ministry. The institution
    proposes a version, its ministry approves it; it then holds for new documents, and the one before is retired.
    """

    __tablename__ = "chains"
    __table_args__ = (
        UniqueConstraint("unit_id", "document_kind", "variant", "version"),
        CheckConstraint("length BETWEEN 1 AND 16", name="length_sane"),
        CheckConstraint("state IN ('proposed', 'active', 'retired', 'refused')", name="state_known"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="four_eyes"),
    )
    id: Mapped[Id]
    unit_id: Mapped[int] = reference("units.id")
    document_kind: Mapped[Code]
    variant: Mapped[Code] = mapped_column(default="")
    version: Mapped[int] = mapped_column(SmallInteger, default=1)
    length: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[Code] = mapped_column(default="active", server_default="active")
    proposed_by_id: Mapped[int | None] = reference("people.id")
    decided_by_id: Mapped[int | None] = reference("people.id")
    decided_at: Mapped[At | None]


def _own_slot(context: Any) -> int:
    """Return the slot of the row being written: a stage of its own."""
    slot: int = context.get_current_parameters()["slot"]
    return slot


class ChainSlot(Base):
    """One signature of a chain, by its place from 1: it names a post, never a person.

    Slots with the same ``stage`` (the place its first one has) are signed side by side, ``needed`` of them; a stage
    with a condition is signed only by documents it holds for.
    """

    __tablename__ = "chain_slots"
    __table_args__ = (
        CheckConstraint("slot >= 1", name="counted_from_one"),
        CheckConstraint("stage BETWEEN 1 AND slot", name="stage_begins_before"),
        CheckConstraint("needed >= 1", name="needed_sane"),
    )
    chain_id: Mapped[int] = reference("chains.id", primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    post_id: Mapped[int] = reference("posts.id", index=True)
    stage: Mapped[int] = mapped_column(SmallInteger, default=_own_slot)
    needed: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    condition: Mapped[Facts | None]


class Document(Base):
    """A form, ledger, catalog or protocol on its way through its chain.

    ``next_slot`` is the slot it waits for (0: complete); ``waiting_since`` the instant that wait began;
    ``round`` grows by one each time it is returned and starts its chain anew.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("next_slot >= 0", name="slot_counted"),
        CheckConstraint("state IN ('expected', 'recorded', 'returned', 'complete', 'withdrawn')", name="state_known"),
        CheckConstraint("(state = 'complete') = (next_slot = 0)", name="complete_means_no_slot"),
        Index(
            "ix_documents_open",
            "edition_id",
            "activity",
            "step",
            "next_slot",
            "unit_id",
            "round",
            "chain_id",
            "state",
            "waiting_since",
            sqlite_where=sql("next_slot > 0"),
            postgresql_where=sql("next_slot > 0"),
            postgresql_include=["id"],
        ),
    )
    id: Mapped[Id]
    edition_id: Mapped[int] = reference("editions.id")
    kind: Mapped[Code]
    number: Mapped[Code]
    activity: Mapped[Code]
    step: Mapped[Code]
    unit_id: Mapped[int] = reference("units.id", index=True)
    chain_id: Mapped[int] = reference("chains.id")
    state: Mapped[Code]
    round: Mapped[int] = mapped_column(SmallInteger, default=1)
    next_slot: Mapped[int] = mapped_column(SmallInteger, default=1)
    waiting_since: Mapped[At]
    recorded_at: Mapped[At | None]
    previous_id: Mapped[int | None] = reference("documents.id")


class Signature(Base):
    """Evidence that one slot was signed: append-only; who, from which post, by which mandate, in which act.

    The time in the signature is ``at`` without its fraction of a second: with certificate, digest and raw signature it
    gives the whole CMS message back, byte for byte. Rows older than evidence have none of the three.
    """

    __tablename__ = "signatures"
    __table_args__ = (
        CheckConstraint("slot >= 1", name="counted_from_one"),
        CheckConstraint(
            "(signature IS NULL) = (certificate_id IS NULL) AND (signature IS NULL) = (content_digest IS NULL)",
            name="evidence_whole",
        ),
        UniqueConstraint("document_id", "round", "person_id"),  # no one fills two slots of one chain
        {"sqlite_with_rowid": False},
    )
    document_id: Mapped[int] = reference("documents.id", primary_key=True)
    round: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = reference("people.id")
    mandate_id: Mapped[int] = reference("mandates.id")
    act_id: Mapped[int] = reference("acts.id")
    at: Mapped[At]
    certificate_id: Mapped[int | None] = reference("certificates.id")
    content_digest: Mapped[Digest | None]
    signature: Mapped[bytes | None]


class DocumentReturn(Base):
    """A document sent back: from which slot of which round, by whom and why; resubmitting it begins the next round."""

    __tablename__ = "document_returns"
    document_id: Mapped[int] = reference("documents.id", primary_key=True)
    round: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int] = reference("people.id")
    mandate_id: Mapped[int] = reference("mandates.id")
    act_id: Mapped[int] = reference("acts.id")
    at: Mapped[At]
    reason: Mapped[Sentence]
    resubmitted_at: Mapped[At | None]
