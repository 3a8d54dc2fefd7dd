"""What is counted of a year besides its phases: mail, allocation, contracts, notices, extensions and refusals."""

from collections import Counter
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from sekaps.domain.allocation import RULES
from sekaps.domain.refusals import kind_of
from sekaps.domain.year_report import (
    CascadeYear,
    ExtensionYear,
    Handover,
    MethodsYear,
    PapersYear,
    RefusalYear,
    RemindersYear,
    StageYear,
)
from sekaps.models.allocation import Resource, StageBalance
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.mail import OutboxMessage, ReminderClaim
from sekaps.models.programmes import Extension
from sekaps.models.trail import Act
from sekaps.services.allocation_comparison import compare_methods
from sekaps.services.editions import EditionView
from sekaps.services.progress import StageTotals, coverage
from sekaps.services.reminders import KEY_PREFIX


def year_reminders(session: Session, edition: EditionView) -> RemindersYear:
    """Return the digests of the edition, whom they reached, and the claims behind them by rung."""
    digest = (OutboxMessage.edition_id == edition.id) & OutboxMessage.key.startswith(KEY_PREFIX)
    by_state = select(OutboxMessage.state, func.count()).where(digest).group_by(OutboxMessage.state)
    states = Counter({state: count for state, count in session.execute(by_state)})
    sent_to = select(func.count(OutboxMessage.person_id.distinct())).where(digest, OutboxMessage.state == "sent")
    escalated = func.count().filter(ReminderClaim.escalation)
    rungs = select(ReminderClaim.rung, func.count(), escalated).where(ReminderClaim.edition_id == edition.id)
    claims = session.execute(rungs.group_by(ReminderClaim.rung).order_by(ReminderClaim.rung)).all()
    return RemindersYear(
        digests=states.total(),
        sent=states["sent"],
        waiting=states["waiting"] + states["sending"],
        failed=states["failed"],
        people=session.scalars(sent_to).one(),
        claims=sum(total for _, total, _ in claims),
        escalations=sum(above for _, _, above in claims),
        by_rung={rung: total for rung, total, _ in claims},
    )


def year_cascade(session: Session, edition: EditionView) -> CascadeYear:
    """Return what entered the cascade, what each stage made of it, what passed between stages and what was left."""
    stages, served = coverage(session, edition), _needs_by_stage(session, edition)
    told = tuple(_stage(stage, *served.get(stage.stage, (0, 0))) for stage in stages)
    handovers = _handovers({stage.stage: stage for stage in stages})
    first = [stage.needed for stage in stages if not _sources(stage.stage)]
    ends = {
        "entered": sum(first),
        "allocated": sum(stage.allocated for stage in stages),
        "unmet": sum(stage.unmet for stage in stages),
        "on_its_way": sum(handover.on_its_way for handover in handovers),
    }
    holds = ends["entered"] == ends["allocated"] + ends["unmet"] + ends["on_its_way"]
    moved = _resources_moved(session, edition)
    return CascadeYear(
        told, handovers, **ends, conserved=holds and all(s.conserved for s in told), resources_moved=moved
    )


def _needs_by_stage(session: Session, edition: EditionView) -> dict[str, tuple[int, int]]:
    """Return by stage how many needs it took up, and how many of them it met in full."""
    met = func.count().filter(StageBalance.allocated == StageBalance.needed)
    query = select(StageBalance.stage, func.count(), met).where(StageBalance.edition_id == edition.id)
    return {stage: (needs, full) for stage, needs, full in session.execute(query.group_by(StageBalance.stage))}


def _stage(stage: StageTotals, needs: int, met: int) -> StageYear:
    return StageYear(stage.stage, needs, met, stage.needed, stage.allocated, stage.transferred, stage.unmet)


def _handovers(stages: dict[str, StageTotals]) -> tuple[Handover, ...]:
    targets = [(stage, _sources(stage)) for stage in stages if _sources(stage)]
    return tuple(
        Handover(
            sources=sources,
            target=target,
            passed_on=sum(stages[source].transferred for source in sources),
            taken_up=stages[target].needed,
        )
        for target, sources in targets
    )


def _sources(stage: str) -> tuple[str, ...]:
    """Return the stages whose remainder a stage takes up."""
    return next(tuple(str(source) for source in rule.takes_from) for rule in RULES.values() if rule.stage == stage)


def year_methods(session: Session, edition: EditionView) -> tuple[MethodsYear, ...]:
    """Return what each method of sharing out would leave unmet, by priority, had nothing been allocated yet."""
    found = compare_methods(session, edition)
    return tuple(
        MethodsYear(row.priority, row.needs, row.needed, {method.value: row.unmet[method] for method in found.methods})
        for row in found.rows
    )


def _resources_moved(session: Session, edition: EditionView) -> int:
    query = select(func.count(Resource.document_id)).join(Document, Document.id == Resource.document_id)
    moved = (Document.edition_id == edition.id, Resource.scope != Resource.recorded_scope)
    return session.scalars(query.where(*moved)).one()


def year_contracts(session: Session, edition: EditionView) -> PapersYear:
    """Return the edition's detail protocols by what became of them."""
    own = (Protocol.edition_id == edition.id, Protocol.kind == "detail", Protocol.state != "void")
    return _papers(session, Protocol, own, succeeded="concluded", failed="not_concluded", open_state="open")


def year_notices(session: Session, edition: EditionView) -> PapersYear:
    """Return the edition's notices by what became of them."""
    own = (Notice.edition_id == edition.id, Notice.state != "void")
    return _papers(session, Notice, own, succeeded="served", failed="not_served", open_state="prepared")


def _papers(
    session: Session,
    model: type[Protocol] | type[Notice],
    own: tuple[Any, ...],
    *,
    succeeded: str,
    failed: str,
    open_state: str,
) -> PapersYear:
    query = select(model.state, model.reason, func.count()).where(*own).group_by(model.state, model.reason)
    states, reasons = Counter[str](), Counter[str]()
    for state, reason, count in session.execute(query):
        states[state] += count
        if state == failed:
            reasons[reason or "-"] += count
    return PapersYear(
        prepared=states.total(),
        succeeded=states[succeeded],
        failed=states[failed],
        open=states[open_state],
        reasons=dict(sorted(reasons.items())),
    )


def year_extensions(session: Session, edition: EditionView) -> tuple[ExtensionYear, ...]:
    """Return every extension issued, by step, scope and letter."""
    order = (Extension.activity, Extension.step, Extension.scope, Extension.scope_code, Extension.letter_number)
    query = select(Extension).where(Extension.edition_id == edition.id).order_by(*order)
    return tuple(
        ExtensionYear(
            activity=row.activity,
            step=row.step,
            scope=row.scope,
            scope_code=row.scope_code,
            since=row.since,
            until=row.until,
            authority=row.authority,
            reason=row.reason,
            letter_number=row.letter_number,
            revoked=row.revoked_at is not None,
        )
        for row in session.scalars(query)
    )


def year_refusals(session: Session, edition: EditionView) -> tuple[RefusalYear, ...]:
    """Return the refused acts of each step by kind of reason; an act that named nothing was about one thing."""
    subjects = func.sum(case((Act.documents > 0, Act.documents), else_=1))
    by = (Act.activity, Act.step, Act.facts["reason"].as_string())
    query = select(*by, func.count(), subjects).where(Act.edition_id == edition.id, Act.outcome == "refused")
    acts, about = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for activity, step, reason, count, total in session.execute(query.group_by(*by)):
        key = (activity, step, kind_of(reason or "").value)
        acts[key] += count
        about[key] += int(total)
    return tuple(RefusalYear(*key, acts[key], about[key]) for key in sorted(acts))
