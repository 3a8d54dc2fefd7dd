"""Agreeing on chains: an institution proposes a version, another person in its ministry approves or refuses it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, null, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.programmes import Programme
from sekaps.domain.chains import Layout, Slot
from sekaps.domain.trail import Entry
from sekaps.errors.chains import ChainRefused, ChainUnknown
from sekaps.models.documents import Chain, ChainSlot
from sekaps.models.registry import Post, Unit
from sekaps.services import trail
from sekaps.services.chain_rules import drawn_layout, require_signed_kind
from sekaps.services.registry import require_unit
from sekaps.services.requests import ChainDecision, ChainProposal
from sekaps.services.waiting import chain_layouts, mandates_of
from sekaps.texts import text

PROPOSED, ACTIVE, RETIRED, REFUSED = "proposed", "active", "retired", "refused"
STATES = {PROPOSED: text("proposed"), ACTIVE: text("in force"), RETIRED: text("retired"), REFUSED: text("refused")}


def propose_chain(
    session: Session, programme: Programme, proposal: ChainProposal, person_id: int, as_of: datetime
) -> int:
    """Store the next version of a unit's chain as proposed by a holder of one of its posts, and return its id.

    The same proposal again is the one that stands. Raises ChainRefused, and UnitUnknown.
    """
    unit = _locked(session, require_unit(session, proposal.unit).id)
    mandate_id = mandate_in(session, person_id, unit.id, as_of)
    if mandate_id is None:
        raise ChainRefused(problem=text("a chain is proposed by who holds a post of {unit}", unit=unit.name))
    require_signed_kind(programme, proposal.kind)
    layout = drawn_layout(session, programme, proposal, unit, as_of)
    versions = _versions(session, unit.id, proposal.kind, proposal.variant)
    standing = _alike(session, versions, layout)
    if standing is not None:
        return standing
    chain_id = _store(session, unit.id, proposal, layout, _next_version(versions), person_id)
    _log(session, "propose_chain", session.get_one(Chain, chain_id), person_id, mandate_id, as_of)
    return chain_id


def approve_chain(session: Session, decision: ChainDecision, as_of: datetime) -> int | None:
    """Put a proposed chain in force by another person of the ministry, and return the id of the one it retires."""
    chain, mandate_id = _to_decide(session, decision, as_of)
    active = active_chain(session, chain.unit_id, chain.document_kind, chain.variant)
    former = None if active is None else session.get_one(Chain, active)
    if former is not None and former.version > chain.version:
        raise ChainRefused(problem=text("version {version} was overtaken by version {active}; propose it anew",
                                        version=chain.version, active=former.version))  # fmt: skip
    if former is not None:
        session.execute(update(Chain).where(Chain.id == former.id).values(state=RETIRED))
    _decide(session, chain, ACTIVE, decision.person_id, as_of)
    facts = {} if former is None else {"retires": former.id}
    _log(session, "approve_chain", chain, decision.person_id, mandate_id, as_of, facts)
    return None if former is None else former.id


def refuse_chain(session: Session, decision: ChainDecision, as_of: datetime) -> None:
    """Refuse a proposed chain with a reason, by another person of the ministry; the one in force stays."""
    if not decision.reason.strip():
        raise ChainRefused(problem=text("a reason must be given"))
    chain, mandate_id = _to_decide(session, decision, as_of)
    _decide(session, chain, REFUSED, decision.person_id, as_of)
    facts = {"reason": decision.reason.strip()}
    _log(session, "refuse_chain", chain, decision.person_id, mandate_id, as_of, facts)


def active_chain(session: Session, unit_id: int, kind: str, variant: str = "") -> int | None:
    """Return the id of the chain in force for new documents of a kind, or None while none was approved."""
    mine = (Chain.unit_id == unit_id, Chain.document_kind == kind, Chain.variant == variant)
    query = select(Chain.id).where(*mine, Chain.state == ACTIVE).order_by(Chain.version.desc())
    return session.scalars(query.limit(1)).one_or_none()


def mandate_in(session: Session, person_id: int, unit_id: int, as_of: datetime) -> int | None:
    """Return the mandate by which a person holds a post of a unit at an instant, or None."""
    held = mandates_of(session, [person_id], as_of)
    posts = session.scalars(select(Post.id).where(Post.unit_id == unit_id).order_by(Post.id))
    return next((held[person_id, post_id] for post_id in posts if (person_id, post_id) in held), None)


def approving_unit(unit: Unit) -> int:
    """Return the id of the unit that approves a unit's chains: its ministry, or itself where it has none."""
    return unit.ministry_id or unit.id


def find_chain(session: Session, number: int) -> Chain:
    """Return a chain by its number; raise ChainUnknown."""
    chain = session.get(Chain, number)
    if chain is None:
        raise ChainUnknown(number=number)
    return chain


def _locked(session: Session, unit_id: int) -> Unit:
    """Return a unit under lock: what is proposed and decided about its chains queues."""
    query = select(Unit).where(Unit.id == unit_id).with_for_update(of=Unit, key_share=True)
    return session.scalars(query).one()


def _versions(session: Session, unit_id: int, kind: str, variant: str) -> list[Chain]:
    mine = (Chain.unit_id == unit_id, Chain.document_kind == kind, Chain.variant == variant)
    query = select(Chain).where(*mine).order_by(Chain.version).execution_options(populate_existing=True)
    return list(session.scalars(query))


def _alike(session: Session, versions: list[Chain], layout: Layout) -> int | None:
    """Return the open proposal that says the same; raise ChainRefused when the chain in force already does."""
    standing = [chain for chain in versions if chain.state in (PROPOSED, ACTIVE)]
    layouts = chain_layouts(session, [chain.id for chain in standing])
    same = [chain for chain in standing if layouts[chain.id] == layout]
    for chain in same:
        if chain.state == ACTIVE:
            raise ChainRefused(problem=text("version {version} is in force and says the same", version=chain.version))
    return same[0].id if same else None


def _next_version(versions: list[Chain]) -> int:
    return versions[-1].version + 1 if versions else 1


def _store(
    session: Session, unit_id: int, proposal: ChainProposal, layout: Layout, version: int, person_id: int
) -> int:
    row = {
        "unit_id": unit_id,
        "document_kind": proposal.kind,
        "variant": proposal.variant,
        "version": version,
        "length": len(layout.slots),
        "state": PROPOSED,
        "proposed_by_id": person_id,
    }
    chain_id = session.scalars(insert(Chain).values(row).returning(Chain.id)).one()
    session.execute(insert(ChainSlot).values([_slot_row(chain_id, slot) for slot in layout.slots]))
    return chain_id


def _slot_row(chain_id: int, slot: Slot) -> dict[str, Any]:
    condition = {"field": slot.condition.field.value, "value": slot.condition.value} if slot.condition else null()
    return {
        "chain_id": chain_id,
        "slot": slot.place,
        "post_id": slot.post_id,
        "stage": slot.stage,
        "needed": slot.needed,
        "condition": condition,
    }


def _to_decide(session: Session, decision: ChainDecision, as_of: datetime) -> tuple[Chain, int]:
    """Return a proposed chain, its unit's chains under lock, with the mandate of who may decide it."""
    unit = _locked(session, find_chain(session, decision.chain_id).unit_id)
    chain = session.get_one(Chain, decision.chain_id, populate_existing=True)
    if chain.state != PROPOSED:
        raise ChainRefused(problem=text("chain {number} is {state}; nothing is left to decide",
                                        number=chain.id, state=STATES[chain.state]))  # fmt: skip
    mandate_id = mandate_in(session, decision.person_id, approving_unit(unit), as_of)
    if mandate_id is None:
        raise ChainRefused(
            problem=text("it is decided by who holds a post of the unit's ministry, or of the unit where it has none")
        )
    if decision.person_id == chain.proposed_by_id:
        raise ChainRefused(problem=text("another person than the one who proposed it decides"))
    return chain, mandate_id


def _decide(session: Session, chain: Chain, state: str, person_id: int, as_of: datetime) -> None:
    values = {"state": state, "decided_by_id": person_id, "decided_at": as_of}
    session.execute(update(Chain).where(Chain.id == chain.id).values(values))


def _log(
    session: Session,
    verb: str,
    chain: Chain,
    person_id: int,
    mandate_id: int,
    as_of: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    named = {"chain": chain.id, "unit": chain.unit_id, "kind": chain.document_kind, "variant": chain.variant}
    entry = Entry(
        at=as_of,
        verb=verb,
        mandate_id=mandate_id,
        authority="person",
        facts={**named, "version": chain.version, "person": person_id, **(facts or {})},
    )
    trail.append(session, entry)
