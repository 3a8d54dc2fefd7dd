"""Which units are ready to begin and what the others lack, read set by set; and holding back those that are not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.calendar.readiness import Readiness, Requirement
from sekaps.domain.readiness import Fact, Institution, ReadyYear, Tally, missing, ready_year, refusal_of_unready, tally
from sekaps.domain.signatures import DocumentState
from sekaps.domain.training import OPEN
from sekaps.errors.readiness import ReadinessNotAsked
from sekaps.models.allocation import Item, Need
from sekaps.models.documents import Document
from sekaps.models.readiness import ReadinessItem, TrainingRequest
from sekaps.models.registry import Province, Unit
from sekaps.services.document_acts import DocumentAct
from sekaps.services.editions import EditionView
from sekaps.services.registry import active
from sekaps.services.writing import chunked
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


def in_force(as_of: datetime) -> ColumnElement[bool]:
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
        act.document.id
        for act in acts
        if act.done and act.document.state == DocumentState.EXPECTED and act.document.activity in asking
    ]
    refusals: dict[int, Text] = {}
    for part in chunked(first):
        refusals |= _refusals(session, edition, part, as_of)
    return [replace(act, refusal=act.refusal or refusals.get(act.document.id)) for act in acts]


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
    readiness, named = require_readiness(edition), Document.id.in_(document_ids)
    records = _Records(session, edition, select(Document.unit_id).where(named), as_of)
    query = (
        select(Document.id, Document.activity, Unit.id.label("unit_id"), Unit.kind, Unit.name, Unit.number, Item.module)
        .join(Unit, Unit.id == Document.unit_id)
        .outerjoin(Need, Need.document_id == Document.id)
        .outerjoin(Item, Item.code == Need.item_code)
        .where(named)
    )
    refusals: dict[int, Text] = {}
    for row in session.execute(query):
        institution = records.of(row.unit_id, row.kind, frozenset(filter(None, [row.module])))
        if lacks := missing(readiness, institution, local_day(as_of), edition.id):
            activity, actors = edition.activity(row.activity).name, edition.programme.actors
            refusals[row.id] = refusal_of_unready(row.name, row.number, lacks, actors, activity)
    return refusals


def _units(
    session: Session, edition: EditionView, as_of: datetime, *conditions: ColumnElement[bool]
) -> list[UnitReadiness]:
    readiness, day = require_readiness(edition), local_day(as_of)
    chosen = (*conditions, active(as_of))
    ids = select(Unit.id).where(*chosen)
    records, modules = _Records(session, edition, ids, as_of), _modules(session, edition, ids)
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


class _Records:
    """What is recorded of some units: the items that stand, and who waits for training."""

    def __init__(self, session: Session, edition: EditionView, units: UnitIds, as_of: datetime) -> None:
        columns = (ReadinessItem.code, ReadinessItem.since, ReadinessItem.until, ReadinessItem.edition_id)
        mine = or_(ReadinessItem.edition_id.is_(None), ReadinessItem.edition_id == edition.id)
        items = select(ReadinessItem.unit_id, *columns).where(ReadinessItem.unit_id.in_(units), in_force(as_of), mine)
        self.facts: dict[int, list[Fact]] = defaultdict(list)
        for unit_id, *fact in session.execute(items):
            self.facts[unit_id].append(Fact(*fact))
        asked = select(TrainingRequest.unit_id).where(
            TrainingRequest.unit_id.in_(units), TrainingRequest.state.in_(OPEN), TrainingRequest.asked_at <= as_of
        )
        self.awaiting = set(session.scalars(asked))

    def of(self, unit_id: int, kind: str, modules: frozenset[str]) -> Institution:
        """Return one of them as the rules see it."""
        return Institution(kind, modules, tuple(self.facts.get(unit_id, ())), unit_id in self.awaiting)
