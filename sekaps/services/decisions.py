"""Decisions: competent bodies decide what was proposed, the ministry of defence approves what concerns its units."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import APPROVAL_STEP, RULES, Stage
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.line_decisions import LONGEST_REASON, DecidedLine, decide_lines, named_lines_problem
from sekaps.domain.trail import digest_of
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.allocations import repropose
from sekaps.services.decision_bodies import Body, Deciding, deciding, lock_bodies
from sekaps.services.decision_lines import as_proposed, write_lines
from sekaps.services.decision_records import Paper, paper_refusal, record_decision, sitting_facts
from sekaps.services.decision_room import lock_resources, room_for
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.lines import Proposed, activity_of, balance, lock_lines, log_act, release, set_state, stage_of
from sekaps.services.outcomes import Outcome
from sekaps.services.requests import ApproveRequest, DecideRequest
from sekaps.services.waiting import in_force
from sekaps.texts import Text, text


def decide(
    session: Session, edition: EditionView, step: str, requests: Sequence[DecideRequest], as_of: datetime
) -> list[Outcome]:
    """Let bodies decide their open proposals of a stage, each under a decision number of its own (year/sequence).

    A commission decides by vote (law 3634, article 8), any other body by its head. Outcomes are by body; what is
    refused changes nothing of that body's and stands on the trail with its reason.
    """
    stage = stage_of(step)
    bodies = lock_bodies(session, edition, (request.body_id for request in requests), as_of)
    lines = lock_lines(session, edition.id, stage, "proposed", bodies.keys())
    lock_resources(session, edition, requests, lines)
    gate = gate_of(session, edition, activity_of(step), step, as_of)
    table = _Table(session, edition, stage, gate, bodies, lines, as_of)
    return [Outcome(request.body_id, table.take_up(request)) for request in requests]


@dataclass(frozen=True, slots=True)
class _Table:
    """What lies before the bodies of a stage in one act, locked."""

    session: Session
    edition: EditionView
    stage: Stage
    gate: Gate
    bodies: Mapping[int, Body]
    lines: dict[int, list[Proposed]]
    as_of: datetime

    def take_up(self, request: DecideRequest) -> Text | None:
        """Decide what one request asks, or return why not; either way it stands on the trail."""
        made = self._seated(request)
        if isinstance(made, Text):
            return self._refuse(request, made)
        if made.sitting is not None and made.sitting.refusal is not None:
            return self._refuse(request, made.sitting.refusal, made)
        decided = self._decided(request)
        if isinstance(decided, Text):
            return self._refuse(request, decided, made)
        self._write(request, made, decided)
        return None

    def _seated(self, request: DecideRequest) -> Deciding | Text:
        body = self.bodies.get(request.body_id)
        if body is None or body.kind != RULES[self.stage].body_kind:
            return text("only the competent body of the place decides at this stage")
        if refusal := self.gate.refusal(body.standing, local_day(self.as_of)):
            return refusal
        return deciding(self.session, body, request.person_id, request.votes)

    def _decided(self, request: DecideRequest) -> list[DecidedLine] | Text:
        """Return what becomes of the lines that are not refused, or why it cannot be decided so."""
        body, lines = self.bodies[request.body_id], as_proposed(self.lines.get(request.body_id, ()))
        if not lines:
            return text("{unit} has no open proposal at this stage", unit=body.name)
        paper = Paper(self.stage.value, request.number, request.text)
        unfit = paper_refusal(self.session, body, paper, self.as_of)
        if refusal := unfit or named_lines_problem(lines, request.refused, request.changed):
            return refusal
        room = room_for(self.session, self.edition, self.stage, body, lines, request.changed)
        return decide_lines(lines, request.refused, request.changed, room)

    def _write(self, request: DecideRequest, made: Deciding, decided: Sequence[DecidedLine]) -> None:
        body, lines = self.bodies[request.body_id], self.lines.pop(request.body_id)
        paper = Paper(self.stage.value, request.number, request.text)
        kept = record_decision(self.session, self.edition, body, made, paper, self.as_of)
        write_lines(self.session, self.stage, lines, decided, request.refused, kept.id, self.as_of)
        counts = {
            "accepted": sum(not each.is_changed for each in decided),
            "changed": sum(each.is_changed for each in decided),
            "refused": len(request.refused),
        }
        facts = {"body": body.id, "number": str(kept.number), **counts, **sitting_facts(made.sitting)}
        step, mandate = RULES[self.stage].step, made.chair.mandate_id
        log_act(self.session, self.edition, step, "decide", self.as_of, len(lines), facts, mandate=mandate)

    def _refuse(self, request: DecideRequest, refusal: Text, made: Deciding | None = None) -> Text:
        facts = {"body": request.body_id, "by": request.person_id, "reason": refusal.say("en")}
        facts |= sitting_facts(made.sitting) if made else {}
        step = RULES[self.stage].step
        log_act(self.session, self.edition, step, "decide", self.as_of, 0, facts, outcome="refused")
        return refusal


def approve(
    session: Session, edition: EditionView, requests: Sequence[ApproveRequest], as_of: datetime
) -> list[Outcome]:
    """Approve or refuse allocations made to military units; a refused one is released and its need unmet again.

    While ministries may still decide, another resource is proposed in its place. Outcomes are by allocation. Refused
    are: a closed gate, a person who is not the ministry of defence's approver, an allocation that does not await
    approval.
    """
    locked = lock_lines(session, edition.id, Stage.CENTRAL, "awaiting_approval")
    waiting = {line.id: line for lines in locked.values() for line in lines}
    still = dict(waiting)
    closed = gate_of(session, edition, activity_of(APPROVAL_STEP), APPROVAL_STEP, as_of).refusal(
        _defence(session), local_day(as_of)
    )
    approvers = _defence_approvers(session, as_of)
    outcomes = [_approval_outcome(request, still, approvers, closed) for request in requests]
    agreed = [request for request, outcome in zip(requests, outcomes, strict=True) if outcome.done]
    set_state(session, [r.allocation_id for r in agreed if r.reason is None], state="approved", settled_at=as_of)
    refused = [request for request in agreed if request.reason is not None]
    for request in refused:
        release(session, [waiting[request.allocation_id]], "refused", as_of, reason=request.reason)
        balance(session, Stage.CENTRAL, [waiting[request.allocation_id]], sign=-1)
    repropose(session, edition, Stage.CENTRAL, as_of, {waiting[request.allocation_id].need_id for request in refused})
    _log_approvals(session, edition, agreed, outcomes, as_of)
    return outcomes


def _approval_outcome(
    request: ApproveRequest, waiting: dict[int, Proposed], approvers: set[int], closed: Text | None
) -> Outcome:
    """Return what comes of one request; an allocation that is settled by it waits no more for the next."""
    if closed is not None:
        return Outcome(request.allocation_id, closed)
    if request.person_id not in approvers:
        return Outcome(request.allocation_id, text("only the ministry of defence's approver approves it"))
    if request.reason is not None and not 0 < len(request.reason.strip()) <= LONGEST_REASON:
        return Outcome(
            request.allocation_id,
            text("it is refused with a reason of at most {longest} letters", longest=LONGEST_REASON),
        )
    if waiting.pop(request.allocation_id, None) is None:
        return Outcome(request.allocation_id, text("the allocation does not await approval"))
    return Outcome(request.allocation_id)


def _log_approvals(
    session: Session,
    edition: EditionView,
    agreed: Sequence[ApproveRequest],
    outcomes: Sequence[Outcome],
    as_of: datetime,
) -> None:
    if agreed:
        facts = {
            "approved": sum(r.reason is None for r in agreed),
            "digest": digest_of(r.allocation_id for r in agreed),
        }
        log_act(session, edition, APPROVAL_STEP, "approve", as_of, len(agreed), facts)
    refusals = Counter(outcome.refusal.say("en") for outcome in outcomes if outcome.refusal is not None)
    for reason, count in refusals.items():
        log_act(session, edition, APPROVAL_STEP, "approve", as_of, count, {"reason": reason}, outcome="refused")


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
