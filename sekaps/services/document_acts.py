"""What people do to documents, put on the trail in groups: one act for one person, step, verb and answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from sekaps.domain.evidence import SignedSlot, digest_of_signatures
from sekaps.domain.trail import Entry, digest_of
from sekaps.evidence.kept import KeptSignature
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.outcomes import Outcome
from sekaps.services.waiting import Waiting
from sekaps.texts import Text, text

SEALED = "signatures"
"""The fact of an act that holds the digest of its signatures."""
NAMED_IN_TRAIL = 200
"""An act names up to so many documents one by one; a longer list stands there as its digest."""
THE_DOCUMENT = "the document"
"""What stands for the number in a refusal told of several documents."""


@dataclass(frozen=True, slots=True)
class DocumentAct:
    """A request with what was decided of it: done in a slot by a mandate, or refused."""

    document: Waiting
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
    def answer(self) -> str:
        """The refusal as the trail words it for documents refused alike: without the number that tells them apart."""
        if self.refusal is None:
            return ""
        facts = self.refusal.facts
        named = {"number": THE_DOCUMENT} if facts.get("number") == self.document.number else {}
        return Text(self.refusal.msgid, {**facts, **named}).say("en")

    @property
    def group(self) -> tuple[str, str, int, int | None, str, str]:
        """Acts of one person on one step with one answer and one reason go on the trail together."""
        return self.document.activity, self.document.step, self.person_id, self.mandate_id, self.answer, self.reason


def append_acts(
    session: Session,
    edition: EditionView,
    verb: str,
    acts: Sequence[DocumentAct],
    as_of: datetime,
    sealed: Mapping[int, KeptSignature] | None = None,
) -> dict[int, int]:
    """Put acts on the trail, refusals too, and return the id of the act by document.

    An act whose documents are sealed names the digest of its signatures: no row of them can go or change unseen.
    """
    groups: dict[Any, list[DocumentAct]] = defaultdict(list)
    for act in acts:
        groups[act.group].append(act)
    entries = [_entry(edition, verb, group, as_of, sealed or {}) for group in groups.values()]
    act_ids = trail.append_all(session, entries)
    return {act.document.id: act_id for act_id, group in zip(act_ids, groups.values(), strict=True) for act in group}


def _entry(
    edition: EditionView,
    verb: str,
    group: Sequence[DocumentAct],
    as_of: datetime,
    sealed: Mapping[int, KeptSignature],
) -> Entry:
    first, ids = group[0], [act.document.id for act in group]
    named = {"documents": ids} if len(ids) <= NAMED_IN_TRAIL else {"digest": digest_of(ids)}
    said = first.reason
    if first.refusal is not None:
        said = first.refusal.say("en") if len(group) == 1 else first.answer
    return Entry(
        at=as_of,
        verb=verb,
        outcome="done" if first.done else "refused",
        mandate_id=first.mandate_id,
        authority="person",
        edition_id=edition.id,
        revision=edition.revision,
        activity=first.document.activity,
        step=first.document.step,
        documents=len(group),
        facts={
            **named,
            "person": first.person_id,
            **({"reason": said} if said else {}),
            **({SEALED: _digest_of(group, sealed, as_of)} if first.done and sealed else {}),
        },
    )


def _digest_of(group: Sequence[DocumentAct], sealed: Mapping[int, KeptSignature], as_of: datetime) -> str:
    return digest_of_signatures(
        SignedSlot(
            act.document.id,
            act.document.round,
            act.slot,
            act.person_id,
            act.mandate_id or 0,
            as_of,
            sealed[act.document.id].content_digest,
        )
        for act in sorted(group, key=lambda act: act.document.id)
    )


def outcomes(asked: Iterable[tuple[int, int]], acts: Iterable[DocumentAct]) -> list[Outcome]:
    """Return one outcome for each (document, person) asked, in order."""
    decided: Mapping[tuple[int, int], Text | None] = {(act.document.id, act.person_id): act.refusal for act in acts}
    unknown = text("no such document in this edition, or asked for twice in one act")
    return [Outcome(key[0], decided.get(key, unknown)) for key in asked]
