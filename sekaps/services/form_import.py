"""Takes a file of needs, resources or a supplier's feed over: all of it in one transaction, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import (
    Date,
    Integer,
    Select,
    Table,
    and_,
    cast,
    exists,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sekaps.domain.form_fields import FormKind
from sekaps.domain.form_rows import LINES as LINE_COLUMNS
from sekaps.domain.form_rows import OWNED
from sekaps.domain.signatures import DocumentState
from sekaps.domain.trail import Entry
from sekaps.errors.forms import RowsRefused
from sekaps.models.base import Instant
from sekaps.models.documents import Document
from sekaps.services import trail
from sekaps.services.bulk_load import Staging, analyse, staging
from sekaps.services.editions import EditionView
from sekaps.services.form_references import LINES
from sekaps.services.form_staging import FlawFile, Staged
from sekaps.services.writing import rows_changed, table_of

VERB = "import_forms"
MANY = 10_000
"""A load of so many rows changes how a database should plan."""
SCOPES = ("recorded_scope", "scope")


@dataclass(frozen=True, slots=True)
class FormsReport:
    """What an import did: forms added, forms that were there as they are; resources that wait for a decision."""

    added: int
    unchanged: int
    waiting: int


def load_forms(
    session: Session,
    edition: EditionView,
    kind: FormKind,
    staged: Staged,
    flaws: FlawFile,
    *,
    as_of: datetime,
    facts: Mapping[str, object],
    source: str,
) -> FormsReport:
    """Store the staged forms that are not there yet, unsigned, and report; the same file again changes nothing.

    Raises RowsRefused, and then nothing is stored, where a number is recorded with other contents.
    """
    if not staged.stage.rows:
        return FormsReport(0, 0, 0)
    with staging(session, staged.stage, flaws.path.parent) as stage:
        added = _insert_documents(session, edition, kind, stage, as_of)
        _insert_lines(session, kind, stage, whole=added == staged.rows)
        if added < staged.rows:
            _require_same(session, edition, kind, stage, flaws, staged, source)
        report = FormsReport(added, staged.rows - added, staged.waiting)
        if added:
            told = {**facts, **asdict(report), "kind": kind.value}
            entry = Entry(at=as_of, verb=VERB, authority="registry", edition_id=edition.id,
                          revision=edition.revision, documents=added, facts=told)  # fmt: skip
            trail.append(session, entry)
        if added >= MANY:
            analyse(session, "documents", table_of(LINES[kind]).name)
    return report


def _insert_documents(session: Session, edition: EditionView, kind: FormKind, stage: Staging, as_of: datetime) -> int:
    staged, table = stage.table, table_of(Document)
    values: dict[str, Any] = {
        "id": stage.key,
        "edition_id": literal(edition.id, Integer),
        "kind": literal(kind.value),
        **{name: staged.c[name] for name in OWNED},
        "state": literal(DocumentState.EXPECTED.value),
        "round": literal(1, Integer),
        "next_slot": literal(1, Integer),
        "waiting_since": literal(as_of, Instant),
    }
    rows = select(*values.values()).select_from(staged).where(literal_column("1") == literal_column("1"))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).from_select(list(values), rows)
    taken = statement.on_conflict_do_nothing(index_elements=["edition_id", "number"])
    return rows_changed(session.execute(taken, execution_options={"preserve_rowcount": True}))


def _insert_lines(session: Session, kind: FormKind, stage: Staging, *, whole: bool) -> None:
    """Insert the needs or resources of the documents that are new; of all of them where all are."""
    table = table_of(LINES[kind])
    values = {"document_id": stage.key, **_line_values(session, kind, stage.table)}
    rows: Select[Any] = select(*values.values()).select_from(stage.table)
    if not whole:
        rows = rows.where(exists().where(Document.id == stage.key).correlate(stage.table))
    session.execute(table.insert().from_select(list(values), rows))


def _line_values(session: Session, kind: FormKind, staged: Table) -> dict[str, Any]:
    table, on_server = table_of(LINES[kind]), session.get_bind().dialect.name == "postgresql"
    values: dict[str, Any] = {name: staged.c[name] for name in LINE_COLUMNS[kind]}
    if on_server:
        values |= {name: cast(values[name], Date) for name in values if isinstance(table.c[name].type, Date)}
    if kind is FormKind.RESOURCE:
        values |= {"recorded_scope": staged.c.scope, "allocated": literal(0, Integer)}
    return values


def _require_same(
    session: Session,
    edition: EditionView,
    kind: FormKind,
    stage: Staging,
    flaws: FlawFile,
    staged: Staged,
    source: str,
) -> None:
    """Raise RowsRefused where a number of the file was recorded before with other contents."""
    table, rows = table_of(LINES[kind]), stage.table
    same_form = and_(Document.edition_id == edition.id, Document.number == rows.c.number)
    values = _line_values(session, kind, rows)
    values.pop("allocated", None)
    values.pop("scope" if kind is FormKind.RESOURCE else "", None)
    others = [table.c[name].is_distinct_from(value) for name, value in values.items()]
    differs = or_(Document.kind != kind.value, Document.unit_id != rows.c.unit_id, *others)
    query = (
        select(rows.c.row, rows.c.number)
        .join(Document, same_form)
        .outerjoin(table, table.c.document_id == Document.id)
        .where(Document.id != stage.key, differs)
        .order_by(rows.c.row)
    )
    found: Sequence[Any] = session.execute(query).all()
    if found:
        numbers = pl.DataFrame(
            [tuple(row) for row in found], schema={"row": pl.Int64, "value": pl.String}, orient="row"
        )
        flaws.add(numbers.select("row", pl.lit("number").alias("column"), "value", pl.lit("recorded").alias("rule")))
        flaws.close()
        raise RowsRefused(source=source, flaws=flaws.count, rows=len(found), errors=str(flaws.path))
