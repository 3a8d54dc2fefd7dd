"""Domains that put mail off, as stored: every worker and every later run asks here what may go."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from sekaps.domain.mail_domains import DomainWait, backoff, domain_of
from sekaps.models.mail import MailDomain, OutboxMessage
from sekaps.models.registry import Person
from sekaps.services.writing import insert_returning

ANSWER_LENGTH = 300
"""Characters of an answer that are kept."""


def held_domains(session: Session, domains: Collection[str]) -> dict[str, datetime]:
    """Return, of those domains that refused mail last, until when each one's mail waits; the time may have passed."""
    query = select(MailDomain.domain, MailDomain.held_until).where(MailDomain.domain.in_(sorted(domains)))
    return {domain: until for domain, until in session.execute(query)}


def hold_domains(session: Session, answers: Mapping[str, str], as_of: datetime) -> dict[str, datetime]:
    """Let the mail of domains wait after what they answered, twice as long as last time; return until when.

    What several workers hear in one period is one refusal: a domain that is held already is held no longer for it.
    """
    rows = [_row(domain, answers[domain], as_of) for domain in sorted(answers)]
    new = {domain for domain, _ in insert_returning(session, MailDomain, rows, ("domain", "refusals"))}
    if known := answers.keys() - new:
        _hold_longer(session, {domain: answers[domain] for domain in known}, as_of)
    return held_domains(session, answers.keys())


def _row(domain: str, answer: str, as_of: datetime) -> dict[str, object]:
    kept = answer[:ANSWER_LENGTH]
    return {"domain": domain, "refusals": 1, "since": as_of, "held_until": as_of + backoff(1), "answer": kept}


def _hold_longer(session: Session, answers: Mapping[str, str], as_of: datetime) -> None:
    over = select(MailDomain).where(MailDomain.domain.in_(answers), MailDomain.held_until <= as_of)
    for held in session.scalars(over.order_by(MailDomain.domain).with_for_update()).all():
        held.refusals += 1
        held.held_until = as_of + backoff(held.refusals)
        held.answer = answers[held.domain][:ANSWER_LENGTH]
    session.flush()


def free_domains(session: Session, domains: Collection[str]) -> None:
    """Forget the refusals of domains that have taken mail again, save those another worker is just writing about.

    Waiting for that worker here, who may be waiting for a domain this one has just freed, would be a circle.
    """
    known = select(MailDomain.domain).where(MailDomain.domain.in_(domains)).with_for_update(skip_locked=True)
    session.execute(delete(MailDomain).where(MailDomain.domain.in_(session.scalars(known).all())))


def waiting_domains(session: Session) -> list[DomainWait]:
    """Return the domains whose mail waits, those that wait longest first, with how many messages wait for each."""
    held = session.scalars(select(MailDomain).order_by(MailDomain.since, MailDomain.domain)).all()
    waiting = _waiting(session) if held else Counter[str]()
    return [
        DomainWait(one.domain, one.since, one.refusals, one.held_until, one.answer, waiting[one.domain])
        for one in held
        if waiting[one.domain]
    ]


def _waiting(session: Session) -> Counter[str]:
    undelivered = (OutboxMessage.sent_at.is_(None), OutboxMessage.state.in_(("waiting", "sending")))
    query = select(Person.email, func.count()).join(OutboxMessage, OutboxMessage.person_id == Person.id)
    found = Counter[str]()
    for address, count in session.execute(query.where(*undelivered).group_by(Person.email)):
        found[domain_of(address)] += count
    return found
