"""Changing a form: unsigned ones are edited, signed ones go to a new round, those of earlier years go on this year."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session, aliased

from sekaps.domain.form_fields import FormKind
from sekaps.domain.form_revisions import LIVE
from sekaps.domain.form_rows import LINES as LINE_COLUMNS
from sekaps.domain.form_rows import WAITS
from sekaps.domain.signatures import DocumentState
from sekaps.errors.editions import DocumentUnknown
from sekaps.errors.forms import FormRefused
from sekaps.models.allocation import Allocation, Resource, StageBalance
from sekaps.models.documents import Document, DocumentReturn
from sekaps.models.programmes import Edition
from sekaps.models.registry import Unit
from sekaps.services.editions import EditionView, lock_edition
from sekaps.services.form_references import LINES, open_earlier
from sekaps.services.forms import Form, How, Stated, judged_form, log_form, record_form, write_line
from sekaps.texts import Text, text

FIRST_SLOT = 1
UPDATED = "updated"
"""The reason of a round that ended because its form was updated."""
ORIGIN = ("origin", "supplier")
STATED_AS = {"province_code": "province", "district_code": "district", "item_code": "item"}
"""Columns whose fields are called otherwise."""


def update_form(
    session: Session, edition: EditionView, kind: FormKind, number: str, changes: Mapping[str, str], person_id: int,
    as_of: datetime,
) -> Stated:  # fmt: skip
    """Change what a form says, of this year or an earlier one, and return its number and what became of it.

    Raises FormRefused where it is in an allocation already, DocumentUnknown.
    """
    lock_edition(session, edition.programme.code, edition.year)
    document = _find(session, edition, kind, number)
    values = _stated(session, kind, document) | {name: value for name, value in changes.items() if value}
    if document.edition_id != edition.id:
        return _go_on(session, edition, kind, document, values, person_id, as_of)
    _require_free(session, kind, document)
    form = judged_form(session, edition, kind, values | {"number": number}, person_id, as_of)
    if form.unit.id != document.unit_id:
        raise FormRefused(problem=text("{number} stays with its unit; withdraw it and record another", number=number))
    said = _says(session, kind, document.id)
    form = _from_where_it_was(form, said)
    if said == form.line(kind):
        return Stated(number, How.UNCHANGED, form.row[WAITS])
    act_id = log_form(session, edition, kind, "update", form, person_id, as_of, changes)
    write_line(session, kind, document.id, form)
    session.execute(update(Document).where(Document.id == document.id).values(
        activity=form.row["activity"], step=form.row["step"]))  # fmt: skip
    if document.state not in (DocumentState.RECORDED, DocumentState.COMPLETE):
        return Stated(number, How.EDITED, form.row[WAITS])
    _begin_round(session, document, form, person_id, act_id, as_of)
    return Stated(number, How.NEW_ROUND, form.row[WAITS])


def _find(session: Session, edition: EditionView, kind: FormKind, number: str) -> Document:
    """Return the form of that number, of this year before earlier ones, under lock; raise DocumentUnknown."""
    this = aliased(Edition)
    query = (
        select(Document)
        .join(Edition, Edition.id == Document.edition_id)
        .join(this, this.programme_id == Edition.programme_id)
        .where(this.id == edition.id, Edition.year <= edition.year)
        .where(Document.kind == kind, Document.number == number)
        .order_by(Edition.year.desc())
        .limit(1)
    )
    locked = query.with_for_update(of=Document).execution_options(populate_existing=True)
    found = session.scalars(locked).one_or_none()
    if found is None:
        raise DocumentUnknown(number=number)
    return found


def _go_on(
    session: Session, edition: EditionView, kind: FormKind, earlier: Document, values: dict[str, str], person_id: int,
    as_of: datetime,
) -> Stated:  # fmt: skip
    """Make a form of an earlier year one of this year."""
    later = select(Document.number).where(
        Document.previous_id == earlier.id, Document.state != DocumentState.WITHDRAWN, Document.edition_id == edition.id
    )
    went_on = session.scalar(later)
    if went_on is not None:
        problem = text("{number} goes on as {later} this year; update that", number=earlier.number, later=went_on)
        raise FormRefused(problem=problem)
    if session.execute(open_earlier(edition, kind).where(Document.id == earlier.id)).first() is None:
        problem = text(
            "{number} is of an earlier year, and not signed or already allocated; what was allocated is carried over as"
            " it is",
            number=earlier.number,
        )
        raise FormRefused(problem=problem)
    values.pop("number", None)
    return record_form(session, edition, kind, values | {"previous": earlier.number}, person_id, as_of)


def _require_free(session: Session, kind: FormKind, document: Document) -> None:
    problem = _obstacle(session, kind, document)
    if problem is not None:
        raise FormRefused(problem=problem)


def _obstacle(session: Session, kind: FormKind, document: Document) -> Text | None:
    """Return why a form of this year is not edited any more, or None."""
    if document.state == DocumentState.WITHDRAWN:
        return text("{number} was withdrawn", number=document.number)
    side = Allocation.need_id if kind is FormKind.NEED else Allocation.resource_id
    taken = exists().where(side == document.id, Allocation.state.in_(LIVE))
    in_cascade = exists().where(StageBalance.need_id == document.id)
    if session.scalar(select(taken)) or session.scalar(select(in_cascade)):
        return text("{number} is in an allocation already and is not edited any more", number=document.number)
    return None


def _stated(session: Session, kind: FormKind, document: Document) -> dict[str, str]:
    """Return what a form says, by our fields, as a file would."""
    said = _says(session, kind, document.id)
    fields: dict[str, Any] = {STATED_AS.get(name, name): value for name, value in said.items()}
    if fields.pop("stated_quantity", None) is not None:
        fields |= {"quantity": said["stated_quantity"], "measure": said["stated_measure"]}
    for internal in ("stated_measure", *ORIGIN):
        fields.pop(internal, None)
    unit = session.scalars(select(Unit.number).where(Unit.id == document.unit_id)).one()
    told = {name: str(value) for name, value in fields.items() if value is not None}
    return told | {"unit": str(unit)}


def _says(session: Session, kind: FormKind, document_id: int) -> dict[str, Any]:
    line = session.get_one(LINES[kind], document_id, populate_existing=True)
    said = {name: getattr(line, name) for name in LINE_COLUMNS[kind]}
    return said | ({"scope": line.recorded_scope} if isinstance(line, Resource) else {})


def _from_where_it_was(form: Form, said: Mapping[str, Any]) -> Form:
    """Return a form that tells the origin it was recorded with: what a feed brought stays a feed's."""
    kept = {name: said[name] for name in ORIGIN if name in said}
    return replace(form, row={**form.row, **kept})


def _begin_round(
    session: Session, document: Document, form: Form, person_id: int, act_id: int, as_of: datetime
) -> None:
    """Keep where the round stood, as one sent back by the update, and wait for the first signature again."""
    row = {
        "document_id": document.id,
        "round": document.round,
        "slot": document.next_slot,
        "person_id": person_id,
        "mandate_id": form.mandate_id,
        "act_id": act_id,
        "at": as_of,
        "reason": UPDATED,
        "resubmitted_at": as_of,
    }
    session.execute(insert(DocumentReturn).values(row))
    values = {"state": DocumentState.RECORDED, "next_slot": FIRST_SLOT, "waiting_since": as_of}
    changed = update(Document).where(Document.id == document.id).values(round=Document.round + 1, **values)
    session.execute(changed)
