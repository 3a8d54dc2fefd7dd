"""Signing documents, one or hundreds in one act: gate, mandate, turn, signature and trail in one transaction."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, update
from sqlalchemy.orm import Session

from sekaps.domain.signatures import DocumentState, Turn, refusal_before_turn, refusal_to_sign
from sekaps.models.base import Instant
from sekaps.models.documents import Document, Signature
from sekaps.services.document_acts import DocumentAct, append_acts, outcomes
from sekaps.services.editions import EditionView
from sekaps.services.evidence import NO_EVIDENCE, Sealed, Seals, evidence_columns, seal_acts
from sekaps.services.outcomes import Outcome
from sekaps.services.prepared import Prepared, among
from sekaps.services.readiness import hold_back_unready
from sekaps.services.requests import SignRequest
from sekaps.services.waiting import Gates, Mandates, Waiting, gates_of, lock_documents, mandates_of
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
    documents = lock_documents(session, edition.id, [request.document_id for request in requests])
    mandates = mandates_of(session, {request.person_id for request in requests}, as_of)
    gates = gates_of(session, edition, documents.values(), as_of)
    signers = {request.document_id: request.person_id for request in reversed(requests)}
    asked = ((documents[key], person_id) for key, person_id in signers.items() if key in documents)
    acts = _decide_all(asked, mandates, gates)
    acts = hold_back_unready(session, edition, acts, as_of)
    acts, sealed = seal_acts(session, acts, seals, as_of)
    _write(session, edition, acts, sealed, as_of)
    return outcomes([(request.document_id, request.person_id) for request in requests], acts)


def _decide_all(asked: Iterable[tuple[Waiting, int]], mandates: Mandates, gates: Gates) -> list[DocumentAct]:
    """Return what may be done; documents alike in all that counts are judged once, and each refusal names its own."""
    allowed: dict[Hashable, DocumentAct] = {}
    acts = []
    for document, person_id in asked:
        alike = (person_id, document.case)
        judged = allowed.get(alike)
        if judged is None:
            act = _decide(document, person_id, mandates, gates)
            if act.done:
                allowed[alike] = act
        else:
            act = DocumentAct(document, person_id, judged.mandate_id, judged.slot, None)
        acts.append(act)
    return acts


def _decide(document: Waiting, person_id: int, mandates: Mandates, gates: Gates) -> DocumentAct:
    held = document.slot_of(person_id, mandates)
    turn, signed_before = _turn(document), person_id in document.signed.values()
    refusal = (
        gates.refusal(document)
        or refusal_to_sign(turn, holds_the_post=held is not None, signed_before=signed_before)
        or refusal_before_turn(turn, document.since, gates.as_of)
    )
    slot, mandate_id = (held[0].place, held[1]) if held else (document.slot, None)
    return DocumentAct(document, person_id, mandate_id, slot, refusal)


def _turn(document: Waiting) -> Turn:
    titles = [slot.title for slot in document.open_slots]
    return Turn(document.number, document.state, document.slot, len(document.layout.slots), titles)


def _write(
    session: Session, edition: EditionView, acts: Sequence[DocumentAct], sealed: Sealed, as_of: datetime
) -> None:
    act_ids = append_acts(session, edition, VERB, acts, as_of, sealed)
    signed = [act for act in acts if act.done]
    if signed:
        evidence = evidence_columns(session, signed, sealed)
        rows = ({**_signature(act, act_ids, as_of), **evidence.get(act.document.id, NO_EVIDENCE)} for act in signed)
        _SIGN.change_each(session, rows)
        _move_on(session, signed, as_of)


def _signature(act: DocumentAct, act_ids: Mapping[int, int], as_of: datetime) -> dict[str, Any]:
    return {
        "document_id": act.document.id,
        "round": act.document.round,
        "slot": act.slot,
        "person_id": act.person_id,
        "mandate_id": act.mandate_id,
        "act_id": act_ids[act.document.id],
        "at": as_of,
    }


def _move_on(session: Session, signed: Sequence[DocumentAct], as_of: datetime) -> None:
    """Advance every signed document to the slot after; the ones that share the slot after share a statement."""
    alike: dict[Hashable, list[DocumentAct]] = defaultdict(list)
    for act in signed:
        alike[act.slot, act.document.case].append(act)
    by_slot: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for acts in alike.values():
        first, slot = acts[0].document, acts[0].slot
        after = first.layout.place_after(first.slot, {*first.signed, slot}, first.facts)
        by_slot[after, after == first.slot] += [act.document.id for act in acts]
    for (slot, still_waits), ids in by_slot.items():
        state = DocumentState.RECORDED if slot else DocumentState.COMPLETE
        since = None if still_waits else as_of
        _MOVE_ON.change(session, ids=ids, slot=slot, new_state=state, at=as_of, since=since)


_SIGN = Prepared(
    insert(Signature).values({column.key: bindparam(column.key) for column in table_of(Signature).columns})
)
_MOVE_ON = Prepared(
    update(Document)
    .where(among(Document.id, "ids"))
    .values(
        next_slot=bindparam("slot"),
        state=bindparam("new_state"),
        recorded_at=func.coalesce(Document.recorded_at, bindparam("at", type_=Instant)),
        waiting_since=func.coalesce(bindparam("since", type_=Instant), Document.waiting_since),
    )
)
