"""Allocation lines and the quantities they move: locking, reserving, releasing, balancing and logging them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from sekaps.domain.allocation import MILITARY, RULES, Line, Stage
from sekaps.domain.trail import Entry
from sekaps.models.allocation import Allocation, Need, Resource, StageBalance
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.writing import Query, chunked, table_of

ACTIVITY = {"5": "allocation", "6": "transfer_to_central"}
"""Calendar activity by the row number a step's key begins with."""


def activity_of(step: str) -> str:
    """Return the calendar activity of an allocation step."""
    return ACTIVITY[step[0]]


def stage_of(step: str) -> Stage:
    """Return the stage that a calendar step stands for."""
    return next(rule.stage for rule in RULES.values() if rule.step == step)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line under the transaction's lock."""

    id: int
    body_id: int
    need_id: int
    resource_id: int
    quantity: int
    military: bool

    @property
    def line(self) -> Line:
        """The quantities it moves."""
        return Line(self.need_id, self.resource_id, self.quantity)


def lock_lines(
    session: Session, edition_id: int, stage: Stage, state: str, bodies: Collection[int] | None = None
) -> dict[int, list[Proposed]]:
    """Lock the lines of a stage in one state, of some bodies or of all, and return them by deciding body."""
    found: dict[int, list[Proposed]] = defaultdict(list)
    query = _lines_query(edition_id, stage, state)
    for row in session.execute(query if bodies is None else query.where(Allocation.body_id.in_(bodies))):
        military = row.beneficiary == MILITARY
        line = Proposed(row.id, row.body_id, row.need_id, row.resource_id, row.quantity, military)
        found[row.body_id].append(line)
    return found


def _lines_query(edition_id: int, stage: Stage, state: str) -> Query:
    return (
        select(
            Allocation.id,
            Allocation.body_id,
            Allocation.need_id,
            Allocation.resource_id,
            Allocation.quantity,
            Need.beneficiary,
        )
        .join(Need, Need.document_id == Allocation.need_id)
        .where(Allocation.edition_id == edition_id, Allocation.stage == stage, Allocation.state == state)
        .order_by(Allocation.id)
        .with_for_update(of=Allocation)
    )


def set_state(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Write values on the lines of those ids."""
    for part in chunked(list(ids)):
        session.execute(update(Allocation).where(Allocation.id.in_(part)).values(values))


def release(
    session: Session, lines: Sequence[Proposed], state: str, as_of: datetime, *, reason: str | None = None
) -> None:
    """End lines as refused or lapsed and free what they reserved."""
    set_state(session, [line.id for line in lines], state=state, reason=reason, settled_at=as_of)
    reserve(session, [line.line for line in lines], sign=-1)


def reserve(session: Session, lines: Iterable[Line], *, sign: int = 1) -> None:
    """Add the lines' quantities to what their resources have allocated, or give them back."""
    totals: dict[int, int] = defaultdict(int)
    for line in lines:
        totals[line.resource_id] += sign * line.quantity
    if not totals:
        return
    resources = table_of(Resource)
    statement = (
        update(resources)
        .where(resources.c.document_id == bindparam("key"))
        .values(allocated=resources.c.allocated + bindparam("change"))
    )
    rows = [{"key": key, "change": change} for key, change in sorted(totals.items())]
    session.connection().execute(statement, rows)


def balance(session: Session, stage: Stage, lines: Iterable[Proposed], *, sign: int = 1) -> None:
    """Move the lines' quantities from unmet to allocated in their needs' balances, or back."""
    totals: dict[int, int] = defaultdict(int)
    for line in lines:
        totals[line.need_id] += sign * line.quantity
    if not totals:
        return
    balances = table_of(StageBalance)
    statement = (
        update(balances)
        .where(balances.c.need_id == bindparam("key"), balances.c.stage == stage.value)
        .values(allocated=balances.c.allocated + bindparam("change"), unmet=balances.c.unmet - bindparam("change"))
    )
    rows = [{"key": key, "change": change} for key, change in sorted(totals.items())]
    session.connection().execute(statement, rows)


def log_act(
    session: Session,
    edition: EditionView,
    step: str,
    verb: str,
    as_of: datetime,
    documents: int,
    facts: dict[str, Any],
    *,
    outcome: str = "done",
    mandate: int | None = None,
) -> None:
    """Put an act of an allocation step on the audit trail."""
    entry = Entry(
        at=as_of,
        verb=verb,
        outcome=outcome,
        mandate_id=mandate,
        authority="person" if mandate else "system",
        edition_id=edition.id,
        revision=edition.revision,
        activity=activity_of(step),
        step=step,
        documents=documents,
        facts=facts,
    )
    trail.append(session, entry)
