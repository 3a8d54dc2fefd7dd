"""Moving documents under way from one chain to another: named, decided by the ministry, one act for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.chain_moves import FIRST, Move, find_move
from sekaps.domain.chains import Layout
from sekaps.domain.signatures import DocumentState
from sekaps.domain.trail import Entry, digest_of
from sekaps.errors.chains import ChainMigrationRefused
from sekaps.models.documents import Chain, Document, DocumentReturn
from sekaps.models.registry import Unit
from sekaps.models.trail import Act
from sekaps.services import trail
from sekaps.services.chains import ACTIVE, STATES, approving_unit, find_chain, mandate_in
from sekaps.services.closing import require_not_closed
from sekaps.services.document_acts import NAMED_IN_TRAIL
from sekaps.services.editions import EditionView
from sekaps.services.open_work import OPEN_STATES
from sekaps.services.requests import ChainMigration
from sekaps.services.waiting import Waiting, chain_layouts, lock_documents, numbers_of, tell_apart
from sekaps.services.writing import chunked
from sekaps.texts import Text, text

VERB = "migrate_documents"


@dataclass(frozen=True, slots=True)
class Left:
    """A document that keeps its chain, and why."""

    number: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a migration did: how many documents moved, how many began anew, and the ones left where they are."""

    moved: int
    restarted: int
    left: tuple[Left, ...]
    done_before: bool = False
    """Whether a migration of that name was carried out earlier; nothing more was done then."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Documents alike with where they go, and whether they begin anew there."""

    documents: Waiting
    move: Move
    restarts: bool
    waits_anew: bool

    @property
    def goes(self) -> bool:
        return self.restarts or self.move.obstacle is None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a migration would do now, by which mandate; what the trail tells of it when it was done before."""

    mandate_id: int
    steps: Sequence[_Step]
    before: Mapping[str, Any] | None
    left: tuple[Left, ...]

    @property
    def going(self) -> list[int]:
        """The documents that leave their chain, in the order of their ids."""
        return sorted(key for step in self.steps if step.goes for key in step.documents.ids)

    @property
    def anew(self) -> list[int]:
        """Those of them that begin anew in the other one."""
        return sorted(key for step in self.steps if step.restarts for key in step.documents.ids)

    @property
    def outcome(self) -> Migrated:
        if self.before is not None:
            return Migrated(self.before["moved"], self.before["restarted"], self.left, done_before=True)
        return Migrated(len(self.going) - len(self.anew), len(self.anew), self.left)


def migrate_documents(session: Session, edition: EditionView, order: ChainMigration, as_of: datetime) -> Migrated:
    """Move an edition's open documents to another chain, and return how many moved and which were left and why.

    Carried out before under the same name, nothing more is done. Raises ChainMigrationRefused, ChainUnknown, and
    EditionClosed.
    """
    require_not_closed(session, edition)
    plan = _plan(session, edition, order, as_of)
    if plan.before is None:
        going = [step for step in plan.steps if step.goes]
        act_id = trail.append(session, _entry(edition, order, plan, as_of))
        _void(session, [step for step in going if step.restarts], order, (act_id, plan.mandate_id), as_of)
        _change(session, going, order.to_chain, as_of)
    return plan.outcome


def foresee_migration(session: Session, edition: EditionView, order: ChainMigration, as_of: datetime) -> Migrated:
    """Return what a migration would do, without doing it; raise what the migration itself would."""
    return _plan(session, edition, order, as_of).outcome


def _plan(session: Session, edition: EditionView, order: ChainMigration, as_of: datetime) -> _Plan:
    mandate_id = _require_right(session, order, as_of)
    before = _earlier(session, edition, order)
    steps = _steps(session, edition, order, as_of)
    return _Plan(mandate_id, steps, before, _left(session, steps))


def _require_right(session: Session, order: ChainMigration, as_of: datetime) -> int:
    """Return the mandate of who decides it; raise ChainMigrationRefused for what makes no migration."""
    held, other = find_chain(session, order.from_chain), find_chain(session, order.to_chain)
    problem = _problem(order, held, other)
    if problem is not None:
        raise ChainMigrationRefused(name=order.name, problem=problem)
    unit = session.get_one(Unit, held.unit_id)
    mandate_id = mandate_in(session, order.person_id, approving_unit(unit), as_of)
    if mandate_id is None:
        who = text("it is decided by who holds a post of the unit's ministry, or of the unit where it has none")
        raise ChainMigrationRefused(name=order.name, problem=who)
    return mandate_id


def _problem(order: ChainMigration, held: Chain, other: Chain) -> Text | None:
    if not order.name.strip():
        return text("it needs a name")
    if not order.reason.strip():
        return text("a reason must be given")
    if held.id == other.id:
        return text("both chains are the same one")
    if (held.unit_id, held.document_kind, held.variant) != (other.unit_id, other.document_kind, other.variant):
        return text("the chains are not versions of one: unit, kind of document and variant must be the same")
    if other.state != ACTIVE:
        return text("chain {number} is {state}; documents move to a chain in force only", number=other.id,
                    state=STATES[other.state])  # fmt: skip
    return None


def _earlier(session: Session, edition: EditionView, order: ChainMigration) -> dict[str, Any] | None:
    """Return what the trail tells of the migration of that name; raise when it was between other chains."""
    query = select(Act.facts).where(Act.edition_id == edition.id, Act.verb == VERB)
    facts = next((facts for facts in session.scalars(query) if facts["name"] == order.name.strip()), None)
    if facts is not None and (facts["from"], facts["to"]) != (order.from_chain, order.to_chain):
        used = text("the name was used for documents of chain {held} that went to {other}", held=facts["from"],
                    other=facts["to"])  # fmt: skip
        raise ChainMigrationRefused(name=order.name, problem=used)
    return facts


def _steps(session: Session, edition: EditionView, order: ChainMigration, as_of: datetime) -> list[_Step]:
    """Return every open document of the chain, locked, with where it goes."""
    mine = (Document.edition_id == edition.id, Document.chain_id == order.from_chain)
    ids = session.scalars(select(Document.id).where(*mine, Document.state.in_(OPEN_STATES)))
    locked = lock_documents(session, edition, ids, (), as_of)
    documents = [one for one in locked.documents if one.state in OPEN_STATES]
    other = chain_layouts(session, [order.to_chain])[order.to_chain]
    told = tell_apart(session, documents) if other.is_conditional else documents
    return [_step(one, other, restart=order.restart) for one in told]


def _step(documents: Waiting, other: Layout, *, restart: bool) -> _Step:
    signed = () if documents.state == DocumentState.RETURNED else tuple(documents.signed)
    move = find_move(documents.layout, other, signed, documents.facts)
    restarts = restart and move.obstacle is not None
    place = FIRST if restarts else move.place
    waited = {slot.post_id for slot in documents.layout.open_slots(documents.slot, signed)}
    waits = {slot.post_id for slot in other.open_slots(place, () if restarts else signed)}
    return _Step(documents, move, restarts, restarts or waited != waits)


def _void(
    session: Session, steps: Sequence[_Step], order: ChainMigration, by: tuple[int, int], as_of: datetime
) -> None:
    """Keep of each document that begins anew where it stood, as one sent back and resubmitted by the migration."""
    act_id, mandate_id = by
    rows = [
        {
            "document_id": key,
            "round": step.documents.round,
            "slot": step.documents.slot,
            "person_id": order.person_id,
            "mandate_id": mandate_id,
            "act_id": act_id,
            "at": as_of,
            "reason": order.reason.strip(),
            "resubmitted_at": as_of,
        }
        for step in steps
        for key in step.documents.ids
    ]
    if rows:
        session.execute(insert(DocumentReturn), rows)


def _change(session: Session, steps: Iterable[_Step], chain_id: int, as_of: datetime) -> None:
    """Write the chain and the place; documents that go the same way share a statement."""
    by_way: dict[tuple[int, bool, bool], list[int]] = defaultdict(list)
    for step in steps:
        by_way[step.move.place, step.restarts, step.waits_anew] += step.documents.ids
    for (place, restarts, waits_anew), ids in by_way.items():
        values: dict[str, Any] = {"chain_id": chain_id, "next_slot": FIRST if restarts else place}
        if restarts:
            values["round"] = Document.round + 1
        if waits_anew:
            values["waiting_since"] = as_of
        for part in chunked(ids):
            session.execute(update(Document).where(Document.id.in_(part)).values(values))


def _entry(edition: EditionView, order: ChainMigration, plan: _Plan, as_of: datetime) -> Entry:
    outcome, ids = plan.outcome, plan.going
    counts = {"moved": outcome.moved, "restarted": outcome.restarted, "left": len(outcome.left)}
    named = {"documents": ids, "anew": plan.anew} if len(ids) <= NAMED_IN_TRAIL else {}
    told = {"name": order.name.strip(), "from": order.from_chain, "to": order.to_chain, "reason": order.reason.strip()}
    return Entry(
        at=as_of,
        verb=VERB,
        mandate_id=plan.mandate_id,
        authority="person",
        edition_id=edition.id,
        revision=edition.revision,
        documents=len(ids),
        facts={**told, **counts, **named, "digest": digest_of(ids), "person": order.person_id},
    )


def _left(session: Session, steps: Iterable[_Step]) -> tuple[Left, ...]:
    kept = {key: step.move.obstacle for step in steps if not step.goes for key in step.documents.ids}
    numbers = numbers_of(session, list(kept))
    left = (Left(numbers[key], obstacle) for key, obstacle in kept.items() if obstacle)
    return tuple(sorted(left, key=lambda one: one.number))
