"""Readiness of institutions: the items of their checklists, and their requests for training."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LASTING = "edition_id IS NULL AND ended_at IS NULL"
YEARLY = "edition_id IS NOT NULL AND ended_at IS NULL"
OPEN = "state IN ('asked', 'scheduled')"


def upgrade() -> None:
    """Bring the schema forward."""
    create_readiness_items()
    create_training_requests()


def create_readiness_items() -> None:
    """Create the items of the checklists: one that stands for each unit and code, or unit, code and edition."""
    op.create_table(
        "readiness_items",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("edition_id", ID, nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", ID, nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("ended_by_id", ID, nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_readiness_items_ends_after_it_begins")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_readiness_items_ended_by_somebody")
        ),
        *foreign_keys(
            "readiness_items", unit_id="units", edition_id="editions", recorded_by_id="people", ended_by_id="people"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_items")),
    )
    op.create_index(op.f("ix_readiness_items_unit_id"), "readiness_items", ["unit_id"], unique=False)
    create_partial("uq_readiness_items_lasting", "readiness_items", ["unit_id", "code"], LASTING)
    create_partial("uq_readiness_items_yearly", "readiness_items", ["unit_id", "code", "edition_id"], YEARLY)


def create_training_requests() -> None:
    """Create the requests for training: one open on a topic for each unit."""
    op.create_table(
        "training_requests",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("wished_from", sa.Date(), nullable=False),
        sa.Column("wished_until", sa.Date(), nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("scheduled_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        *training_checks(),
        *foreign_keys("training_requests", unit_id="units", asked_by_id="people", answered_by_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_requests")),
    )
    op.create_index(op.f("ix_training_requests_unit_id"), "training_requests", ["unit_id"], unique=False)
    create_partial("uq_training_requests_open", "training_requests", ["unit_id", "topic"], OPEN)


def training_checks() -> Iterator[sa.CheckConstraint]:
    """Yield what no request for training may break."""
    rules = {
        "state_known": "state IN ('asked', 'scheduled', 'held', 'refused', 'withdrawn')",
        "ends_after_it_begins": "wished_until >= wished_from",
        "scheduled_on_a_day": "state NOT IN ('scheduled', 'held') OR scheduled_on IS NOT NULL",
        "people_are_counted": "(state = 'held') = (people IS NOT NULL)",
        "people_positive": "people > 0",
        "refusal_has_a_reason": "state <> 'refused' OR reason IS NOT NULL",
    }
    for name, rule in rules.items():
        yield sa.CheckConstraint(rule, name=op.f(f"ck_training_requests_{name}"))


def foreign_keys(table: str, **targets: str) -> Iterator[Any]:
    """Yield a foreign key to the id of a table for each column."""
    for column, target in targets.items():
        yield sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def create_partial(name: str, table: str, columns: list[str], condition: str) -> None:
    """Create a unique index over the rows of a condition."""
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("training_requests")
    op.drop_table("readiness_items")
