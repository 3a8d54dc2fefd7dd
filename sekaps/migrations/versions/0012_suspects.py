"""Suspicion at the grain of what was found: signatures that did not hold, and acts that do not match their signatures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = "edition_id, found_at, cleared_at"


def upgrade() -> None:
    """Bring the schema forward; of an act under suspicion every signature is, until the next night verified it.

    What was wrong with an act was not kept, so the act itself stays a suspect beside its signatures.
    """
    create_suspects("suspect_signatures", "document_id", "act_id")
    create_suspects("suspect_acts", "act_id")
    op.execute(f"INSERT INTO suspect_acts (act_id, {KEPT}) SELECT act_id, {KEPT} FROM evidence_suspects")
    op.execute(
        f"INSERT INTO suspect_signatures (document_id, act_id, {KEPT})"
        f" SELECT DISTINCT document_id, act_id, {KEPT} FROM evidence_suspects JOIN signatures USING (act_id)"
        " WHERE cleared_at IS NULL"
    )
    op.drop_table("evidence_suspects")


def create_suspects(table: str, *key: str) -> None:
    """Create a table of suspects that are named by an act, or by a document and an act."""
    columns = [*key, "edition_id"]
    op.create_table(
        table,
        *(sa.Column(name, ID, nullable=False) for name in columns),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("cleared_at", Instant(), nullable=True),
        *foreign_keys(table, columns),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_edition_id", table, ["edition_id"], unique=False)


def foreign_keys(table: str, columns: Sequence[str]) -> list[sa.ForeignKeyConstraint]:
    """Return the references of columns that are named after what they refer to."""
    referred = {name: f"{name.removesuffix('_id')}s.id" for name in columns}
    return [sa.ForeignKeyConstraint([name], [to], name=op.f(f"fk_{table}_{name}")) for name, to in referred.items()]


def downgrade() -> None:
    """Take the schema back; an act is a suspect as long as it or any of its signatures is."""
    create_suspects("evidence_suspects", "act_id")
    op.execute(
        f"INSERT INTO evidence_suspects (act_id, {KEPT})"
        " SELECT act_id, MIN(edition_id), MIN(found_at),"
        " CASE WHEN COUNT(cleared_at) = COUNT(*) THEN MAX(cleared_at) END"
        f" FROM (SELECT act_id, {KEPT} FROM suspect_acts UNION ALL SELECT act_id, {KEPT} FROM suspect_signatures) AS one"
        " GROUP BY act_id"
    )
    op.drop_table("suspect_acts")
    op.drop_table("suspect_signatures")
