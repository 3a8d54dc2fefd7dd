"""How needs stand at their stages, and their balances written anew after a line or the need itself became less."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.form_revisions import (
    EFFECTIVE,
    Balance,
    Passage,
    rebalance,
    stages_of,
    still_deciding,
)
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Need, StageBalance
from sekaps.models.documents import Document
from sekaps.services.editions import EditionView
from sekaps.services.lines import activity_of
from sekaps.services.writing import Query, chunked, table_of

BALANCES = table_of(StageBalance)


@dataclass(frozen=True, slots=True)
class NeedNow:
    """A need as it stands: what it asks for (0 once withdrawn), its stages, and how those stand that took it up."""

    quantity: int
    stages: tuple[Stage, ...]
    open_ones: Collection[Stage]
    """The stages whose windows still have days."""
    passages: tuple[Passage, ...]

    @property
    def balances(self) -> list[Balance]:
        """What its balances come to."""
        return rebalance(self.quantity, self.passages)

    def deciding(self, stage: Stage) -> Stage | None:
        """Return the stage, from one on, that can still decide about it; None when all are over."""
        return stage if stage in self.open_ones else still_deciding(self.stages, self.open_ones, stage)


def needs_now(session: Session, edition: EditionView, ids: Iterable[int], as_of: datetime) -> dict[int, NeedNow]:
    """Return how needs stand, by id; balances are read as the transaction sees them."""
    open_ones = [stage for stage in RULES if _has_days(edition, stage, as_of)]
    found: dict[int, NeedNow] = {}
    for part in chunked(sorted(set(ids))):
        rows: dict[int, dict[Stage, Any]] = defaultdict(dict)
        for row in session.execute(_balance_query(part)):
            rows[row.need_id][Stage(row.stage)] = row
        for need in session.execute(_need_query(part)):
            found[need.document_id] = _need_now(need, rows[need.document_id], open_ones)
    return found


def _has_days(edition: EditionView, stage: Stage, as_of: datetime) -> bool:
    step = RULES[stage].step
    return local_day(as_of) <= edition.window(activity_of(step), step).closes


def _need_query(ids: Iterable[int]) -> Query:
    return (
        select(Need.document_id, Need.quantity, Need.scope, Need.beneficiary, Document.state)
        .join(Document, Document.id == Need.document_id)
        .where(Need.document_id.in_(ids))
    )


def _balance_query(ids: Iterable[int]) -> Query:
    """Return balances with what their stages' decided lines hold now."""
    held = (
        select(func.coalesce(func.sum(Allocation.quantity), 0))
        .where(Allocation.need_id == StageBalance.need_id, Allocation.stage == StageBalance.stage)
        .where(Allocation.state.in_(EFFECTIVE))
        .correlate(StageBalance)
        .scalar_subquery()
    )
    return (
        select(StageBalance.need_id, StageBalance.stage, StageBalance.transferred, StageBalance.settled_at)
        .add_columns(held.label("allocated"))
        .where(StageBalance.need_id.in_(ids))
    )


def _need_now(need: Any, rows: Mapping[Stage, Any], open_ones: Collection[Stage]) -> NeedNow:
    stages = stages_of(need.scope, need.beneficiary)
    passages = tuple(
        Passage(
            stage=stage,
            allocated=int(rows[stage].allocated),
            transferred=rows[stage].transferred,
            settled=rows[stage].settled_at is not None,
            goes_on=still_deciding(stages, open_ones, stage) is not None,
        )
        for stage in stages
        if stage in rows
    )
    quantity = 0 if need.state == DocumentState.WITHDRAWN else need.quantity
    return NeedNow(quantity, stages, open_ones, passages)


def write_balances(session: Session, needs: Mapping[int, NeedNow]) -> None:
    """Write the balances of those needs as they come to now; a stage nothing is asked of any more keeps none."""
    changed, gone = [], []
    for need_id, need in sorted(needs.items()):
        balances = {balance.stage: balance for balance in need.balances}
        changed += [_row(need_id, balance) for balance in balances.values()]
        gone += [(need_id, one.stage.value) for one in need.passages if one.stage not in balances]
    key = (BALANCES.c.need_id == bindparam("key"), BALANCES.c.stage == bindparam("at_stage"))
    if changed:
        figures: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in ("needed", "allocated", "transferred", "unmet")
        }
        session.connection().execute(update(BALANCES).where(*key).values(figures), changed)
    if gone:
        session.connection().execute(
            delete(BALANCES).where(*key), [{"key": need_id, "at_stage": stage} for need_id, stage in gone]
        )


def _row(need_id: int, balance: Balance) -> dict[str, Any]:
    return {
        "key": need_id,
        "at_stage": balance.stage.value,
        "new_needed": balance.needed,
        "new_allocated": balance.allocated,
        "new_transferred": balance.transferred,
        "new_unmet": balance.unmet,
    }
