"""Recording and updating one need or resource form: judged by the rules of files, put on the trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import polars as pl
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.form_columns import judge
from sekaps.domain.form_fields import FIELDS, NAMES, RULES, FormKind
from sekaps.domain.form_rows import LINES as LINE_COLUMNS
from sekaps.domain.form_rows import OWNED, WAITS, stored_rows
from sekaps.domain.gates import Standing
from sekaps.domain.signatures import DocumentState
from sekaps.domain.trail import Entry
from sekaps.errors.forms import FormRefused
from sekaps.models.documents import Document
from sekaps.models.registry import Unit
from sekaps.services import trail
from sekaps.services.editions import EditionView, lock_edition
from sekaps.services.form_references import LINES, read_references
from sekaps.services.gates import gate_of
from sekaps.services.readiness import refusal_to_record
from sekaps.services.registry import require_unit
from sekaps.services.waiting import chain_layouts, mandates_of
from sekaps.texts import Text, text

PREFIXES = {FormKind.NEED: "IBC", FormKind.RESOURCE: "KSC"}
"""The letters a form's number begins with: İBÇ, KSÇ in plain capitals."""
SERIAL_DIGITS = 6
DATES = ("needed_from", "needed_until")
RESOURCE_OWN = {"allocated": 0}


class How(StrEnum):
    """What became of a form that was stated."""

    RECORDED = "recorded"
    """It is a new form of this year."""
    UNCHANGED = "unchanged"
    """It stood like that already."""
    EDITED = "edited"
    """It was unsigned, and says something else now."""
    NEW_ROUND = "new_round"
    """It was signed; it says something else now and is signed anew."""
    WENT_ON = "went_on"
    """A form of an earlier year goes on as one of this year."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The form's number, what became of it, and whether it waits for a commission's decision to be local."""

    number: str
    how: How
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A judged form: the columns of its rows, its unit, and the mandate of who states it."""

    row: Mapping[str, Any]
    unit: Unit
    mandate_id: int

    def line(self, kind: FormKind) -> dict[str, Any]:
        """Return the columns of the need's or resource's own row."""
        from_iso = {name: self.row[name] for name in LINE_COLUMNS[kind]}
        return from_iso | {name: _day(from_iso[name]) for name in DATES if name in from_iso}


def record_form(
    session: Session, edition: EditionView, kind: FormKind, values: Mapping[str, str], person_id: int, as_of: datetime
) -> Stated:
    """Record a form as it was stated, for who signs first to sign; stated like that before, nothing changes.

    Raises FormRefused, UnitUnknown; what was entered in an earlier year and never allocated is not entered again.
    """
    lock_edition(session, edition.programme.code, edition.year)
    number = values.get("number") or next_number(session, edition, kind)
    form = judged_form(session, edition, kind, {**values, "number": number}, person_id, as_of)
    same = _same(session, edition, kind, form, values.get("number"))
    if same is not None:
        return Stated(same, How.UNCHANGED, form.row[WAITS])
    how = How.WENT_ON if form.row["previous_id"] else How.RECORDED
    document_id = _insert(session, edition, kind, form, as_of)
    refusal = refusal_to_record(session, edition, document_id, as_of)
    if refusal is not None:
        raise FormRefused(problem=refusal)
    log_form(session, edition, kind, "record", form, person_id, as_of, values)
    return Stated(number, how, form.row[WAITS])


def judged_form(
    session: Session, edition: EditionView, kind: FormKind, values: Mapping[str, str], person_id: int, as_of: datetime
) -> Form:
    """Return a form that is right in itself, stated in its window by who signs it first; raise FormRefused."""
    unit = require_unit(session, _unit_number(values))
    references = read_references(session, edition, kind, as_of, unit=unit.number, gated=False)
    known = {name: str(values[name]) for name in FIELDS[kind].names if values.get(name) is not None}
    judged = judge(pl.DataFrame({"row": [1], **known}), kind, references)
    if judged.flaws.height:
        raise FormRefused(problem=_problem(judged.flaws.row(0, named=True)))
    row = stored_rows(judged.rows, kind, references, edition.allocation_rules.local_by_decision).row(0, named=True)
    gate = gate_of(session, edition, row["activity"], row["step"], as_of)
    refusal = gate.refusal(Standing(unit.number, unit.province_code, unit.district_code), local_day(as_of))
    if refusal is not None:
        raise FormRefused(problem=refusal)
    return Form(row, unit, _mandate(session, row["chain_id"], person_id, as_of))


def next_number(session: Session, edition: EditionView, kind: FormKind) -> str:
    """Return the number after the largest one given this year."""
    prefix = f"{PREFIXES[kind]}-{edition.year}-"
    mine = (Document.edition_id == edition.id, Document.kind == kind, Document.number.like(f"{prefix}%"))
    query = select(Document.number).where(*mine).order_by(func.length(Document.number).desc(), Document.number.desc())
    last = session.scalar(query.limit(1)) or prefix
    serial = last.removeprefix(prefix)
    return f"{prefix}{int(serial if serial.isdigit() else 0) + 1:0{SERIAL_DIGITS}}"


def log_form(
    session: Session,
    edition: EditionView,
    kind: FormKind,
    verb: str,
    form: Form,
    person_id: int,
    as_of: datetime,
    told: Mapping[str, Any],
) -> int:
    """Put what was stated of a form on the trail, and return the act's id."""
    entry = Entry(
        at=as_of,
        verb=f"{verb}_{kind}",
        mandate_id=form.mandate_id,
        authority="person",
        edition_id=edition.id,
        revision=edition.revision,
        activity=form.row["activity"],
        step=form.row["step"],
        documents=1,
        facts={"number": form.row["number"], "person": person_id, "stated": dict(told)},
    )
    return trail.append(session, entry)


def write_line(session: Session, kind: FormKind, document_id: int, form: Form) -> None:
    """Write what a form says now over what it said."""
    line = LINES[kind]
    session.execute(update(line).where(line.document_id == document_id).values(**form.line(kind), **_own(kind, form)))


def _insert(session: Session, edition: EditionView, kind: FormKind, form: Form, as_of: datetime) -> int:
    document = {
        "edition_id": edition.id,
        "kind": kind.value,
        **{name: form.row[name] for name in OWNED},
        "state": DocumentState.EXPECTED,
        "waiting_since": as_of,
    }
    document_id = session.scalars(insert(Document).values(document).returning(Document.id)).one()
    own = {**form.line(kind), **_own(kind, form)}
    session.execute(insert(LINES[kind]).values(document_id=document_id, **own))
    return document_id


def _own(kind: FormKind, form: Form) -> dict[str, Any]:
    return {} if kind is FormKind.NEED else {"recorded_scope": form.row["scope"], **RESOURCE_OWN}


def _same(session: Session, edition: EditionView, kind: FormKind, form: Form, asked: str | None) -> str | None:
    """Return the number of this year's form that says the same; raise FormRefused when the number says another."""
    line = LINES[kind]
    told = {name: value for name, value in form.line(kind).items() if name != "scope" or kind is FormKind.NEED}
    alike = [getattr(line, name).is_not_distinct_from(value) for name, value in (told | _recorded(kind, form)).items()]
    mine = (Document.edition_id == edition.id, Document.state != DocumentState.WITHDRAWN)
    query = select(Document.number).join(line, line.document_id == Document.id).where(*mine, *alike)
    query = query.where(Document.unit_id == form.unit.id).order_by(Document.id)
    if not asked:
        return session.scalar(query.limit(1))
    taken = select(Document.id).where(Document.edition_id == edition.id, Document.number == asked)
    same = session.scalar(query.where(Document.number == asked))
    if same is None and session.scalar(taken) is not None:
        raise FormRefused(problem=text("{value} {rule}", value=asked, rule=RULES["recorded"]))
    return same


def _recorded(kind: FormKind, form: Form) -> dict[str, Any]:
    return {} if kind is FormKind.NEED else {"recorded_scope": form.row["scope"]}


def _mandate(session: Session, chain_id: int, person_id: int, as_of: datetime) -> int:
    """Return the mandate of a person for a post of the chain's first stage; raise FormRefused."""
    layout = chain_layouts(session, [chain_id])[chain_id]
    held = mandates_of(session, [person_id], as_of)
    first = [slot for slot in layout.slots if slot.stage == layout.slots[0].stage]
    for slot in first:
        if (person_id, slot.post_id) in held:
            return held[person_id, slot.post_id]
    titles = [slot.title for slot in first]
    raise FormRefused(problem=text("a form is stated by who signs it first: {posts}", posts=titles))


def _unit_number(values: Mapping[str, str]) -> int:
    written = (values.get("unit") or "").strip()
    if not written.isdigit():
        raise FormRefused(problem=text("{name}: '{value}' {rule}", name=NAMES["unit"], value=written,
                                       rule=RULES["unknown_unit"]))  # fmt: skip
    return int(written)


def _problem(flaw: Mapping[str, Any]) -> Text:
    rule, name = RULES[flaw["rule"]], NAMES[flaw["column"]]
    if flaw["value"] is None:
        return text("{name} {rule}", name=name, rule=rule)
    return text("{name}: '{value}' {rule}", name=name, value=flaw["value"], rule=rule)


def _day(written: Any) -> Any:
    return date.fromisoformat(written) if isinstance(written, str) else written
