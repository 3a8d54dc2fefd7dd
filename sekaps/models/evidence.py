"""What proves the records: the certificates people signed with, and the signed roots of the audit trail."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Digest, Id, reference


class Certificate(Base):
    """A certificate somebody has signed with, kept once however often it signs; rows are only ever appended."""

    __tablename__ = "certificates"
    __table_args__ = (CheckConstraint("valid_until > valid_from", name="ends_after_it_begins"),)
    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", index=True)
    digest: Mapped[Digest] = mapped_column(unique=True)
    encoded: Mapped[bytes]
    """The certificate itself, in DER."""
    valid_from: Mapped[At]
    valid_until: Mapped[At]
    is_test: Mapped[bool]
    """Whether a local test authority issued it, so that it is not valid in law."""


class TrailRoot(Base):
    """The signed, time-stamped statement that stands for the acts of a stream up to a day; at most one each day.

    The time stamp is inside the signature (CAdES-T). ``last`` is one less than ``first`` when nothing was done.
    """

    __tablename__ = "trail_roots"
    __table_args__ = (
        UniqueConstraint("stream", "previous"),  # each statement follows one other: the roots are a chain themselves
        CheckConstraint("last >= first - 1", name="counted"),
    )
    stream: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    first: Mapped[int]
    last: Mapped[int]
    root: Mapped[Digest]
    previous: Mapped[Digest]
    statement: Mapped[bytes]
    signature: Mapped[bytes]
    made_at: Mapped[At]
