"""Contracts and notices: what follows from allocations, prepared once each and then recorded by those who act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import Stage
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.signatures import DocumentState
from sekaps.domain.trail import Entry
from sekaps.models.allocation import Allocation, Resource
from sekaps.models.base import Base
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.programmes import Edition
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.outcomes import Outcome
from sekaps.services.registry import active
from sekaps.services.requests import ConcludeRequest, ServeRequest
from sekaps.services.waiting import in_force
from sekaps.services.writing import Query, rows_changed, table_of
from sekaps.texts import Text, text

ACTIVITY = "contracts_and_notifications"
CONTRACT_STEP, SERVICE_STEP, RECORD_STEP = "7.a", "7.b", "7.c"
COMMISSION_STAGES = (Stage.DISTRICT, Stage.PROVINCE)
"""Allocations decided by a commission bind by obligation decision and notice; all others by contract."""
EFFECTIVE = ("decided", "approved")

Need, Offer = aliased(Document), aliased(Document)


def prepare_protocols(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Prepare a detail protocol for each effective allocation that has none; return how many.

    Allocations of the year before that never had one are included: they stay valid and are concluded in this
    year's window (calendar row 7.a).
    """
    if not edition.window(ACTIVITY, CONTRACT_STEP).is_open(local_day(as_of)):
        return 0
    held = select(Protocol.allocation_id).where(Protocol.allocation_id.is_not(None))
    query = _allocations(edition, Allocation.stage.not_in(COMMISSION_STAGES), Allocation.id.not_in(held))
    rows = [
        {
            "edition_id": edition.id,
            "kind": "detail",
            "number": f"DP-{row.need}-{row.resource}-{row.stage}",
            "allocation_id": row.id,
            "need_side_id": row.need_unit,
            "resource_side_id": row.resource_unit,
            "state": "open",
            "prepared_at": as_of,
        }
        for row in session.execute(query)
    ]
    return _insert(session, edition, Protocol, rows, "prepare_protocols", CONTRACT_STEP, as_of)


def conclude_framework_protocols(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Record framework protocols whose document is signed by both ministries as concluded (row 1); return how many."""
    signed = select(Document.id).where(Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE)
    open_ones = (Protocol.edition_id == edition.id, Protocol.kind == "framework", Protocol.state == "open")
    result = session.execute(
        update(Protocol)
        .where(*open_ones, Protocol.document_id.in_(signed))
        .values(state="concluded", recorded_at=as_of)
    )
    return rows_changed(result)


def prepare_notices(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Prepare a notice for each obligation a commission decided that has none; return how many.

    The civil administration of the resource's place serves it (the kaymakam a district commission's, the governor
    a province commission's), the provincial AFAD records it (calendar rows 7.b and 7.c).
    """
    if not edition.window(ACTIVITY, SERVICE_STEP).is_open(local_day(as_of)):
        return 0
    held = select(Notice.allocation_id)
    query = _allocations(edition, Allocation.stage.in_(COMMISSION_STAGES), Allocation.id.not_in(held))
    units = _units_by_place(session)
    rows = [
        {
            "edition_id": edition.id,
            "number": f"TB-{row.need}-{row.resource}-{row.stage}",
            "allocation_id": row.id,
            "addressee_id": row.resource_unit,
            "served_by_id": units[_server(row)],
            "recorded_by_id": units["il_afad", row.province_code],
            "state": "prepared",
            "prepared_at": as_of,
        }
        for row in session.execute(query)
    ]
    return _insert(session, edition, Notice, rows, "prepare_notices", SERVICE_STEP, as_of)


def _server(row: Any) -> tuple[str, str]:
    if row.stage == Stage.DISTRICT:
        return "civil_administration", row.district_code
    return "governorate", row.province_code


def _allocations(edition: EditionView, *conditions: ColumnElement[bool]) -> Query:
    this, before = aliased(Edition), aliased(Edition)
    last_year = (
        select(before.id)
        .join(this, this.programme_id == before.programme_id)
        .where(this.id == edition.id, before.year == edition.year - 1)
    )
    return (
        select(
            Allocation.id,
            Allocation.stage,
            Need.number.label("need"),
            Need.unit_id.label("need_unit"),
            Offer.number.label("resource"),
            Offer.unit_id.label("resource_unit"),
            Resource.province_code,
            Resource.district_code,
        )
        .join(Need, Need.id == Allocation.need_id)
        .join(Offer, Offer.id == Allocation.resource_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .where(Allocation.state.in_(EFFECTIVE), *conditions)
        .where(or_(Allocation.edition_id == edition.id, Allocation.edition_id.in_(last_year)))
        .order_by(Allocation.id)
    )


def _units_by_place(session: Session) -> dict[tuple[str, str], int]:
    query = select(Unit.kind, Unit.province_code, Unit.district_code, Unit.id).where(
        Unit.kind.in_(("civil_administration", "governorate", "il_afad"))
    )
    return {(row.kind, row.district_code or row.province_code or ""): row.id for row in session.execute(query)}


def _insert(
    session: Session,
    edition: EditionView,
    model: type[Base],
    rows: list[dict[str, Any]],
    verb: str,
    step: str,
    as_of: datetime,
) -> int:
    if rows:
        session.execute(insert(model), rows)
        _log(session, edition, step, verb, as_of, len(rows), {})
    return len(rows)


def record_protocols(
    session: Session, edition: EditionView, requests: Sequence[ConcludeRequest], as_of: datetime
) -> list[Outcome]:
    """Record detail protocols as concluded, or with a reason as not concluded (row 7.a); one outcome each."""
    gate = gate_of(session, edition, ACTIVITY, CONTRACT_STEP, as_of)
    open_rows = _open(session, edition, Protocol, Protocol.need_side_id, Protocol.state == "open")
    posts = _units_served(session, {request.person_id for request in requests}, as_of)
    outcomes = [
        Outcome(r.protocol_id, _refusal(gate, open_rows.get(r.protocol_id), posts, r.person_id, as_of))
        for r in requests
    ]
    rows = [
        {
            "key": r.protocol_id,
            "new_state": "not_concluded" if r.reason else "concluded",
            "why": r.reason,
        }
        for r, outcome in zip(requests, outcomes, strict=True)
        if outcome.done
    ]
    _update(session, Protocol, rows, recorded_at=as_of)
    _log_outcomes(session, edition, CONTRACT_STEP, "conclude", outcomes, as_of)
    return outcomes


def record_notices(
    session: Session, edition: EditionView, requests: Sequence[ServeRequest], as_of: datetime
) -> list[Outcome]:
    """Record notices as served on a day, or with a reason as not served (row 7.c); one outcome each."""
    gate = gate_of(session, edition, ACTIVITY, RECORD_STEP, as_of)
    open_rows = _open(session, edition, Notice, Notice.recorded_by_id, Notice.state == "prepared")
    posts = _units_served(session, {request.person_id for request in requests}, as_of)
    outcomes = [
        Outcome(r.notice_id, _refusal(gate, open_rows.get(r.notice_id), posts, r.person_id, as_of)) for r in requests
    ]
    rows = [
        {"key": r.notice_id, "new_state": "served" if r.served_on else "not_served", "why": r.reason, "on": r.served_on}
        for r, outcome in zip(requests, outcomes, strict=True)
        if outcome.done
    ]
    _update(session, Notice, rows, recorded_at=as_of, served_on=bindparam("on"))
    _log_outcomes(session, edition, RECORD_STEP, "serve", outcomes, as_of)
    return outcomes


def _open(
    session: Session, edition: EditionView, model: type[Protocol] | type[Notice], actor: Any, *conditions: Any
) -> dict[int, Standing]:
    """Return the rows still to be recorded, locked, with where their acting unit stands."""
    query = (
        select(model.id, Unit.number, Unit.province_code, Unit.district_code)
        .join(Unit, Unit.id == actor)
        .where(model.edition_id == edition.id, *conditions)
        .with_for_update(of=model)
    )
    return {key: Standing(number, province, district) for key, number, province, district in session.execute(query)}


def _units_served(session: Session, people: set[int], as_of: datetime) -> set[tuple[int, int]]:
    """Return (person, unit number) of every post these people hold at that instant."""
    query = (
        select(Mandate.person_id, Unit.number)
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Mandate.person_id.in_(people), in_force(as_of), active(as_of))
    )
    return {(person_id, number) for person_id, number in session.execute(query)}


def _refusal(
    gate: Gate, standing: Standing | None, posts: set[tuple[int, int]], person_id: int, as_of: datetime
) -> Text | None:
    if standing is None:
        return text("nothing is left to record for it")
    if refusal := gate.refusal(standing, local_day(as_of)):
        return refusal
    if (person_id, standing.unit_number) not in posts:
        return text("only somebody with a post in unit {unit} records it", unit=standing.unit_number)
    return None


def _update(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], **values: Any) -> None:
    if not rows:
        return
    table = table_of(model)
    statement = update(table).where(table.c.id == bindparam("key"))
    values = {"state": bindparam("new_state"), "reason": bindparam("why"), **values}
    session.connection().execute(statement.values(values), [dict(row) for row in rows])


def _log_outcomes(
    session: Session, edition: EditionView, step: str, verb: str, outcomes: Sequence[Outcome], as_of: datetime
) -> None:
    done = [outcome.subject_id for outcome in outcomes if outcome.done]
    refused: dict[str, list[int]] = {}
    for outcome in outcomes:
        if outcome.refusal is not None:
            refused.setdefault(outcome.refusal.say("en"), []).append(outcome.subject_id)
    if done:
        _log(session, edition, step, verb, as_of, len(done), {"ids": done})
    for reason, ids in refused.items():
        _log(session, edition, step, verb, as_of, len(ids), {"ids": ids, "reason": reason}, outcome="refused")


def _log(
    session: Session,
    edition: EditionView,
    step: str,
    verb: str,
    as_of: datetime,
    documents: int,
    facts: dict[str, Any],
    *,
    outcome: str = "done",
) -> None:
    entry = Entry(
        at=as_of,
        verb=verb,
        outcome=outcome,
        edition_id=edition.id,
        revision=edition.revision,
        activity=ACTIVITY,
        step=step,
        documents=documents,
        facts=facts,
    )
    trail.append(session, entry)
