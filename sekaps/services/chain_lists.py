"""Chains as people read them: every version of a unit's chains, and the proposals that wait for a ministry."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.chains import Condition
from sekaps.models.documents import Chain, ChainSlot
from sekaps.models.registry import Person, Post, Unit
from sekaps.services.chains import PROPOSED
from sekaps.services.registry import require_unit
from sekaps.services.waiting import read_condition
from sekaps.services.writing import Query, chunked


@dataclass(frozen=True, slots=True)
class ListedPost:
    """A post of a stage, with the unit it belongs to."""

    kind: str
    title: str
    unit: int
    unit_name: str


@dataclass(frozen=True, slots=True)
class ListedStage:
    """The posts that sign side by side, how many of them, and when."""

    posts: tuple[ListedPost, ...]
    needed: int
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class ListedChain:
    """One version of a chain, with who proposed and who decided it."""

    number: int
    unit: int
    unit_name: str
    kind: str
    variant: str
    version: int
    state: str
    proposed_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    stages: tuple[ListedStage, ...]


def list_chains(session: Session, unit: int, kind: str = "") -> list[ListedChain]:
    """Return every version of a unit's chains, of one kind of document or of all; raise UnitUnknown."""
    query = _chains().where(Chain.unit_id == require_unit(session, unit).id)
    return _listed(session, query.where(Chain.document_kind == kind) if kind else query)


def list_proposals(session: Session, ministry: int | None = None) -> list[ListedChain]:
    """Return the proposals that wait for a decision, of one ministry's units and its own, or of all."""
    query = _chains().where(Chain.state == PROPOSED)
    if ministry is not None:
        own = require_unit(session, ministry).id
        query = query.where(or_(Unit.ministry_id == own, Unit.id == own))
    return _listed(session, query)


def _chains() -> Query:
    proposer, decider = aliased(Person), aliased(Person)
    return (
        select(
            Chain.id.label("number"),
            Unit.number.label("unit"),
            Unit.name.label("unit_name"),
            Chain.document_kind.label("kind"),
            Chain.variant,
            Chain.version,
            Chain.state,
            proposer.name.label("proposed_by"),
            decider.name.label("decided_by"),
            Chain.decided_at,
        )
        .join(Unit, Unit.id == Chain.unit_id)
        .outerjoin(proposer, proposer.id == Chain.proposed_by_id)
        .outerjoin(decider, decider.id == Chain.decided_by_id)
        .order_by(Unit.number, Chain.document_kind, Chain.variant, Chain.version)
    )


def _listed(session: Session, query: Query) -> list[ListedChain]:
    rows = list(session.execute(query))
    stages = _stages(session, [row.number for row in rows])
    return [ListedChain(**row._mapping, stages=stages[row.number]) for row in rows]


def _stages(session: Session, chain_ids: list[int]) -> dict[int, tuple[ListedStage, ...]]:
    slots: dict[int, list[Any]] = defaultdict(list)
    query = (
        select(ChainSlot, Post.kind, Post.title, Unit.number, Unit.name)
        .join(Post, Post.id == ChainSlot.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .order_by(ChainSlot.chain_id, ChainSlot.slot)
    )
    for part in chunked(chain_ids):
        for row in session.execute(query.where(ChainSlot.chain_id.in_(part))):
            slots[row[0].chain_id].append(row)
    return {chain_id: tuple(_grouped(slots[chain_id])) for chain_id in chain_ids}


def _grouped(rows: Iterable[Any]) -> Iterable[ListedStage]:
    for _, members in groupby(rows, key=lambda row: row[0].stage):
        found = list(members)
        slot = found[0][0]
        posts = tuple(ListedPost(*row[1:]) for row in found)
        yield ListedStage(posts, slot.needed, read_condition(slot.condition))
