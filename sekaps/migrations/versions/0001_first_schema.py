"""The first schema."""

from alembic import op

from sekaps.migrations.first_schema import allocation, documents, records, registry, year

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    registry.create_people,
    year.create_programmes,
    registry.create_provinces,
    records.create_trail_heads,
    registry.create_districts,
    year.create_editions,
    year.create_extensions,
    records.create_outbox,
    year.create_phases,
    records.create_rehearsals,
    year.create_revisions,
    registry.create_units,
    year.create_boundary_dates,
    documents.create_chains,
    year.create_edition_days,
    year.create_edition_windows,
    allocation.create_items,
    registry.create_posts,
    records.create_reminder_claims,
    documents.create_chain_slots,
    documents.create_documents,
    registry.create_mandates,
    records.create_acts,
    allocation.create_decisions,
    allocation.create_needs,
    allocation.create_resources,
    allocation.create_allocations,
    documents.create_signatures,
    allocation.create_stage_balances,
    documents.create_notices,
    documents.create_protocols,
)
"""Every table after those it refers to."""


def upgrade() -> None:
    """Create every table with its indexes."""
    for create in TABLES:
        create()


def downgrade() -> None:
    """Drop every table; its indexes go with it."""
    for create in reversed(TABLES):
        op.drop_table(create.__name__.removeprefix("create_"))
