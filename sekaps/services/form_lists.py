"""Needs, resources and items as lists: what the forms of a year say, by number."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.form_fields import FormKind
from sekaps.errors.editions import DocumentUnknown
from sekaps.models.allocation import Item, ItemSubstitute, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView
from sekaps.services.form_references import LINES, measures
from sekaps.services.writing import table_of

MOST_LISTED = 1_000
OF_THE_ROW = ("document_id",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which forms are asked for; what is empty does not matter."""

    unit: int | None = None
    item: str = ""
    state: str = ""
    number: str = ""
    most: int = MOST_LISTED


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form: its number, unit, state and step, what it says, and whether it waits to be decided local."""

    number: str
    unit: int
    unit_name: str
    state: str
    step: str
    round: int
    previous: str | None
    measure: str
    waits: bool
    line: dict[str, Any]


def list_forms(session: Session, edition: EditionView, kind: FormKind, wanted: Wanted) -> list[FormRow]:
    """Return forms of one kind, by number; at most so many as are wanted."""
    line, before = LINES[kind], aliased(Document)
    query = (
        select(Document, Unit.number, Unit.name, before.number, Item.measure, Item.sector, line)
        .join(line, line.document_id == Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Item, Item.code == line.item_code)
        .outerjoin(before, before.id == Document.previous_id)
        .where(Document.edition_id == edition.id, Document.kind == kind)
        .order_by(Document.number)
        .limit(wanted.most)
    )
    asked = {Unit.number: wanted.unit, line.item_code: wanted.item, Document.state: wanted.state,
             Document.number: wanted.number}  # fmt: skip
    for column, value in asked.items():
        query = query.where(column == value) if value else query
    by_decision = edition.allocation_rules.local_by_decision
    rows: list[Any] = [tuple(row) for row in session.execute(query)]
    return [_row(*row, by_decision=by_decision) for row in rows]


def show_form(session: Session, edition: EditionView, kind: FormKind, number: str) -> FormRow:
    """Return one form of the year; raise DocumentUnknown."""
    found = list_forms(session, edition, kind, Wanted(number=number))
    if not found:
        raise DocumentUnknown(number=number)
    return found[0]


def list_items(session: Session) -> list[dict[str, Any]]:
    """Return the catalogue: items with the measures they may be stated in, and what may stand in for each."""
    query = select(Item, Unit.number).join(Unit, Unit.id == Item.ministry_id).order_by(Item.module, Item.sector)
    substitutes = select(ItemSubstitute.item_code, ItemSubstitute.served_by_code)
    served: dict[str, list[str]] = {}
    for item, other in session.execute(substitutes.order_by(ItemSubstitute.served_by_code)):
        served.setdefault(item, []).append(other)
    return [
        {
            "code": item.code,
            "name": {"tr": item.name_tr, "en": item.name_en},
            "module": item.module,
            "sector": item.sector,
            "measure": item.measure,
            "measures": measures().compatible(item.measure) if item.measure in measures().by_code else [item.measure],
            "served_by": served.get(item.code, []),
            "ministry": ministry,
        }
        for item, ministry in session.execute(query.order_by(Item.code))
    ]


def _row(
    document: Document,
    unit: int,
    unit_name: str,
    previous: str | None,
    measure: str,
    sector: str,
    line: Any,
    *,
    by_decision: tuple[str, ...],
) -> FormRow:
    columns = [column.key for column in table_of(type(line)).columns if column.key not in OF_THE_ROW]
    said = {name: getattr(line, name) for name in columns}
    waits = isinstance(line, Resource) and _waits(line, sector, by_decision)
    facts = (document.state, document.step, document.round, previous, measure)
    return FormRow(document.number, unit, unit_name, *facts, waits, said)


def _waits(resource: Resource, sector: str, by_decision: tuple[str, ...]) -> bool:
    return resource.recorded_scope == "local" and sector in by_decision and resource.local_decision_id is None
