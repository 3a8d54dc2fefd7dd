"""Signing documents, one or hundreds in one act: gate, mandate, turn, signature and trail in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.signatures import DocumentState, Turn, refusal_before_turn, refusal_to_sign
from sekaps.errors.documents import DocumentsMoved
from sekaps.models.base import Instant
from sekaps.models.documents import Document, Signature
from sekaps.services.document_acts import THE_DOCUMENT, DocumentAct, Sealed, append_acts, entry_of, outcomes
from sekaps.services.editions import EditionView
from sekaps.services.evidence import NO_EVIDENCE, Seals, evidence_columns, seal_acts
from sekaps.services.outcomes import Outcome
from sekaps.services.prepared import Prepared, among, on_server
from sekaps.services.readiness import hold_back_unready
from sekaps.services.requests import SignRequest
from sekaps.services.signing_at_once import write_at_once
from sekaps.services.waiting import Found, Waiting, alike, find_document, lock_documents
from sekaps.services.writing import table_of

VERB = "sign"


def sign(
    session: Session,
    edition: EditionView,
    requests: Sequence[SignRequest],
    as_of: datetime,
    *,
    seals: Seals | None = None,
) -> list[Outcome]:
    """Sign what may be signed, refuse the rest with its reason, and return one outcome for each request, in order.

    With seals each signature carries its evidence, verified before it is written; one that does not hold is refused.
    Both the signatures and the refusals stand on the audit trail. An expected document is recorded by its
    first signature. Signing again what this person already signed is refused and changes nothing.
    """
    if len(requests) == 1 and seals is None and on_server(session):
        [request] = requests
        if _sign_at_once(session, edition, request, as_of):
            return [Outcome(request.document_id)]
    signers = {request.document_id: request.person_id for request in reversed(requests)}
    locked = lock_documents(session, edition, signers, signers.values(), as_of)
    acts = _decide_all(session, edition, locked, signers)
    acts, sealed = seal_acts(session, acts, seals, as_of)
    _write(session, edition, acts, sealed, as_of)
    return outcomes(session, [(request.document_id, request.person_id) for request in requests], acts)


def _sign_at_once(session: Session, edition: EditionView, request: SignRequest, as_of: datetime) -> bool:
    """Sign one document if it may be signed and nobody else acts on it meanwhile, and tell whether it was signed.

    What is refused, and what its quantity or place decides, is left to be judged again under the lock.
    """
    found, version = find_document(session, edition, request.document_id, request.person_id, as_of)
    if any(documents.layout.is_conditional for documents in found.documents):
        return False
    acts = _decide_all(session, edition, found, {request.document_id: request.person_id})
    if not acts or not acts[0].done:
        return False
    [act] = acts
    before, after = _move_of(act)
    values = {
        **_signature(act, as_of),
        "document_id": request.document_id,
        "version": version,
        "next_slot": after,
        "state": _state_at(after),
        "since": None if after == before else as_of,
    }
    return write_at_once(session, entry_of(edition, VERB, acts, as_of), values)


def _decide_all(session: Session, edition: EditionView, found: Found, signers: Mapping[int, int]) -> list[DocumentAct]:
    acts = [_decide(documents, person_id, found) for documents, person_id in alike(found.documents, signers)]
    return hold_back_unready(session, edition, acts, found.gates.as_of)


def _decide(documents: Waiting, person_id: int, found: Found) -> DocumentAct:
    held = documents.slot_of(person_id, found.mandates)
    turn, signed_before = _turn(documents), person_id in documents.signed.values()
    refusal = (
        found.gates.refusal(documents)
        or refusal_to_sign(turn, holds_the_post=held is not None, signed_before=signed_before)
        or refusal_before_turn(turn, documents.since, found.gates.as_of)
    )
    slot, mandate_id = (held[0].place, held[1]) if held else (documents.slot, None)
    return DocumentAct(documents, person_id, mandate_id, slot, refusal)


def _turn(documents: Waiting) -> Turn:
    titles = [slot.title for slot in documents.open_slots]
    return Turn(THE_DOCUMENT, documents.state, documents.slot, len(documents.layout.slots), titles)


def _write(
    session: Session, edition: EditionView, acts: Sequence[DocumentAct], sealed: Sealed, as_of: datetime
) -> None:
    act_ids = append_acts(session, edition, VERB, acts, as_of, sealed)
    signed = [(act, act_id) for act, act_id in zip(acts, act_ids, strict=True) if act.done]
    asked = sum(len(act.ids) for act, _ in signed)
    if not asked:
        return
    alone = asked == len(signed)  # a row each is told quicker than a list of one
    written = (_sign_each if sealed or alone else _sign_alike)(session, signed, sealed, as_of)
    moved = _move_on(session, [act for act, _ in signed], as_of)
    if written != asked or moved != asked:
        raise DocumentsMoved(documents=asked)


def _sign_alike(session: Session, signed: Sequence[tuple[DocumentAct, int]], _: Sealed, as_of: datetime) -> int:
    """Write the signatures of each act from the list of its documents, and return how many."""
    return _SIGN_ALIKE.change_each(
        session, ({**_signature(act, as_of), "act_id": act_id, "ids": act.ids} for act, act_id in signed)
    )


def _sign_each(session: Session, signed: Sequence[tuple[DocumentAct, int]], sealed: Sealed, as_of: datetime) -> int:
    """Write each signature as a row of its own, with its evidence where it has one, and return how many."""
    evidence = evidence_columns(session, [act for act, _ in signed], sealed) if sealed else {}
    rows = (
        {
            **_signature(act, as_of),
            "document_id": key,
            "round": act.documents.round,
            "act_id": act_id,
            **evidence.get(key, NO_EVIDENCE),
        }
        for act, act_id in signed
        for key in act.ids
    )
    return _SIGN_EACH.change_each(session, rows)


def _signature(act: DocumentAct, as_of: datetime) -> dict[str, Any]:
    return {"slot": act.slot, "person_id": act.person_id, "mandate_id": act.mandate_id, "at": as_of}


def _move_on(session: Session, signed: Sequence[DocumentAct], as_of: datetime) -> int:
    """Advance every signed document to the slot after, and return how many; those that move alike share a statement."""
    by_move: dict[tuple[int, int], list[int]] = defaultdict(list)
    for act in signed:
        by_move[_move_of(act)] += act.ids
    return sum(
        _MOVE_ON.change(
            session,
            ids=ids,
            before=before,
            after=after,
            new_state=_state_at(after),
            at=as_of,
            since=None if after == before else as_of,
        )
        for (before, after), ids in by_move.items()
    )


def _move_of(act: DocumentAct) -> tuple[int, int]:
    """Return the place a document waits for before and after it is signed; the same while its stage takes more."""
    documents = act.documents
    signed = {*documents.signed, act.slot}
    return documents.slot, documents.layout.place_after(documents.slot, signed, documents.facts)


def _state_at(place: int) -> DocumentState:
    return DocumentState.RECORDED if place else DocumentState.COMPLETE


_SIGN_EACH = Prepared(
    insert(Signature).values({column.key: bindparam(column.key) for column in table_of(Signature).columns})
)
_PUT = ("slot", "person_id", "mandate_id", "act_id", "at")
_SIGN_ALIKE = Prepared(
    insert(Signature).from_select(
        ["document_id", "round", *_PUT],
        select(
            Document.id, Document.round, *(bindparam(name, type_=table_of(Signature).c[name].type) for name in _PUT)
        ).where(among(Document.id, "ids")),
    )
)
_MOVE_ON = Prepared(
    update(Document)
    .where(among(Document.id, "ids"), Document.next_slot == bindparam("before"))
    .values(
        next_slot=bindparam("after"),
        state=bindparam("new_state"),
        recorded_at=func.coalesce(Document.recorded_at, bindparam("at", type_=Instant)),
        waiting_since=func.coalesce(bindparam("since", type_=Instant), Document.waiting_since),
    )
)
