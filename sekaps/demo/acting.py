"""Acting out the demo year: what people do on each day, asked of the same services as anybody's acts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.calendar.days import each_day
from sekaps.calendar.instants import at
from sekaps.demo import bodies as habits
from sekaps.demo.matters import Matter, awaiting_approval, open_proposals, open_protocols, prepared_notices
from sekaps.demo.year_plan import YearPlan, year_plan
from sekaps.domain.allocation import RULES
from sekaps.models.documents import Document
from sekaps.services.contracts import record_notices, record_protocols
from sekaps.services.decisions import approve, decide
from sekaps.services.editions import EditionView
from sekaps.services.evidence import Seals
from sekaps.services.extensions import extend
from sekaps.services.outcomes import Outcome
from sekaps.services.registry import end_mandates
from sekaps.services.requests import ApproveRequest, ConcludeRequest, DecideRequest, ServeRequest, SignRequest
from sekaps.services.signing import sign
from sekaps.services.writing import chunked

LEAVING, DECIDING, APPROVING, RECORDING, EXTENDING = time(8, 30), time(11), time(11, 15), time(11, 30), time(12)
SIGNING = {1: time(9, 30), 2: time(10), 3: time(10, 30)}
"""Local time at which each slot is signed, so that a form can pass through its chain in one morning."""
APPROVAL, CONTRACTS, RECORDS = "5.b", "7.a", "7.c"
LATEST_SESSION_DAYS = 14
"""Days after a window's end on which a late body may still try to decide."""


@dataclass(frozen=True, slots=True)
class ActCounts:
    """What people did: acts that were done, by kind, and how many were refused."""

    signatures: int = 0
    leavings: int = 0
    extensions: int = 0
    decisions: int = 0
    approvals: int = 0
    protocols: int = 0
    notices: int = 0
    refusals: int = 0


def act_out(
    session: Session,
    edition: EditionView,
    after: date | None,
    through: date,
    *,
    scale: float,
    seed: int,
    seals: Seals | None = None,
) -> ActCounts:
    """Do what people do on the days after one day and through another; with none before, from the year's first.

    What is done already is not asked again; which refusals were met is for the caller's own mark to know.
    """
    first = min(window.opens for window in edition.windows.values())
    start = first if after is None else max(first, after + timedelta(days=1))
    stage = _Stage(session, edition, year_plan(session, edition, scale=scale, seed=seed), seed, seals)
    for day in each_day(start, through):
        if edition.days.is_office_day(day):
            stage.act_on(day)
    return ActCounts(**stage.counts)


class _Stage:
    """One stretch of the year being acted out."""

    def __init__(self, session: Session, edition: EditionView, plan: YearPlan, seed: int, seals: Seals | None) -> None:
        self.session, self.edition, self.plan, self.seed, self.seals = session, edition, plan, seed, seals
        self.counts: Counter[str] = Counter()
        self.bodies, self.windows = plan.bodies, plan.bodies.windows

    def act_on(self, day: date) -> None:
        """Do what people do on one day, in the order of its hours."""
        leaving = self.plan.leavings.get(day, [])
        if leaving:
            self.counts["leavings"] += end_mandates(self.session, self.edition, leaving, at(day, LEAVING))
        for slot, hour in SIGNING.items():
            self._sign(day, slot, at(day, hour))
        for rule in RULES.values():
            self._decide(day, rule.step, rule.stage.value)
        self._approve(day)
        self._conclude(day)
        self._serve(day)
        for prolongation in self.plan.prolongations.get(day, []):
            extend(self.session, self.edition, prolongation.order, at(day, EXTENDING))
            self.counts["extensions"] += 1

    def _count(self, kind: str, outcomes: Sequence[Outcome]) -> None:
        done = sum(outcome.done for outcome in outcomes)
        self.counts[kind] += done
        self.counts["refusals"] += len(outcomes) - done

    def _sign(self, day: date, slot: int, as_of: datetime) -> None:
        meant = dict(self.plan.signings_on(day, slot))
        requests = [SignRequest(document, meant[document]) for document in self._waiting(list(meant), slot)]
        if requests:
            self._count("signatures", sign(self.session, self.edition, requests, as_of, seals=self.seals))

    def _waiting(self, ids: Sequence[int], slot: int) -> Iterator[int]:
        """Yield the documents that do wait for that slot; nobody signs what was signed or is not theirs yet."""
        for part in chunked(ids):
            query = select(Document.id).where(Document.id.in_(part), Document.next_slot == slot)
            yield from self.session.scalars(query.order_by(Document.id))

    def _decide(self, day: date, step: str, stage: str) -> None:
        window = self.windows[step]
        if not window.opens <= day <= window.closes + timedelta(days=LATEST_SESSION_DAYS):
            return
        before: dict[int, list[Matter]] = defaultdict(list)
        for matter in open_proposals(self.session, self.edition.id, stage):
            before[matter.unit_id].append(matter)
        requests = [
            self._decision(body, matters) for body, matters in before.items() if self._due(body, matters, step, day)
        ]
        if requests:
            self._count("decisions", decide(self.session, self.edition, step, requests, at(day, DECIDING)))

    def _due(self, body_id: int, matters: Sequence[Matter], step: str, day: date) -> bool:
        return self.bodies.decides_on(step, body_id, min(matter.since for matter in matters)) == day

    def _decision(self, body_id: int, matters: Sequence[Matter]) -> DecideRequest:
        refused = frozenset(matter.id for matter in matters if habits.refuses_line(self.seed, matter.name))
        reason = habits.refusal_reason(self.seed, self.plan.roster.units[body_id].number) if refused else ""
        return DecideRequest(body_id, self.plan.roster.person(body_id, "head"), refused, reason)

    def _approve(self, day: date) -> None:
        if not self.windows[APPROVAL].is_open(day):
            return
        due = self._matters_due(awaiting_approval(self.session, self.edition.id), APPROVAL, day)
        approver = self._defence_approver() if due else 0
        requests = [ApproveRequest(m.id, approver, habits.approval_reason(self.seed, m.name)) for m in due]
        if requests:
            self._count("approvals", approve(self.session, self.edition, requests, at(day, APPROVING)))

    def _defence_approver(self) -> int:
        """Return who approves for the ministry the military units belong to."""
        return self.plan.roster.person(self.plan.roster.defence_id, "approver")

    def _conclude(self, day: date) -> None:
        if not self.windows[CONTRACTS].is_open(day):
            return
        due = self._matters_due(open_protocols(self.session, self.edition.id), CONTRACTS, day)
        ends = [(matter, *habits.contract_end(self.seed, matter.name)) for matter in due]
        requests = [
            ConcludeRequest(matter.id, self._officer(matter), reason) for matter, recorded, reason in ends if recorded
        ]
        if requests:
            self._count("protocols", record_protocols(self.session, self.edition, requests, at(day, RECORDING)))

    def _serve(self, day: date) -> None:
        if not self.windows[RECORDS].is_open(day):
            return
        due = self._matters_due(prepared_notices(self.session, self.edition.id), RECORDS, day)
        requests = [request for matter in due if (request := self._service(matter, day)) is not None]
        if requests:
            self._count("notices", record_notices(self.session, self.edition, requests, at(day, RECORDING)))

    def _service(self, matter: Matter, day: date) -> ServeRequest | None:
        recorded, reason = habits.service_end(self.seed, matter.name)
        if not recorded:
            return None
        served = habits.served_on(self.seed, matter.name, matter.since, day) if reason is None else None
        return ServeRequest(matter.id, self._officer(matter), served, reason)

    def _officer(self, matter: Matter) -> int:
        return self.plan.roster.person(matter.unit_id, "officer")

    def _matters_due(self, matters: Sequence[Matter], step: str, day: date) -> list[Matter]:
        return [m for m in matters if self.bodies.day_for(step, m.unit_id, m.name, m.since) == day]
