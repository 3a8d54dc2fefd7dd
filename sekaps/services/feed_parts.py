"""Who has a part in which steps of a year: one unit, or the units in which one person holds a post."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sekaps.calendar.programmes import Actor, Programme
from sekaps.calendar.programmes import Scope as ActsFor
from sekaps.domain.gates import Standing
from sekaps.domain.signatures import DocumentState
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Chain, ChainSlot, Document
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.editions import EditionView
from sekaps.services.feed_history import StepKey
from sekaps.services.papers import ACTIVITY as CONTRACTS
from sekaps.services.papers import CONTRACT_STEP, SERVICE_STEP
from sekaps.services.registry import require_person, require_unit
from sekaps.services.waiting import in_force
from sekaps.texts import turkish_key


@dataclass(frozen=True, slots=True)
class FeedUnit:
    """A unit as an entry names it, and where it stands."""

    number: int
    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class UnitParts:
    """The steps in which one unit has a part."""

    unit: FeedUnit
    keys: frozenset[StepKey]


def unit_parts(session: Session, edition: EditionView, programmes: Sequence[Programme], number: int) -> UnitParts:
    """Return the steps a unit owes documents in or acts in; raise UnitUnknown."""
    unit = require_unit(session, number)
    owed = _owed(session, edition, unit)
    return UnitParts(_named(unit), _acts_in(session, edition, programmes, unit, owed) | owed)


def person_parts(
    session: Session, edition: EditionView, programmes: Sequence[Programme], number: int, as_of: datetime
) -> tuple[str, list[UnitParts]]:
    """Return a person's name and, for each unit of a post held at that instant, the steps that concern it.

    These are the steps whose chains name one of those posts and the steps in which the unit acts; a step of
    somebody else's documents is told as the signing unit's, never as their owner's. Raises PersonUnknown.
    """
    person = require_person(session, number)
    held = select(Mandate.post_id).where(Mandate.person_id == person.id, in_force(as_of))
    units = select(Unit).where(Unit.id.in_(select(Post.unit_id).where(Post.id.in_(held)))).order_by(Unit.number)
    named = _keys_of_posts(session, edition, held)
    parts = []
    for unit in session.scalars(units):
        acts_in = _acts_in(session, edition, programmes, unit, _owed(session, edition, unit))
        parts.append(UnitParts(_named(unit), acts_in | named.get(unit.id, set())))
    return person.name, parts


def _named(unit: Unit) -> FeedUnit:
    return FeedUnit(unit.number, unit.name, Standing(unit.number, unit.province_code, unit.district_code))


def _owed(session: Session, edition: EditionView, unit: Unit) -> set[StepKey]:
    """Return the steps the unit has documents in."""
    query = select(Document.activity, Document.step).where(_counts(edition), Document.unit_id == unit.id).distinct()
    return {(activity, step) for activity, step in session.execute(query)}


def _keys_of_posts(session: Session, edition: EditionView, posts: Select[tuple[int]]) -> dict[int, set[StepKey]]:
    """Return by unit the steps of the documents whose chains name one of its posts among these."""
    own_chain = (Document.chain_id == Chain.id) & (Document.unit_id == Chain.unit_id)
    query = (
        select(Post.unit_id, Document.activity, Document.step)
        .join(ChainSlot, ChainSlot.post_id == Post.id)
        .join(Chain, Chain.id == ChainSlot.chain_id)
        .join(Document, own_chain)
        .where(Post.id.in_(posts), _counts(edition))
        .distinct()
    )
    found: dict[int, set[StepKey]] = {}
    for unit_id, activity, step in session.execute(query):
        found.setdefault(unit_id, set()).add((activity, step))
    return found


def _counts(edition: EditionView) -> Any:
    return (Document.edition_id == edition.id) & (Document.state != DocumentState.WITHDRAWN)


def _acts_in(
    session: Session, edition: EditionView, programmes: Iterable[Programme], unit: Unit, owed: set[StepKey]
) -> frozenset[StepKey]:
    """Return the steps whose actor the unit plays, and those of the papers it has to conclude or serve."""
    played = (key for programme in programmes for key in _played(programme, unit, owed))
    return frozenset([*played, *_papers(session, edition, unit)])


def _played(programme: Programme, unit: Unit, owed: set[StepKey]) -> Iterator[StepKey]:
    """Yield the steps a unit plays the actor of; an actor of no kind is whoever owes documents as that actor."""
    steps = [(activity.code, step) for activity in programme.activities for step in activity.steps if step.actor]
    as_owner = {step.actor for code, step in steps if (code, step.key) in owed}
    for code, step in steps:
        actor = programme.actors[step.actor or ""]
        if _is_played_by(actor, unit) or (actor.kind is None and step.actor in as_owner):
            yield code, step.key


def _is_played_by(actor: Actor, unit: Unit) -> bool:
    """Tell whether a unit is of the actor's kind; the one body that acts for the nation is known by its name."""
    if actor.kind != unit.kind:
        return False
    return actor.per is not ActsFor.NATION or turkish_key(actor.name.tr) == turkish_key(unit.name)


def _papers(session: Session, edition: EditionView, unit: Unit) -> Iterator[StepKey]:
    """Yield the steps of the detail protocols the unit concludes and of the notices it serves."""
    protocols = select(Protocol.id).where(Protocol.edition_id == edition.id, Protocol.kind == "detail")
    notices = select(Notice.id).where(Notice.edition_id == edition.id, Notice.served_by_id == unit.id)
    if session.scalar(protocols.where(Protocol.need_side_id == unit.id).limit(1)):
        yield CONTRACTS, CONTRACT_STEP
    if session.scalar(notices.limit(1)):
        yield CONTRACTS, SERVICE_STEP
