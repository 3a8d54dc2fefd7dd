"""Acting out the demo year: what people do on each day, asked of the same services as anybody's acts."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain, groupby

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from sekaps.calendar.days import NATION, each_day
from sekaps.calendar.instants import at, local_day
from sekaps.demo import bodies as habits
from sekaps.demo import papers
from sekaps.demo.commissions import changes_of, undecided_resources, votes_of
from sekaps.demo.matters import (
    OPEN_PROTOCOLS,
    PREPARED_NOTICES,
    Matter,
    awaiting_approval,
    open_proposals,
    proposed_since,
)
from sekaps.demo.year_plan import SIGNED_TOGETHER, Signing, YearPlan, year_plan
from sekaps.domain.allocation import RULES
from sekaps.models.documents import Document
from sekaps.services.decisions import approve, decide
from sekaps.services.editions import EditionView
from sekaps.services.evidence import Seals
from sekaps.services.extensions import extend
from sekaps.services.local_resources import FORMS, decide_local_resources
from sekaps.services.notices import record_notices
from sekaps.services.objections import decide_objections, file_objections, tell_prices
from sekaps.services.outcomes import Outcome
from sekaps.services.prepared import Prepared, among
from sekaps.services.protocols import record_protocols
from sekaps.services.registry import end_mandates
from sekaps.services.requests import (
    ApproveRequest,
    ConcludeRequest,
    DecideObjection,
    DecideRequest,
    FileObjection,
    LocalResourceRequest,
    ServeRequest,
    SignRequest,
    TellPrice,
)
from sekaps.services.signing import sign

LEAVING, DECIDING, APPROVING, RECORDING, EXTENDING = time(8, 30), time(11), time(11, 15), time(11, 30), time(12)
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
    objections: int = 0
    refusals: int = 0
    prices: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Acted:
    """How far people came: through which instant, and with how many acts."""

    through: datetime
    acts: int


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
    stage = _Stage(session, edition, year_plan(session, edition, scale=scale, seed=seed), seed, seals)
    since = None if after is None else day_begins(after + timedelta(days=1))
    for act in stage.acts(since, day_begins(through + timedelta(days=1))):
        act.do()
    return ActCounts(**stage.counts)


def act_on(
    session: Session,
    edition: EditionView,
    since: datetime | None,
    until: datetime,
    *,
    scale: float,
    seed: int,
    seals: Seals | None = None,
    enough: int = SIGNED_TOGETHER,
) -> Acted:
    """Go on after one instant with what people do before another, until enough of them have acted.

    Where that is left off changes nothing of what comes of the year: the acts of an instant are done together, and
    which act comes at which instant is the plan's.
    """
    plan = year_plan(session, edition, scale=scale, seed=seed)
    stage, through = _Stage(session, edition, plan, seed, seals), until
    for instant, acts in groupby(stage.acts(since, until), key=lambda act: act.at):
        if stage.asked >= enough:
            break
        for act in acts:
            act.do()
        through = instant
    else:
        through = until
    return Acted(through, stage.asked)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many signatures a year asks for in all, and how many of them are still to come at an instant."""

    in_all: int
    to_come: int
    to_come_soon: int
    """Of those to come, the ones before the instant that people act to."""


def look_ahead(
    session: Session, edition: EditionView, since: datetime, until: datetime, *, scale: float, seed: int
) -> Outlook:
    """Return what lies ahead of people who acted through one instant and act to another."""
    plan = year_plan(session, edition, scale=scale, seed=seed)
    return Outlook(plan.meant(), plan.meant(since), plan.meant(since, until))


def day_begins(day: date) -> datetime:
    """Return the instant at which a local day begins."""
    return at(day, time.min)


@dataclass(frozen=True, slots=True)
class _Act:
    """Something people do at an instant."""

    at: datetime
    do: Callable[[], None]


class _Stage:
    """One stretch of the year being acted out."""

    def __init__(self, session: Session, edition: EditionView, plan: YearPlan, seed: int, seals: Seals | None) -> None:
        self.session, self.edition, self.plan, self.seed, self.seals = session, edition, plan, seed, seals
        self.counts: Counter[str] = Counter()
        self.bodies, self.windows, self.rules = plan.bodies, plan.bodies.windows, edition.allocation_rules

    @property
    def asked(self) -> int:
        """How many acts were asked of the services."""
        return sum(self.counts.values())

    def acts(self, since: datetime | None, until: datetime) -> Iterator[_Act]:
        """Yield what people do after one instant and before another, in its order."""
        first = day_begins(min(window.opens for window in self.edition.windows.values()))
        start = first if since is None else max(first, since)
        days = each_day(local_day(start), local_day(until))
        office_days = (day for day in days if self.edition.days.is_office_day(day))
        acts = chain.from_iterable(self._acts_on(day) for day in office_days)
        return (act for act in acts if act.at < until and (since is None or act.at > since))

    def _acts_on(self, day: date) -> Iterator[_Act]:
        """Yield what people do on one day, in the order of its hours."""
        yield _Act(at(day, LEAVING), partial(self._leave, day))
        for signing in self.plan.signings_on(day):
            yield _Act(signing.at, partial(self._sign, signing))
        yield _Act(at(day, DECIDING), partial(self._localise, day))
        for rule in RULES.values():
            yield _Act(at(day, DECIDING), partial(self._decide, day, rule.step, rule.stage.value))
        yield _Act(at(day, APPROVING), partial(self._approve, day))
        for record in (self._conclude, self._serve, self._object, self._answer):
            yield _Act(at(day, RECORDING), partial(record, day))
        yield _Act(at(day, EXTENDING), partial(self._extend, day))

    def _leave(self, day: date) -> None:
        leaving = self.plan.leavings.get(day, [])
        if leaving:
            self.counts["leavings"] += end_mandates(self.session, self.edition, leaving, at(day, LEAVING))

    def _extend(self, day: date) -> None:
        for prolongation in self.plan.prolongations.get(day, []):
            extend(self.session, self.edition, prolongation.order, at(day, EXTENDING))
            self.counts["extensions"] += 1

    def _count(self, kind: str, outcomes: Sequence[Outcome]) -> None:
        done = sum(outcome.done for outcome in outcomes)
        self.counts[kind] += done
        self.counts["refusals"] += len(outcomes) - done

    def _sign(self, signing: Signing) -> None:
        meant = dict(signing.pairs.tolist())
        waiting = _WAITING.rows(self.session, ids=list(meant), slot=signing.slot)
        requests = [SignRequest(document, meant[document]) for (document,) in waiting]
        if requests:
            self._count("signatures", sign(self.session, self.edition, requests, signing.at, seals=self.seals))

    def _decide(self, day: date, step: str, stage: str) -> None:
        window = self.windows[step]
        if not window.opens <= day <= window.closes + timedelta(days=LATEST_SESSION_DAYS):
            return
        asked = proposed_since(self.session, self.edition.id, stage).items()
        due = [body for body, since in asked if self.bodies.decides_on(step, body, since) == day]
        before = open_proposals(self.session, self.edition.id, stage, due)
        requests = [self._decision(body, before[body], step) for body in due]
        if requests:
            self._count("decisions", decide(self.session, self.edition, step, requests, at(day, DECIDING)))

    def _decision(self, body_id: int, matters: Sequence[Matter], step: str) -> DecideRequest:
        roster, commission = self.plan.roster, self.rules.commissions.get(self.plan.roster.units[body_id].kind)
        reason = habits.refusal_reason(self.seed, roster.units[body_id].number)
        refused = {matter.id: reason for matter in matters if habits.refuses_line(self.seed, matter.name)}
        kept = [matter for matter in matters if matter.id not in refused]
        return DecideRequest(
            body_id=body_id,
            person_id=roster.person(body_id, "head"),
            refused=refused,
            changed=changes_of(self.session, kept, self.seed),
            votes=votes_of(roster, body_id, commission.seats, self.seed, step) if commission else {},
        )

    def _localise(self, day: date) -> None:
        """Let commissions make local what was signed: districts as the forms close, provinces as they begin."""
        closing = self.bodies.diary.after(self.edition.window(*FORMS).closes + timedelta(days=1), -1, NATION)
        sitting = {closing: "mmm_district", self.windows["5.2"].opens: "mmm_province"}.get(day)
        if sitting is None or sitting not in self.rules.commissions or not self.rules.local_by_decision:
            return
        waiting = undecided_resources(self.session, self.edition.id, self.rules.local_by_decision, sitting)
        for body_id in self.plan.roster.units_of_kind(sitting):
            place = self.plan.roster.units[body_id].place
            numbers = waiting.get((place.district if sitting == "mmm_district" else place.province) or "")
            if numbers:
                self._count("decisions", [self._make_local(body_id, numbers, sitting, at(day, DECIDING))])

    def _make_local(self, body_id: int, numbers: Sequence[str], kind: str, as_of: datetime) -> Outcome:
        votes = votes_of(self.plan.roster, body_id, self.rules.commissions[kind].seats, self.seed, "local")
        chair = self.plan.roster.person(body_id, "head")
        request = LocalResourceRequest(body_id, chair, tuple(numbers), votes)
        return decide_local_resources(self.session, self.edition, request, as_of)

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
        due = self.plan.agenda.due(self.session, self.edition.id, OPEN_PROTOCOLS, day)
        ends = [(matter, *habits.contract_end(self.seed, matter.name)) for matter in due]
        requests = [self._agreement(matter, day, reason) for matter, recorded, reason in ends if recorded]
        if requests:
            self._count("protocols", record_protocols(self.session, self.edition, requests, at(day, RECORDING)))

    def _agreement(self, matter: Matter, day: date, reason: str | None) -> ConcludeRequest:
        if reason is not None:
            return ConcludeRequest(matter.id, self._officer(matter), reason=reason)
        number = self.plan.roster.units[matter.unit_id].number
        agreement = papers.agreement_of(self.seed, matter.name, day, number)
        return ConcludeRequest(matter.id, self._officer(matter), agreement)

    def _serve(self, day: date) -> None:
        if not self.windows[RECORDS].is_open(day):
            return
        due = self.plan.agenda.due(self.session, self.edition.id, PREPARED_NOTICES, day)
        requests = [request for matter in due if (request := self._service(matter, day)) is not None]
        if requests:
            self._count("notices", record_notices(self.session, self.edition, requests, at(day, RECORDING)))

    def _service(self, matter: Matter, day: date) -> ServeRequest | None:
        recorded, reason = habits.service_end(self.seed, matter.name)
        if not recorded:
            return None
        if reason is not None:
            return ServeRequest(matter.id, self._officer(matter), reason=reason)
        delivery = papers.delivery_of(self.seed, matter.name, matter.since, day)
        return ServeRequest(matter.id, self._officer(matter), delivery)

    def _object(self, day: date) -> None:
        if not self.windows[RECORDS].opens <= day:
            return
        lately = papers.lately_served(self.session, self.edition.id, at(day, RECORDING))
        filings = [(each, papers.filing_day(self.seed, each)) for each in lately]
        requests = [
            FileObjection(
                notice_id=each.id,
                person_id=self.plan.roster.person(each.recorder, "officer"),
                filed_on=filed_on,
                reasons=papers.reasons_of(self.seed, each),
                declared_price=papers.declared_price(self.seed, each),
            )
            for each, filed_on in filings
            if filed_on is not None and self._day_of(each.recorder, filed_on) == day
        ]
        if requests:
            self._count("objections", file_objections(self.session, self.edition, requests, at(day, RECORDING)))

    def _answer(self, day: date) -> None:
        if not self.windows[RECORDS].opens <= day:
            return
        pending = papers.open_objections(self.session, self.edition.id)
        prices = [price for each in pending if (price := self._price(each, day)) is not None]
        if prices:
            self._count("prices", tell_prices(self.session, self.edition, prices, at(day, RECORDING)))
        answers = [answer for each in pending if (answer := self._decision_about(each, day)) is not None]
        if answers:
            self._count("answers", decide_objections(self.session, self.edition, answers, at(day, RECORDING)))

    def _price(self, notice: papers.Served, day: date) -> TellPrice | None:
        price = papers.military_price(self.seed, notice)
        assert notice.filed_on is not None
        if price is None or self._day_of(notice.military, notice.filed_on + timedelta(days=1)) != day:
            return None
        return TellPrice(notice.id, self.plan.roster.person(notice.military, "officer"), price)

    def _decision_about(self, notice: papers.Served, day: date) -> DecideObjection | None:
        if self._day_of(notice.commission, papers.decision_day(self.seed, notice)) != day:
            return None
        accepted = papers.is_accepted(self.seed, notice)
        chair = self.plan.roster.person(notice.commission, "head")
        price = notice.declared_price if accepted else None
        return DecideObjection(notice.id, chair, accepted, decided_on=day, served_on=day, price=price)

    def _day_of(self, unit_id: int, planned: date) -> date:
        """Return the office day on which a unit acts on what is planned for a day."""
        place = self.plan.roster.units[unit_id].place
        return self.bodies.diary.after(planned - timedelta(days=1), 1, place)

    def _officer(self, matter: Matter) -> int:
        return self.plan.roster.person(matter.unit_id, "officer")

    def _matters_due(self, matters: Sequence[Matter], step: str, day: date) -> list[Matter]:
        return [m for m in matters if self.bodies.day_for(step, m.unit_id, m.name, m.since) == day]


_WAITING = Prepared(
    select(Document.id).where(among(Document.id, "ids"), Document.next_slot == bindparam("slot")).order_by(Document.id)
)
"""The documents that do wait for that slot: nobody signs what was signed or is not theirs yet."""
