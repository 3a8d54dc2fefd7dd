"""The rows behind coverage: one for each need at each stage, with the decisions, contracts and notices it led to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.coverage import Amounts, Balances, Side, Table, measure
from sekaps.domain.decision_numbers import DecisionNumber
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Decision, Item, Need, Resource, StageBalance
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services.coverage_part import SIDES, WHOLE_COUNTRY, Owner, Part, joined
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query

DECIDED = ("decided", "awaiting_approval", "approved")
"""States of a line that count as allocated."""
LineKey = tuple[int, str]
"""A need and the stage that served it."""
_BALANCE = (
    StageBalance.need_id,
    StageBalance.stage,
    Need.quantity,
    StageBalance.needed,
    StageBalance.allocated,
    StageBalance.transferred,
    StageBalance.unmet,
    StageBalance.settled_at.is_not(None).label("settled"),
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The balances of a part of the country, column by column: a key for each side, the stage, the amounts."""

    keys: Mapping[Side, Sequence[Any]]
    stages: Sequence[str]
    amounts: Table


@dataclass(frozen=True, slots=True)
class Papers:
    """What the lines of one need at one stage led to: the numbers of decisions, contracts and notices."""

    lines: int = 0
    quantity: int = 0
    decisions: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One need at one stage."""

    need: str
    unit: int
    unit_name: str
    item: str
    sector: str
    province: str
    ministry: int | None
    item_ministry: int | None
    beneficiary: str
    priority: int
    stage: str
    amounts: Amounts
    papers: Papers = field(default_factory=Papers)


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """One signed resource: what it offers and what of it is used; who holds it is its own institution's to know."""

    resource: str
    unit: int
    unit_name: str
    item: str
    sector: str
    province: str
    item_ministry: int
    scope: str
    recorded_scope: str
    offered: int
    used: int


def load_columns(session: Session, edition: EditionView, part: Part) -> Columns:
    """Return the balances of a part of the country as columns, for adding up."""
    query = _balances(edition, part).with_only_columns(*_BALANCE, *SIDES.values())
    columns = _turned(session.connection().execute(query).all(), len(_BALANCE) + len(SIDES))
    balances = _with_papers(session, edition, part, columns[: len(_BALANCE)])
    keys = dict(zip(SIDES, columns[len(_BALANCE) :], strict=True))
    return Columns(keys, balances.stages, measure(balances))


def coverage_rows(
    session: Session, edition: EditionView, part: Part = WHOLE_COUNTRY, stage: str | None = None
) -> list[CoverageRow]:
    """Return the rows behind a part's figures, by need and stage, or those of one stage."""
    named = (Document.number, Owner.number.label("unit"), Owner.name, Item.code, *SIDES.values())
    order = (Document.number, StageBalance.stage)
    rows = session.execute(_balances(edition, part).with_only_columns(*_BALANCE, *named).order_by(*order)).all()
    balances = _with_papers(session, edition, part, _turned(rows, len(_BALANCE) + len(named))[: len(_BALANCE)])
    papers, numbers = _papers(session, edition, part), _unit_numbers(session)
    return [
        _row(row, Amounts(*amounts), papers.get((row.need_id, row.stage), Papers()), numbers)
        for row, amounts in zip(rows, measure(balances).tolist(), strict=True)
        if stage in (None, row.stage)
    ]


def resource_rows(session: Session, edition: EditionView, part: Part = WHOLE_COUNTRY) -> list[ResourceRow]:
    """Return the signed resources behind a part's offer, by number."""
    numbers = _unit_numbers(session)
    query = signed_resources(edition, part).with_only_columns(
        Document.number, Unit.number, Unit.name, Item.code, Item.sector, Resource.province_code, Item.ministry_id,
        Resource.scope, Resource.recorded_scope, Resource.capacity, Resource.allocated,
    )  # fmt: skip
    with_names = query.join(Unit, Unit.id == Document.unit_id).join(Item, Item.code == Resource.item_code)
    rows: Iterable[Any] = session.execute(with_names.order_by(Document.number))
    return [ResourceRow(*(*row[:6], numbers[row[6]], *row[7:])) for row in rows]


def signed_resources(edition: EditionView, part: Part) -> Query:
    """Return the query of a part's signed resources with their forms."""
    query = (
        select(Resource.document_id)
        .join(Document, Document.id == Resource.document_id)
        .where(Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE)
    )
    if not part.asked:
        return query
    return query.where(Resource.item_code.in_(select(Item.code).where(*part.of_items)), *part.of_places)


def untouched_needs(edition: EditionView, part: Part) -> Query:
    """Return the query of a part's signed needs that no stage has taken up."""
    taken_up = select(StageBalance.need_id).where(StageBalance.need_id == Need.document_id).exists()
    signed = (Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE)
    return joined(select(Need.document_id)).where(*signed, ~taken_up, *part.of_needs)


def _balances(edition: EditionView, part: Part) -> Query:
    needs = select(StageBalance.need_id).join(Need, Need.document_id == StageBalance.need_id)
    return joined(needs).where(StageBalance.edition_id == edition.id, *part.of_needs)


def _turned(rows: Sequence[Row[Any]], width: int) -> list[Sequence[Any]]:
    """Return rows as columns."""
    return list(zip(*rows, strict=True)) or [()] * width


def _with_papers(session: Session, edition: EditionView, part: Part, columns: Sequence[Sequence[Any]]) -> Balances:
    """Return balances with what was contracted and served of their lines."""
    concluded = (Protocol.allocation_id == Allocation.id, Protocol.state == "concluded")
    contracted = _sums(session, edition, part, Protocol, concluded)
    served = _sums(session, edition, part, Notice, (Notice.allocation_id == Allocation.id, *_served_last()))
    keys = list(zip(columns[0], columns[1], strict=True))
    papers: list[Any] = [[sums.get(key, 0) for key in keys] for sums in (contracted, served)]
    return Balances(*columns, *papers)


def _sums(
    session: Session, edition: EditionView, part: Part, model: type[Protocol] | type[Notice], on: Sequence[Any]
) -> dict[LineKey, int]:
    """Return the quantities of a part's lines that have such a paper, by need and stage."""
    query = (
        select(Allocation.need_id, Allocation.stage, func.sum(Allocation.quantity))
        .join(model, and_(*on))
        .where(*_decided(edition, part))
        .group_by(Allocation.need_id, Allocation.stage)
    )
    rows = session.connection().execute(query).all()
    return {(need_id, stage): int(quantity) for need_id, stage, quantity in rows}


def _served_last() -> tuple[ColumnElement[bool], ...]:
    """Return what holds for a notice that is the last about its line, and was served."""
    later = aliased(Notice)
    followed = select(later.id).where(later.corrects_id == Notice.id).exists()
    return Notice.state == "served", Notice.kind != "annulment", ~followed


def _decided(edition: EditionView, part: Part) -> list[ColumnElement[bool]]:
    conditions = [Allocation.edition_id == edition.id, Allocation.state.in_(DECIDED)]
    if part.asked:
        conditions.append(Allocation.need_id.in_(joined(select(Need.document_id)).where(*part.of_needs)))
    return conditions


def _papers(session: Session, edition: EditionView, part: Part) -> dict[LineKey, Papers]:
    """Return what the lines of each need and stage led to, line by line in the order they were proposed."""
    body = aliased(Unit)
    query = (
        select(Allocation.need_id, Allocation.stage, Allocation.quantity, Decision.year, Decision.sequence)
        .add_columns(body.number, Protocol.number, Notice.number)
        .outerjoin(Decision, Decision.id == Allocation.decision_id)
        .outerjoin(body, body.id == Decision.body_id)
        .outerjoin(Protocol, and_(Protocol.allocation_id == Allocation.id, Protocol.state == "concluded"))
        .outerjoin(Notice, and_(Notice.allocation_id == Allocation.id, *_served_last()))
        .where(*_decided(edition, part))
        .order_by(Allocation.id)
    )
    found: dict[LineKey, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row[0], row[1]].append(row)
    return {key: _gathered(rows) for key, rows in found.items()}


def _gathered(rows: Sequence[Any]) -> Papers:
    decisions = [f"{DecisionNumber(row[3], row[4])} ({row[5]})" for row in rows if row[3] is not None]
    return Papers(
        lines=len(rows),
        quantity=sum(row[2] for row in rows),
        decisions=tuple(dict.fromkeys(decisions)),
        protocols=tuple(row[6] for row in rows if row[6] is not None),
        notices=tuple(row[7] for row in rows if row[7] is not None),
    )


def _row(row: Any, amounts: Amounts, papers: Papers, numbers: Mapping[int, int]) -> CoverageRow:
    *named, ministry, item_ministry, beneficiary, priority = row[len(_BALANCE) :]
    ministries = [numbers.get(ministry), numbers.get(item_ministry)]
    return CoverageRow(*(*named, *ministries, beneficiary, priority, row.stage, amounts, papers))


def _unit_numbers(session: Session) -> dict[int, int]:
    """Return the registry numbers of the units that are ministries, by id."""
    ministries = select(Unit.ministry_id).where(Unit.ministry_id.is_not(None)).union(select(Item.ministry_id))
    query = select(Unit.id, Unit.number).where((Unit.kind == "ministry") | Unit.id.in_(ministries))
    return {unit_id: number for unit_id, number in session.execute(query)}
