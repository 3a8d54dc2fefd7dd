"""Which units are ready to begin and what the others lack, read set by set; and holding back those that are not."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.calendar.readiness import Readiness, Requirement
from sekaps.domain.readiness import Fact, Institution, ReadyYear, Tally, missing, ready_year, refusal_of_unready, tally
from sekaps.domain.signatures import DocumentState
from sekaps.domain.training import OPEN
from sekaps.errors.readiness import ReadinessNotAsked
from sekaps.models.allocation import Item, Need
from sekaps.models.base import Instant
from sekaps.models.documents import Document
from sekaps.models.readiness import ReadinessItem, TrainingRequest
from sekaps.models.registry import Province, Unit
from sekaps.services.document_acts import DocumentAct, refuse
from sekaps.services.editions import EditionView
from sekaps.services.prepared import Prepared, among, gathered, listed
from sekaps.services.registry import active
from sekaps.services.writing import Query, chunked
from sekaps.texts import Text, turkish_key

UnitIds = Select[tuple[int]]
"""A query for the ids of units."""


@dataclass(frozen=True, slots=True)
class UnitReadiness:
    """A unit that must be ready, where it belongs, and what it lacks; nothing once it is ready."""

    number: int
    name: str
    ministry: str
    province: str
    lacks: tuple[Requirement, ...]


def require_readiness(edition: EditionView) -> Readiness:
    """Return what the edition's programme asks; raise ReadinessNotAsked."""
    if edition.programme.readiness is None:
        raise ReadinessNotAsked(programme=edition.programme.code)
    return edition.programme.readiness


def in_force(as_of: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that an item stood at an instant: recorded, and neither replaced nor withdrawn."""
    return and_(
        ReadinessItem.recorded_at <= as_of, or_(ReadinessItem.ended_at.is_(None), ReadinessItem.ended_at > as_of)
    )


def hold_back_unready(
    session: Session, edition: EditionView, acts: Sequence[DocumentAct], as_of: datetime
) -> list[DocumentAct]:
    """Return the acts, the first signatures of units that are not ready refused where the activity asks for it."""
    asking = _asking(edition)
    first = [
        key
        for act in acts
        if act.done and act.documents.state == DocumentState.EXPECTED and act.documents.activity in asking
        for key in act.ids
    ]
    return refuse(acts, _refusals(session, edition, first, as_of)) if first else list(acts)


def refusal_to_record(session: Session, edition: EditionView, document_id: int, as_of: datetime) -> Text | None:
    """Return why a document's unit may not record it yet, or None: it is ready, or the activity does not ask it."""
    activity = session.scalar(select(Document.activity).where(Document.id == document_id))
    if activity not in _asking(edition):
        return None
    return _refusals(session, edition, [document_id], as_of).get(document_id)


def missing_for(
    session: Session, edition: EditionView, numbers: Iterable[int], as_of: datetime
) -> dict[int, tuple[Requirement, ...]]:
    """Return what each unit of these registry numbers lacks, by number; where nothing is asked nothing is lacking."""
    found: dict[int, tuple[Requirement, ...]] = {}
    for part in chunked(sorted(set(numbers))):
        found |= {unit.number: unit.lacks for unit in _units(session, edition, as_of, Unit.number.in_(part))}
    return found


def units_asked(
    session: Session, edition: EditionView, as_of: datetime, *, ministry: int | None = None, province: str | None = None
) -> list[UnitReadiness]:
    """Return every active unit that must be ready, of a ministry, a province or all; the unready first, by name."""
    conditions: list[ColumnElement[bool]] = [Unit.kind.in_(require_readiness(edition).asked_of)]
    if ministry is not None:
        conditions.append(Unit.ministry_id.in_(select(Unit.id).where(Unit.number == ministry)))
    if province is not None:
        conditions.append(Unit.province_code == province)
    units = _units(session, edition, as_of, *conditions)
    unready = sorted((unit for unit in units if unit.lacks), key=lambda unit: turkish_key(unit.name))
    return unready + [unit for unit in units if not unit.lacks]


def summary(units: Sequence[UnitReadiness], by: str) -> dict[str, Tally]:
    """Return how ready the units are by their ``ministry`` or ``province``, in the order of names."""
    groups: dict[str, list[tuple[Requirement, ...]]] = defaultdict(list)
    for unit in units:
        groups[getattr(unit, by)].append(unit.lacks)
    return {name: tally(groups[name]) for name in sorted(groups, key=turkish_key)}


def ready_for_page(session: Session, edition: EditionView, activity: str, as_of: datetime) -> ReadyYear | None:
    """Return how many units are ready, for the page of the activity in which it is seen to; None for any other."""
    readiness = edition.programme.readiness
    if readiness is None or readiness.prepared_in != activity:
        return None
    return ready_year(readiness, tally([unit.lacks for unit in units_asked(session, edition, as_of)]))


def _asking(edition: EditionView) -> list[str]:
    return [activity.code for activity in edition.programme.activities if activity.needs_ready]


def _refusals(session: Session, edition: EditionView, document_ids: Sequence[int], as_of: datetime) -> dict[int, Text]:
    """Return why documents are not recorded yet: each is asked what its unit and its own module are asked."""
    readiness, day = require_readiness(edition), local_day(as_of)
    told = _ASKED_OF.rows(session, ids=document_ids, edition_id=edition.id, as_of=as_of)[0]
    records = _Records(_told_items(told.items), json.loads(told.awaiting))
    refusals: dict[int, Text] = {}
    for *case, ids in json.loads(told.cases):
        refusal = _refusal(edition, readiness, records, _Case(*case), day)
        if refusal is not None:
            refusals |= dict.fromkeys(json.loads(ids), refusal)
    return refusals


def _told_items(told: str) -> Iterator[tuple[Any, ...]]:
    for unit_id, code, since, until, edition_id in json.loads(told):
        yield unit_id, code, date.fromisoformat(since), until and date.fromisoformat(until), edition_id


class _Case(NamedTuple):
    """What a document about to be recorded is asked by: its activity, its unit and its module."""

    activity: str
    unit_id: int
    kind: str
    name: str
    number: int
    module: str | None


def _refusal(edition: EditionView, readiness: Readiness, records: "_Records", case: _Case, day: date) -> Text | None:
    institution = records.of(case.unit_id, case.kind, frozenset(filter(None, [case.module])))
    lacks = missing(readiness, institution, day, edition.id)
    if not lacks:
        return None
    activity, actors = edition.activity(case.activity).name, edition.programme.actors
    return refusal_of_unready(case.name, case.number, lacks, actors, activity)


def _units(
    session: Session, edition: EditionView, as_of: datetime, *conditions: ColumnElement[bool]
) -> list[UnitReadiness]:
    readiness, day = require_readiness(edition), local_day(as_of)
    chosen = (*conditions, active(as_of))
    ids = select(Unit.id).where(*chosen)
    facts, awaiting = session.execute(_items(ids, edition.id, as_of)), session.scalars(_awaiting(ids, as_of))
    records, modules = _Records(facts, awaiting), _modules(session, edition, ids)
    ministry = aliased(Unit)
    query = (
        select(Unit.id, Unit.kind, Unit.number, Unit.name, ministry.name.label("ministry"), Province.name.label("home"))
        .outerjoin(ministry, ministry.id == Unit.ministry_id)
        .outerjoin(Province, Province.code == Unit.province_code)
        .where(*chosen)
    )
    return [
        UnitReadiness(
            row.number,
            row.name,
            row.ministry or "",
            row.home or "",
            missing(readiness, records.of(row.id, row.kind, modules[row.id]), day, edition.id),
        )
        for row in session.execute(query)
    ]


def _modules(session: Session, edition: EditionView, units: UnitIds) -> defaultdict[int, frozenset[str]]:
    """Return the modules in which units state needs that year, in the activities that need them ready."""
    query = (
        select(Document.unit_id, Item.module)
        .join(Need, Need.document_id == Document.id)
        .join(Item, Item.code == Need.item_code)
        .where(Document.edition_id == edition.id, Document.activity.in_(_asking(edition)))
        .where(Document.state != DocumentState.WITHDRAWN, Document.unit_id.in_(units))
        .distinct()
    )
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for unit_id, module in session.execute(query):
        found[unit_id] |= {module}
    return found


def _items(units: UnitIds, edition_id: int | BindParameter[int], as_of: datetime | BindParameter[datetime]) -> Query:
    mine = or_(ReadinessItem.edition_id.is_(None), ReadinessItem.edition_id == edition_id)
    return select(
        ReadinessItem.unit_id, ReadinessItem.code, ReadinessItem.since, ReadinessItem.until, ReadinessItem.edition_id
    ).where(ReadinessItem.unit_id.in_(units), in_force(as_of), mine)


def _awaiting(units: UnitIds, as_of: datetime | BindParameter[datetime]) -> Select[tuple[int]]:
    is_open = or_(*(TrainingRequest.state == state for state in OPEN))
    return select(TrainingRequest.unit_id).where(
        TrainingRequest.unit_id.in_(units), is_open, TrainingRequest.asked_at <= as_of
    )


_AS_OF = bindparam("as_of", type_=Instant)
_CASE = (Document.activity, Unit.id.label("unit_id"), Unit.kind, Unit.name, Unit.number, Item.module)
_CASES = (
    select(*_CASE, gathered(Document.id).label("ids"))
    .join(Unit, Unit.id == Document.unit_id)
    .outerjoin(Need, Need.document_id == Document.id)
    .outerjoin(Item, Item.code == Need.item_code)
    .where(among(Document.id, "ids"))
    .group_by(*_CASE)
    .cte("asked")
)
_OWNERS = select(_CASES.c.unit_id)
_ASKED_OF = Prepared(
    select(
        listed(select(_CASES)).label("cases"),
        listed(_items(_OWNERS, bindparam("edition_id"), _AS_OF)).label("items"),
        listed(_awaiting(_OWNERS, _AS_OF)).label("awaiting"),
    )
)


class _Records:
    """What is recorded of some units: the items that stand, and who waits for training."""

    def __init__(self, items: Iterable[Any], awaiting: Iterable[int]) -> None:
        self.facts: dict[int, list[Fact]] = defaultdict(list)
        for unit_id, *fact in items:
            self.facts[unit_id].append(Fact(*fact))
        self.awaiting = set(awaiting)

    def of(self, unit_id: int, kind: str, modules: frozenset[str]) -> Institution:
        """Return one of them as the rules see it."""
        return Institution(kind, modules, tuple(self.facts.get(unit_id, ())), unit_id in self.awaiting)
