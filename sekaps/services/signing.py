"""Signing documents, one or hundreds in one act: gate, mandate, turn, signature and trail in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.signatures import DocumentState, Turn, refusal_to_sign
from sekaps.domain.trail import Entry, digest_of
from sekaps.models.base import Instant
from sekaps.models.documents import Chain, ChainSlot, Document, Signature
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.outcomes import Outcome
from sekaps.services.requests import SignRequest
from sekaps.services.writing import Query, chunked
from sekaps.texts import Text, text

NAMED_IN_TRAIL = 200
"""An act names up to so many documents one by one; a longer list stands there as its digest."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document under the transaction's lock: its turn, the post it waits for and where its unit stands."""

    id: int
    activity: str
    step: str
    round: int
    turn: Turn
    post_id: int | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Act:
    """A request with what was decided of it."""

    document: Waiting
    person_id: int
    mandate_id: int | None
    refusal: Text | None

    @property
    def group(self) -> tuple[str, str, int, int | None, str]:
        """Acts of one person on one step with one answer go on the trail together."""
        answer = self.refusal.msgid if self.refusal else ""
        return self.document.activity, self.document.step, self.person_id, self.mandate_id, answer


def sign(session: Session, edition: EditionView, requests: Sequence[SignRequest], as_of: datetime) -> list[Outcome]:
    """Sign what may be signed, refuse the rest with its reason, and return one outcome for each request, in order.

    Both the signatures and the refusals stand on the audit trail. An expected document is recorded by its
    first signature. Signing again what this person already signed is refused and changes nothing.
    """
    documents = _lock_documents(session, edition.id, [request.document_id for request in requests])
    mandates = _mandates(session, {request.person_id for request in requests}, as_of)
    signed = _signed_before(session, documents)
    gates = _gates(session, edition, documents.values(), as_of)
    once = {request.document_id: request for request in reversed(requests) if request.document_id in documents}
    acts = [_decide(documents[key], request.person_id, mandates, signed, gates, as_of) for key, request in once.items()]
    _write(session, edition, acts, as_of)
    return _outcomes(requests, acts)


def _decide(
    document: Waiting,
    person_id: int,
    mandates: Mapping[tuple[int, int], int],
    signed: set[tuple[int, int]],
    gates: Mapping[tuple[str, str], Gate],
    as_of: datetime,
) -> Act:
    mandate_id = mandates.get((person_id, document.post_id or 0))
    refusal = gates[document.activity, document.step].refusal(document.standing, local_day(as_of)) or refusal_to_sign(
        document.turn,
        holds_the_post=mandate_id is not None,
        signed_before=(document.id, person_id) in signed,
    )
    return Act(document, person_id, mandate_id, refusal)


def _lock_documents(session: Session, edition_id: int, ids: Sequence[int]) -> dict[int, Waiting]:
    rows = [row for part in chunked(sorted(set(ids))) for row in session.execute(_waiting_query(edition_id, part))]
    return {
        row.id: Waiting(
            id=row.id,
            activity=row.activity,
            step=row.step,
            round=row.round,
            turn=Turn(row.number, row.state, row.next_slot, row.length, row.title or ""),
            post_id=row.post_id,
            standing=Standing(row.unit_number, row.province_code, row.district_code),
        )
        for row in rows
    }


def _waiting_query(edition_id: int, ids: Sequence[int]) -> Query:
    slot = (ChainSlot.chain_id == Chain.id) & (ChainSlot.slot == Document.next_slot)
    return (
        select(
            Document.id,
            Document.number,
            Document.activity,
            Document.step,
            Document.state,
            Document.round,
            Document.next_slot,
            Chain.length,
            ChainSlot.post_id,
            Post.title,
            Unit.number.label("unit_number"),
            Unit.province_code,
            Unit.district_code,
        )
        .join(Chain, Chain.id == Document.chain_id)
        .join(Unit, Unit.id == Document.unit_id)
        .outerjoin(ChainSlot, slot)
        .outerjoin(Post, Post.id == ChainSlot.post_id)
        .where(Document.edition_id == edition_id, Document.id.in_(ids))
        .order_by(Document.id)
        .with_for_update(of=Document)
    )


def _mandates(session: Session, people: Iterable[int], as_of: datetime) -> dict[tuple[int, int], int]:
    """Return the mandate by (person, post) of each post these people hold at that instant; one's own post first."""
    held: dict[tuple[int, int], int] = {}
    for part in chunked(sorted(people)):
        query = select(Mandate.person_id, Mandate.post_id, Mandate.id).where(
            Mandate.person_id.in_(part), in_force(as_of)
        )
        for person_id, post_id, mandate_id in session.execute(query.order_by(Mandate.kind.desc(), Mandate.id)):
            held.setdefault((person_id, post_id), mandate_id)
    return held


def in_force(as_of: datetime) -> ColumnElement[bool]:
    """Return the condition that a mandate holds at an instant; its end instant is excluded."""
    return and_(Mandate.from_at <= as_of, or_(Mandate.until_at.is_(None), Mandate.until_at > as_of))


def _signed_before(session: Session, documents: Mapping[int, Waiting]) -> set[tuple[int, int]]:
    signed: set[tuple[int, int]] = set()
    for part in chunked(list(documents)):
        query = (
            select(Signature.document_id, Signature.person_id)
            .join(Document, (Document.id == Signature.document_id) & (Document.round == Signature.round))
            .where(Signature.document_id.in_(part))
        )
        signed.update((document_id, person_id) for document_id, person_id in session.execute(query))
    return signed


def _gates(
    session: Session, edition: EditionView, documents: Iterable[Waiting], as_of: datetime
) -> dict[tuple[str, str], Gate]:
    keys = sorted({(document.activity, document.step) for document in documents})
    return {key: gate_of(session, edition, *key, as_of) for key in keys}


def _write(session: Session, edition: EditionView, acts: Sequence[Act], as_of: datetime) -> None:
    groups: dict[Any, list[Act]] = defaultdict(list)
    for act in acts:
        groups[act.group].append(act)
    entries = [_entry(edition, group, as_of) for group in groups.values()]
    act_ids = trail.append_all(session, entries)
    rows = [
        _signature(act, act_id, as_of)
        for act_id, group in zip(act_ids, groups.values(), strict=True)
        for act in group
        if act.refusal is None
    ]
    if rows:
        session.execute(insert(Signature), rows)
    _move_on(session, [act.document for act in acts if act.refusal is None], as_of)


def _entry(edition: EditionView, group: Sequence[Act], as_of: datetime) -> Entry:
    first, ids = group[0], [act.document.id for act in group]
    named = {"documents": ids} if len(ids) <= NAMED_IN_TRAIL else {"digest": digest_of(ids)}
    return Entry(
        at=as_of,
        verb="sign",
        outcome="refused" if first.refusal else "done",
        mandate_id=first.mandate_id,
        authority="person",
        edition_id=edition.id,
        revision=edition.revision,
        activity=first.document.activity,
        step=first.document.step,
        documents=len(group),
        facts={**named, "person": first.person_id, **({"reason": first.refusal.say("en")} if first.refusal else {})},
    )


def _signature(act: Act, act_id: int, as_of: datetime) -> dict[str, Any]:
    return {
        "document_id": act.document.id,
        "round": act.document.round,
        "slot": act.document.turn.slot,
        "person_id": act.person_id,
        "mandate_id": act.mandate_id,
        "act_id": act_id,
        "at": as_of,
    }


def _move_on(session: Session, signed: Sequence[Waiting], as_of: datetime) -> None:
    """Advance every signed document to the slot after; the ones that share the slot after share a statement."""
    by_slot: dict[int, list[int]] = defaultdict(list)
    for document in signed:
        by_slot[document.turn.slot_after].append(document.id)
    for slot, ids in by_slot.items():
        state = DocumentState.RECORDED if slot else DocumentState.COMPLETE
        recorded_at = func.coalesce(Document.recorded_at, literal(as_of, Instant))
        values = {"next_slot": slot, "state": state, "waiting_since": as_of, "recorded_at": recorded_at}
        for part in chunked(ids):
            session.execute(update(Document).where(Document.id.in_(part)).values(values))


def _outcomes(requests: Sequence[SignRequest], acts: Sequence[Act]) -> list[Outcome]:
    decided = {(act.document.id, act.person_id): act.refusal for act in acts}
    unknown = text("no such document in this edition, or asked for twice in one act")
    return [
        Outcome(request.document_id, decided.get((request.document_id, request.person_id), unknown))
        for request in requests
    ]
