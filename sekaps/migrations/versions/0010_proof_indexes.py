"""What the audit and its proof ask of open documents and later rounds stands in their indexes: no row is read."""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


@dataclass(frozen=True)
class Partial:
    """An index over a part of a table; on PostgreSQL it also holds columns it is not ordered by."""

    name: str
    table: str
    columns: tuple[str, ...]
    where: str
    included: tuple[str, ...] = ()

    def create(self) -> None:
        """Create it."""
        where, included = sa.text(self.where), list(self.included)
        op.create_index(self.name, self.table, list(self.columns), sqlite_where=where, postgresql_where=where,
                        postgresql_include=included)  # fmt: skip


OPEN = ("edition_id", "activity", "step", "next_slot", "unit_id")
UNUSUAL, UNEVEN = "round <> 1 OR slot > 3", "stage < slot OR condition IS NOT NULL"
BEFORE = (
    Partial("ix_documents_open", "documents", OPEN, "next_slot > 0"),
    Partial("ix_documents_later_round", "documents", ("id",), "round <> 1"),
    Partial("ix_signatures_unusual", "signatures", ("document_id",), UNUSUAL),
    Partial("ix_chain_slots_uneven", "chain_slots", ("chain_id",), UNEVEN),
)
WHOLE = (*OPEN, "round", "chain_id", "state", "waiting_since")
SINCE = (
    Partial("ix_documents_open", "documents", WHOLE, "next_slot > 0", ("id",)),
    Partial("ix_documents_later_round", "documents", ("id", "round", "chain_id"), "round <> 1"),
    Partial("ix_signatures_unusual", "signatures", ("document_id",), UNUSUAL, ("round", "slot")),
    Partial("ix_chain_slots_uneven", "chain_slots", ("chain_id",), f"needed <> 1 OR {UNEVEN}"),
)


def upgrade() -> None:
    """Bring the schema forward."""
    replace(SINCE)


def downgrade() -> None:
    """Take the schema back."""
    replace(BEFORE)


def replace(indexes: tuple[Partial, ...]) -> None:
    """Create the indexes anew."""
    for index in indexes:
        op.drop_index(index.name, table_name=index.table)
        index.create()
