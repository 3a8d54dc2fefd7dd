"""The tables of the year: programmes, editions and what is frozen into them."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def create_programmes() -> None:
    """Create programmes."""
    op.create_table(
        "programmes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_tr", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("code", name=op.f("uq_programmes_code")),
    )


def create_editions() -> None:
    """Create editions."""
    op.create_table(
        "editions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("programme_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'amended', 'closed')", name=op.f("ck_editions_state_known")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_editions_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("programme_id", "year", name=op.f("uq_editions_programme_id_year")),
    )


def create_extensions() -> None:
    """Create extensions."""
    op.create_table(
        "extensions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("scope_code", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("letter_number", sa.String(length=300), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "scope IN ('nation', 'province', 'district', 'unit')", name=op.f("ck_extensions_scope_known")
        ),
        sa.CheckConstraint("until >= since", name=op.f("ck_extensions_not_empty")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_extensions_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
        sa.UniqueConstraint(
            "edition_id",
            "letter_number",
            "activity",
            "step",
            "scope",
            "scope_code",
            name=op.f("uq_extensions_edition_id_letter_number_activity_step_scope_scope_code"),
        ),
    )


def create_phases() -> None:
    """Create phases."""
    op.create_table(
        "phases",
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("near_end_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("gaps_at_close", sa.Integer(), nullable=True),
        sa.Column("ticked_through", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed', 'closed_with_gaps')", name=op.f("ck_phases_state_known")
        ),
        sa.CheckConstraint("closes >= opens", name=op.f("ck_phases_not_empty")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_phases_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", "code", name=op.f("pk_phases")),
    )


def create_revisions() -> None:
    """Create revisions."""
    op.create_table(
        "revisions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("programme_text", sa.String(), nullable=False),
        sa.Column("programme_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("days_from", sa.Date(), nullable=False),
        sa.Column("days_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("letter_number", sa.String(length=300), nullable=True),
        sa.Column("decided_by", sa.String(length=300), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_revisions_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_revisions_edition_id_number")),
    )


def create_boundary_dates() -> None:
    """Create boundary dates."""
    op.create_table(
        "boundary_dates",
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=300), nullable=True),
        sa.Column("proposed", sa.Date(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_boundary_dates_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "code", name=op.f("pk_boundary_dates")),
    )


def create_edition_days() -> None:
    """Create edition days."""
    op.create_table(
        "edition_days",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("layer", sa.String(length=64), nullable=False),
        sa.Column("name_tr", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("district_code", sa.String(length=4), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_edition_days_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_days")),
    )
    with op.batch_alter_table("edition_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_days_revision_id"), ["revision_id"], unique=False)


def create_edition_windows() -> None:
    """Create edition windows."""
    op.create_table(
        "edition_windows",
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.CheckConstraint("closes >= opens", name=op.f("ck_edition_windows_not_empty")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_edition_windows_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "activity", "step", name=op.f("pk_edition_windows")),
    )
