"""What the proof of conservation asks of protocols, notices and revisions: each follows from what is in force."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from sekaps.domain.conservation import Law, Violation
from sekaps.domain.form_revisions import RevisionKind
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, FormRevision, Need, Resource
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.trail import Act
from sekaps.services.editions import EditionView
from sekaps.services.papers import COMMISSION_STAGES, EFFECTIVE

REVISING = "revise_form"
"""The act every revision follows from."""


def paper_violations(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield every paper and revision that does not follow from what is in force."""
    yield from _protocols(session, edition)
    yield from _notices(session, edition)
    yield from _revisions(session, edition)


def _in_force() -> ColumnElement[bool]:
    return Allocation.state.in_(EFFECTIVE)


def _protocols(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield detail protocols that stand, open or concluded, for a line not in force or decided by a commission."""
    by_contract = Allocation.stage.not_in(COMMISSION_STAGES)
    query = (
        select(Protocol.number, Protocol.state, Allocation.state.label("line"))
        .join(Allocation, Allocation.id == Protocol.allocation_id)
        .where(Protocol.edition_id == edition.id, Protocol.state.in_(("open", "concluded")))
        .where(not_(and_(_in_force(), by_contract)))
        .order_by(Protocol.id)
    )
    for row in session.execute(query):
        yield Violation(Law.PAPERS, row.number, row.line, row.state)


def _notices(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield notices that stand for a line not in force, and annulments of one that is."""
    later = aliased(Notice)
    is_followed = select(later.id).where(later.corrects_id == Notice.id).exists()
    annuls = Notice.kind == "annulment"
    wrong = or_(
        and_(annuls, _in_force()),
        and_(not_(annuls), not_(and_(_in_force(), Allocation.stage.in_(COMMISSION_STAGES)))),
    )
    query = (
        select(Notice.number, Notice.kind, Allocation.state.label("line"))
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .where(Notice.edition_id == edition.id, Notice.state != "void", not_(is_followed), wrong)
        .order_by(Notice.id)
    )
    for row in session.execute(query):
        yield Violation(Law.PAPERS, row.number, row.line, row.kind)


def _revisions(session: Session, edition: EditionView) -> Iterator[Violation]:
    """Yield revisions that do not follow one another, lead to something else than the form holds, or have no act."""
    query = (
        select(FormRevision, Document.number, Document.state, Document.waiting_since, Act.verb, Act.outcome, Act.facts)
        .add_columns(func.coalesce(Need.quantity, Resource.capacity).label("held"))
        .join(Document, Document.id == FormRevision.document_id)
        .outerjoin(Need, Need.document_id == Document.id)
        .outerjoin(Resource, Resource.document_id == Document.id)
        .outerjoin(Act, Act.id == FormRevision.act_id)
        .where(FormRevision.edition_id == edition.id)
        .order_by(FormRevision.document_id, FormRevision.id)
    )
    for _, group in groupby(session.execute(query), key=lambda row: row.FormRevision.document_id):
        yield from _history(list(group))


def _history(rows: Sequence[Any]) -> Iterator[Violation]:
    """Yield what does not fit in the revisions of one form; those before its present round count by their acts only."""
    number = rows[0].number
    since = [row for row in rows if row.FormRevision.at >= row.waiting_since]
    before = [row.FormRevision.quantity_before for row in since]
    after = [row.FormRevision.quantity_after for row in since]
    if before[1:] != after[:-1]:
        yield Violation(Law.REVISION, number, str(after[:-1]), str(before[1:]))
    if since and _holds(since[-1].FormRevision) != _held(since[-1]):
        yield Violation(Law.REVISION, number, str(_holds(since[-1].FormRevision)), str(_held(since[-1])))
    for row in rows:
        if not _is_told(row):
            yield Violation(Law.REVISION, number, row.FormRevision.kind, f"{row.verb} ({row.FormRevision.act_id})")


def _holds(last: FormRevision) -> tuple[int, bool]:
    """Return what a form should hold after its last revision, and whether it should be withdrawn."""
    shrunk = last.kind == RevisionKind.SHRUNK
    return last.quantity_after if shrunk else last.quantity_before, not shrunk


def _held(row: Any) -> tuple[int, bool]:
    return row.held, row.state == DocumentState.WITHDRAWN


def _is_told(row: Any) -> bool:
    """Tell whether a revision's act says what the revision says."""
    if row.verb != REVISING or row.outcome != "done":
        return False
    told = {"documents": [row.FormRevision.document_id], "kind": row.FormRevision.kind,
            "before": row.FormRevision.quantity_before, "after": row.FormRevision.quantity_after}  # fmt: skip
    return all(row.facts.get(name) == value for name, value in told.items())
