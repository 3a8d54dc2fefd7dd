"""Amendments of published editions."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "amendments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("letter_number", sa.String(length=300), nullable=False),
        sa.Column("proposed_by", sa.String(length=300), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.String(length=300), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_amendments_decided_once")),
        sa.CheckConstraint("state <> 'published' OR decided_by <> proposed_by", name=op.f("ck_amendments_four_eyes")),
        sa.CheckConstraint("state IN ('proposed', 'published', 'withdrawn')", name=op.f("ck_amendments_state_known")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_amendments_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index("ix_amendments_edition_id_state", ["edition_id", "state"], unique=False)


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.drop_index("ix_amendments_edition_id_state")

    op.drop_table("amendments")
