"""Sending documents back, resubmitting and withdrawing them, one or hundreds in one act; signatures stay as history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from sekaps.domain.signatures import NEXT_STATE, DocumentState, Verb, refusal_to
from sekaps.models.documents import Document, DocumentReturn
from sekaps.services.document_acts import THE_DOCUMENT, DocumentAct, append_acts, outcomes
from sekaps.services.editions import EditionView
from sekaps.services.outcomes import Outcome
from sekaps.services.requests import DocumentRequest
from sekaps.services.waiting import Found, Mandates, Waiting, alike, lock_documents
from sekaps.services.writing import chunked

FIRST = 1
"""The slot of whoever prepares a document."""


def send_back(
    session: Session, edition: EditionView, requests: Sequence[DocumentRequest], as_of: datetime
) -> list[Outcome]:
    """Send documents back with a reason, each by who may sign it now; they wait for their first slot from then on."""
    acts, act_ids = _decide_all(session, edition, Verb.RETURN, requests, as_of)
    done = [(act, act_id) for act, act_id in zip(acts, act_ids, strict=True) if act.done]
    if done:
        rows = [row for act, act_id in done for row in _return_rows(act, act_id, as_of)]
        session.execute(insert(DocumentReturn), rows)
    _change(session, [act for act, _ in done], Verb.RETURN, {"next_slot": FIRST, "waiting_since": as_of})
    return _outcomes(session, requests, acts)


def resubmit(
    session: Session, edition: EditionView, requests: Sequence[DocumentRequest], as_of: datetime
) -> list[Outcome]:
    """Put returned documents on their way again, by who signs first: a new round, signed from its first slot."""
    acts, _ = _decide_all(session, edition, Verb.RESUBMIT, requests, as_of)
    done = [act for act in acts if act.done]
    for part in chunked([key for act in done for key in act.ids]):
        open_return = (DocumentReturn.document_id.in_(part), DocumentReturn.resubmitted_at.is_(None))
        session.execute(update(DocumentReturn).where(*open_return).values(resubmitted_at=as_of))
    values = {"next_slot": FIRST, "waiting_since": as_of, "round": Document.round + 1}
    _change(session, done, Verb.RESUBMIT, values)
    return _outcomes(session, requests, acts)


def withdraw(
    session: Session, edition: EditionView, requests: Sequence[DocumentRequest], as_of: datetime
) -> list[Outcome]:
    """Take documents back with a reason, by who signs first; a complete one is no longer theirs to take back."""
    acts, _ = _decide_all(session, edition, Verb.WITHDRAW, requests, as_of)
    _change(session, [act for act in acts if act.done], Verb.WITHDRAW, {"waiting_since": as_of})
    return _outcomes(session, requests, acts)


def _decide_all(
    session: Session, edition: EditionView, verb: Verb, requests: Sequence[DocumentRequest], as_of: datetime
) -> tuple[list[DocumentAct], list[int]]:
    asked = {request.document_id: (request.person_id, request.reason.strip()) for request in reversed(requests)}
    people = {request.person_id for request in requests}
    locked = lock_documents(session, edition, asked, people, as_of)
    acts = [_decide(verb, documents, *by_whom, locked) for documents, by_whom in alike(locked.documents, asked)]
    return acts, append_acts(session, edition, f"{verb}_document", acts, as_of)


def _decide(verb: Verb, documents: Waiting, person_id: int, reason: str, locked: Found) -> DocumentAct:
    slot, mandate_id = _standing(verb, documents, person_id, locked.mandates)
    refusal = refusal_to(verb, THE_DOCUMENT, documents.state, holds_the_post=mandate_id is not None, reason=reason)
    return DocumentAct(documents, person_id, mandate_id, slot, refusal or locked.gates.refusal(documents), reason)


def _standing(verb: Verb, documents: Waiting, person_id: int, mandates: Mandates) -> tuple[int, int | None]:
    """Return the slot a person acts from and the mandate for it: an open slot, or the first one of the chain."""
    if verb is Verb.RETURN:
        held = documents.slot_of(person_id, mandates)
        return (held[0].place, held[1]) if held else (documents.slot, None)
    first = documents.layout.slots[0]
    return first.place, mandates.get((person_id, first.post_id))


def _return_rows(act: DocumentAct, act_id: int, as_of: datetime) -> list[dict[str, Any]]:
    row = {
        "round": act.documents.round,
        "slot": act.slot,
        "person_id": act.person_id,
        "mandate_id": act.mandate_id,
        "act_id": act_id,
        "at": as_of,
        "reason": act.reason,
    }
    return [{**row, "document_id": key} for key in act.ids]


def _change(session: Session, done: Sequence[DocumentAct], verb: Verb, values: dict[str, Any]) -> None:
    for state in {act.documents.state for act in done}:
        ids = [key for act in done if act.documents.state == state for key in act.ids]
        new = NEXT_STATE[DocumentState(state), verb]
        for part in chunked(ids):
            session.execute(update(Document).where(Document.id.in_(part)).values(state=new, **values))


def _outcomes(session: Session, requests: Sequence[DocumentRequest], acts: Sequence[DocumentAct]) -> list[Outcome]:
    return outcomes(session, [(request.document_id, request.person_id) for request in requests], acts)
