"""Sending documents back, resubmitting and withdrawing them, one or hundreds in one act; signatures stay as history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from sekaps.domain.signatures import NEXT_STATE, DocumentState, Verb, refusal_to
from sekaps.models.documents import Document, DocumentReturn
from sekaps.services.document_acts import DocumentAct, append_acts, outcomes
from sekaps.services.editions import EditionView
from sekaps.services.outcomes import Outcome
from sekaps.services.requests import DocumentRequest
from sekaps.services.waiting import Gates, Mandates, Waiting, gates_of, lock_documents, mandates_of
from sekaps.services.writing import chunked

FIRST = 1
"""The slot of whoever prepares a document."""


def send_back(
    session: Session, edition: EditionView, requests: Sequence[DocumentRequest], as_of: datetime
) -> list[Outcome]:
    """Send documents back with a reason, each by who may sign it now; they wait for their first slot from then on."""
    acts, act_ids = _decide_all(session, edition, Verb.RETURN, requests, as_of)
    done = [act for act in acts if act.done]
    if done:
        rows = [_return_row(act, act_ids[act.document.id], as_of) for act in done]
        session.execute(insert(DocumentReturn), rows)
    _change(session, done, Verb.RETURN, {"next_slot": FIRST, "waiting_since": as_of})
    return _outcomes(requests, acts)


def resubmit(
    session: Session, edition: EditionView, requests: Sequence[DocumentRequest], as_of: datetime
) -> list[Outcome]:
    """Put returned documents on their way again, by who signs first: a new round, signed from its first slot."""
    acts, _ = _decide_all(session, edition, Verb.RESUBMIT, requests, as_of)
    done = [act for act in acts if act.done]
    for part in chunked([act.document.id for act in done]):
        open_return = (DocumentReturn.document_id.in_(part), DocumentReturn.resubmitted_at.is_(None))
        session.execute(update(DocumentReturn).where(*open_return).values(resubmitted_at=as_of))
    values = {"next_slot": FIRST, "waiting_since": as_of, "round": Document.round + 1}
    _change(session, done, Verb.RESUBMIT, values)
    return _outcomes(requests, acts)


def withdraw(
    session: Session, edition: EditionView, requests: Sequence[DocumentRequest], as_of: datetime
) -> list[Outcome]:
    """Take documents back with a reason, by who signs first; a complete one is no longer theirs to take back."""
    acts, _ = _decide_all(session, edition, Verb.WITHDRAW, requests, as_of)
    _change(session, [act for act in acts if act.done], Verb.WITHDRAW, {"waiting_since": as_of})
    return _outcomes(requests, acts)


def _decide_all(
    session: Session, edition: EditionView, verb: Verb, requests: Sequence[DocumentRequest], as_of: datetime
) -> tuple[list[DocumentAct], dict[int, int]]:
    documents = lock_documents(session, edition.id, [request.document_id for request in requests])
    mandates = mandates_of(session, {request.person_id for request in requests}, as_of)
    gates = gates_of(session, edition, documents.values(), as_of)
    once = {request.document_id: request for request in reversed(requests) if request.document_id in documents}
    acts = [_decide(verb, documents[key], request, mandates, gates) for key, request in once.items()]
    return acts, append_acts(session, edition, f"{verb}_document", acts, as_of)


def _decide(verb: Verb, document: Waiting, request: DocumentRequest, mandates: Mandates, gates: Gates) -> DocumentAct:
    slot, mandate_id = _standing(verb, document, request.person_id, mandates)
    refusal = refusal_to(
        verb, document.number, document.state, holds_the_post=mandate_id is not None, reason=request.reason
    )
    return DocumentAct(
        document, request.person_id, mandate_id, slot, refusal or gates.refusal(document), request.reason.strip()
    )


def _standing(verb: Verb, document: Waiting, person_id: int, mandates: Mandates) -> tuple[int, int | None]:
    """Return the slot a person acts from and the mandate for it: an open slot, or the first one of the chain."""
    if verb is Verb.RETURN:
        held = document.slot_of(person_id, mandates)
        return (held[0].place, held[1]) if held else (document.slot, None)
    first = document.layout.slots[0]
    return first.place, mandates.get((person_id, first.post_id))


def _return_row(act: DocumentAct, act_id: int, as_of: datetime) -> dict[str, Any]:
    return {
        "document_id": act.document.id,
        "round": act.document.round,
        "slot": act.slot,
        "person_id": act.person_id,
        "mandate_id": act.mandate_id,
        "act_id": act_id,
        "at": as_of,
        "reason": act.reason,
    }


def _change(session: Session, done: Sequence[DocumentAct], verb: Verb, values: dict[str, Any]) -> None:
    for state in {act.document.state for act in done}:
        ids = [act.document.id for act in done if act.document.state == state]
        new = NEXT_STATE[DocumentState(state), verb]
        for part in chunked(ids):
            session.execute(update(Document).where(Document.id.in_(part)).values(state=new, **values))


def _outcomes(requests: Sequence[DocumentRequest], acts: Sequence[DocumentAct]) -> list[Outcome]:
    return outcomes([(request.document_id, request.person_id) for request in requests], acts)
