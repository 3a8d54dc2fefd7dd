"""Documents under a transaction's lock, with what decides who may act on them: chain, signatures, mandates, gate."""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
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
from sekaps.services.gates import TERMS, gate_under, told_terms
from sekaps.services.prepared import Prepared, among, gathered, listed, on_server, told_at
from sekaps.services.registry import active
from sekaps.services.signed_quantities import as_signed
from sekaps.services.writing import chunked
from sekaps.texts import Text

SIGNED_IN = (DocumentState.EXPECTED, DocumentState.RECORDED)
"""The states in which a document is signed."""
LAYOUTS_KEPT = 4096
"""Chains whose layout is kept once read, by what the database told of it each time."""
Mandates = Mapping[tuple[int, int], int]
"""The mandate by which a person holds a post, by (person, post)."""
Asked = TypeVar("Asked", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Documents alike in all that decides who may act on them, when, and what follows; they are judged as one."""

    ids: Sequence[int]
    activity: str
    step: str
    state: str
    round: int
    slot: int
    since: datetime
    layout: Layout
    signed: Mapping[int, int]
    """The person by place, of their present round."""
    standing: Standing
    facts: Facts

    @property
    def open_slots(self) -> tuple[Slot, ...]:
        """The slots that may be signed now."""
        return self.layout.open_slots(self.slot, self.signed)

    def slot_of(self, person_id: int, mandates: Mandates) -> tuple[Slot, int] | None:
        """Return the open slot a person may sign, with the mandate, or None."""
        held = ((slot, mandates.get((person_id, slot.post_id))) for slot in self.open_slots)
        return next(((slot, mandate) for slot, mandate in held if mandate is not None), None)


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of the steps some documents belong to, as they stand at an instant."""

    by_step: Mapping[tuple[str, str], Gate]
    as_of: datetime

    def refusal(self, documents: Waiting) -> Text | None:
        """Return why nobody may act on documents now, or None when their gate stands open."""
        return self.by_step[documents.activity, documents.step].refusal(documents.standing, local_day(self.as_of))


@dataclass(frozen=True, slots=True)
class Found:
    """Documents, with the mandates of those who would act on them and the gates they act under, read as one state."""

    documents: Sequence[Waiting]
    mandates: Mandates
    gates: Gates


def lock_documents(
    session: Session, edition: EditionView, ids: Iterable[int], people: Iterable[int], as_of: datetime
) -> Found:
    """Return documents of an edition, locked until the transaction ends, and all that decides who may act on them.

    Unknown ids are left out. Everything is read after the lock is held and in one statement, so that it is one state.
    """
    asked = sorted(set(ids))
    if on_server(session):
        _LOCK.rows(session, ids=asked)
    told = _STANDING.rows(session, ids=asked, people=sorted(set(people)), edition_id=edition.id, as_of=as_of)[0]
    return _read(session, edition, told, as_of)


def find_document(
    session: Session, edition: EditionView, document_id: int, person_id: int, as_of: datetime
) -> tuple[Found, str | None]:
    """Return one document of a server's database unlocked, with the version of its row, which any change replaces.

    Whoever writes only where the row still has that version needs no lock; an unknown document has none.
    """
    asked = {"ids": [document_id], "people": [person_id]}
    told = _UNLOCKED.rows(session, **asked, edition_id=edition.id, as_of=as_of)[0]
    return _read(session, edition, told, as_of), told.version


def _read(session: Session, edition: EditionView, told: Any, as_of: datetime) -> Found:
    documents = _waiting(told.cases, _layouts(told.slots), edition.id)
    terms = (*told_terms(told.terms), *edition.moved)
    steps = {(one.activity, one.step) for one in documents}
    gates = Gates({key: gate_under(edition, *key, terms) for key in steps}, as_of)
    return Found(_with_facts(session, documents), _mandates(json.loads(told.mandates)), gates)


def _waiting(told: str, layouts: Mapping[int, Layout], edition_id: int) -> list[Waiting]:
    documents = []
    for of_edition, activity, step, state, turn, slot, since, chain_id, signed, *place, ids in json.loads(told):
        if of_edition == edition_id:
            documents.append(
                Waiting(
                    ids=sorted(json.loads(ids)),
                    activity=activity,
                    step=step,
                    state=state,
                    round=turn,
                    slot=slot,
                    since=told_at(since),
                    layout=layouts[chain_id],
                    signed=dict(json.loads(signed)),
                    standing=Standing(*place),
                    facts={},
                )
            )
    return sorted(documents, key=lambda one: one.ids[0])


def _with_facts(session: Session, documents: Sequence[Waiting]) -> list[Waiting]:
    """Return the documents, told apart by what their chains' conditions ask of them."""
    by_condition: dict[bool, list[Waiting]] = defaultdict(list)
    for one in documents:
        by_condition[one.layout.is_conditional].append(one)
    return by_condition[False] + tell_apart(session, by_condition[True])


def tell_apart(session: Session, documents: Sequence[Waiting]) -> list[Waiting]:
    """Return the documents with what they say of themselves, those that say the same together."""
    if not documents:
        return []
    facts = facts_of(session, [key for one in documents for key in one.ids])
    says = {key: tuple(told.items()) for key, told in facts.items()}
    return [replace(one, facts=dict(told)) for one, told in alike(documents, says)]


def alike(documents: Iterable[Waiting], asked: Mapping[int, Asked]) -> Iterator[tuple[Waiting, Asked]]:
    """Yield the documents of which the same is asked, or which say the same, together with that."""
    for one in documents:
        by_asked: dict[Asked, list[int]] = defaultdict(list)
        for key in one.ids:
            by_asked[asked[key]].append(key)
        for what, ids in by_asked.items():
            yield (one if len(ids) == len(one.ids) else replace(one, ids=ids)), what


def numbers_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the numbers people know documents by."""
    return dict(_NUMBERS.rows(session, ids=ids))


_NUMBERS = Prepared(select(Document.id, Document.number).where(among(Document.id, "ids")))
_LOCK = Prepared(select(Document.id).where(among(Document.id, "ids")).order_by(Document.id).with_for_update())


def chain_layouts(session: Session, chain_ids: Iterable[int]) -> dict[int, Layout]:
    """Return the layout of each chain, its posts with the titles people know them by."""
    return {row.chain_id: _layout(row.slots) for row in _SLOTS.rows(session, ids=sorted(set(chain_ids)))}


def _layouts(told: str) -> dict[int, Layout]:
    return {chain_id: _layout(slots) for chain_id, slots in json.loads(told)}


@lru_cache(maxsize=LAYOUTS_KEPT)
def _layout(told: str) -> Layout:
    """Return the layout of a chain; kept by all the database tells of it, so that no change of it goes unseen."""
    slots = sorted(json.loads(told), key=lambda slot: slot[0])
    return Layout(tuple(Slot(*told, read_condition(condition)) for *told, condition in slots))  # type: ignore[call-arg]


def read_condition(stored: Mapping[str, Any] | str | None) -> Condition | None:
    """Return a stored condition as a value; SQLite tells it as the text it keeps."""
    told = json.loads(stored) if isinstance(stored, str) else stored
    return None if told is None else Condition(Field(told["field"]), told["value"])


def _slots(chains: ColumnElement[bool]) -> Select[tuple[int, str]]:
    slot = (ChainSlot.slot, ChainSlot.stage, ChainSlot.post_id, Post.title, ChainSlot.needed, ChainSlot.condition)
    of_chain = select(ChainSlot.chain_id, gathered(*slot).label("slots")).join(Post, Post.id == ChainSlot.post_id)
    return of_chain.where(chains).group_by(ChainSlot.chain_id)


_SLOTS = Prepared(_slots(among(ChainSlot.chain_id, "ids")))


def facts_of(session: Session, ids: Sequence[int], *, as_recorded: bool = False) -> dict[int, Facts]:
    """Return what needs and resources say of themselves, for the documents whose chains ask.

    A resource's scope is that of the present, or as it was recorded, before any transfer.
    """
    scope = Resource.recorded_scope if as_recorded else Resource.scope
    query = (
        select(
            Document.id,
            as_signed(func.coalesce(Need.quantity, Resource.capacity)).label("quantity"),
            Item.module,
            func.coalesce(Need.scope, scope).label("scope"),
        )
        .outerjoin(Need, Need.document_id == Document.id)
        .outerjoin(Resource, Resource.document_id == Document.id)
        .outerjoin(Item, Item.code == func.coalesce(Need.item_code, Resource.item_code))
    )
    return {
        row.id: {"quantity": row.quantity, "module": row.module, "scope": row.scope}
        for part in chunked(ids)
        for row in session.execute(query.where(Document.id.in_(part)))
    }


def mandates_of(session: Session, people: Iterable[int], as_of: datetime) -> dict[tuple[int, int], int]:
    """Return the mandate by (person, post) of each post of an active unit these people hold then; one's own first."""
    return _mandates(_MANDATES.rows(session, people=sorted(set(people)), as_of=as_of))


def _mandates(rows: Iterable[Sequence[Any]]) -> dict[tuple[int, int], int]:
    deputies_last = sorted(rows, key=lambda row: (row[2], row[3]), reverse=True)
    return {(person_id, post_id): mandate_id for person_id, post_id, _, mandate_id in deputies_last}


def in_force(as_of: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a mandate holds at an instant; its end instant is excluded.

    The right begins with the record in the signatory module (İYEM rule 16); rows without one are older than it.
    """
    is_recorded = or_(Mandate.recorded_at.is_(None), Mandate.recorded_at <= as_of)
    return and_(Mandate.from_at <= as_of, is_recorded, or_(Mandate.until_at.is_(None), Mandate.until_at > as_of))


_AS_OF = bindparam("as_of", type_=Instant)
_HELD = (
    select(Mandate.person_id, Mandate.post_id, Mandate.kind, Mandate.id)
    .join(Post, Post.id == Mandate.post_id)
    .join(Unit, Unit.id == Post.unit_id)
    .where(among(Mandate.person_id, "people"), in_force(_AS_OF), active(_AS_OF))
)
_MANDATES = Prepared(_HELD)


def _cases() -> Select[Any]:
    """Return the query for documents alike in every column that counts, and in who has signed them, with their ids."""
    signed = (
        select(gathered(Signature.slot, Signature.person_id))
        .where(Signature.document_id == Document.id, Signature.round == Document.round)
        .correlate(Document)
        .scalar_subquery()
    )
    names = "edition_id", "activity", "step", "state", "round", "next_slot", "waiting_since", "chain_id", "unit_id"
    one = select(*(getattr(Document, name) for name in names), signed.label("signed"), Document.id)
    each = one.where(among(Document.id, "ids")).subquery()
    told = [each.c[name] for name in (*names, "signed")]
    return select(*told, gathered(each.c.id).label("ids")).group_by(*told)


def _placed(cases: CTE) -> Select[Any]:
    """Return the query for them with where their units are."""
    place = (Unit.number, Unit.province_code, Unit.district_code)
    columns = [column for column in cases.c if column.key not in ("unit_id", "ids")]
    return select(*columns, *place, cases.c.ids).join(Unit, Unit.id == cases.c.unit_id)


_ALIKE = _cases().cte("alike")
_STANDING_OF = select(
    listed(_placed(_ALIKE)).label("cases"),
    listed(select(_slots(ChainSlot.chain_id.in_(select(_ALIKE.c.chain_id))).subquery())).label("slots"),
    listed(_HELD).label("mandates"),
    listed(TERMS).label("terms"),
)
_STANDING = Prepared(_STANDING_OF)
_VERSION = select(cast(literal_column("documents.xmin"), String)).select_from(Document).where(among(Document.id, "ids"))
_UNLOCKED = Prepared(_STANDING_OF.add_columns(_VERSION.scalar_subquery().label("version")))


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
