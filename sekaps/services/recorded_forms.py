"""Forms of a file that are recorded already: which say otherwise now, and how a feed's own follow it."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Date, Integer, Table, and_, cast, literal, or_, select, update
from sqlalchemy.orm import Session

from sekaps.domain.form_fields import FormKind
from sekaps.domain.form_rows import LINES as LINE_COLUMNS
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Resource
from sekaps.models.documents import Document
from sekaps.services.bulk_load import Staging
from sekaps.services.editions import EditionView
from sekaps.services.flaw_files import FlawFile
from sekaps.services.form_references import LINES
from sekaps.services.writing import Query, table_of

DOCUMENTS, RESOURCES = table_of(Document), table_of(Resource)
SERVICE = "web_service"
PLACED = ("unit_id", "chain_id", "activity", "step")
"""What the document takes anew from a feed whose resource moved."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Forms of a feed that were changed as it tells of them now, and those left as they are because people own them."""

    changed: int
    left: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """The staged rows beside the forms of their numbers that were there before them."""

    session: Session
    edition: EditionView
    kind: FormKind
    stage: Staging

    @property
    def is_same(self) -> ColumnElement[bool]:
        """Whether a document is the form a row tells of."""
        return and_(DOCUMENTS.c.edition_id == self.edition.id, DOCUMENTS.c.number == self.stage.table.c.number)

    @property
    def line_differs(self) -> ColumnElement[bool]:
        """Whether its own row says otherwise than the staged one."""
        table, values = table_of(LINES[self.kind]), line_values(self.session, self.kind, self.stage.table)
        compared = values.keys() - {"allocated"} - ({"scope"} if self.kind is FormKind.RESOURCE else set())
        return or_(*(table.c[name].is_distinct_from(values[name]) for name in sorted(compared)))

    @property
    def differs(self) -> ColumnElement[bool]:
        """Whether it says otherwise than the row, or is another kind of form, or another unit's."""
        other_unit = DOCUMENTS.c.unit_id != self.stage.table.c.unit_id
        return or_(DOCUMENTS.c.kind != self.kind.value, other_unit, self.line_differs)

    def beside(self) -> Query:
        """Select the row and number of what says otherwise now."""
        table, rows = table_of(LINES[self.kind]), self.stage.table
        joined = rows.join(DOCUMENTS, self.is_same).outerjoin(table, table.c.document_id == DOCUMENTS.c.id)
        found = select(rows.c.row, rows.c.number).select_from(joined).where(self.differs)
        return found.where(DOCUMENTS.c.id != self.stage.key).order_by(rows.c.row)

    def differing(self) -> pl.DataFrame:
        """Return the row and number of what says otherwise now."""
        found = [tuple(row) for row in self.session.execute(self.beside())]
        return pl.DataFrame(found, schema={"row": pl.Int64, "value": pl.String}, orient="row")


def told_as(found: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Return rows and numbers as flaws of one rule."""
    return found.select("row", pl.lit("number").alias("column"), "value", pl.lit(rule).alias("rule"))


def line_values(session: Session, kind: FormKind, staged: Table) -> dict[str, Any]:
    """Return what a need's or resource's row takes from a staged one, by column."""
    table, on_server = table_of(LINES[kind]), session.get_bind().dialect.name == "postgresql"
    values: dict[str, Any] = {name: staged.c[name] for name in LINE_COLUMNS[kind]}
    if on_server:
        values |= {name: cast(values[name], Date) for name in values if isinstance(table.c[name].type, Date)}
    if kind is FormKind.RESOURCE:
        values |= {"recorded_scope": staged.c.scope, "allocated": literal(0, Integer)}
    return values


def follow(recorded: Recorded, flaws: FlawFile) -> Followed:
    """Change the feed's resources that nobody signed yet to what it says now; list the others that differ."""
    session, rows = recorded.session, recorded.stage.table
    own = and_(RESOURCES.c.document_id == DOCUMENTS.c.id, recorded.is_same, _untouched())
    locked = session.execute(recorded.beside().where(_untouched()).with_for_update(of=DOCUMENTS)).all()
    placed = update(DOCUMENTS).values({name: rows.c[name] for name in PLACED})
    session.execute(placed.where(own, recorded.differs))
    values = line_values(session, FormKind.RESOURCE, rows)
    session.execute(update(RESOURCES).values(values).where(own, recorded.line_differs))
    left = recorded.differing()
    flaws.add(told_as(left, "signed"))
    return Followed(len(locked), left.height)


def _untouched() -> ColumnElement[bool]:
    """Whether a form is a resource that a feed brought and that nobody has signed, shared out or decided on."""
    unsigned = and_(DOCUMENTS.c.state == DocumentState.EXPECTED.value, DOCUMENTS.c.round == 1)
    undecided = and_(RESOURCES.c.scope == RESOURCES.c.recorded_scope, RESOURCES.c.local_decision_id.is_(None))
    return and_(unsigned, undecided, RESOURCES.c.origin == SERVICE, RESOURCES.c.allocated == 0)
