"""The tables of documents: chains, forms, signatures, and the papers that follow from allocations."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def create_chains() -> None:
    """Create chains."""
    op.create_table(
        "chains",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("document_kind", sa.String(length=64), nullable=False),
        sa.Column("variant", sa.String(length=64), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("length", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("length BETWEEN 1 AND 16", name=op.f("ck_chains_length_sane")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_chains_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chains")),
        sa.UniqueConstraint(
            "unit_id",
            "document_kind",
            "variant",
            "version",
            name=op.f("uq_chains_unit_id_document_kind_variant_version"),
        ),
    )


def create_chain_slots() -> None:
    """Create chain slots."""
    op.create_table(
        "chain_slots",
        sa.Column("chain_id", ID, nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.CheckConstraint("slot >= 1", name=op.f("ck_chain_slots_counted_from_one")),
        sa.ForeignKeyConstraint(["chain_id"], ["chains.id"], name=op.f("fk_chain_slots_chain_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_chain_slots_post_id")),
        sa.PrimaryKeyConstraint("chain_id", "slot", name=op.f("pk_chain_slots")),
    )
    with op.batch_alter_table("chain_slots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chain_slots_post_id"), ["post_id"], unique=False)


def create_documents() -> None:
    """Create documents."""
    op.create_table(
        "documents",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("chain_id", ID, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("next_slot", sa.SmallInteger(), nullable=False),
        sa.Column("waiting_since", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=True),
        sa.Column("previous_id", ID, nullable=True),
        sa.CheckConstraint("(state = 'complete') = (next_slot = 0)", name=op.f("ck_documents_complete_means_no_slot")),
        sa.CheckConstraint(
            "state IN ('expected', 'recorded', 'returned', 'complete', 'withdrawn')",
            name=op.f("ck_documents_state_known"),
        ),
        sa.CheckConstraint("next_slot >= 0", name=op.f("ck_documents_slot_counted")),
        sa.ForeignKeyConstraint(["chain_id"], ["chains.id"], name=op.f("fk_documents_chain_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_documents_edition_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["documents.id"], name=op.f("fk_documents_previous_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_documents_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_documents_edition_id_number")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_documents_open",
            ["edition_id", "activity", "step", "next_slot", "unit_id"],
            unique=False,
            sqlite_where=sa.text("next_slot > 0"),
            postgresql_where=sa.text("next_slot > 0"),
        )
        batch_op.create_index(batch_op.f("ix_documents_unit_id"), ["unit_id"], unique=False)


def create_signatures() -> None:
    """Create signatures."""
    op.create_table(
        "signatures",
        sa.Column("document_id", ID, nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("mandate_id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("slot >= 1", name=op.f("ck_signatures_counted_from_one")),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_signatures_act_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signatures_document_id")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_signatures_mandate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signatures_person_id")),
        sa.PrimaryKeyConstraint("document_id", "round", "slot", name=op.f("pk_signatures")),
        sa.UniqueConstraint(
            "document_id", "round", "person_id", name=op.f("uq_signatures_document_id_round_person_id")
        ),
        sqlite_with_rowid=False,
    )


def create_notices() -> None:
    """Create notices."""
    op.create_table(
        "notices",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("allocation_id", ID, nullable=False),
        sa.Column("addressee_id", ID, nullable=False),
        sa.Column("served_by_id", ID, nullable=False),
        sa.Column("recorded_by_id", ID, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("prepared_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=True),
        sa.CheckConstraint("(state = 'served') = (served_on IS NOT NULL)", name=op.f("ck_notices_served_on_a_day")),
        sa.CheckConstraint("state <> 'not_served' OR reason IS NOT NULL", name=op.f("ck_notices_failure_has_a_reason")),
        sa.CheckConstraint("state IN ('prepared', 'served', 'not_served')", name=op.f("ck_notices_state_known")),
        sa.ForeignKeyConstraint(["addressee_id"], ["units.id"], name=op.f("fk_notices_addressee_id")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_notices_allocation_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_notices_edition_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["units.id"], name=op.f("fk_notices_recorded_by_id")),
        sa.ForeignKeyConstraint(["served_by_id"], ["units.id"], name=op.f("fk_notices_served_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_notices_allocation_id")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_served_by_id"), ["served_by_id"], unique=False)


def create_protocols() -> None:
    """Create protocols."""
    op.create_table(
        "protocols",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("allocation_id", ID, nullable=True),
        sa.Column("need_side_id", ID, nullable=False),
        sa.Column("resource_side_id", ID, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("prepared_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'detail') = (allocation_id IS NOT NULL)", name=op.f("ck_protocols_detail_follows_an_allocation")
        ),
        sa.CheckConstraint("kind IN ('framework', 'detail')", name=op.f("ck_protocols_kind_known")),
        sa.CheckConstraint(
            "state <> 'not_concluded' OR reason IS NOT NULL", name=op.f("ck_protocols_refusal_has_a_reason")
        ),
        sa.CheckConstraint("state IN ('open', 'concluded', 'not_concluded')", name=op.f("ck_protocols_state_known")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_protocols_allocation_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_protocols_document_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_protocols_edition_id")),
        sa.ForeignKeyConstraint(["need_side_id"], ["units.id"], name=op.f("fk_protocols_need_side_id")),
        sa.ForeignKeyConstraint(["resource_side_id"], ["units.id"], name=op.f("fk_protocols_resource_side_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocols")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_protocols_allocation_id")),
        sa.UniqueConstraint("edition_id", "kind", "number", name=op.f("uq_protocols_edition_id_kind_number")),
    )
    with op.batch_alter_table("protocols", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_protocols_need_side_id"), ["need_side_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protocols_resource_side_id"), ["resource_side_id"], unique=False)
