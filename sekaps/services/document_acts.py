"""What people do to documents, put on the trail in groups: one act for one person, step, verb and answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from sekaps.domain.evidence import SignedSlot, digest_of_signatures
from sekaps.domain.trail import Entry, digest_of
from sekaps.evidence.kept import KeptSignature
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.outcomes import Outcome
from sekaps.services.waiting import Waiting, numbers_of
from sekaps.texts import Text, text

Sealed = Mapping[int, KeptSignature]
"""The signature of each document signed in one act, by the document's id."""
NOTHING: Mapping[int, Any] = {}
SEALED = "signatures"
"""The fact of an act that holds the digest of its signatures."""
NAMED_IN_TRAIL = 200
"""An act names up to so many documents one by one; a longer list stands there as its digest."""
THE_DOCUMENT = "the document"
"""What stands for the number in a refusal decided for several documents, and told of them together."""


@dataclass(frozen=True, slots=True)
class DocumentAct:
    """What one person asked of documents alike, with what was decided: done in a slot by a mandate, or refused.

    A refusal speaks of the document; its number is named where it is told of one alone.
    """

    documents: Waiting
    person_id: int
    mandate_id: int | None
    slot: int
    refusal: Text | None
    reason: str = ""

    @property
    def done(self) -> bool:
        """Whether it happened."""
        return self.refusal is None

    @property
    def ids(self) -> Sequence[int]:
        """The documents it was asked of."""
        return self.documents.ids

    @property
    def group(self) -> tuple[str, str, int, int | None, str, str]:
        """Acts of one person on one step with one answer and one reason go on the trail together."""
        answer = "" if self.refusal is None else self.refusal.say("en")
        return self.documents.activity, self.documents.step, self.person_id, self.mandate_id, answer, self.reason


def refuse(acts: Sequence[DocumentAct], refusals: Mapping[int, Text]) -> list[DocumentAct]:
    """Return the acts, those that were done refused for the documents named."""
    if not refusals:
        return list(acts)
    parts = [(act, refusals if act.done else {}) for act in acts]
    return [part for act, named in parts for part in _told_apart(act, named)]


def _told_apart(act: DocumentAct, refusals: Mapping[int, Text]) -> Iterator[DocumentAct]:
    kept = [key for key in act.ids if key not in refusals]
    if kept:
        yield act if len(kept) == len(act.ids) else replace(act, documents=replace(act.documents, ids=kept))
    for key in act.ids:
        if key in refusals:
            yield replace(act, documents=replace(act.documents, ids=[key]), refusal=refusals[key])


def append_acts(
    session: Session,
    edition: EditionView,
    verb: str,
    acts: Sequence[DocumentAct],
    as_of: datetime,
    sealed: Sealed = NOTHING,
) -> list[int]:
    """Put acts on the trail, refusals too, and return the id of the row in which each of them stands.

    An act whose documents are sealed names the digest of its signatures: no row of them can go or change unseen.
    """
    groups: dict[Any, list[DocumentAct]] = defaultdict(list)
    keys = [act.group for act in acts]
    for key, act in zip(keys, acts, strict=True):
        groups[key].append(act)
    numbers = _refused_numbers(session, acts)
    entries = [entry_of(edition, verb, group, as_of, sealed, numbers) for group in groups.values()]
    act_ids = dict(zip(groups, trail.append_all(session, entries), strict=True))
    return [act_ids[key] for key in keys]


def _refused_numbers(session: Session, acts: Iterable[DocumentAct]) -> dict[int, str]:
    """Return the numbers of the documents that were refused; nothing else is told by number."""
    refused = [key for act in acts if not act.done for key in act.ids]
    return numbers_of(session, refused) if refused else {}


def entry_of(
    edition: EditionView,
    verb: str,
    group: Sequence[DocumentAct],
    as_of: datetime,
    sealed: Sealed = NOTHING,
    numbers: Mapping[int, str] = NOTHING,
) -> Entry:
    """Return what the trail tells of acts that go on it together; refused, the document's number is named if alone."""
    first, ids = group[0], sorted(key for act in group for key in act.ids)
    named = {"documents": ids} if len(ids) <= NAMED_IN_TRAIL else {"digest": digest_of(ids)}
    said = _said(first, ids, numbers)
    return Entry(
        at=as_of,
        verb=verb,
        outcome="done" if first.done else "refused",
        mandate_id=first.mandate_id,
        authority="person",
        edition_id=edition.id,
        revision=edition.revision,
        activity=first.documents.activity,
        step=first.documents.step,
        documents=len(ids),
        facts={
            **named,
            "person": first.person_id,
            **({"reason": said} if said else {}),
            **({SEALED: _digest_of(group, sealed, as_of)} if first.done and sealed else {}),
        },
    )


def _said(act: DocumentAct, ids: Sequence[int], numbers: Mapping[int, str]) -> str:
    """Return the refusal as the trail words it, the document's number named where it is one; else the reason given."""
    if act.refusal is None:
        return act.reason
    refusal = named(act.refusal, numbers[ids[0]]) if len(ids) == 1 else act.refusal
    return refusal.say("en")


def named(refusal: Text, number: str) -> Text:
    """Return a refusal with the number of the document it is told of."""
    about = {"number": number} if refusal.facts.get("number") == THE_DOCUMENT else {}
    return Text(refusal.msgid, {**refusal.facts, **about})


def _digest_of(group: Sequence[DocumentAct], sealed: Sealed, as_of: datetime) -> str:
    slots = (
        SignedSlot(
            key,
            act.documents.round,
            act.slot,
            act.person_id,
            act.mandate_id or 0,
            as_of,
            sealed[key].content_digest,
        )
        for act in group
        for key in act.ids
    )
    return digest_of_signatures(sorted(slots, key=attrgetter("document_id")))


def outcomes(session: Session, asked: Sequence[tuple[int, int]], acts: Sequence[DocumentAct]) -> list[Outcome]:
    """Return one outcome for each (document, person) asked, in order."""
    done = {(key, act.person_id) for act in acts if act.done for key in act.ids}
    if len(done) == len(asked) and done.issuperset(asked):
        return [Outcome(key) for key, _ in asked]
    numbers = _refused_numbers(session, acts)
    refused = {(key, act.person_id): named(act.refusal, numbers[key]) for act in acts if act.refusal for key in act.ids}
    return [Outcome(key[0], None if key in done else refused.get(key, _UNKNOWN)) for key in asked]


_UNKNOWN = text("no such document in this edition, or asked for twice in one act")
