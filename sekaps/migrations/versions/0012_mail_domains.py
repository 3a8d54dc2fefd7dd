"""The mail domains that take nothing for now, and until when their mail waits."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; no domain is held yet."""
    op.create_table(
        "mail_domains",
        sa.Column("domain", sa.String(length=300), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("held_until", Instant(), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.CheckConstraint("refusals > 0", name=op.f("ck_mail_domains_refused")),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_domains")),
    )


def downgrade() -> None:
    """Take the schema back; every domain is tried again at the next delivery."""
    op.drop_table("mail_domains")
