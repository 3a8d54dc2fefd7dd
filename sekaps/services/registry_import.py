"""Takes the state registry over from its rows: all of them or none, the same rows again changing nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.registry_cells import Record
from sekaps.domain.registry_rows import FIELDS, UnitRow, read_rows
from sekaps.domain.trail import Entry
from sekaps.domain.unit_changes import Change, What, changes, fields_after, is_closed
from sekaps.domain.unit_trees import tree_flaws
from sekaps.errors.registry import RowsFlawed, TooManyClosed
from sekaps.models.registry import Mandate, Post, Unit, UnitChange
from sekaps.services import trail
from sekaps.services.kep_addresses import take_over
from sekaps.services.places import store_places
from sekaps.services.registry import queue_to_change
from sekaps.services.writing import table_of

REFERENCES = {"parent": "parent_id", "ministry": "ministry_id", "successor": "successor_id"}
"""Fields that name another unit by its number, and the columns that name it by its id."""
PLAIN = tuple(name for name in FIELDS if name not in REFERENCES)
USUAL_CLOSINGS = 20
LARGEST_CLOSED_SHARE = 0.1
"""A whole file that lacks more than so many units, and more than this share of them, is taken for half a file."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: units by kind of change (one may be both moved and changed), and KEP addresses taken over."""

    added: int
    changed: int
    moved: int
    merged: int
    closed: int
    reopened: int
    unchanged: int
    kep_addresses: int


@dataclass(frozen=True, slots=True)
class _Known:
    """The units as they are stored: their fields and ids by number."""

    fields: Mapping[int, Mapping[str, object]]
    ids: dict[int, int]


Plan = dict[int, tuple[dict[str, object], list[Change]]]
"""What a unit's fields become, and by which changes, for each number that changes."""


def import_registry(
    session: Session,
    rows: Sequence[Record],
    *,
    whole: bool,
    as_of: datetime,
    source: str,
    digest: str = "",
    close_many: bool = False,
) -> ImportReport:
    """Take the rows over and report what changed; a whole file closes the active units it lacks, and deletes none.

    Raises RowsFlawed with every flaw of every row, or TooManyClosed; then nothing is changed. Two imports at once
    queue.
    """
    places = store_places(session)
    queue_to_change(session, Unit)
    known = _read_known(session)
    units, flaws = read_rows(rows, places)
    flaws = sorted([*flaws, *tree_flaws(units, known.fields, whole=whole)], key=lambda flaw: flaw.row)
    if flaws:
        raise RowsFlawed(source=source, flaws=flaws)
    _pass_over_former_heads(session, units, known)
    missing = _missing(units, known, as_of) if whole else []
    active = sum(not is_closed(fields, as_of) for fields in known.fields.values())
    if not close_many and len(missing) > max(USUAL_CLOSINGS, LARGEST_CLOSED_SHARE * active):
        raise TooManyClosed(source=source, missing=len(missing), active=active)
    plan = _plan(units, missing, known, as_of, whole=whole)
    _write(session, plan, known)
    addresses = take_over(session, {known.ids[unit.number]: unit.kep for unit in units if unit.kep}, as_of)
    report = _report(plan, units, addresses)
    if plan or addresses:
        facts = {"source": source, "digest": digest, "whole": whole, **asdict(report)}
        entry = Entry(at=as_of, verb="import_registry", authority="registry", documents=len(plan), facts=facts)
        _keep_history(session, plan, known, entry)
    return report


def _read_known(session: Session) -> _Known:
    columns = [Unit.id, Unit.number, *(getattr(Unit, REFERENCES.get(name, name)) for name in FIELDS)]
    stored = session.execute(select(*columns)).all()
    numbers = {row[0]: row[1] for row in stored}
    fields = {}
    for _, number, *values in stored:
        named = dict(zip(FIELDS, values, strict=True))
        fields[number] = named | {name: numbers.get(named[name]) for name in REFERENCES}
    return _Known(fields, {number: unit_id for unit_id, number in numbers.items()})


def _pass_over_former_heads(session: Session, units: Sequence[UnitRow], known: _Known) -> None:
    """Leave out the heads' names of institutions whose first head is recorded: those names were wiped (rule 11)."""
    heads = (
        select(Unit.number)
        .join(Post, Post.unit_id == Unit.id)
        .join(Mandate, Mandate.post_id == Post.id)
        .where(Post.kind == "head", Mandate.recorded_at.is_not(None))
    )
    recorded = {known.fields[number]["ministry"] or number for number in session.scalars(heads.distinct())}
    for unit in units:
        stored = known.fields.get(unit.number, {})
        institution = unit.given.get("ministry", stored.get("ministry")) or unit.number
        if institution in recorded:
            unit.given.pop("former_head", None)


def _missing(units: Sequence[UnitRow], known: _Known, as_of: datetime) -> list[int]:
    told = {unit.number for unit in units}
    return [number for number, held in known.fields.items() if number not in told and not is_closed(held, as_of)]


def _plan(units: Sequence[UnitRow], missing: Sequence[int], known: _Known, as_of: datetime, *, whole: bool) -> Plan:
    plan: Plan = {}
    for unit in units:
        before = known.fields.get(unit.number)
        after = fields_after(before, unit, as_of, whole=whole)
        found = list(changes(before, after, as_of))
        if found:
            plan[unit.number] = after, found
    for number in missing:
        after = {**known.fields[number], "active_until": as_of}
        plan[number] = after, list(changes(known.fields[number], after, as_of))
    return plan


def _write(session: Session, plan: Plan, known: _Known) -> None:
    """Insert new units without their references, then give every unit of the plan its fields: order is no matter."""
    units = table_of(Unit)
    new = [number for number in plan if number not in known.ids]
    if new:
        rows = [{"number": number, "synthetic": False} | _plain(plan[number][0]) for number in new]
        session.execute(insert(units), rows)
        known.ids.update({number: unit_id for unit_id, number in session.execute(select(Unit.id, Unit.number))})
    columns = [*PLAIN, *REFERENCES.values()]
    statement = (
        update(units)
        .where(units.c.id == bindparam("row_id"))
        .values({name: bindparam(f"to_{name}") for name in columns})
    )
    values = [_update(known, number, after) for number, (after, _) in plan.items()]
    if values:
        session.connection().execute(statement, values)


def _plain(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: fields[name] for name in PLAIN}


def _update(known: _Known, number: int, after: Mapping[str, Any]) -> dict[str, object]:
    referred = {column: known.ids.get(after[name] or 0) for name, column in REFERENCES.items()}
    return {"row_id": known.ids[number]} | {f"to_{name}": value for name, value in (_plain(after) | referred).items()}


def _report(plan: Plan, units: Sequence[UnitRow], addresses: int) -> ImportReport:
    counts = Counter(change.what for _, found in plan.values() for change in found)
    unchanged = sum(unit.number not in plan for unit in units)
    return ImportReport(**{what.value: counts[what] for what in What}, unchanged=unchanged, kep_addresses=addresses)


def _keep_history(session: Session, plan: Plan, known: _Known, entry: Entry) -> None:
    """Append the act, and a row for each change of each unit, to what is never changed again."""
    act_id = trail.append(session, entry)
    history = [
        {
            "unit_id": known.ids[number],
            "at": entry.at,
            "what": change.what.value,
            "before": written(change.before),
            "after": written(change.after),
            "source": entry.facts["source"],
            "act_id": act_id,
        }
        for number, (_, found) in plan.items()
        for change in found
    ]
    if history:
        session.execute(insert(table_of(UnitChange)), history)


def written(fields: Mapping[str, object]) -> dict[str, object]:
    """Return a unit's fields as JSON holds them, instants in ISO form."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
