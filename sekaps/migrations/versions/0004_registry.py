"""The state registry in full: history and closing of units, KEP addresses, the signatory module's records."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = "state = 'verified'"
WAITING = "state IN ('registered', 'verification_sent')"
CURRENT = "until_at IS NULL"
PLAIN: tuple[tuple[str, str, sa.types.TypeEngine[Any]], ...] = (
    ("units", "letterhead", sa.String(length=300)),
    ("units", "addressee", sa.String(length=300)),
    ("units", "former_head", sa.String(length=300)),
    ("units", "active_from", Instant()),
    ("units", "active_until", Instant()),
    ("people", "curriculum_vitae", sa.String(length=2000)),
    ("mandates", "recorded_at", Instant()),
    ("mandates", "end_recorded_at", Instant()),
)
CHECKED = (
    ("units", "tier", "VARCHAR(64)", "ck_units_tier_known", "CHECK (tier IN ('central', 'provincial', 'abroad'))"),
    ("units", "closing", "VARCHAR(64)", "ck_units_closing_known", "CHECK (closing IN ('request', 'submit', 'both'))"),
    ("units", "successor_id", "BIGINT", "fk_units_successor_id", "REFERENCES units (id)"),
    ("mandates", "reason", "VARCHAR(64)", "ck_mandates_reason_known",
     "CHECK (reason IN ('leave', 'duty_at_home', 'duty_abroad'))"),
    ("mandates", "recorded_by_id", "BIGINT", "fk_mandates_recorded_by_id", "REFERENCES responsibles (id)"),
)  # fmt: skip
"""Columns with a constraint of their own, added in one statement: SQLite cannot add one to a table afterwards."""
MERGED = "CHECK (successor_id <> id)"


def upgrade() -> None:
    """Bring the schema forward."""
    create_unit_changes()
    create_kep_addresses()
    create_responsibles()
    create_deputy_links()
    for table, name, plain in PLAIN:
        op.add_column(table, sa.Column(name, plain, nullable=True))
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name, kind, constraint, rule in CHECKED:
        written = "INTEGER" if on_sqlite and kind == "BIGINT" else kind
        also = f" CONSTRAINT ck_units_merged_into_another {MERGED}" if name == "successor_id" else ""
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {written} CONSTRAINT {constraint} {rule}{also}")


def create_unit_changes() -> None:
    """Create the history of units."""
    op.create_table(
        "unit_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_unit_changes_act_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_changes_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_changes")),
    )
    op.create_index("ix_unit_changes_unit_id_at", "unit_changes", ["unit_id", "at"], unique=False)


def create_kep_addresses() -> None:
    """Create the KEP addresses: at most one open and one waiting for each unit."""
    op.create_table(
        "kep_addresses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("into_ebys", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("registered_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("verified_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('registered', 'verification_sent', 'verified', 'replaced', 'closed')",
            name=op.f("ck_kep_addresses_state_known"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_kep_addresses_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kep_addresses")),
    )
    op.create_index("ix_kep_addresses_unit_id", "kep_addresses", ["unit_id"], unique=False)
    create_partial("uq_kep_addresses_open", "kep_addresses", ["unit_id"], OPEN)
    create_partial("uq_kep_addresses_waiting", "kep_addresses", ["unit_id"], WAITING)


def create_responsibles() -> None:
    """Create the responsible persons of the signatory module."""
    op.create_table(
        "responsibles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=True),
        sa.Column("work_phone", sa.String(length=64), nullable=False),
        sa.Column("mobile_phone", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.CheckConstraint("role IN ('authoriser', 'registrar')", name=op.f("ck_responsibles_role_known")),
        sa.CheckConstraint(
            "until_at IS NULL OR until_at > granted_at", name=op.f("ck_responsibles_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["granted_by_id"], ["responsibles.id"], name=op.f("fk_responsibles_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_responsibles_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_responsibles_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibles")),
    )
    op.create_index(op.f("ix_responsibles_person_id"), "responsibles", ["person_id"], unique=False)
    create_partial("uq_responsibles_current", "responsibles", ["unit_id", "person_id", "role"], CURRENT)


def create_deputy_links() -> None:
    """Create the links between first-level units and deputy heads."""
    op.create_table(
        "deputy_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linked_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "until_at IS NULL OR until_at > linked_at", name=op.f("ck_deputy_links_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["linked_by_id"], ["responsibles.id"], name=op.f("fk_deputy_links_linked_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_deputy_links_post_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deputy_links_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy_links")),
    )
    op.create_index(op.f("ix_deputy_links_post_id"), "deputy_links", ["post_id"], unique=False)
    create_partial("uq_deputy_links_current", "deputy_links", ["unit_id"], CURRENT)


def create_partial(name: str, table: str, columns: list[str], condition: str) -> None:
    """Create a unique index over the rows of a condition."""
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take the schema back."""
    for table, name, *_rest in (*reversed(CHECKED), *reversed(PLAIN)):
        op.drop_column(table, name)
    for table in ("deputy_links", "responsibles", "kep_addresses", "unit_changes"):
        op.drop_table(table)
