"""The cascade: each stage proposes its part of one plan; what a stage leaves moves on, to the centre in the end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import ColumnElement, and_, exists, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from sekaps.calendar.allocating import Method
from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import RULES, Stage, StageRule
from sekaps.domain.allocation_columns import Ints
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Need, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.services.allocation_plans import StagePart, stage_part
from sekaps.services.column_rows import add_to_columns, insert_columns
from sekaps.services.editions import EditionView
from sekaps.services.lines import activity_of, balance, lock_lines, log_act, release
from sekaps.services.outstanding import NOBODY, Codebook, queued_needs
from sekaps.services.writing import rows_changed, table_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a stage proposed in one tick."""

    needs: int = 0
    lines: int = 0
    quantity: int = 0


def propose(session: Session, edition: EditionView, stage: Stage, as_of: datetime) -> Proposal:
    """Propose the stage's part of the plan for every signed need it has to take up; nothing outside its window.

    The plan is made anew over everything outstanding. Each need taken up gets its stage balance; each line reserves
    its quantity of the resource at once.
    """
    if not _may_propose(edition, RULES[stage], as_of):
        return Proposal()
    pass_on_late_needs(session, edition, as_of)
    book = Codebook.empty()
    queue = queued_needs(session, edition, book)
    chosen = queue.awaiting(stage)
    if not chosen.any():
        return Proposal()
    take_up(session, edition, stage, queue.ids[chosen], queue.columns.outstanding[chosen])
    return _propose_for(session, edition, stage, as_of, queue.ids[chosen], book)


def repropose(
    session: Session, edition: EditionView, stage: Stage, as_of: datetime, need_ids: Collection[int]
) -> Proposal:
    """Propose anew for what a stage still leaves unmet of those needs, while its window is open.

    A resource that was refused for a need, or is before the body for it already, is not proposed for it again.
    """
    if not need_ids or not _may_propose(edition, RULES[stage], as_of):
        return Proposal()
    book = Codebook.empty()
    queue = queued_needs(session, edition, book)
    chosen = queue.open_at(stage) & np.isin(queue.ids, sorted(need_ids))
    if not chosen.any():
        return Proposal()
    return _propose_for(session, edition, stage, as_of, queue.ids[chosen], book)


def _propose_for(
    session: Session, edition: EditionView, stage: Stage, as_of: datetime, needs: Ints, book: Codebook
) -> Proposal:
    part = stage_part(session, edition, stage, needs, book)
    store_lines(session, edition, stage, part, as_of)
    proposal = Proposal(len(needs), len(part.need), int(part.quantity.sum()))
    without_body = int((part.body_of_need == NOBODY).sum())
    facts = {"lines": proposal.lines, **({"needs_without_a_body": without_body} if without_body else {})}
    log_act(session, edition, RULES[stage].step, "propose", as_of, proposal.needs, facts)
    return proposal


def _may_propose(edition: EditionView, rule: StageRule, as_of: datetime) -> bool:
    """Tell whether a stage's window is open and, where stages do not look ahead, whoever comes first has begun."""
    day = local_day(as_of)
    waits = rule.waits_for if edition.allocation_rules.method is Method.STAGE_FIRST else None
    first = RULES[waits] if waits else rule
    begins = edition.window(activity_of(first.step), first.step).opens
    return day >= begins and edition.window(activity_of(rule.step), rule.step).is_open(day)


def take_up(session: Session, edition: EditionView, stage: Stage, need_ids: Ints, needed: Ints) -> None:
    """Open the balances of the needs a stage takes up; nothing of them is met yet."""
    numbers = {"need_id": need_ids, "needed": needed, "unmet": needed}
    constants = {"stage": stage.value, "edition_id": edition.id, "allocated": 0, "transferred": 0}
    insert_columns(session, table_of(StageBalance), numbers, constants)


def store_lines(session: Session, edition: EditionView, stage: Stage, part: StagePart, as_of: datetime) -> None:
    """Store a stage's lines as proposed, and reserve what they take of their resources."""
    numbers = {"need_id": part.need, "resource_id": part.resource, "body_id": part.body, "quantity": part.quantity}
    constants = {"edition_id": edition.id, "stage": stage.value, "state": "proposed", "proposed_at": as_of}
    insert_columns(session, table_of(Allocation), numbers, constants)
    add_to_columns(session, table_of(Resource), "document_id", *part.reserved)


def settle(session: Session, edition: EditionView, stage: Stage, as_of: datetime) -> int:
    """Close a stage whose window has passed and return how many balances it settled.

    Undecided proposals lapse and what they reserved is free again; what is unmet moves on where the stage passes
    its remainder on, and stays unmet where it does not. Needs signed too late for the stage move on whole.
    """
    rule = RULES[stage]
    if not _is_over(edition, rule, as_of):
        return 0
    open_balances = (StageBalance.edition_id == edition.id, StageBalance.stage == stage,
                     StageBalance.settled_at.is_(None))  # fmt: skip
    _lapse(session, edition, stage, as_of)
    moved = {"transferred": StageBalance.unmet, "unmet": 0} if rule.passes_on else {}
    changed = rows_changed(
        session.execute(update(StageBalance).where(*open_balances).values({**moved, "settled_at": as_of}))
    )
    changed += _pass_on_late(session, edition, stage, as_of)
    if changed:
        log_act(session, edition, rule.step, "settle", as_of, changed, {"stage": stage.value})
    return changed


def _is_over(edition: EditionView, rule: StageRule, as_of: datetime) -> bool:
    return local_day(as_of) > edition.window(activity_of(rule.step), rule.step).closes


def _lapse(session: Session, edition: EditionView, stage: Stage, as_of: datetime) -> None:
    for state in ("proposed", "awaiting_approval"):
        lines = [line for body in lock_lines(session, edition.id, stage, state).values() for line in body]
        release(session, lines, "lapsed", as_of, reason="window closed")
        if state == "awaiting_approval":
            balance(session, stage, lines, sign=-1)


def pass_on_late_needs(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Note for each stage that is over what was signed too late for it, so that the next one can take it up."""
    return sum(_pass_on_late(session, edition, s, as_of) for s, rule in RULES.items() if _is_over(edition, rule, as_of))


def _pass_on_late(session: Session, edition: EditionView, stage: Stage, as_of: datetime) -> int:
    """Settle a stage that is over for the needs it never took up; return how many those were."""
    rule, own, before = RULES[stage], aliased(StageBalance), aliased(StageBalance)
    never = ~exists().where(own.need_id == Need.document_id, own.stage == stage)
    quantity: ColumnElement[int] = Need.quantity.expression
    query = select(Need.document_id).join(Document, Document.id == Need.document_id)
    if rule.takes_from:
        handed_on = (before.stage.in_(rule.takes_from), before.settled_at.is_not(None), before.transferred > 0)
        query = query.join(before, and_(before.need_id == Need.document_id, *handed_on))
        quantity = before.transferred.expression
    else:
        query = query.where(Need.scope == rule.scope, Need.beneficiary.in_(rule.beneficiaries))
    remainder = (quantity, literal(0)) if rule.passes_on else (literal(0), quantity)
    query = query.add_columns(literal(stage.value), literal(edition.id), quantity, literal(0), *remainder)
    query = query.add_columns(literal(as_of, StageBalance.settled_at.type))
    query = query.where(Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE, never)
    names = ("need_id", "stage", "edition_id", "needed", "allocated", "transferred", "unmet", "settled_at")
    statement = insert(table_of(StageBalance)).from_select(names, query).execution_options(preserve_rowcount=True)
    return rows_changed(session.connection().execute(statement))


def transfer_resources(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Move the local resources that local needs did not reserve in full to central planning; return how many moved."""
    if local_day(as_of) < edition.window("transfer_to_central").opens:
        return 0
    signed = select(Document.id).where(Document.edition_id == edition.id, Document.state == DocumentState.COMPLETE)
    unreserved = (Resource.document_id.in_(signed), Resource.scope == "local", Resource.allocated < Resource.capacity)
    changed = rows_changed(session.execute(update(Resource).where(*unreserved).values(scope="central")))
    if changed:
        log_act(session, edition, "6(1)", "transfer", as_of, changed, {})
    return changed
