"""The mail domains that take nothing for now, and the wording of messages in a table of its own."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDING = ("plain", "html")


def upgrade() -> None:
    """Bring the schema forward; no domain is held yet, and every message keeps its wording."""
    create_mail_domains()
    create_outbox_letters()
    op.execute("INSERT INTO outbox_letters (outbox_id, plain, html) SELECT id, plain, html FROM outbox")
    for column in WORDING:
        op.drop_column("outbox", column)


def create_mail_domains() -> None:
    """Create the domains whose mail waits."""
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


def create_outbox_letters() -> None:
    """Create what messages say."""
    op.create_table(
        "outbox_letters",
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_letters_outbox_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_outbox_letters")),
    )


def downgrade() -> None:
    """Take the schema back; every domain is tried again at the next delivery."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for column in WORDING:
            batch_op.add_column(sa.Column(column, sa.Text(), nullable=True))
    for column in WORDING:
        said = f"SELECT {column} FROM outbox_letters WHERE outbox_id = outbox.id"
        op.execute(f"UPDATE outbox SET {column} = COALESCE(({said}), '')")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for column in WORDING:
            batch_op.alter_column(column, existing_type=sa.Text(), nullable=False)
    op.drop_table("outbox_letters")
    op.drop_table("mail_domains")
