"""Documents under a transaction's lock, with what decides who may act on them: chain, signatures, mandates, gate."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.domain.chains import Condition, Facts, Field, Layout, Slot
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.base import Instant
from sekaps.models.documents import ChainSlot, Document, Signature
from sekaps.models.registry import Mandate, Post, Unit
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.prepared import Prepared, among
from sekaps.services.registry import active
from sekaps.services.signed_quantities import as_signed
from sekaps.services.writing import chunked
from sekaps.texts import Text

SIGNED_IN = (DocumentState.EXPECTED, DocumentState.RECORDED)
"""The states in which a document is signed."""
Mandates = Mapping[tuple[int, int], int]
"""The mandate by which a person holds a post, by (person, post)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document under the lock: its state, the slot it waits for, its chain, what was signed, where its unit is."""

    id: int
    number: str
    activity: str
    step: str
    state: str
    round: int
    slot: int
    since: datetime
    layout: Layout
    signed: Mapping[int, int]
    """The person by place, of its present round."""
    standing: Standing
    facts: Facts

    @property
    def case(self) -> Hashable:
        """All that decides who may sign it, when, and what follows; documents of one act only, by chain as read."""
        signed, facts = tuple(self.signed.items()), tuple(self.facts.items())
        place = (self.activity, self.step, self.standing)
        return self.state, self.slot, self.since, id(self.layout), signed, facts, place

    @property
    def open_slots(self) -> tuple[Slot, ...]:
        """The slots that may be signed now."""
        return self.layout.open_slots(self.slot, self.signed)

    def slot_of(self, person_id: int, mandates: Mandates) -> tuple[Slot, int] | None:
        """Return the open slot a person may sign, with the mandate, or None."""
        held = ((slot, mandates.get((person_id, slot.post_id))) for slot in self.open_slots)
        return next(((slot, mandate) for slot, mandate in held if mandate is not None), None)


def lock_documents(session: Session, edition_id: int, ids: Iterable[int]) -> dict[int, Waiting]:
    """Return the documents of an edition by id, locked until the transaction ends; unknown ids are left out."""
    rows = [row for row in _LOCKED.rows(session, ids=sorted(set(ids))) if row.edition_id == edition_id]
    layouts = chain_layouts(session, {row.chain_id for row in rows})
    signed = _signed(session, [row.id for row in rows])
    conditional = {key for key, layout in layouts.items() if any(slot.condition for slot in layout.slots)}
    facts = facts_of(session, [row.id for row in rows if row.chain_id in conditional])
    places = {(row.unit_number, row.province_code, row.district_code) for row in rows}
    standings = {place: Standing(*place) for place in places}
    return {
        row.id: Waiting(
            id=row.id,
            number=row.number,
            activity=row.activity,
            step=row.step,
            state=row.state,
            round=row.round,
            slot=row.next_slot,
            since=row.waiting_since,
            layout=layouts[row.chain_id],
            signed=signed.get(row.id, {}),
            standing=standings[row.unit_number, row.province_code, row.district_code],
            facts=facts.get(row.id, {}),
        )
        for row in rows
    }


_LOCKED = Prepared(
    select(
        Document.id,
        Document.edition_id,
        Document.number,
        Document.activity,
        Document.step,
        Document.state,
        Document.round,
        Document.next_slot,
        Document.waiting_since,
        Document.chain_id,
        Unit.number.label("unit_number"),
        Unit.province_code,
        Unit.district_code,
    )
    .join(Unit, Unit.id == Document.unit_id)
    .where(among(Document.id, "ids"))  # of any edition: asked by edition too, SQLite would read all of that year
    .order_by(Document.id)
    .with_for_update(of=Document)
)


def chain_layouts(session: Session, chain_ids: Iterable[int]) -> dict[int, Layout]:
    """Return the layout of each chain, its posts with the titles people know them by."""
    slots: dict[int, list[Slot]] = defaultdict(list)
    for row in _SLOTS.rows(session, ids=sorted(set(chain_ids))):
        condition = read_condition(row.condition)
        slots[row.chain_id].append(Slot(row.slot, row.stage, row.post_id, row.title, row.needed, condition))
    return {chain_id: Layout(tuple(found)) for chain_id, found in slots.items()}


_SLOTS = Prepared(
    select(ChainSlot.chain_id, ChainSlot.slot, ChainSlot.stage, ChainSlot.post_id, ChainSlot.needed)
    .add_columns(ChainSlot.condition, Post.title)
    .join(Post, Post.id == ChainSlot.post_id)
    .where(among(ChainSlot.chain_id, "ids"))
    .order_by(ChainSlot.chain_id, ChainSlot.slot)
)


def read_condition(stored: Mapping[str, Any] | None) -> Condition | None:
    """Return a stored condition as a value."""
    return None if stored is None else Condition(Field(stored["field"]), stored["value"])


def _signed(session: Session, ids: Sequence[int]) -> dict[int, dict[int, int]]:
    signed: dict[int, dict[int, int]] = defaultdict(dict)
    for document_id, slot, person_id in _SIGNED.rows(session, ids=ids):
        signed[document_id][slot] = person_id
    return signed


_SIGNED = Prepared(
    select(Signature.document_id, Signature.slot, Signature.person_id)
    .join(Document, (Document.id == Signature.document_id) & (Document.round == Signature.round))
    .where(among(Signature.document_id, "ids"))
)


def facts_of(session: Session, ids: Sequence[int]) -> dict[int, Facts]:
    """Return what needs and resources say of themselves, for the documents whose chains ask."""
    found: dict[int, Facts] = {}
    for part in chunked(ids):
        query = (
            select(
                Document.id,
                as_signed(func.coalesce(Need.quantity, Resource.capacity)).label("quantity"),
                Item.module,
                func.coalesce(Need.scope, Resource.scope).label("scope"),
            )
            .outerjoin(Need, Need.document_id == Document.id)
            .outerjoin(Resource, Resource.document_id == Document.id)
            .outerjoin(Item, Item.code == func.coalesce(Need.item_code, Resource.item_code))
            .where(Document.id.in_(part))
        )
        found |= {row.id: {"quantity": row.quantity, "module": row.module, "scope": row.scope}
                  for row in session.execute(query)}  # fmt: skip
    return found


def mandates_of(session: Session, people: Iterable[int], as_of: datetime) -> dict[tuple[int, int], int]:
    """Return the mandate by (person, post) of each post of an active unit these people hold then; one's own first."""
    held: dict[tuple[int, int], int] = {}
    for person_id, post_id, mandate_id in _MANDATES.rows(session, people=sorted(set(people)), as_of=as_of):
        held.setdefault((person_id, post_id), mandate_id)
    return held


def in_force(as_of: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a mandate holds at an instant; its end instant is excluded.

    The right begins with the record in the signatory module (İYEM rule 16); rows without one are older than it.
    """
    is_recorded = or_(Mandate.recorded_at.is_(None), Mandate.recorded_at <= as_of)
    return and_(Mandate.from_at <= as_of, is_recorded, or_(Mandate.until_at.is_(None), Mandate.until_at > as_of))


_AS_OF = bindparam("as_of", type_=Instant)
_MANDATES = Prepared(
    select(Mandate.person_id, Mandate.post_id, Mandate.id)
    .join(Post, Post.id == Mandate.post_id)
    .join(Unit, Unit.id == Post.unit_id)
    .where(among(Mandate.person_id, "people"), in_force(_AS_OF), active(_AS_OF))
    .order_by(Mandate.kind.desc(), Mandate.id)
)


def waiting_for(
    session: Session, edition: EditionView, person_id: int, as_of: datetime, *, step: str = ""
) -> dict[str, int]:
    """Return the documents, number to id, that have an open slot of a post the person holds at the instant."""
    posts = sorted({post_id for _, post_id in mandates_of(session, [person_id], as_of)})
    current, mine = aliased(ChainSlot), aliased(ChainSlot)
    is_signed = exists().where(
        Signature.document_id == Document.id, Signature.round == Document.round, Signature.slot == mine.slot
    )
    query = (
        select(Document.number, Document.id)
        .join(current, (current.chain_id == Document.chain_id) & (current.slot == Document.next_slot))
        .join(mine, (mine.chain_id == current.chain_id) & (mine.stage == current.stage))
        .where(Document.edition_id == edition.id, Document.state.in_(SIGNED_IN), mine.post_id.in_(posts), ~is_signed)
        .order_by(Document.number)
    )
    return {number: one for number, one in session.execute(query.where(Document.step == step) if step else query)}


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of the steps some documents belong to, as they stand at an instant."""

    by_step: Mapping[tuple[str, str], Gate]
    as_of: datetime

    def refusal(self, document: Waiting) -> Text | None:
        """Return why nobody may act on a document now, or None when its gate stands open."""
        return self.by_step[document.activity, document.step].refusal(document.standing, local_day(self.as_of))


def gates_of(session: Session, edition: EditionView, documents: Iterable[Waiting], as_of: datetime) -> Gates:
    """Return the gates of those documents."""
    keys = sorted({(document.activity, document.step) for document in documents})
    return Gates({key: gate_of(session, edition, *key, as_of) for key in keys}, as_of)
