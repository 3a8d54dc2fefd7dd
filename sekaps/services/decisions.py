"""Decisions: competent bodies decide what was proposed, the ministry of defence approves what concerns its units."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import APPROVAL_STEP, RULES, Stage
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.trail import digest_of
from sekaps.models.allocation import Decision
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.lines import Proposed, activity_of, balance, lock_lines, log_act, release, set_state, stage_of
from sekaps.services.outcomes import Outcome
from sekaps.services.registry import active
from sekaps.services.requests import ApproveRequest, DecideRequest
from sekaps.services.waiting import in_force
from sekaps.texts import Text, text


def decide(
    session: Session, edition: EditionView, step: str, requests: Sequence[DecideRequest], as_of: datetime
) -> list[Outcome]:
    """Let bodies decide their open proposals of a stage, each under a decision number of its own (year/sequence).

    Lines a body refuses are released with its reason. Outcomes are by body; a body with nothing to decide, a
    closed gate or a person who does not chair the body is refused and changes nothing.
    """
    lines = lock_lines(session, edition.id, stage_of(step), "proposed")
    bodies = _bodies(session, {request.body_id for request in requests}, as_of)
    gate = gate_of(session, edition, activity_of(step), step, as_of)
    outcomes = []
    for request in requests:
        body, open_lines = bodies[request.body_id], lines.get(request.body_id, [])
        refusal = _refusal_to_decide(gate, body, request, open_lines, as_of)
        if refusal is None:
            _decide_one(session, edition, stage_of(step), request, body, open_lines, as_of)
        else:
            facts = {"body": body.id, "reason": refusal.say("en")}
            log_act(session, edition, step, "decide", as_of, 0, facts, outcome="refused")
        outcomes.append(Outcome(request.body_id, refusal))
    return outcomes


@dataclass(frozen=True, slots=True)
class Body:
    """A competent body: where it stands, and who chairs it by which mandate (none: the chair is vacant)."""

    id: int
    name: str
    standing: Standing
    chair: int | None
    mandate_id: int | None


def _bodies(session: Session, ids: Iterable[int], as_of: datetime) -> dict[int, Body]:
    query = (
        select(Unit.id, Unit.name, Unit.number, Unit.province_code, Unit.district_code, Mandate.person_id)
        .add_columns(Mandate.id.label("mandate_id"))
        .outerjoin(Post, (Post.unit_id == Unit.id) & (Post.kind == "head"))
        .outerjoin(Mandate, (Mandate.post_id == Post.id) & in_force(as_of) & active(as_of))
        .where(Unit.id.in_(ids))
        .order_by(Mandate.kind, Mandate.id)
    )
    return {
        row.id: Body(
            id=row.id,
            name=row.name,
            standing=Standing(row.number, row.province_code, row.district_code),
            chair=row.person_id,
            mandate_id=row.mandate_id,
        )
        for row in session.execute(query)
    }


def _refusal_to_decide(
    gate: Gate, body: Body, request: DecideRequest, lines: Sequence[Proposed], as_of: datetime
) -> Text | None:
    if refusal := gate.refusal(body.standing, local_day(as_of)):
        return refusal
    if body.chair != request.person_id:
        return text("only the holder of the head's post of {unit} decides for it", unit=body.name)
    return None if lines else text("{unit} has no open proposal at this stage", unit=body.name)


def _decide_one(
    session: Session,
    edition: EditionView,
    stage: Stage,
    request: DecideRequest,
    body: Body,
    lines: Sequence[Proposed],
    as_of: datetime,
) -> None:
    accepted = [line for line in lines if line.id not in request.refused]
    refused = [line for line in lines if line.id in request.refused]
    if accepted:
        decision_id = _number_decision(session, edition, stage, body, as_of)
        _accept(session, stage, accepted, decision_id, as_of)
    release(session, refused, "refused", as_of, reason=request.reason or None)
    facts = {"body": body.id, "accepted": len(accepted), "refused": len(refused)}
    log_act(session, edition, RULES[stage].step, "decide", as_of, len(lines), facts, mandate=body.mandate_id)


def _number_decision(session: Session, edition: EditionView, stage: Stage, body: Body, as_of: datetime) -> int:
    year = local_day(as_of).year
    last = session.scalar(select(func.max(Decision.sequence)).where(Decision.body_id == body.id, Decision.year == year))
    row = {
        "edition_id": edition.id,
        "body_id": body.id,
        "stage": stage.value,
        "year": year,
        "sequence": (last or 0) + 1,
        "decided_at": as_of,
        "decided_by_id": body.mandate_id,
    }
    return session.scalars(insert(Decision).values(row).returning(Decision.id)).one()


def _accept(session: Session, stage: Stage, lines: Sequence[Proposed], decision_id: int, as_of: datetime) -> None:
    needs_approval = RULES[stage].military_needs_approval
    by_state: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        by_state["awaiting_approval" if needs_approval and line.military else "decided"].append(line.id)
    for state, ids in by_state.items():
        set_state(session, ids, state=state, decision_id=decision_id, settled_at=as_of)
    balance(session, stage, lines)


def approve(
    session: Session, edition: EditionView, requests: Sequence[ApproveRequest], as_of: datetime
) -> list[Outcome]:
    """Approve or refuse allocations made to military units; a refused one is released and its need unmet again.

    Outcomes are by allocation. Refused are: a closed gate, a person who is not the ministry of defence's approver,
    an allocation that does not await approval.
    """
    locked = lock_lines(session, edition.id, Stage.CENTRAL, "awaiting_approval")
    waiting = {line.id: line for lines in locked.values() for line in lines}
    closed = gate_of(session, edition, activity_of(APPROVAL_STEP), APPROVAL_STEP, as_of).refusal(
        _defence(session), local_day(as_of)
    )
    approvers = _defence_approvers(session, as_of)
    outcomes = [_approval_outcome(request, waiting, approvers, closed) for request in requests]
    agreed = [request for request, outcome in zip(requests, outcomes, strict=True) if outcome.done]
    set_state(session, [r.allocation_id for r in agreed if r.reason is None], state="approved", settled_at=as_of)
    for request in agreed:
        if request.reason is not None:
            release(session, [waiting[request.allocation_id]], "refused", as_of, reason=request.reason)
            balance(session, Stage.CENTRAL, [waiting[request.allocation_id]], sign=-1)
    _log_approvals(session, edition, requests, agreed, closed, as_of)
    return outcomes


def _approval_outcome(
    request: ApproveRequest, waiting: Mapping[int, Proposed], approvers: set[int], closed: Text | None
) -> Outcome:
    if closed is not None:
        return Outcome(request.allocation_id, closed)
    if request.person_id not in approvers:
        return Outcome(request.allocation_id, text("only the ministry of defence's approver approves it"))
    if request.allocation_id not in waiting:
        return Outcome(request.allocation_id, text("the allocation does not await approval"))
    return Outcome(request.allocation_id)


def _log_approvals(
    session: Session,
    edition: EditionView,
    requests: Sequence[ApproveRequest],
    agreed: Sequence[ApproveRequest],
    closed: Text | None,
    as_of: datetime,
) -> None:
    if agreed:
        facts = {
            "approved": sum(r.reason is None for r in agreed),
            "digest": digest_of(r.allocation_id for r in agreed),
        }
        log_act(session, edition, APPROVAL_STEP, "approve", as_of, len(agreed), facts)
    if closed is not None and requests:
        facts = {"reason": closed.say("en")}
        log_act(session, edition, APPROVAL_STEP, "approve", as_of, len(requests), facts, outcome="refused")


def _defence(session: Session) -> Standing:
    unit = session.scalars(_defence_query()).one()
    return Standing(unit.number, unit.province_code, unit.district_code)


def _defence_query() -> Select[tuple[Unit]]:
    above = select(Unit.ministry_id).where(Unit.kind == "military_unit").limit(1).scalar_subquery()
    return select(Unit).where(Unit.id == above)


def _defence_approvers(session: Session, as_of: datetime) -> set[int]:
    query = (
        select(Mandate.person_id)
        .join(Post, Post.id == Mandate.post_id)
        .where(Post.kind == "approver", Post.unit_id.in_(_defence_query().with_only_columns(Unit.id)), in_force(as_of))
    )
    return set(session.scalars(query))
