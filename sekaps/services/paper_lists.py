"""Lists of this year's protocols, notices, objections and legal terms, for people and programs to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.models.allocation import Allocation, Resource
from sekaps.models.contracts import LegalTerm, Notice, Objection, Protocol
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.papers import in_work
from sekaps.services.writing import Query


@dataclass(frozen=True, slots=True)
class Asked:
    """Which papers are asked for; what is left open is not asked."""

    state: str = ""
    province: str = ""
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class ProtocolLine:
    """One detail protocol: its parties, what became of it, its days and its document."""

    number: str
    state: str
    need_unit: int
    need_unit_name: str
    resource_unit: int
    resource_unit_name: str
    holder: str
    concluded_on: date | None
    begins_on: date | None
    ends_on: date | None
    letter: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice: who is told by whom, through which channel, when, and what became of it."""

    number: str
    kind: str
    state: str
    holder: str
    province: str
    served_by: int
    served_by_name: str
    recorded_by: int
    channel: str | None
    sent_on: date | None
    reached_on: date | None
    served_on: date | None
    copies: int
    copies_returned: int | None
    receipt: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection: to which notice, when, for which price in kuruş, and what the commission made of it."""

    notice: str
    state: str
    holder: str
    commission: int
    commission_name: str
    filed_on: date
    reasons: str
    declared_price: int | None
    set_price: int | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class TermLine:
    """One legal term: for which notice, who must act (none: the addressee) and until when, and where it stands."""

    notice: str
    code: str
    state: str
    unit: int | None
    unit_name: str | None
    starts_at: datetime
    due_at: datetime
    ended_at: datetime | None


def list_protocols(session: Session, edition: EditionView, asked: Asked) -> list[ProtocolLine]:
    """Return the detail protocols of this year's work, by number."""
    need, resource = aliased(Unit), aliased(Unit)
    query = (
        select(Protocol.number, Protocol.state, need.number, need.name, resource.number, resource.name, Resource.holder)
        .add_columns(Protocol.concluded_on, Protocol.begins_on, Protocol.ends_on, Protocol.letter, Protocol.reason)
        .join(need, need.id == Protocol.need_side_id)
        .join(resource, resource.id == Protocol.resource_side_id)
        .join(Allocation, Allocation.id == Protocol.allocation_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .where(in_work(edition, Protocol), Protocol.kind == "detail")
        .order_by(Protocol.number)
    )
    units = (need.number, resource.number)
    return [ProtocolLine(*row) for row in _rows(session, query, Protocol.state, need.province_code, units, asked)]


def list_notices(session: Session, edition: EditionView, asked: Asked) -> list[NoticeLine]:
    """Return the notices of this year's work, by number."""
    server, recorder = aliased(Unit), aliased(Unit)
    query = (
        select(Notice.number, Notice.kind, Notice.state, Resource.holder, Resource.province_code)
        .add_columns(server.number, server.name, recorder.number, Notice.channel, Notice.sent_on, Notice.reached_on)
        .add_columns(Notice.served_on, Notice.copies, Notice.copies_returned, Notice.receipt, Notice.reason)
        .join(server, server.id == Notice.served_by_id)
        .join(recorder, recorder.id == Notice.recorded_by_id)
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .where(in_work(edition, Notice))
        .order_by(Notice.number)
    )
    units = (server.number, recorder.number)
    return [NoticeLine(*row) for row in _rows(session, query, Notice.state, Resource.province_code, units, asked)]


def list_objections(session: Session, edition: EditionView, asked: Asked) -> list[ObjectionLine]:
    """Return the objections to notices of this year's work, the oldest first."""
    query = (
        select(Notice.number, Objection.state, Resource.holder, Unit.number, Unit.name, Objection.filed_on)
        .add_columns(Objection.reasons, Objection.declared_price, Objection.set_price, Objection.decided_on)
        .join(Notice, Notice.id == Objection.notice_id)
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .join(Unit, Unit.id == Allocation.body_id)
        .where(in_work(edition, Notice))
        .order_by(Objection.filed_on, Notice.number)
    )
    found = _rows(session, query, Objection.state, Resource.province_code, (Unit.number,), asked)
    return [ObjectionLine(*row) for row in found]


def list_terms(session: Session, edition: EditionView, asked: Asked) -> list[TermLine]:
    """Return the legal terms of an edition, the one that ends first in front."""
    query = (
        select(Notice.number, LegalTerm.code, LegalTerm.state, Unit.number, Unit.name)
        .add_columns(LegalTerm.starts_at, LegalTerm.due_at, LegalTerm.ended_at)
        .join(Notice, Notice.id == LegalTerm.notice_id)
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
        .outerjoin(Unit, Unit.id == LegalTerm.unit_id)
        .where(LegalTerm.edition_id == edition.id)
        .order_by(LegalTerm.due_at, Notice.number, LegalTerm.code)
    )
    found = _rows(session, query, LegalTerm.state, Resource.province_code, (Unit.number,), asked)
    return [TermLine(*row) for row in found]


def _rows(
    session: Session, query: Query, state: Any, province: Any, units: tuple[Any, ...], asked: Asked
) -> Iterator[Any]:
    conditions: list[ColumnElement[bool]] = []
    if asked.state:
        conditions.append(state == asked.state)
    if asked.province:
        conditions.append(province == asked.province)
    if asked.unit is not None:
        conditions.append(or_(*(unit == asked.unit for unit in units)))
    yield from session.execute(query.where(*conditions))


def ids_of_notices(session: Session, edition: EditionView, numbers: list[str]) -> dict[str, int]:
    """Return the ids of this year's notices by number; unknown ones are left out."""
    query = select(Notice.number, Notice.id).where(in_work(edition, Notice), Notice.number.in_(numbers))
    return {number: notice_id for number, notice_id in session.execute(query)}


def ids_of_protocols(session: Session, edition: EditionView, numbers: list[str]) -> dict[str, int]:
    """Return the ids of this year's detail protocols by number; unknown ones are left out."""
    query = select(Protocol.number, Protocol.id).where(in_work(edition, Protocol), Protocol.kind == "detail")
    return {number: one for number, one in session.execute(query.where(Protocol.number.in_(numbers)))}
