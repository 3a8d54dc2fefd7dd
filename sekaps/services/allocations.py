"""The cascade: stages propose, competent bodies decide, the ministry of defence approves, remainders move on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.allocation import RULES, Line, Stage, StageRule, share_out
from sekaps.domain.signatures import DocumentState
from sekaps.models.allocation import Allocation, Resource, StageBalance
from sekaps.models.documents import Document
from sekaps.services.editions import EditionView
from sekaps.services.lines import activity_of, balance, lock_lines, log_act, release, reserve
from sekaps.services.pools import Pool, load_pools
from sekaps.services.writing import rows_changed


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a stage proposed in one tick."""

    needs: int = 0
    lines: int = 0
    quantity: int = 0


def propose(session: Session, edition: EditionView, stage: Stage, as_of: datetime) -> Proposal:
    """Propose the stage's allocations for every signed need it has not taken up; nothing outside its window.

    Each need taken up gets its stage balance; each line reserves its quantity of the resource at once.
    """
    rule = RULES[stage]
    if not _may_propose(edition, rule, as_of):
        return Proposal()
    pools = load_pools(session, edition, rule)
    if not pools:
        return Proposal()
    lines = [(pool.body_id, line) for pool in pools.values() for line in share_out(pool.wants, pool.offers)]
    _insert_balances(session, edition, stage, pools.values())
    _insert_lines(session, edition, stage, lines, as_of)
    reserve(session, [line for _, line in lines])
    proposal = Proposal(sum(len(p.wants) for p in pools.values()), len(lines), sum(line.quantity for _, line in lines))
    without_body = sum(len(pool.wants) for pool in pools.values() if pool.body_id is None)
    facts = {"lines": proposal.lines, **({"needs_without_a_body": without_body} if without_body else {})}
    log_act(session, edition, rule.step, "propose", as_of, proposal.needs, facts)
    return proposal


def _may_propose(edition: EditionView, rule: StageRule, as_of: datetime) -> bool:
    day = local_day(as_of)
    first = RULES[rule.waits_for] if rule.waits_for else rule
    begins = edition.window(activity_of(first.step), first.step).opens
    return day >= begins and edition.window(activity_of(rule.step), rule.step).is_open(day)


def _insert_balances(session: Session, edition: EditionView, stage: Stage, pools: Iterable[Pool]) -> None:
    rows = [
        {
            "need_id": want.need_id,
            "stage": stage.value,
            "edition_id": edition.id,
            "needed": want.quantity,
            "allocated": 0,
            "transferred": 0,
            "unmet": want.quantity,
        }
        for pool in pools
        for want in pool.wants
    ]
    session.execute(insert(StageBalance), rows)


def _insert_lines(
    session: Session, edition: EditionView, stage: Stage, lines: Sequence[tuple[int | None, Line]], as_of: datetime
) -> None:
    rows = [
        {
            "edition_id": edition.id,
            "need_id": line.need_id,
            "resource_id": line.resource_id,
            "stage": stage.value,
            "body_id": body_id,
            "quantity": line.quantity,
            "state": "proposed",
            "proposed_at": as_of,
        }
        for body_id, line in lines
    ]
    if rows:
        session.execute(insert(Allocation), rows)


def settle(session: Session, edition: EditionView, stage: Stage, as_of: datetime) -> int:
    """Close a stage whose window has passed and return how many balances it settled.

    Undecided proposals lapse and what they reserved is free again; what is unmet moves on where the stage passes
    its remainder on, and stays unmet where it does not.
    """
    rule = RULES[stage]
    if local_day(as_of) <= edition.window(activity_of(rule.step), rule.step).closes:
        return 0
    open_balances = (StageBalance.edition_id == edition.id, StageBalance.stage == stage,
                     StageBalance.settled_at.is_(None))  # fmt: skip
    _lapse(session, edition, stage, as_of)
    moved = {"transferred": StageBalance.unmet, "unmet": 0} if rule.passes_on else {}
    changed = rows_changed(
        session.execute(update(StageBalance).where(*open_balances).values({**moved, "settled_at": as_of}))
    )
    if changed:
        log_act(session, edition, rule.step, "settle", as_of, changed, {"stage": stage.value})
    return changed


def _lapse(session: Session, edition: EditionView, stage: Stage, as_of: datetime) -> None:
    for state in ("proposed", "awaiting_approval"):
        lines = [line for body in lock_lines(session, edition.id, stage, state).values() for line in body]
        release(session, lines, "lapsed", as_of, reason="window closed")
        if state == "awaiting_approval":
            balance(session, stage, lines, sign=-1)


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
