"""Evidence: certificates, the signature itself on each signature, the signed roots of the trail."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WITHOUT_ROWID = {"sqlite_with_rowid": False}
WHOLE = "(signature IS NULL) = (certificate_id IS NULL) AND (signature IS NULL) = (content_digest IS NULL)"


def upgrade() -> None:
    """Bring the schema forward; signatures made before stay valid, without evidence."""
    create_certificates()
    create_trail_roots()
    with op.batch_alter_table("signatures", schema=None, table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.add_column(sa.Column("certificate_id", ID, nullable=True))
        batch_op.add_column(sa.Column("content_digest", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("signature", sa.LargeBinary(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_signatures_evidence_whole"), WHOLE)
        batch_op.create_foreign_key(
            batch_op.f("fk_signatures_certificate_id"), "certificates", ["certificate_id"], ["id"]
        )
    op.create_index(op.f("ix_protocols_document_id"), "protocols", ["document_id"], unique=False)


def create_certificates() -> None:
    """Create the certificates people signed with."""
    op.create_table(
        "certificates",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("encoded", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_certificates_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_certificates_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("digest", name=op.f("uq_certificates_digest")),
    )
    op.create_index(op.f("ix_certificates_person_id"), "certificates", ["person_id"], unique=False)


def create_trail_roots() -> None:
    """Create the signed roots: one for each stream and day, each following one other."""
    op.create_table(
        "trail_roots",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.CheckConstraint("last >= first - 1", name=op.f("ck_trail_roots_counted")),
        sa.PrimaryKeyConstraint("stream", "day", name=op.f("pk_trail_roots")),
        sa.UniqueConstraint("stream", "previous", name=op.f("uq_trail_roots_stream_previous")),
    )


def downgrade() -> None:
    """Take the schema back; the evidence of every signature is lost."""
    op.drop_index(op.f("ix_protocols_document_id"), table_name="protocols")
    with op.batch_alter_table("signatures", schema=None, table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_signatures_certificate_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_signatures_evidence_whole"), type_="check")
        batch_op.drop_column("signature")
        batch_op.drop_column("content_digest")
        batch_op.drop_column("certificate_id")
    op.drop_table("trail_roots")
    op.drop_table("certificates")
