"""Orders about days: leave, closures, suspensions."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "day_orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("letter_number", sa.String(length=300), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=300), nullable=True),
        sa.CheckConstraint("kind IN ('leave', 'closure', 'suspension')", name=op.f("ck_day_orders_kind_known")),
        sa.CheckConstraint("until >= since", name=op.f("ck_day_orders_not_empty")),
        sa.CheckConstraint("starts IS NULL OR ends IS NULL", name=op.f("ck_day_orders_one_half")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_day_orders_revoked_by_somebody")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_orders")),
        sa.UniqueConstraint(
            "letter_number",
            "kind",
            "since",
            "until",
            "activity",
            name=op.f("uq_day_orders_letter_number_kind_since_until_activity"),
        ),
    )
    op.create_table(
        "day_order_places",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("scope_code", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(scope = 'nation') = (scope_code = '')", name=op.f("ck_day_order_places_nation_has_no_code")
        ),
        sa.CheckConstraint(
            "scope IN ('nation', 'province', 'district', 'unit')", name=op.f("ck_day_order_places_scope_known")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["day_orders.id"], name=op.f("fk_day_order_places_order_id")),
        sa.PrimaryKeyConstraint("order_id", "scope", "scope_code", name=op.f("pk_day_order_places")),
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("day_order_places")
    op.drop_table("day_orders")
