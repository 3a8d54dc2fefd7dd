"""The tables of records: the trail, mail, and how far a rehearsal has come."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def create_trail_heads() -> None:
    """Create trail heads."""
    op.create_table(
        "trail_heads",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_trail_heads")),
    )


def create_outbox() -> None:
    """Create outbox."""
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("edition_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=False),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name=op.f("ck_outbox_state_known")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_outbox_edition_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_undelivered",
            ["next_attempt_at"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )


def create_rehearsals() -> None:
    """Create rehearsals."""
    op.create_table(
        "rehearsals",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("scale", sa.String(length=300), nullable=False),
        sa.Column("acted_through", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_rehearsals_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_rehearsals")),
    )


def create_reminder_claims() -> None:
    """Create reminder claims."""
    op.create_table(
        "reminder_claims",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("escalation", sa.Boolean(), nullable=False),
        sa.Column("open_documents", sa.Integer(), nullable=False),
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("claimed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_reminder_claims_edition_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_reminder_claims_outbox_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reminder_claims_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reminder_claims_unit_id")),
        sa.PrimaryKeyConstraint(
            "edition_id", "activity", "step", "closes", "rung", "unit_id", "person_id", name=op.f("pk_reminder_claims")
        ),
    )
    with op.batch_alter_table("reminder_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_claims_outbox_id"), ["outbox_id"], unique=False)


def create_acts() -> None:
    """Create acts."""
    op.create_table(
        "acts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("mandate_id", ID, nullable=True),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.Column("edition_id", ID, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_acts_outcome_known")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_acts_edition_id")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_acts_mandate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        sa.UniqueConstraint("stream", "sequence", name=op.f("uq_acts_stream_sequence")),
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_edition_id"), ["edition_id"], unique=False)
