"""The proof of conservation: every balance, resource, line, decision and paper of a year, looked at in sets.

Each law is one statement that returns the rows that break it, so that a year in order answers with nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import RULES, StageRule
from sekaps.domain.conservation import AllocationProof, Law, Violation
from sekaps.domain.form_revisions import EFFECTIVE, LIVE, stages_of
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.services.editions import EditionView
from sekaps.services.line_proof import line_violations
from sekaps.services.lines import activity_of
from sekaps.services.paper_proof import paper_violations
from sekaps.services.writing import Query

BALANCE = StageBalance
SCOPES = ("local", "central")


def prove_allocations(session: Session, edition: EditionView, as_of: datetime) -> AllocationProof:
    """Return the proof over one edition as it stands; the instant tells which stages should have taken up what."""
    violations = [
        *_unbalanced(session, edition),
        *_other_sums(session, edition),
        *_asked_otherwise(session, edition),
        *_not_taken_up(session, edition, as_of),
        *_resources(session, edition),
        *line_violations(session, edition),
        *paper_violations(session, edition),
    ]
    return AllocationProof(
        needs=_count(session, select(func.count(BALANCE.need_id.distinct())).where(BALANCE.edition_id == edition.id)),
        resources=_count(session, _offered(edition, func.count())),
        lines=_count(session, select(func.count()).where(Allocation.edition_id == edition.id)),
        violations=tuple(violations),
    )


def _count(session: Session, query: Query) -> int:
    return session.scalar(query) or 0


def _offered(edition: EditionView, *columns: Any) -> Query:
    return (
        select(*columns)
        .select_from(Resource)
        .join(Document, Document.id == Resource.document_id)
        .where(Document.edition_id == edition.id)
    )


def _balances(edition: EditionView, *columns: Any) -> Query:
    return (
        select(Document.number, BALANCE.stage, *columns)
        .join(Document, Document.id == BALANCE.need_id)
        .where(BALANCE.edition_id == edition.id)
        .order_by(Document.number, BALANCE.stage)
    )


def _at(row: Any) -> str:
    return f"{row.number} · {row.stage}"


def _unbalanced(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield balances whose parts do not make up what was needed."""
    parts = (BALANCE.allocated, BALANCE.transferred, BALANCE.unmet)
    wrong = or_(BALANCE.needed != sum(parts[1:], parts[0]), BALANCE.needed <= 0, *(part < 0 for part in parts))
    for row in session.execute(_balances(edition, BALANCE.needed, *parts).where(wrong)):
        found = f"{row.allocated} + {row.transferred} + {row.unmet}"
        yield Violation(Law.BALANCED, _at(row), str(row.needed), found)


def _sums(edition: EditionView, *by: Any) -> Subquery:
    """Return what lines hold, decided and live, in groups."""
    held = func.sum(Allocation.quantity)
    decided = held.filter(Allocation.state.in_(EFFECTIVE)).label("decided")
    of_year = (Allocation.edition_id == edition.id, Allocation.state.in_(LIVE))
    return select(*by, decided, held.label("live")).where(*of_year).group_by(*by).subquery()


def _other_sums(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield balances that are not the sum of their lines, lines without a balance, and more lines than a need lacks."""
    sums = _sums(edition, Allocation.need_id, Allocation.stage)
    own = and_(sums.c.need_id == BALANCE.need_id, sums.c.stage == BALANCE.stage)
    decided, live = func.coalesce(sums.c.decided, 0), func.coalesce(sums.c.live, 0)
    joined = _balances(edition, BALANCE.allocated, BALANCE.needed, BALANCE.transferred, decided.label("decided"))
    joined = joined.add_columns(live.label("live")).outerjoin(sums, own)
    wrong = or_(BALANCE.allocated != decided, live > BALANCE.needed - BALANCE.transferred)
    for row in session.execute(joined.where(wrong)):
        if row.allocated != row.decided:
            yield Violation(Law.STAGE_SUM, _at(row), str(row.decided), str(row.allocated))
        if row.live > row.needed - row.transferred:
            yield Violation(Law.NEVER_MORE, _at(row), str(row.needed - row.transferred), str(row.live))
    lone = (
        select(Document.number, sums.c.stage, sums.c.live)
        .join(Document, Document.id == sums.c.need_id)
        .outerjoin(BALANCE, own)
        .where(BALANCE.need_id.is_(None))
    )
    for row in session.execute(lone.order_by(Document.number)):
        yield Violation(Law.STAGE_SUM, _at(row), "0", str(row.live))


def _asked_otherwise(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield first balances that ask for something else than their need, and balances at a stage not the need's."""
    asked = case((Document.state == DocumentState.COMPLETE, Need.quantity), else_=0).label("quantity")
    joined = _balances(edition, BALANCE.needed, asked).join(Need, Need.document_id == BALANCE.need_id)
    first = or_(*(_serves(rule) for rule in RULES.values() if not rule.takes_from))
    for row in session.execute(joined.where(first, BALANCE.needed != asked)):
        yield Violation(Law.ASKED_ONCE, _at(row), str(row.quantity), str(row.needed))
    for row in session.execute(joined.where(not_(or_(*(_serves(rule) for rule in RULES.values()))))):
        yield Violation(Law.ASKED_ONCE, _at(row), "-", str(row.needed))


def _serves(rule: StageRule) -> ColumnElement[bool]:
    """Return the condition that a balance is of a stage its need goes through."""
    served = [
        and_(Need.scope == scope, Need.beneficiary == beneficiary)
        for scope in SCOPES
        for beneficiary in rule.beneficiaries
        if rule.stage in stages_of(scope, beneficiary)
    ]
    return and_(BALANCE.stage == rule.stage.value, or_(*served))


def _not_taken_up(session: Session, edition: EditionView, as_of: datetime) -> Iterator[Violation]:
    """Yield remainders that the next stage took up otherwise, or, now that its window is over, not at all."""
    for stage, rule in RULES.items():
        if not rule.takes_from:
            continue
        own, before = aliased(BALANCE), _passed_on(edition, rule)
        passed, needed = func.coalesce(before.c.passed, 0), func.coalesce(own.needed, 0)
        is_own = and_(own.need_id == Need.document_id, own.stage == stage.value)
        both = (
            select(Document.number, passed.label("passed"), needed.label("needed"))
            .select_from(Need)
            .join(Document, Document.id == Need.document_id)
            .outerjoin(before, before.c.need_id == Need.document_id)
            .outerjoin(own, is_own)
            .where(Document.edition_id == edition.id, passed != needed)
            .order_by(Document.number)
        )
        waits = _has_days(edition, rule, as_of)
        for row in session.execute(both.where(own.need_id.is_not(None)) if waits else both):
            yield Violation(Law.PASSED_ON, f"{row.number} · {stage}", str(row.passed), str(row.needed))


def _passed_on(edition: EditionView, rule: StageRule) -> Subquery:
    stages = [stage.value for stage in rule.takes_from]
    passed = func.sum(BALANCE.transferred).label("passed")
    query = select(BALANCE.need_id, passed).where(BALANCE.edition_id == edition.id, BALANCE.stage.in_(stages))
    return query.group_by(BALANCE.need_id).subquery()


def _has_days(edition: EditionView, rule: StageRule, as_of: datetime) -> bool:
    return local_day(as_of) <= edition.window(activity_of(rule.step), rule.step).closes


def _resources(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield resources whose lines come to something else than they say, or to more than they have."""
    sums = _sums(edition, Allocation.resource_id)
    live = func.coalesce(sums.c.live, 0)
    joined = _offered(edition, Document.number, Resource.allocated, Resource.capacity, live.label("live"))
    joined = joined.outerjoin(sums, sums.c.resource_id == Resource.document_id).order_by(Document.number)
    over = or_(live > Resource.capacity, Resource.allocated > Resource.capacity, Resource.capacity <= 0)
    for row in session.execute(joined.where(or_(Resource.allocated != live, over))):
        if row.allocated != row.live:
            yield Violation(Law.RESOURCE_SUM, row.number, str(row.live), str(row.allocated))
        if max(row.live, row.allocated) > row.capacity or row.capacity <= 0:
            yield Violation(Law.CAPACITY, row.number, str(row.capacity), str(max(row.live, row.allocated)))
