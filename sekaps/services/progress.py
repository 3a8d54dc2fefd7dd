"""How far each step of an edition has come: what is owed, done, open, refused, late and extended."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import at
from sekaps.domain.allocation import APPROVAL_STEP, RULES
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, StageBalance
from sekaps.models.base import Instant
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.trail import Act
from sekaps.services.editions import EditionView
from sekaps.services.lines import activity_of
from sekaps.services.papers import ACTIVITY, CONTRACT_STEP, RECORD_STEP, SERVICE_STEP

StepKey = tuple[str, str]
END_OF_DAY = time(23, 59, 59, 999000)


@dataclass(frozen=True, slots=True)
class StepProgress:
    """The work of one step: owed in all, done, still open; refused acts; and done only after its window closed."""

    activity: str
    step: str
    total: int = 0
    done: int = 0
    refused: int = 0
    late: int = 0

    @property
    def open(self) -> int:
        """What is not done."""
        return self.total - self.done


def step_progress(session: Session, edition: EditionView) -> dict[StepKey, StepProgress]:
    """Return the progress of every step of the edition, in the calendar's order, as the rows stand now."""
    totals, done, late = Counter[StepKey](), Counter[StepKey](), Counter[StepKey]()
    for source in (_documents, _allocations, _approvals, _protocols, _notices):
        for key, total, finished, belated in source(session, edition):
            totals[key] += total
            done[key] += finished
            late[key] += belated
    refused = _refused(session, edition)
    keys = [(activity.code, step.key) for activity in edition.programme.activities for step in activity.steps]
    return {key: StepProgress(*key, totals[key], done[key], refused[key], late[key]) for key in keys}


Tally = Iterable[tuple[StepKey, int, int, int]]
"""For each step: how many in all, how many done, how many of those late."""


def _documents(session: Session, edition: EditionView) -> Tally:
    rows = session.execute(
        select(Document.activity, Document.step, func.count(), _count(Document.state == DocumentState.COMPLETE))
        .where(Document.edition_id == edition.id, Document.state != DocumentState.WITHDRAWN)
        .group_by(Document.activity, Document.step)
    )
    late = _late_documents(session, edition)
    return [((activity, step), total, done, late[activity, step]) for activity, step, total, done in rows]


def _late_documents(session: Session, edition: EditionView) -> Counter[StepKey]:
    """Count documents completed after their window, which only an extension allows."""
    steps = [(activity.code, step.key) for activity in edition.programme.activities for step in activity.steps]
    if not steps:
        return Counter()
    closed_at = case(
        *(
            (
                (Document.activity == activity) & (Document.step == step),
                literal(at(edition.window(activity, step).closes, END_OF_DAY), Instant),
            )
            for activity, step in steps
        )
    )
    query = (
        select(Document.activity, Document.step, func.count())
        .where(Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE)
        .where(Document.waiting_since > closed_at)
        .group_by(Document.activity, Document.step)
    )
    return Counter({(activity, step): count for activity, step, count in session.execute(query)})


def _allocations(session: Session, edition: EditionView) -> Tally:
    decided = Allocation.state.in_(("decided", "awaiting_approval", "approved", "refused"))
    rows = session.execute(
        select(Allocation.stage, func.count(), _count(decided))
        .where(Allocation.edition_id == edition.id)
        .group_by(Allocation.stage)
    )
    steps = {rule.stage.value: rule.step for rule in RULES.values()}
    return [((activity_of(steps[stage]), steps[stage]), total, done, 0) for stage, total, done in rows]


def _approvals(session: Session, edition: EditionView) -> Tally:
    """Count the lines that came before the ministry of defence: those it approved, and those that still wait."""
    approved = func.count().filter(Allocation.state == "approved")
    waiting = func.count().filter(Allocation.state == "awaiting_approval")
    query = select(approved, waiting).where(Allocation.edition_id == edition.id)
    done, left = session.execute(query).one()
    return [((activity_of(APPROVAL_STEP), APPROVAL_STEP), done + left, done, 0)]


def _protocols(session: Session, edition: EditionView) -> Tally:
    query = select(func.count(), _count(Protocol.state != "open"))
    total, done = session.execute(query.where(*_standing(edition, Protocol), Protocol.kind == "detail")).one()
    return [((ACTIVITY, CONTRACT_STEP), total, done, 0)]


def _notices(session: Session, edition: EditionView) -> Tally:
    served = func.count().filter(Notice.state == "served")
    recorded = func.count().filter(Notice.state != "prepared")
    query = select(func.count(), served, recorded).where(*_standing(edition, Notice))
    total, were_served, were_recorded = session.execute(query).one()
    return [((ACTIVITY, SERVICE_STEP), total, were_served, 0), ((ACTIVITY, RECORD_STEP), total, were_recorded, 0)]


def _standing(edition: EditionView, model: type[Protocol] | type[Notice]) -> tuple[Any, ...]:
    """Return the conditions of an edition's papers that are not void."""
    return model.edition_id == edition.id, model.state != "void"


def _refused(session: Session, edition: EditionView) -> Counter[StepKey]:
    """Count the refused acts of each step by what they were about; an act that named nothing counts once."""
    subjects = func.sum(case((Act.documents > 0, Act.documents), else_=1))
    rows = session.execute(
        select(Act.activity, Act.step, subjects)
        .where(Act.edition_id == edition.id, Act.outcome == "refused")
        .group_by(Act.activity, Act.step)
    )
    return Counter({(activity, step): int(count) for activity, step, count in rows})


@dataclass(frozen=True, slots=True)
class StageTotals:
    """One stage of the cascade: needed = allocated + transferred + unmet."""

    stage: str
    needed: int
    allocated: int
    transferred: int
    unmet: int


def coverage(session: Session, edition: EditionView) -> list[StageTotals]:
    """Return what each stage of the cascade was asked for and what became of it, in the stages' order."""
    columns = (StageBalance.needed, StageBalance.allocated, StageBalance.transferred, StageBalance.unmet)
    rows = session.execute(
        select(StageBalance.stage, *(func.sum(column) for column in columns))
        .where(StageBalance.edition_id == edition.id)
        .group_by(StageBalance.stage)
    )
    found = {stage: StageTotals(stage, *map(int, sums)) for stage, *sums in rows}
    return [found.get(stage.value, StageTotals(stage.value, 0, 0, 0, 0)) for stage in RULES]


def _count(condition: Any) -> Any:
    return func.count().filter(condition)
