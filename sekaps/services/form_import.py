"""Takes a file of needs, resources or a supplier's feed over: all of it in one transaction, or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, exists, literal, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sekaps.domain.form_fields import FormKind
from sekaps.domain.form_rows import OWNED
from sekaps.domain.signatures import DocumentState
from sekaps.domain.suppliers import Feed
from sekaps.domain.trail import Entry
from sekaps.errors.forms import RowsRefused
from sekaps.models.base import Instant
from sekaps.models.documents import Document
from sekaps.services import trail
from sekaps.services.bulk_load import Staging, analyse, staging
from sekaps.services.editions import EditionView
from sekaps.services.flaw_files import FlawFile
from sekaps.services.form_references import LINES
from sekaps.services.form_staging import Staged
from sekaps.services.recorded_forms import Followed, Recorded, follow, line_values, told_as
from sekaps.services.writing import rows_changed, table_of

VERB = "import_forms"
MANY = 10_000
"""A load of so many rows changes how a database should plan."""


@dataclass(frozen=True, slots=True)
class Source:
    """The file that rows come from: its name, its digest, and the feed it is one of."""

    name: str
    digest: str
    feed: Feed | None = None


@dataclass(frozen=True, slots=True)
class FormsReport:
    """What an import did: forms added, forms that were there as they are; resources that wait for a decision.

    Of a feed also the resources that changed with it, and those that did not because people signed them already.
    """

    added: int
    unchanged: int
    waiting: int
    changed: int = 0
    left: int = 0


def load_forms(
    session: Session,
    edition: EditionView,
    kind: FormKind,
    staged: Staged,
    flaws: FlawFile,
    *,
    as_of: datetime,
    source: Source,
) -> FormsReport:
    """Store the staged forms that are not there yet, unsigned, and report; the same file again changes nothing.

    Raises RowsRefused, and then nothing is stored, where a number is recorded with other contents; of a feed, which
    is taken again with what changed in its registry, unsigned resources change with it instead.
    """
    if not staged.stage.rows:
        return FormsReport(0, 0, 0)
    with staging(session, staged.stage, flaws.path.parent) as stage:
        added = _insert_documents(session, edition, kind, stage, as_of)
        _insert_lines(session, kind, stage, whole=added == staged.rows)
        followed = Followed(0, 0)
        if added < staged.rows:
            recorded = Recorded(session, edition, kind, stage)
            followed = follow(recorded, flaws) if source.feed else _require_same(recorded, flaws, source)
        unchanged = staged.rows - added - followed.changed - followed.left
        report = FormsReport(added, unchanged, staged.waiting, followed.changed, followed.left)
        if added or followed.changed:
            _note(session, edition, kind, report, source, as_of)
        if added >= MANY:
            analyse(session, "documents", table_of(LINES[kind]).name)
    return report


def _note(
    session: Session, edition: EditionView, kind: FormKind, report: FormsReport, source: Source, as_of: datetime
) -> None:
    feed = source.feed.value if source.feed else ""
    facts = {"source": source.name, "digest": source.digest, "feed": feed, "kind": kind.value, **asdict(report)}
    changed = report.added + report.changed
    entry = Entry(at=as_of, verb=VERB, authority="registry", edition_id=edition.id, revision=edition.revision,
                  documents=changed, facts=facts)  # fmt: skip
    trail.append(session, entry)


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
    values = {"document_id": stage.key, **line_values(session, kind, stage.table)}
    rows: Select[Any] = select(*values.values()).select_from(stage.table)
    if not whole:
        rows = rows.where(exists().where(Document.id == stage.key).correlate(stage.table))
    session.execute(table.insert().from_select(list(values), rows))


def _require_same(recorded: Recorded, flaws: FlawFile, source: Source) -> Followed:
    """Raise RowsRefused where a number of the file was recorded before with other contents."""
    found = recorded.differing()
    if found.is_empty():
        return Followed(0, 0)
    flaws.add(told_as(found, "recorded"))
    flaws.close()
    raise RowsRefused(source=source.name, flaws=flaws.count, rows=found.height, errors=str(flaws.path))
