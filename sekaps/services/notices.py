"""Notices of obligation decisions: prepared once each, recorded as served or not, corrected when a line changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import Stage
from sekaps.domain.gates import Gate
from sekaps.domain.legal_terms import TermEvent
from sekaps.domain.notices import COPIES, NoticeKind, number_of_next, refusal_to_serve
from sekaps.models.allocation import Allocation
from sekaps.models.contracts import Notice
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.legal_terms import drop_terms, end_terms, start_terms
from sekaps.services.outcomes import Outcome
from sekaps.services.papers import (
    ACTIVITY,
    COMMISSION_STAGES,
    NOTHING_LEFT,
    RECORD_STEP,
    SERVICE_STEP,
    Open,
    Posts,
    allocations,
    lock_open,
    log_act,
    log_outcomes,
    posts_of,
    refusal_by_place,
    write,
)
from sekaps.services.requests import ServeRequest
from sekaps.services.writing import chunked
from sekaps.texts import Text

OPEN, SERVED, NOT_SERVED, VOID = "prepared", "served", "not_served", "void"


def prepare_notices(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Prepare a notice for each obligation a commission decided that has none; return how many.

    The civil administration of the resource's place serves it (the kaymakam a district commission's, the governor
    a province commission's), the provincial AFAD records it (calendar rows 7.b and 7.c). The time to serve runs.
    """
    if not edition.window(ACTIVITY, SERVICE_STEP).is_open(local_day(as_of)):
        return 0
    held = select(Notice.allocation_id)
    query = allocations(edition, Allocation.stage.in_(COMMISSION_STAGES), Allocation.id.not_in(held))
    units = _units_by_place(session)
    rows = [_notice(edition, row, units, as_of) for row in session.execute(query)]
    if rows:
        made = list(session.scalars(insert(Notice).returning(Notice.id), rows))
        start_terms(session, edition, TermEvent.PREPARED, dict.fromkeys(made, as_of))
        log_act(session, edition, SERVICE_STEP, "prepare_notices", as_of, len(rows), {})
    return len(rows)


def _notice(edition: EditionView, row: Any, units: dict[tuple[str, str], int], as_of: datetime) -> dict[str, Any]:
    return {
        "edition_id": edition.id,
        "number": f"TB-{row.need}-{row.resource}-{row.stage}",
        "kind": NoticeKind.OBLIGATION.value,
        "allocation_id": row.id,
        "addressee_id": row.resource_unit,
        "served_by_id": units[_server(row)],
        "recorded_by_id": units["il_afad", row.province_code],
        "state": OPEN,
        "prepared_at": as_of,
    }


def _server(row: Any) -> tuple[str, str]:
    if row.stage == Stage.DISTRICT:
        return "civil_administration", row.district_code
    return "governorate", row.province_code


def _units_by_place(session: Session) -> dict[tuple[str, str], int]:
    query = select(Unit.kind, Unit.province_code, Unit.district_code, Unit.id).where(
        Unit.kind.in_(("civil_administration", "governorate", "il_afad"))
    )
    return {(row.kind, row.district_code or row.province_code or ""): row.id for row in session.execute(query)}


def record_notices(
    session: Session, edition: EditionView, requests: Sequence[ServeRequest], as_of: datetime
) -> list[Outcome]:
    """Record notices as served through a channel, or with a reason as not served (row 7.c); one outcome each.

    A notice counts as served on the day its channel's clock says; the time to object runs from then.
    """
    gate = gate_of(session, edition, ACTIVITY, RECORD_STEP, as_of)
    ids = [request.notice_id for request in requests]
    open_rows = lock_open(session, edition, Notice, Notice.recorded_by_id, ids, Notice.state == OPEN)
    posts = posts_of(session, {request.person_id for request in requests}, as_of)
    outcomes = [Outcome(r.notice_id, _refusal(gate, open_rows, posts, r, as_of)) for r in requests]
    done = [request for request, outcome in zip(requests, outcomes, strict=True) if outcome.done]
    write(session, Notice, [_recorded(request) for request in done], as_of)
    deliveries = {request.notice_id: request.delivery for request in done if request.delivery is not None}
    end_terms(session, TermEvent.SENT, {key: one.sent_on for key, one in deliveries.items()}, as_of)
    _start_objections(session, edition, {key: one.served_on for key, one in deliveries.items()})
    log_outcomes(session, edition, RECORD_STEP, "serve", outcomes, as_of)
    return outcomes


def _refusal(gate: Gate, open_rows: Open, posts: Posts, request: ServeRequest, as_of: datetime) -> Text | None:
    if request.notice_id not in open_rows:
        return NOTHING_LEFT
    standing, prepared_on = open_rows[request.notice_id]
    return refusal_by_place(gate, standing, posts, request.person_id, as_of) or refusal_to_serve(
        request.delivery, request.reason, prepared_on, local_day(as_of)
    )


def _start_objections(session: Session, edition: EditionView, served: Mapping[int, date]) -> None:
    """Start the time to object; there is nothing to object to in an annulment."""
    annulments = select(Notice.id).where(Notice.kind == NoticeKind.ANNULMENT.value)
    found = {key for part in chunked(list(served)) for key in session.scalars(annulments.where(Notice.id.in_(part)))}
    start_terms(session, edition, TermEvent.SERVED, {key: day for key, day in served.items() if key not in found})


def _recorded(request: ServeRequest) -> dict[str, Any]:
    delivery = request.delivery
    if delivery is None:
        told: dict[str, Any] = dict.fromkeys(("channel", "copies_returned", "receipt", "sent_on", "reached_on"))
    else:
        names = ("copies_returned", "receipt", "sent_on", "reached_on")
        told = {"channel": delivery.channel.value, **{name: getattr(delivery, name) for name in names}}
    return {
        "key": request.notice_id,
        "new_state": NOT_SERVED if delivery is None else SERVED,
        "new_reason": request.reason or None,
        "new_served_on": delivery and delivery.served_on,
        "new_copies": delivery.copies if delivery else COPIES,
        **{f"new_{name}": value for name, value in told.items()},
    }


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of a change of lines: notices that are void, and corrections or annulments to serve."""

    void: int
    prepared: int


def correct_notices(
    session: Session, edition: EditionView, allocation_ids: Sequence[int], kind: NoticeKind, as_of: datetime
) -> Corrected:
    """Let the notices of changed lines (a correction) or revoked ones (an annulment) follow them.

    One not served is void; a correction takes its place, after an annulment nobody is told of what nobody was told.
    One served stays, and a correction or an annulment of it is to be served.
    """
    found = [row for part in chunked(sorted(set(allocation_ids))) for row in _last_notices(session, part)]
    void = [row.id for row in found if row.state != SERVED]
    knowing = _told_before(session, [row.allocation_id for row in found])
    told = [row for row in found if kind is NoticeKind.CORRECTION or row.allocation_id in knowing]
    for part in chunked(void):
        session.execute(update(Notice).where(Notice.id.in_(part)).values(state=VOID, recorded_at=as_of))
    over = [row.id for row in found] if kind is NoticeKind.ANNULMENT else void
    dropped = drop_terms(session, over)
    _follow(session, edition, told, kind, as_of)
    if found:
        facts = {"notices": sorted(row.id for row in found), "kind": kind.value, "void": len(void), "terms": dropped}
        log_act(session, edition, SERVICE_STEP, "correct_notices", as_of, len(found), facts)
    return Corrected(len(void), len(told))


def _last_notices(session: Session, allocation_ids: Sequence[int]) -> list[Notice]:
    """Return the notice of each allocation that stands: nothing took its place, it is neither annulment nor void."""
    later = aliased(Notice)
    followed = select(later.id).where(later.corrects_id == Notice.id).exists()
    standing = Notice.kind != NoticeKind.ANNULMENT.value, Notice.state != VOID
    query = select(Notice).where(Notice.allocation_id.in_(allocation_ids), *standing, ~followed)
    return list(session.scalars(query.order_by(Notice.id).with_for_update()))


def _told_before(session: Session, allocation_ids: Collection[int]) -> set[int]:
    """Return those of the allocations of which some notice was served."""
    told = select(Notice.allocation_id).where(Notice.state == SERVED)
    return {
        allocation
        for part in chunked(sorted(allocation_ids))
        for allocation in session.scalars(told.where(Notice.allocation_id.in_(part)))
    }


def _follow(
    session: Session, edition: EditionView, notices: Sequence[Notice], kind: NoticeKind, as_of: datetime
) -> None:
    if not notices:
        return
    kept = ("allocation_id", "addressee_id", "served_by_id", "recorded_by_id")
    rows = [
        {
            "edition_id": edition.id,
            "number": number_of_next(row.number, kind),
            "kind": kind.value,
            "corrects_id": row.id,
            "state": OPEN,
            "prepared_at": as_of,
            **{name: getattr(row, name) for name in kept},
        }
        for row in notices
    ]
    made = list(session.scalars(insert(Notice).returning(Notice.id), rows))
    if kind is NoticeKind.CORRECTION:
        start_terms(session, edition, TermEvent.PREPARED, dict.fromkeys(made, as_of))
