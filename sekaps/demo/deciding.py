"""How the demo country's bodies decide: about proposals, which resources are local, and what the troops are given."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sekaps.calendar.days import NATION
from sekaps.calendar.instants import at
from sekaps.demo import bodies as habits
from sekaps.demo.commissions import changes_of, undecided_resources, votes_of
from sekaps.demo.matters import Matter, awaiting_approval, open_proposals, proposed_since
from sekaps.demo.scene import Scene
from sekaps.services.decisions import approve, decide
from sekaps.services.local_resources import FORMS, decide_local_resources
from sekaps.services.outcomes import Outcome
from sekaps.services.requests import ApproveRequest, DecideRequest, LocalResourceRequest

DECIDING, APPROVING = time(11), time(11, 15)
APPROVAL = "5.b"
LATEST_SESSION_DAYS = 14
"""Days after a window's end on which a late body may still try to decide."""


def decide_proposals(scene: Scene, day: date, step: str, stage: str) -> None:
    """Let the bodies of a stage that sit that day decide what lies before them."""
    window = scene.plan.bodies.windows[step]
    if not window.opens <= day <= window.closes + timedelta(days=LATEST_SESSION_DAYS):
        return
    asked = proposed_since(scene.session, scene.edition.id, stage).items()
    due = [body for body, since in asked if scene.plan.bodies.decides_on(step, body, since) == day]
    before = open_proposals(scene.session, scene.edition.id, stage, due)
    requests = [_decision(scene, body, before[body], step) for body in due]
    if requests:
        scene.count("decisions", decide(scene.session, scene.edition, step, requests, at(day, DECIDING)))


def _decision(scene: Scene, body_id: int, matters: Sequence[Matter], step: str) -> DecideRequest:
    roster = scene.plan.roster
    commission = scene.edition.allocation_rules.commissions.get(roster.units[body_id].kind)
    reason = habits.refusal_reason(scene.seed, roster.units[body_id].number)
    refused = {matter.id: reason for matter in matters if habits.refuses_line(scene.seed, matter.name)}
    kept = [matter for matter in matters if matter.id not in refused]
    return DecideRequest(
        body_id=body_id,
        person_id=roster.person(body_id, "head"),
        refused=refused,
        changed=changes_of(scene.session, kept, scene.seed),
        votes=votes_of(roster, body_id, commission.seats, scene.seed, step) if commission else {},
    )


def make_resources_local(scene: Scene, day: date) -> None:
    """Let commissions make local what was signed: districts as the forms close, provinces as they begin."""
    closing = scene.plan.bodies.diary.after(scene.edition.window(*FORMS).closes + timedelta(days=1), -1, NATION)
    sitting = {closing: "mmm_district", scene.plan.bodies.windows["5.2"].opens: "mmm_province"}.get(day)
    rules = scene.edition.allocation_rules
    if sitting is None or sitting not in rules.commissions or not rules.local_by_decision:
        return
    waiting = undecided_resources(scene.session, scene.edition.id, rules.local_by_decision, sitting)
    for body_id in scene.plan.roster.units_of_kind(sitting):
        place = scene.plan.roster.units[body_id].place
        numbers = waiting.get((place.district if sitting == "mmm_district" else place.province) or "")
        if numbers:
            scene.count("decisions", [_make_local(scene, body_id, numbers, sitting, at(day, DECIDING))])


def _make_local(scene: Scene, body_id: int, numbers: Sequence[str], kind: str, as_of: datetime) -> Outcome:
    seats = scene.edition.allocation_rules.commissions[kind].seats
    votes = votes_of(scene.plan.roster, body_id, seats, scene.seed, "local")
    chair = scene.plan.roster.person(body_id, "head")
    request = LocalResourceRequest(body_id, chair, tuple(numbers), votes)
    return decide_local_resources(scene.session, scene.edition, request, as_of)


def approve_allocations(scene: Scene, day: date) -> None:
    """Let the ministry of defence approve what it comes to that day."""
    if not scene.plan.bodies.windows[APPROVAL].is_open(day):
        return
    due = _matters_due(scene, awaiting_approval(scene.session, scene.edition.id), APPROVAL, day)
    approver = _defence_approver(scene) if due else 0
    requests = [ApproveRequest(m.id, approver, habits.approval_reason(scene.seed, m.name)) for m in due]
    if requests:
        scene.count("approvals", approve(scene.session, scene.edition, requests, at(day, APPROVING)))


def _defence_approver(scene: Scene) -> int:
    """Return who approves for the ministry the military units belong to."""
    return scene.plan.roster.person(scene.plan.roster.defence_id, "approver")


def _matters_due(scene: Scene, matters: Sequence[Matter], step: str, day: date) -> list[Matter]:
    return [m for m in matters if scene.plan.bodies.day_for(step, m.unit_id, m.name, m.since) == day]
