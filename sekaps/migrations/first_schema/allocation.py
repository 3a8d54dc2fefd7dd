"""The tables of allocation: items, needs, resources, decisions and lines."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def create_items() -> None:
    """Create items."""
    op.create_table(
        "items",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_tr", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("module", sa.String(length=64), nullable=False),
        sa.Column("sector", sa.String(length=64), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("ministry_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["ministry_id"], ["units.id"], name=op.f("fk_items_ministry_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_items")),
    )


def create_decisions() -> None:
    """Create decisions."""
    op.create_table(
        "decisions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("decided_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["units.id"], name=op.f("fk_decisions_body_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["mandates.id"], name=op.f("fk_decisions_decided_by_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_decisions_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("body_id", "year", "sequence", name=op.f("uq_decisions_body_id_year_sequence")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_edition_id"), ["edition_id"], unique=False)


def create_needs() -> None:
    """Create needs."""
    op.create_table(
        "needs",
        sa.Column("document_id", ID, nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("beneficiary", sa.String(length=64), nullable=False),
        sa.Column("age_group", sa.String(length=64), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("district_code", sa.String(length=4), nullable=False),
        sa.CheckConstraint(
            "(beneficiary = 'public') = (age_group IS NOT NULL)", name=op.f("ck_needs_public_by_age_group")
        ),
        sa.CheckConstraint(
            "beneficiary IN ('military', 'institution', 'public')", name=op.f("ck_needs_beneficiary_known")
        ),
        sa.CheckConstraint("scope IN ('local', 'central')", name=op.f("ck_needs_scope_known")),
        sa.CheckConstraint("priority BETWEEN 1 AND 9", name=op.f("ck_needs_priority_sane")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_needs_quantity_positive")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_needs_document_id")),
        sa.ForeignKeyConstraint(["item_code"], ["items.code"], name=op.f("fk_needs_item_code")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_needs")),
    )
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_needs_item_code"), ["item_code"], unique=False)


def create_resources() -> None:
    """Create resources."""
    op.create_table(
        "resources",
        sa.Column("document_id", ID, nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("allocated", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("recorded_scope", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("district_code", sa.String(length=4), nullable=False),
        sa.CheckConstraint("recorded_scope IN ('local', 'central')", name=op.f("ck_resources_recorded_scope_known")),
        sa.CheckConstraint("scope IN ('local', 'central')", name=op.f("ck_resources_scope_known")),
        sa.CheckConstraint("allocated BETWEEN 0 AND capacity", name=op.f("ck_resources_never_promised_twice")),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_resources_capacity_positive")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_resources_document_id")),
        sa.ForeignKeyConstraint(["item_code"], ["items.code"], name=op.f("fk_resources_item_code")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_resources")),
    )
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.create_index("ix_resources_offer", ["item_code", "scope", "province_code"], unique=False)


def create_allocations() -> None:
    """Create allocations."""
    op.create_table(
        "allocations",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("need_id", ID, nullable=False),
        sa.Column("resource_id", ID, nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("body_id", ID, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("decision_id", ID, nullable=True),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(decision_id IS NOT NULL) = (state IN ('decided', 'awaiting_approval', 'approved'))"
            " OR state IN ('refused', 'lapsed')",
            name=op.f("ck_allocations_decided_by_a_decision"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'decided', 'awaiting_approval', 'approved', 'refused', 'lapsed')",
            name=op.f("ck_allocations_state_known"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_allocations_quantity_positive")),
        sa.ForeignKeyConstraint(["body_id"], ["units.id"], name=op.f("fk_allocations_body_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_allocations_decision_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_allocations_edition_id")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.document_id"], name=op.f("fk_allocations_need_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.document_id"], name=op.f("fk_allocations_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
        sa.UniqueConstraint("need_id", "resource_id", "stage", name=op.f("uq_allocations_need_id_resource_id_stage")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index("ix_allocations_body", ["edition_id", "stage", "state", "body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_resource_id"), ["resource_id"], unique=False)


def create_stage_balances() -> None:
    """Create stage balances."""
    op.create_table(
        "stage_balances",
        sa.Column("need_id", ID, nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("needed", sa.BigInteger(), nullable=False),
        sa.Column("allocated", sa.BigInteger(), nullable=False),
        sa.Column("transferred", sa.BigInteger(), nullable=False),
        sa.Column("unmet", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.CheckConstraint("needed = allocated + transferred + unmet", name=op.f("ck_stage_balances_conserved")),
        sa.CheckConstraint(
            "needed > 0 AND allocated >= 0 AND transferred >= 0 AND unmet >= 0",
            name=op.f("ck_stage_balances_not_negative"),
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_stage_balances_edition_id")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.document_id"], name=op.f("fk_stage_balances_need_id")),
        sa.PrimaryKeyConstraint("need_id", "stage", name=op.f("pk_stage_balances")),
    )
    with op.batch_alter_table("stage_balances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_balances_edition_id"), ["edition_id"], unique=False)
