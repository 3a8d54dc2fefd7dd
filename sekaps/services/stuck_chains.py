"""Chains nobody can finish: posts without anybody, and people who would have to sign one document twice.

Documents in one slot of an even chain share their answer; only those with a signer who holds a later post, and those of
chains with parallel or conditional stages, are looked at one by one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from sekaps.domain.chain_seats import Candidates, Seat, blocked_seat, stages_left
from sekaps.domain.chains import Layout, Slot
from sekaps.domain.observatory import Block, Pile, Stuck
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.documents import ChainSlot, Document, Signature
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.registry import active
from sekaps.services.waiting import in_force, read_condition
from sekaps.services.writing import Query, chunked

Alike = tuple[int, int, int]
"""What tells alike documents: chain, slot, unit."""


def layouts_of(session: Session, standing: Subquery) -> dict[int, Layout]:
    """Return the layout of each chain that open documents stand in, in one statement and without the posts' titles."""
    chains = select(Document.chain_id).join(standing, standing.c.document_id == Document.id)
    columns = (ChainSlot.slot, ChainSlot.stage, ChainSlot.post_id, ChainSlot.needed, ChainSlot.condition)
    query = select(ChainSlot.chain_id, *columns).where(ChainSlot.chain_id.in_(chains))
    slots: dict[int, list[Slot]] = defaultdict(list)
    for chain_id, place, stage, post_id, needed, condition in session.execute(query.order_by(ChainSlot.slot)):
        slots[chain_id].append(Slot(place, stage, post_id, "", needed, read_condition(condition)))
    return {chain_id: Layout(tuple(found)) for chain_id, found in slots.items()}


@dataclass(frozen=True, slots=True)
class Stop:
    """So many documents of a pile that stop at a seat."""

    pile: Pile
    seat: Seat
    block: Block


def find_stuck(
    session: Session, standing: Subquery, piles: Iterable[Pile], layouts: Mapping[int, Layout], as_of: datetime
) -> list[Stuck]:
    """Return the documents whose chains nobody can finish as posts are held at the instant, gathered by seat."""
    candidates = _candidates(session, {slot.post_id for one in layouts.values() for slot in one.slots}, as_of)
    even, uneven = _parted(piles, layouts)
    stops = list(_stops_of_even(even, layouts, candidates))
    done = {_alike(stop.pile) for stop in stops}
    single = {_alike(pile): pile for pile in (*even, *uneven)}
    for row in _looked_at_singly(session, standing, {pile.chain_id for pile in uneven}, as_of):
        pile = single.get((row.chain_id, row.slot, row.unit_id))
        if pile is None or _alike(pile) in done:
            continue
        found = _judge(row, layouts[row.chain_id], candidates)
        if found is not None:
            one = replace(pile, documents=1, example=row.number, since=row.since or pile.since)
            stops.append(Stop(one, *found))
    return _gathered(session, stops)


def _parted(piles: Iterable[Pile], layouts: Mapping[int, Layout]) -> tuple[list[Pile], list[Pile]]:
    parts: tuple[list[Pile], list[Pile]] = ([], [])
    for pile in piles:
        parts[not layouts[pile.chain_id].is_plain].append(pile)
    return parts


def _stops_of_even(piles: Iterable[Pile], layouts: Mapping[int, Layout], candidates: Candidates) -> Iterator[Stop]:
    answers: dict[tuple[int, int], tuple[Seat, Block] | None] = {}
    for pile in piles:
        key = pile.chain_id, pile.slot
        if key not in answers:
            answers[key] = blocked_seat(stages_left(layouts[pile.chain_id], pile.slot, (), {}), candidates, ())
        found = answers[key]
        if found is not None:
            yield Stop(pile, *found)


def _alike(pile: Pile) -> Alike:
    return pile.chain_id, pile.slot, pile.owner.id


@dataclass(frozen=True, slots=True)
class _Single:
    """One document as it stood: its facts and, of its present round, who signed at which place."""

    number: str
    chain_id: int
    unit_id: int
    slot: int
    since: datetime | None
    facts: Mapping[str, int | str | None]
    signed: Mapping[int, int]


def _judge(one: _Single, layout: Layout, candidates: Candidates) -> tuple[Seat, Block] | None:
    left = stages_left(layout, one.slot, one.signed.keys(), one.facts)
    return blocked_seat(left, candidates, one.signed.values())


def _looked_at_singly(
    session: Session, standing: Subquery, uneven: Collection[int], as_of: datetime
) -> Iterator[_Single]:
    """Yield the documents of uneven chains, and those whose signers hold a post that is still to sign."""
    query = _singly(standing)
    rows = list(session.execute(query.where(Document.id.in_(_with_signers_ahead(standing, as_of)))))
    for part in chunked(sorted(uneven)):
        rows.extend(session.execute(query.where(Document.chain_id.in_(part))))
    signed = _signed(session, {row.id for row in rows}, as_of)
    for row in {row.id: row for row in rows}.values():
        held = {} if row.state == DocumentState.RETURNED else signed.get(row.id, {})
        facts = {"quantity": row.quantity, "module": row.module, "scope": row.scope}
        yield _Single(row.number, row.chain_id, row.unit_id, row.slot, row.since, facts, held)


def _singly(standing: Subquery) -> Query:
    return (
        select(
            Document.id,
            Document.number,
            Document.chain_id,
            Document.unit_id,
            standing.c.slot,
            standing.c.since,
            standing.c.state,
            func.coalesce(Need.quantity, Resource.capacity).label("quantity"),
            func.coalesce(Need.scope, Resource.scope).label("scope"),
            Item.module,
        )
        .select_from(standing)
        .join(Document, Document.id == standing.c.document_id)
        .outerjoin(Need, Need.document_id == Document.id)
        .outerjoin(Resource, Resource.document_id == Document.id)
        .outerjoin(Item, Item.code == func.coalesce(Need.item_code, Resource.item_code))
    )


def _with_signers_ahead(standing: Subquery, as_of: datetime) -> Query:
    """Return the ids of documents with a signer who by now holds the post of a slot still to sign."""
    return (
        select(Document.id)
        .select_from(standing)
        .join(Document, Document.id == standing.c.document_id)
        .join(Signature, (Signature.document_id == Document.id) & (Signature.round == Document.round))
        .join(ChainSlot, (ChainSlot.chain_id == Document.chain_id) & (ChainSlot.slot >= standing.c.slot))
        .join(Mandate, (Mandate.post_id == ChainSlot.post_id) & (Mandate.person_id == Signature.person_id))
        .where(standing.c.slot > 1, Signature.at <= as_of, in_force(as_of))
    )


def _signed(session: Session, ids: Collection[int], as_of: datetime) -> dict[int, dict[int, int]]:
    signed: dict[int, dict[int, int]] = defaultdict(dict)
    query = (
        select(Signature.document_id, Signature.slot, Signature.person_id)
        .join(Document, (Document.id == Signature.document_id) & (Document.round == Signature.round))
        .where(Signature.at <= as_of)
    )
    for part in chunked(sorted(ids)):
        for document_id, slot, person_id in session.execute(query.where(Document.id.in_(part))):
            signed[document_id][slot] = person_id
    return signed


def _candidates(session: Session, post_ids: Collection[int], as_of: datetime) -> Candidates:
    """Return everyone who may sign from each post: its holder and its deputies."""
    found: dict[int, set[int]] = defaultdict(set)
    query = (
        select(Mandate.post_id, Mandate.person_id)
        .join(Post, Post.id == Mandate.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(in_force(as_of), active(as_of))
    )
    for part in chunked(sorted(post_ids)):
        for post_id, person_id in session.execute(query.where(Mandate.post_id.in_(part))):
            found[post_id].add(person_id)
    return {post_id: frozenset(people) for post_id, people in found.items()}


def _gathered(session: Session, stops: Iterable[Stop]) -> list[Stuck]:
    groups: dict[tuple[Block, int, int, int], list[Pile]] = defaultdict(list)
    for stop in stops:
        groups[stop.block, stop.pile.owner.id, stop.seat.place, stop.seat.post_id].append(stop.pile)
    named = _posts(session, {post_id for _, _, _, post_id in groups})
    return [
        Stuck(
            block=block,
            unit=piles[0].owner,
            slot=place,
            post=named[post_id][0],
            post_at=named[post_id][1],
            documents=sum(pile.documents for pile in piles),
            since=min(pile.since for pile in piles),
            example=min(pile.example for pile in piles),
        )
        for (block, _, place, post_id), piles in groups.items()
    ]


def _posts(session: Session, post_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the title and the unit's name of each post."""
    query: Any = select(Post.id, Post.title, Unit.name).join(Unit, Unit.id == Post.unit_id)
    return {
        post_id: (title, unit)
        for part in chunked(sorted(post_ids))
        for post_id, title, unit in session.execute(query.where(Post.id.in_(part)))
    }
