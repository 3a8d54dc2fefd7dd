"""Protocols: framework ones between ministries, detail ones prepared from allocations, concluded or not, or ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.agreements import refusal_to_conclude
from sekaps.domain.gates import Gate
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Item, Resource
from sekaps.models.contracts import Protocol
from sekaps.models.documents import Document
from sekaps.models.programmes import WHOLE_ROW, Edition
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.outcomes import Outcome
from sekaps.services.papers import ACTIVITY as CONTRACTS
from sekaps.services.papers import (
    COMMISSION_STAGES,
    CONTRACT_STEP,
    NOTHING_LEFT,
    Need,
    Offer,
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
from sekaps.services.requests import ConcludeRequest
from sekaps.services.writing import chunked, rows_changed, table_of
from sekaps.texts import Text

BOUND = ("decided", "awaiting_approval", "approved")
"""States of an allocation that a competent body has decided."""


def prepare_protocols(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Prepare a detail protocol for each effective allocation that has none; return how many.

    Allocations of the year before that never had one are included: they stay valid and are concluded in this
    year's window (calendar row 7.a).
    """
    if not edition.window(CONTRACTS, CONTRACT_STEP).is_open(local_day(as_of)):
        return 0
    held = select(Protocol.allocation_id).where(Protocol.allocation_id.is_not(None))
    lines = allocations(edition, Allocation.stage.not_in(COMMISSION_STAGES), Allocation.id.not_in(held))
    columns = _protocol(edition, as_of)
    statement = insert(table_of(Protocol)).from_select(list(columns), lines.with_only_columns(*columns.values()))
    prepared = rows_changed(session.connection().execute(statement.execution_options(preserve_rowcount=True)))
    if prepared:
        log_act(session, edition, CONTRACT_STEP, "prepare_protocols", as_of, prepared, {})
    return prepared


def _protocol(edition: EditionView, as_of: datetime) -> dict[str, ColumnElement[Any]]:
    """Return the columns of an allocation's protocol, as they follow from the allocation and its two forms."""
    number = literal("DP-") + Need.number + "-" + Offer.number + "-" + Allocation.stage
    return {
        "edition_id": literal(edition.id),
        "kind": literal("detail"),
        "number": number,
        "allocation_id": Allocation.id.expression,
        "need_side_id": Need.unit_id.expression,
        "resource_side_id": Offer.unit_id.expression,
        "state": literal("open"),
        "prepared_at": literal(as_of, Protocol.prepared_at.type),
    }


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


def record_protocols(
    session: Session, edition: EditionView, requests: Sequence[ConcludeRequest], as_of: datetime
) -> list[Outcome]:
    """Record detail protocols as concluded, or with a reason as not concluded (row 7.a); one outcome each.

    Those of the year before that nobody recorded are among this year's work.
    """
    gate = gate_of(session, edition, CONTRACTS, CONTRACT_STEP, as_of)
    ids = [request.protocol_id for request in requests]
    is_open = (Protocol.state == "open", Protocol.kind == "detail")
    open_rows = lock_open(session, edition, Protocol, Protocol.need_side_id, ids, *is_open)
    posts = posts_of(session, {request.person_id for request in requests}, as_of)
    outcomes = [Outcome(r.protocol_id, _refusal(gate, open_rows, posts, r, as_of)) for r in requests]
    rows = [_recorded(r) for r, outcome in zip(requests, outcomes, strict=True) if outcome.done]
    write(session, Protocol, rows, as_of)
    log_outcomes(session, edition, CONTRACT_STEP, "conclude", outcomes, as_of)
    return outcomes


def _refusal(gate: Gate, open_rows: Open, posts: Posts, request: ConcludeRequest, as_of: datetime) -> Text | None:
    if request.protocol_id not in open_rows:
        return NOTHING_LEFT
    standing, prepared_on = open_rows[request.protocol_id]
    return refusal_by_place(gate, standing, posts, request.person_id, as_of) or refusal_to_conclude(
        request.agreement, request.reason, prepared_on, local_day(as_of)
    )


def _recorded(request: ConcludeRequest) -> dict[str, Any]:
    agreement = request.agreement
    return {
        "key": request.protocol_id,
        "new_state": "not_concluded" if agreement is None else "concluded",
        "new_reason": request.reason or None,
        "new_concluded_on": agreement and agreement.concluded_on,
        "new_begins_on": agreement and agreement.begins_on,
        "new_ends_on": agreement and agreement.ends_on,
        "new_letter": agreement and agreement.letter,
    }


def end_protocols(
    session: Session, edition: EditionView, allocation_ids: Sequence[int], reason: str, as_of: datetime
) -> int:
    """End the detail protocols of allocations that were taken back; return how many.

    A concluded one is terminated with the reason, one still open is void; the others stay as they are.
    """
    ended = 0
    for part in chunked(sorted(set(allocation_ids))):
        for state, becomes in (("concluded", "terminated"), ("open", "void")):
            now = update(Protocol).where(Protocol.allocation_id.in_(part), Protocol.state == state)
            values = {"state": becomes, "reason": reason, "recorded_at": as_of}
            ended += rows_changed(session.execute(now.values(**values)))
    if ended:
        facts = {"allocations": sorted(set(allocation_ids)), "reason": reason}
        log_act(session, edition, CONTRACT_STEP, "end_protocols", as_of, ended, facts)
    return ended


@dataclass(frozen=True, slots=True)
class MissingFramework:
    """Two ministries between which lines were allocated without a framework protocol: how many, of which items."""

    need_ministry: str
    need_ministry_number: int
    resource_ministry: str
    resource_ministry_number: int
    lines: int
    items: int


def without_framework(session: Session, edition: EditionView) -> list[MissingFramework]:
    """Return the pairs of ministries with decided allocations and no framework protocol, the most lines first.

    A protocol of an earlier year stays in force until its end (calendar row 1). A programme without contracts has none.
    """
    if (CONTRACTS, WHOLE_ROW) not in edition.windows:
        return []
    needing, owning = aliased(Unit), aliased(Unit)
    lines, items = func.count(Allocation.id), func.count(Resource.item_code.distinct())
    query = (
        select(needing.name, needing.number, owning.name, owning.number, lines, items)
        .select_from(Allocation)
        .join(Document, Document.id == Allocation.need_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(Item, Item.code == Resource.item_code)
        .join(needing, needing.id == func.coalesce(Unit.ministry_id, Unit.id))
        .join(owning, owning.id == Item.ministry_id)
        .where(Allocation.edition_id == edition.id, Allocation.state.in_(BOUND), needing.id != owning.id)
        .where(~exists(_agreed(edition, needing, owning).correlate(needing, owning)))
        .group_by(needing.name, needing.number, owning.name, owning.number)
        .order_by(lines.desc(), needing.number, owning.number)
    )
    return [MissingFramework(*row) for row in session.execute(query)]


def _agreed(edition: EditionView, needing: type[Unit], owning: type[Unit]) -> Select[tuple[int]]:
    """Return the framework protocols in force by which the one ministry is served from the other's resources."""
    this, theirs = aliased(Edition), aliased(Edition)
    opens = edition.window(CONTRACTS).opens
    return (
        select(Protocol.id)
        .join(theirs, theirs.id == Protocol.edition_id)
        .join(this, this.programme_id == theirs.programme_id)
        .where(this.id == edition.id, theirs.year <= edition.year)
        .where(Protocol.need_side_id == needing.id, Protocol.resource_side_id == owning.id)
        .where(Protocol.kind == "framework", Protocol.state == "concluded")
        .where(or_(Protocol.ends_on.is_(None), Protocol.ends_on >= opens))
    )
