"""Objections to notices: filed in the time the law gives, priced by the military unit, decided by the commission."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.legal_terms import TermEvent
from sekaps.domain.objections import ObjectionState, refusal_of_price, refusal_to_decide, refusal_to_file
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice, Objection
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.legal_terms import end_terms, last_days, start_terms
from sekaps.services.notices import SERVED
from sekaps.services.outcomes import Outcome
from sekaps.services.papers import NOTHING_LEFT, SERVICE_STEP, Posts, in_work, log_outcomes, posts_of
from sekaps.services.papers import refusal_without_post as without_post
from sekaps.services.requests import DecideObjection, EndObjection, FileObjection, TellPrice
from sekaps.texts import Text, text

Request = FileObjection | TellPrice | DecideObjection | EndObjection
Asked = TypeVar("Asked", FileObjection, TellPrice, DecideObjection, EndObjection)


@dataclass(frozen=True, slots=True)
class Case:
    """A served notice under lock with its objection, if there is one, and the units that have a part in it."""

    notice_id: int
    reached_on: date
    last_day: date
    objection: Objection | None
    commission: int
    recorder: int
    military: int

    @property
    def is_open(self) -> bool:
        """Whether an objection lies before the commission."""
        return self.objection is not None and self.objection.state == ObjectionState.FILED


def file_objections(
    session: Session, edition: EditionView, requests: Sequence[FileObjection], as_of: datetime
) -> list[Outcome]:
    """Record objections filed within the fifteen days, recorded then or later; one outcome each."""

    def refusal(request: FileObjection, case: Case, posts: Posts) -> Text | None:
        if case.objection is not None:
            return text("an objection to it is recorded already")
        days = {"reached_on": case.reached_on, "last_day": case.last_day, "day": local_day(as_of)}
        return without_post(posts, request.person_id, case.commission, case.recorder) or refusal_to_file(
            request.filed_on, request.reasons, request.declared_price, **days
        )

    def act(request: FileObjection, case: Case) -> None:
        session.add(_objection(request, as_of))
        events = {case.notice_id: request.filed_on}
        end_terms(session, TermEvent.OBJECTED, events, as_of)
        but = ("price_decision",) if request.declared_price is None else ()
        start_terms(session, edition, TermEvent.OBJECTED, events, but=but)

    return _each(session, edition, requests, "file_objection", refusal, act, as_of)


def _objection(request: FileObjection, as_of: datetime) -> Objection:
    return Objection(
        notice_id=request.notice_id,
        filed_on=request.filed_on,
        reasons=request.reasons.strip(),
        declared_price=request.declared_price,
        state=ObjectionState.FILED.value,
        recorded_at=as_of,
    )


def tell_prices(
    session: Session, edition: EditionView, requests: Sequence[TellPrice], as_of: datetime
) -> list[Outcome]:
    """Record the price a military unit tells the commission; while nothing is decided the last one told holds."""

    def refusal(request: TellPrice, case: Case, posts: Posts) -> Text | None:
        if not case.is_open:
            return NOTHING_LEFT
        return without_post(posts, request.person_id, case.military) or refusal_of_price(request.price)

    def act(request: TellPrice, case: Case) -> None:
        _change(case, set_price=request.price)
        end_terms(session, TermEvent.PRICED, {case.notice_id: local_day(as_of)}, as_of)

    return _each(session, edition, requests, "tell_price", refusal, act, as_of)


def decide_objections(
    session: Session, edition: EditionView, requests: Sequence[DecideObjection], as_of: datetime
) -> list[Outcome]:
    """Record what the commission decided; the time to go to court runs from the day that was served."""

    def refusal(request: DecideObjection, case: Case, posts: Posts) -> Text | None:
        if case.objection is None or not case.is_open:
            return NOTHING_LEFT
        days = {"filed_on": case.objection.filed_on, "day": local_day(as_of)}
        return without_post(posts, request.person_id, case.commission) or refusal_to_decide(
            request.decided_on, request.served_on, request.price, **days
        )

    def act(request: DecideObjection, case: Case) -> None:
        state = ObjectionState.ACCEPTED if request.accepted else ObjectionState.REJECTED
        price = {} if request.price is None else {"set_price": request.price}
        _change(case, state=state.value, decided_on=request.decided_on, **price)
        end_terms(session, TermEvent.ANSWERED, {case.notice_id: request.decided_on}, as_of)
        but = () if state is ObjectionState.REJECTED else ("commission_court_action",)
        start_terms(session, edition, TermEvent.ANSWERED, {case.notice_id: request.served_on}, but=but)

    return _each(session, edition, requests, "decide_objection", refusal, act, as_of)


def withdraw_objections(
    session: Session, edition: EditionView, requests: Sequence[EndObjection], as_of: datetime
) -> list[Outcome]:
    """Record that objections were taken back before they were decided."""

    def refusal(request: EndObjection, case: Case, posts: Posts) -> Text | None:
        if case.objection is None or not case.is_open:
            return NOTHING_LEFT
        days = {"filed_on": case.objection.filed_on, "day": local_day(as_of)}
        return without_post(posts, request.person_id, case.commission, case.recorder) or refusal_to_decide(
            request.on, request.on, None, **days
        )

    def act(request: EndObjection, case: Case) -> None:
        _change(case, state=ObjectionState.WITHDRAWN.value, decided_on=request.on)
        end_terms(session, TermEvent.ANSWERED, {case.notice_id: request.on}, as_of)

    return _each(session, edition, requests, "withdraw_objection", refusal, act, as_of)


def record_court_actions(
    session: Session, edition: EditionView, requests: Sequence[EndObjection], as_of: datetime
) -> list[Outcome]:
    """Record that whoever objected went to court against the commission's decision in time."""
    due = last_days(session, "commission_court_action", [request.notice_id for request in requests])

    def refusal(request: EndObjection, case: Case, posts: Posts) -> Text | None:
        if case.objection is None or case.notice_id not in due:
            return NOTHING_LEFT
        last = local_day(due[case.notice_id])
        if request.on > last:
            return text(
                "the time to go to court ended on {last}; the decision is final (law 3634, article 58)", last=last
            )
        decided = case.objection.decided_on or request.on
        return without_post(posts, request.person_id, case.commission, case.recorder) or refusal_to_decide(
            request.on, request.on, None, filed_on=decided, day=local_day(as_of)
        )

    def act(request: EndObjection, case: Case) -> None:
        end_terms(session, TermEvent.SUED, {case.notice_id: request.on}, as_of)

    return _each(session, edition, requests, "go_to_court", refusal, act, as_of)


def _change(case: Case, **values: Any) -> None:
    for name, value in values.items():
        setattr(case.objection, name, value)


def _each(
    session: Session,
    edition: EditionView,
    requests: Sequence[Asked],
    verb: str,
    refusal: Callable[[Asked, Case, Posts], Text | None],
    act: Callable[[Asked, Case], None],
    as_of: datetime,
) -> list[Outcome]:
    """Judge each request and do it, and put them on the trail; objections are few and are taken one by one."""
    posts = posts_of(session, {request.person_id for request in requests}, as_of)
    outcomes = []
    for request in requests:
        case = _lock_case(session, edition, request.notice_id)
        why = NOT_SERVED if case is None else refusal(request, case, posts)
        if case is not None and why is None:
            act(request, case)
            session.flush()
        outcomes.append(Outcome(request.notice_id, why))
    log_outcomes(session, edition, SERVICE_STEP, verb, outcomes, as_of)
    return outcomes


NOT_SERVED = text("the notice was not served; there is nothing to object to")


def _lock_case(session: Session, edition: EditionView, notice_id: int) -> Case | None:
    row = session.execute(_cases(edition).where(Notice.id == notice_id)).one_or_none()
    if row is None:
        return None
    objection = session.scalars(
        select(Objection).where(Objection.notice_id == notice_id).with_for_update()
    ).one_or_none()
    last = last_days(session, "price_objection", [notice_id]).get(notice_id)
    return Case(
        notice_id=notice_id,
        reached_on=row.reached_on,
        last_day=local_day(last) if last else row.reached_on,
        objection=objection,
        commission=row.commission,
        recorder=row.recorder,
        military=row.military,
    )


def _cases(edition: EditionView) -> Any:
    commission, recorder, military = aliased(Unit), aliased(Unit), aliased(Unit)
    return (
        select(
            Notice.reached_on,
            commission.number.label("commission"),
            recorder.number.label("recorder"),
            military.number.label("military"),
        )
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .join(Document, Document.id == Allocation.need_id)
        .join(commission, commission.id == Allocation.body_id)
        .join(recorder, recorder.id == Notice.recorded_by_id)
        .join(military, military.id == Document.unit_id)
        .where(in_work(edition, Notice), Notice.state == SERVED)
        .with_for_update(of=Notice)
    )
