"""Writing the lines of a decision: what was accepted, changed and refused, and the quantities that move with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from sekaps.domain.allocation import RULES, Line, Stage
from sekaps.domain.line_decisions import DecidedLine, ProposedLine, taken_of
from sekaps.models.allocation import Allocation
from sekaps.services.lines import Proposed, balance, reserve, set_state
from sekaps.services.writing import table_of


def as_proposed(lines: Iterable[Proposed]) -> list[ProposedLine]:
    """Return the locked lines as the rules know them."""
    return [ProposedLine(line.id, line.need_id, line.resource_id, line.quantity) for line in lines]


def write_lines(
    session: Session,
    stage: Stage,
    lines: Sequence[Proposed],
    decided: Sequence[DecidedLine],
    refused: Mapping[int, str],
    decision_id: int,
    as_of: datetime,
) -> None:
    """Write what became of every line, and move the quantities of needs and resources with them."""
    by_id = {line.id: line for line in lines}
    stamp = {"decision_id": decision_id, "settled_at": as_of}
    freed = [each for each in as_proposed(lines) if each.id in refused]
    ended = [(line.id, refused[line.id]) for line in freed]
    ended += [(each.line.id, each.reason) for each in decided if each.is_moved]
    _write_rows(session, [{"key": key, "why": reason} for key, reason in ended], {"state": "refused", **stamp})
    by_state: dict[str, list[DecidedLine]] = defaultdict(list)
    for each in decided:
        waits = RULES[stage].military_needs_approval and by_id[each.line.id].military
        by_state["awaiting_approval" if waits else "decided"].append(each)
    for state, theirs in by_state.items():
        _write_decided(session, theirs, {"state": state, **stamp})
    reserve(session, [Line(0, resource, more) for resource, more in taken_of(decided, freed).items() if more])
    balance(session, stage, [replace(by_id[each.line.id], quantity=each.quantity) for each in decided])


def _write_decided(session: Session, decided: Sequence[DecidedLine], values: dict[str, Any]) -> None:
    """A line of another resource is a line of its own; the one proposed was refused for the same reason."""
    set_state(session, [each.line.id for each in decided if not each.is_changed], **values)
    changed = [each for each in decided if each.is_changed and not each.is_moved]
    rows = [
        {"key": each.line.id, "why": each.reason, "now": each.quantity, "before": each.line.quantity}
        for each in changed
    ]
    _write_rows(session, rows, {**values, "quantity": bindparam("now"), "proposed_quantity": bindparam("before")})
    _insert_moved(session, [each for each in decided if each.is_moved], values)


def _insert_moved(session: Session, moved: Sequence[DecidedLine], values: dict[str, Any]) -> None:
    table = table_of(Allocation)
    for each in moved:
        kept = ("edition_id", "need_id", "stage", "body_id", "proposed_at")
        source = select(*(table.c[name] for name in kept)).where(table.c.id == each.line.id)
        row = session.execute(source).mappings().one()
        made = {"resource_id": each.resource_id, "quantity": each.quantity, "reason": each.reason}
        session.execute(insert(table), [{**row, **made, "proposed_quantity": each.line.quantity, **values}])


def _write_rows(session: Session, rows: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> None:
    """Update lines by their key, each with its own reason."""
    if rows:
        table = table_of(Allocation)
        statement = update(table).where(table.c.id == bindparam("key")).values(reason=bindparam("why"), **values)
        session.connection().execute(statement, list(rows))
