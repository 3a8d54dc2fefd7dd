"""What forms are judged against, read once: the catalogue, units with their chains, steps, gates, earlier years."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Programme
from sekaps.domain.form_columns import NATURAL, References
from sekaps.domain.form_fields import CODES, FormKind
from sekaps.domain.form_revisions import LIVE
from sekaps.domain.gates import Gate, Standing
from sekaps.domain.measures import Measures, read_measures
from sekaps.domain.registry_cells import fold
from sekaps.domain.signatures import DocumentState
from sekaps.domain.suppliers import Feed, Suppliers, read_suppliers
from sekaps.errors.forms import FormsNotAsked
from sekaps.models.allocation import Allocation, Item, Need, Resource
from sekaps.models.documents import Chain, Document
from sekaps.models.programmes import Edition
from sekaps.models.registry import Unit
from sekaps.services.chains import ACTIVE
from sekaps.services.editions import EditionView
from sekaps.services.gates import gate_of
from sekaps.services.places import DATA, known_places
from sekaps.services.registry import active
from sekaps.services.writing import Query

STEP_DOCUMENTS = {"central": "resource_catalog", "local": "merged_resource_ledger"}
"""Resources of central scope stand in the catalogue of their ministry, local ones in the ledger of their province."""
PROVINCIAL = "il_afad"
"""The kind of unit that answers for local resources a feed brings."""
LINES: Mapping[FormKind, Any] = {FormKind.NEED: Need, FormKind.RESOURCE: Resource}
_UNITS = {"unit_number": pl.Int64, "unit_id": pl.Int64, "unit_kind": pl.String, "chain_id": pl.Int64}
_ITEMS = {"item_code": pl.String, "sector": pl.String, "item_measure": pl.String, "ministry": pl.Int64}


@lru_cache(maxsize=1)
def measures() -> Measures:
    """Return the measures known."""
    path = DATA / "measures.yaml"
    return read_measures(path.read_text(encoding="utf-8"), path.name)


@lru_cache(maxsize=1)
def suppliers() -> Suppliers:
    """Return the suppliers of feeds."""
    path = DATA / "suppliers.yaml"
    return read_suppliers(path.read_text(encoding="utf-8"), path.name)


def read_references(
    session: Session,
    edition: EditionView,
    kind: FormKind,
    as_of: datetime,
    *,
    feed: Feed | None = None,
    unit: int | None = None,
    gated: bool = True,
) -> References:
    """Return what forms of a kind are judged against, for every unit or one; ungated where gates are judged apart."""
    found = _items(session)
    return References(
        items=pl.DataFrame([row[:4] for row in found], schema=_ITEMS, orient="row"),
        item_words={fold(word): row[0] for row in reversed(found) for word in (row[4], row[5], row[0])},
        units=_units(session, kind, as_of, unit),
        steps=form_steps(edition.programme, kind),
        earlier=_earlier(session, edition, kind, unit),
        places=known_places(),
        measures=measures(),
        is_open=_gates(session, edition, as_of) if gated else None,
        supplied=suppliers().by_sector(feed) if feed else None,
        provincial=_provincial(session, as_of) if feed else None,
    )


def form_steps(programme: Programme, kind: FormKind) -> pl.DataFrame:
    """Return in which activity and step forms are entered, by what they are for and kind of unit; raise if nowhere."""
    rows = list(_need_steps(programme) if kind is FormKind.NEED else _resource_steps(programme))
    if not rows:
        raise FormsNotAsked(programme=programme.code, kind=kind.value)
    return pl.DataFrame(rows, schema=["step_for", "unit_kind", "activity", "step"], orient="row")


def _need_steps(programme: Programme) -> Iterator[tuple[str, str, str, str]]:
    """Yield the steps of needs: those of one kind of unit are for the public, the one of any unit for all."""
    for activity in programme.activities:
        for step in activity.steps:
            if step.document == FormKind.NEED:
                kind = programme.actors[step.actor].kind if step.actor else None
                for beneficiary in ("public",) if kind else sorted(CODES["beneficiary"]):
                    yield beneficiary, kind or "", activity.code, step.key


def _resource_steps(programme: Programme) -> Iterator[tuple[str, str, str, str]]:
    for activity in programme.activities:
        for step in activity.steps:
            for scope, document in STEP_DOCUMENTS.items():
                if step.document == document:
                    yield scope, "", activity.code, step.key


def _items(session: Session) -> Sequence[tuple[Any, ...]]:
    query = (
        select(Item.code, Item.sector, Item.measure, Unit.number, Item.name_en, Item.name_tr)
        .join(Unit, Unit.id == Item.ministry_id)
        .order_by(Item.code)
    )
    return [tuple(row) for row in session.execute(query)]


def _units(session: Session, kind: FormKind, as_of: datetime, unit: int | None) -> pl.DataFrame:
    chains = {
        unit_id: chain_id
        for unit_id, chain_id in session.execute(
            select(Chain.unit_id, Chain.id)
            .where(Chain.document_kind == kind, Chain.variant == "", Chain.state == ACTIVE)
            .order_by(Chain.version)
        )
    }
    query = select(Unit.number, Unit.id, Unit.kind).where(active(as_of))
    rows = session.execute(query if unit is None else query.where(Unit.number == unit))
    return pl.DataFrame([(*row, chains.get(row.id)) for row in rows], schema=_UNITS, orient="row")


def _provincial(session: Session, as_of: datetime) -> dict[str, int]:
    query = select(Unit.province_code, Unit.number).where(Unit.kind == PROVINCIAL, active(as_of))
    return {province: number for province, number in session.execute(query.order_by(Unit.number.desc())) if province}


def _gates(session: Session, edition: EditionView, as_of: datetime) -> Callable[[str, str, int], bool]:
    """Return whether the gate of a step is open for a unit; a nation-wide answer is found without asking for it."""
    day = local_day(as_of)
    gates: dict[tuple[str, str], Gate] = {}
    standings: dict[int, Standing] = {}

    def is_open(activity: str, step: str, unit: int) -> bool:
        key = activity, step
        if key not in gates:
            gates[key] = gate_of(session, edition, activity, step, as_of)
        if gates[key].window.is_open(day):
            return True
        if not standings:
            query = select(Unit.number, Unit.province_code, Unit.district_code)
            standings.update({row.number: Standing(*row) for row in session.execute(query)})
        return gates[key].refusal(standings[unit], day) is None

    return is_open


def open_earlier(edition: EditionView, kind: FormKind) -> Query:
    """Return the signed forms of the programme's earlier years of which nothing is allocated or went on already."""
    line, later, this = LINES[kind], aliased(Document), aliased(Edition)
    side = Allocation.need_id if kind is FormKind.NEED else Allocation.resource_id
    allocated = exists().where(side == Document.id, Allocation.state.in_(LIVE))
    went_on = exists().where(later.previous_id == Document.id, later.state != DocumentState.WITHDRAWN)
    return (
        select(Document.id, Document.number, Unit.number.label("unit"), line)
        .join(line, line.document_id == Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Edition, Edition.id == Document.edition_id)
        .join(this, this.programme_id == Edition.programme_id)
        .where(this.id == edition.id, Edition.year < edition.year, Document.kind == kind)
        .where(Document.state == DocumentState.COMPLETE, ~or_(allocated, went_on))
        .order_by(Edition.year.desc(), Document.id)
    )


def _earlier(session: Session, edition: EditionView, kind: FormKind, unit: int | None) -> pl.DataFrame:
    query = open_earlier(edition, kind)
    columns = {"unit_number": pl.Int64, **dict.fromkeys(NATURAL[kind][1:], pl.String)}
    rows = []
    for row in session.execute(query if unit is None else query.where(Unit.number == unit)):
        told = [_written(row[3], name) for name in NATURAL[kind][1:]]
        rows.append((row.id, row.number, row.unit, *told))
    schema: dict[str, Any] = {"earlier_id": pl.Int64, "earlier_number": pl.String, **columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _written(line: Any, column: str) -> str | None:
    """Return a natural column of a stored line; the scope is the one it was recorded with."""
    if column == "scope_code" and isinstance(line, Resource):
        return line.recorded_scope
    found: str | None = getattr(line, column if hasattr(line, column) else column.removesuffix("_code"))
    return found
