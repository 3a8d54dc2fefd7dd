"""How far evidence was verified again, and the indexes that find an act's signatures and whatever is unusual."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = (
    ("acts", "at", "at", None),
    ("signatures", "act_id", "act_id", None),
    ("signatures", "unusual", "document_id", "round <> 1 OR slot > 3"),
    ("chains", "unusual", "id", "length <> 3"),
    ("chain_slots", "uneven", "chain_id", "stage < slot OR condition IS NOT NULL"),
    ("documents", "chain_id", "chain_id", None),
    ("documents", "later_round", "id", "round <> 1"),
)
"""Table, name, column and, where only a part of the rows is in it, the condition."""


def upgrade() -> None:
    """Bring the schema forward; the first night verifies every signature."""
    create_evidence_checks()
    create_evidence_suspects()
    for table, name, column, condition in INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(f"ix_{table}_{name}", table, [column], sqlite_where=where, postgresql_where=where)


def create_evidence_checks() -> None:
    """Create what was verified on which day."""
    op.create_table(
        "evidence_checks",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("again_first", sa.Integer(), nullable=False),
        sa.Column("again_through", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "through >= first - 1 AND again_through >= again_first - 1", name=op.f("ck_evidence_checks_counted")
        ),
        sa.CheckConstraint("again_through < first", name=op.f("ck_evidence_checks_again_what_was_verified_before")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_evidence_checks_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", "day", name=op.f("pk_evidence_checks")),
    )


def create_evidence_suspects() -> None:
    """Create the acts whose signatures did not hold."""
    op.create_table(
        "evidence_suspects",
        sa.Column("act_id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("cleared_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_evidence_suspects_act_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_evidence_suspects_edition_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_evidence_suspects")),
    )
    op.create_index("ix_evidence_suspects_edition_id", "evidence_suspects", ["edition_id"], unique=False)


def downgrade() -> None:
    """Take the schema back; the next night knows of no check before it."""
    for table, name, _, _ in INDEXES:
        op.drop_index(f"ix_{table}_{name}", table_name=table)
    op.drop_table("evidence_suspects")
    op.drop_table("evidence_checks")
