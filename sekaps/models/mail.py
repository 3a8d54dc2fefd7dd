"""Reminder claims and the outbox: the claim's row is the right to send, the outbox row is the message to deliver.

Domains that take no mail for now are kept beside them, so that every worker leaves them alone.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from sekaps.models.base import At, Base, Code, Id, Name, reference


class OutboxMessage(Base):
    """A message written with the change that caused it and delivered by a separate task; its key exists once."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="state_known"),
        Index(
            "ix_outbox_undelivered",
            "next_attempt_at",
            sqlite_where=sql("sent_at IS NULL"),
            postgresql_where=sql("sent_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    key: Mapped[Name] = mapped_column(unique=True)
    edition_id: Mapped[int | None] = reference("editions.id", index=True)
    person_id: Mapped[int] = reference("people.id", index=True)
    day: Mapped[date]
    subject: Mapped[Name]
    state: Mapped[Code] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_attempt_at: Mapped[At]
    claimed_until: Mapped[At | None]
    sent_at: Mapped[At | None]
    error: Mapped[Name | None]


class OutboxLetter(Base):
    """What a message says; written once, and apart from the message's state so that no change of that moves it."""

    __tablename__ = "outbox_letters"
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    plain: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


class MailDomain(Base):
    """A domain that refused mail for now and has taken none since: its mail waits, longer each time."""

    __tablename__ = "mail_domains"
    __table_args__ = (CheckConstraint("refusals > 0", name="refused"),)
    domain: Mapped[Name] = mapped_column(primary_key=True)
    refusals: Mapped[int]
    since: Mapped[At]
    held_until: Mapped[At]
    answer: Mapped[Name]


class ReminderClaim(Base):
    """One rung before a step's deadline, for one person about one unit's work: inserting it is the right to remind.

    The deadline is part of it: an extension gives its units another one, with a ladder of its own.
    """

    __tablename__ = "reminder_claims"
    edition_id: Mapped[int] = reference("editions.id", primary_key=True)
    activity: Mapped[Code] = mapped_column(primary_key=True)
    step: Mapped[Code] = mapped_column(primary_key=True)
    closes: Mapped[date] = mapped_column(primary_key=True)
    rung: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    unit_id: Mapped[int] = reference("units.id", primary_key=True)
    person_id: Mapped[int] = reference("people.id", primary_key=True)
    escalation: Mapped[bool] = mapped_column(default=False)
    open_documents: Mapped[int]
    outbox_id: Mapped[int] = reference("outbox.id", index=True)
    claimed_at: Mapped[At]
