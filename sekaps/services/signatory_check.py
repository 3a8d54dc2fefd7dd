"""What the signatory module's rules find wrong at an instant: who is missing, what is late, what is about to end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.offices import Offices
from sekaps.domain.registry_fields import code_name
from sekaps.domain.signatories import (
    days_late,
    first_level_of,
    is_first_record_overdue,
    responsibles_missing,
    role_needed,
)
from sekaps.models.registry import DeputyLink, Mandate, Person, Post, Responsible, Unit
from sekaps.services.offices import is_current, read_offices
from sekaps.services.posts import DEPUTY_HEAD, HEAD
from sekaps.services.registry import active
from sekaps.services.waiting import in_force
from sekaps.texts import Text, text

ENDING_SOON = timedelta(days=7)
LATE_SHOWN = timedelta(days=30)
"""Late records are told for so long after they were made."""
ORDER = (13, 17, 4, 6, 14, 12)
"""The rules in the order their findings are worked off: changes of heads come before first records (rule 13)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule finds wrong with a unit."""

    rule: int
    unit: int
    unit_name: str
    problem: Text


Found = Iterator[tuple[int, int, Text]]
"""Findings before the units' names are known: rule, unit, problem."""


def check_signatories(session: Session, as_of: datetime) -> list[Finding]:
    """Return everything the rules find wrong at an instant, what is to be worked off first before the rest."""
    offices = read_offices(session, as_of)
    found = [
        *_headless(session, as_of),
        *_late(session, as_of),
        *_acting(session, as_of),
        *_few_responsibles(session, offices, as_of),
        *_idle_responsibles(session, as_of),
        *_unlinked(session, offices, as_of),
    ]
    names = {number: name for number, name in session.execute(select(Unit.number, Unit.name))}
    findings = [Finding(rule, unit, names[unit], problem) for rule, unit, problem in found]
    return sorted(findings, key=lambda finding: (ORDER.index(finding.rule), finding.unit))


def _headless(session: Session, as_of: datetime) -> Found:
    """Rules 12 and 13: active units without a head now, never recorded or left."""
    own = select(Mandate.id).join(Post, Post.id == Mandate.post_id)
    own = own.where(Post.unit_id == Unit.id, Post.kind == HEAD, Mandate.kind == "own")
    ever, now = exists(own), exists(own.where(in_force(as_of)))
    query = select(Unit.number, ever).where(active(as_of), ~now)
    for number, had_one in session.execute(query):
        if had_one:
            yield 13, number, text("the head left and nobody is recorded since")
        elif is_first_record_overdue(local_day(as_of)):
            yield 12, number, text("no head was ever recorded")


def _late(session: Session, as_of: datetime) -> Found:
    """Rule 13: changes of heads lately recorded after their day; a first record changes nothing and is never late."""
    other = aliased(Mandate)
    before = exists(select(other.id).where(other.post_id == Mandate.post_id, other.from_at < Mandate.from_at))
    after = exists(select(other.id).where(other.post_id == Mandate.post_id, other.from_at == Mandate.until_at))
    query = (
        select(Unit.number, Person.number.label("code"), Mandate.from_at, Mandate.until_at)
        .add_columns(Mandate.recorded_at, Mandate.end_recorded_at, before.label("follows"), after.label("followed"))
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Post.kind == HEAD, Mandate.kind == "own")
        .where(or_(_lately(Mandate.recorded_at, as_of), _lately(Mandate.end_recorded_at, as_of)))
    )
    for row in session.execute(query):
        if row.follows and (late := days_late(row.from_at, row.recorded_at or row.from_at)):
            yield 13, row.number, text("{code} began and was recorded {days} day(s) late", code=row.code, days=late)
        if row.until_at and not row.followed and (late := days_late(row.until_at, row.end_recorded_at or row.until_at)):
            yield 13, row.number, text("{code} left and that was recorded {days} day(s) late", code=row.code, days=late)


def _lately(column: InstrumentedAttribute[datetime | None], as_of: datetime) -> ColumnElement[bool]:
    return column.between(as_of - LATE_SHOWN, as_of)


def _acting(session: Session, as_of: datetime) -> Found:
    """Rule 17: acting signatories whose time is nearly over, or whose post is vacant."""
    other = aliased(Mandate)
    filled = exists(
        select(other.id).where(
            other.post_id == Mandate.post_id,
            other.kind == "own",
            other.from_at <= as_of,
            or_(other.until_at.is_(None), other.until_at > as_of),
        )
    )
    query = (
        select(Unit.number, Person.number.label("code"), Mandate.until_at, filled.label("filled"))
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.kind == "deputy", in_force(as_of), active(as_of))
    )
    for row in session.execute(query):
        if not row.filled:
            yield 17, row.number, text("{code} acts for a post that is vacant", code=row.code)
        elif row.until_at and row.until_at <= as_of + ENDING_SOON:
            yield 17, row.number, text("{code} acts until {until} only", code=row.code, until=row.until_at)


def _few_responsibles(session: Session, offices: Offices, as_of: datetime) -> Found:
    """Rule 4: institutions and units with fewer than two responsible persons."""
    query = (
        select(Unit.number, Responsible.role, func.count(Responsible.person_id.distinct()))
        .join(Unit, Unit.id == Responsible.unit_id)
        .where(is_current(as_of))
        .group_by(Unit.number, Responsible.role)
    )
    counts = Counter({(number, role): count for number, role, count in session.execute(query)})
    for number, office in offices.units.items():
        role = role_needed(number, offices) if office.active else None
        if role and responsibles_missing(counts[number, role.value]):
            yield (
                4,
                number,
                text("{count} of 2 responsible persons ({role})", count=counts[number, role], role=code_name(role)),
            )


def _idle_responsibles(session: Session, as_of: datetime) -> Found:
    """Rule 6: responsible persons of units that were closed."""
    query = select(Unit.number, Person.number).select_from(Responsible).join(Unit, Unit.id == Responsible.unit_id)
    query = query.join(Person, Person.id == Responsible.person_id).where(is_current(as_of), ~active(as_of))
    for number, code in session.execute(query):
        yield 6, number, text("{code} is responsible for a closed unit", code=code)


def _unlinked(session: Session, offices: Offices, as_of: datetime) -> Found:
    """Rule 14: first-level units without a link to a deputy head in office, where there is one."""
    deputies = _deputies(as_of)
    with_deputies = set(session.scalars(deputies.with_only_columns(Unit.number)))
    posts = deputies.with_only_columns(Post.id)
    linked = select(Unit.number).join(DeputyLink, DeputyLink.unit_id == Unit.id)
    linked = linked.where(DeputyLink.until_at.is_(None), DeputyLink.post_id.in_(posts))
    held = set(session.scalars(linked))
    for number, office in offices.units.items():
        above = first_level_of(number, offices) if office.active else None
        if above and above.number in with_deputies and number not in held:
            yield 14, number, text("it is linked with no deputy head of unit {above} in office", above=above.number)


def _deputies(as_of: datetime) -> Select[tuple[Post]]:
    query = select(Post).join(Unit, Unit.id == Post.unit_id).join(Mandate, Mandate.post_id == Post.id)
    return query.where(Post.kind.startswith(DEPUTY_HEAD, autoescape=True), in_force(as_of), active(as_of))


def counts_by_rule(findings: Iterable[Finding]) -> Counter[int]:
    """Return how many findings each rule has."""
    return Counter(finding.rule for finding in findings)
