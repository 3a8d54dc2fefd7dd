"""Chains with stages, conditions and approval by the ministry; documents sent back."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("chains", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=64), server_default="active", nullable=False))
        batch_op.add_column(sa.Column("proposed_by_id", ID, nullable=True))
        batch_op.add_column(sa.Column("decided_by_id", ID, nullable=True))
        batch_op.add_column(sa.Column("decided_at", Instant(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_chains_state_known"), "state IN ('proposed', 'active', 'retired', 'refused')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_chains_four_eyes"), "decided_by_id IS NULL OR decided_by_id <> proposed_by_id"
        )
        batch_op.create_foreign_key(batch_op.f("fk_chains_proposed_by_id"), "people", ["proposed_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_chains_decided_by_id"), "people", ["decided_by_id"], ["id"])
    with op.batch_alter_table("chain_slots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("needed", sa.SmallInteger(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("condition", sa.JSON(), nullable=True))
    op.execute("UPDATE chain_slots SET stage = slot")
    with op.batch_alter_table("chain_slots", schema=None) as batch_op:
        batch_op.alter_column("stage", existing_type=sa.SmallInteger(), nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_chain_slots_stage_begins_before"), "stage BETWEEN 1 AND slot")
        batch_op.create_check_constraint(batch_op.f("ck_chain_slots_needed_sane"), "needed >= 1")
    op.create_table(
        "document_returns",
        sa.Column("document_id", ID, nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("mandate_id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("resubmitted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_document_returns_act_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_document_returns_document_id")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_document_returns_mandate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_document_returns_person_id")),
        sa.PrimaryKeyConstraint("document_id", "round", name=op.f("pk_document_returns")),
    )


def downgrade() -> None:
    """Take the schema back; only chains signed one after another can be told by the schema before."""
    op.drop_table("document_returns")
    with op.batch_alter_table("chain_slots", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_chain_slots_needed_sane"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_chain_slots_stage_begins_before"), type_="check")
        batch_op.drop_column("condition")
        batch_op.drop_column("needed")
        batch_op.drop_column("stage")
    with op.batch_alter_table("chains", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_chains_decided_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_chains_proposed_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_chains_four_eyes"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_chains_state_known"), type_="check")
        batch_op.drop_column("decided_at")
        batch_op.drop_column("decided_by_id")
        batch_op.drop_column("proposed_by_id")
        batch_op.drop_column("state")
