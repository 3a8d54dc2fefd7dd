"""What moving dates would cost, counted before anything changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from sekaps.calendar.editions import Draft, draft
from sekaps.calendar.instants import local_day
from sekaps.calendar.shifts import WindowMove, moves
from sekaps.calendar.windows import Window
from sekaps.domain.signatures import DocumentState
from sekaps.models.amendments import Amendment
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.programmes import Extension
from sekaps.services.amendments import list_amendments, redrafted
from sekaps.services.corrections import deadlines, moved_deadlines, recallable
from sekaps.services.day_orders import orders_in_force
from sekaps.services.editions import EditionView
from sekaps.services.papers import ACTIVITY as CONTRACTS
from sekaps.services.phases import phase_days
from sekaps.texts import Text, text

StepKeys = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Impact:
    """The cost of a change: windows that move, invariants it breaks, and who and what is touched by it.

    ``recalled`` unsent reminders are taken back and written anew; ``corrected`` people were told of a last day that
    moves and get one correction; ``due_days`` are the days ahead on which the year would newly call, ``idle_days``
    those on which it no longer would. ``contracts_at_risk`` counts contracts and notices still open when the days
    left to conclude them become fewer.
    """

    moves: tuple[WindowMove, ...]
    violations: tuple[Text, ...]
    open_documents: int = 0
    units: int = 0
    recalled: int = 0
    corrected: int = 0
    due_days: tuple[date, ...] = ()
    idle_days: tuple[date, ...] = ()
    contracts_at_risk: int = 0
    overlaps: tuple[Text, ...] = ()


def what_if(session: Session, edition: EditionView, dates: Mapping[str, date], as_of: datetime) -> Impact:
    """Return what publishing these dates would do; nothing is changed. Raises AmendmentRefused as proposing would."""
    before = draft(edition.programme, edition.year, edition.snapshot)
    after = redrafted(session, edition, dates, as_of)
    moved = moves(before, after, edition.snapshot)
    keys = _step_keys(edition, moved)
    if not keys:
        return Impact(moved, after.violations)
    documents, units = _documents(session, edition.id, keys)
    was, now = _as_drafted(session, edition, before, as_of), _as_drafted(session, edition, after, as_of)
    told_then, told_now = deadlines(session, was, as_of), deadlines(session, now, as_of)
    days_then, days_now = _days_ahead(was, as_of), _days_ahead(now, as_of)
    return Impact(
        moves=moved,
        violations=after.violations,
        open_documents=documents,
        units=units,
        recalled=len(recallable(session, told_then, told_now)),
        corrected=len(moved_deadlines(session, told_then, told_now)),
        due_days=tuple(sorted(days_now - days_then)),
        idle_days=tuple(sorted(days_then - days_now)),
        contracts_at_risk=_contracts(session, edition.id) if _fewer_days_for_contracts(moved) else 0,
        overlaps=(
            *_extensions(session, edition.id, keys, as_of),
            *_orders(session, moved, as_of),
            *_amendments(session, edition, dates),
        ),  # fmt: skip
    )


def _as_drafted(session: Session, edition: EditionView, drafted: Draft, as_of: datetime) -> EditionView:
    """Return the edition with a draft's windows, under the orders in force."""
    windows = {(window.activity, window.key): Window(window.opens, window.closes) for window in drafted.windows}
    return replace(edition, windows=windows).under(orders_in_force(session, as_of))


def _days_ahead(edition: EditionView, as_of: datetime) -> set[date]:
    today = local_day(as_of)
    return {day for phase in edition.programme.phases for day in phase_days(edition, phase) if day >= today}


def _step_keys(edition: EditionView, moved: tuple[WindowMove, ...]) -> StepKeys:
    """Return every step whose window moves; a row that moves takes the steps without a window of their own along."""
    own = {(move.activity, move.step) for move in moved}
    rows = {move.activity for move in moved if not move.step}
    steps = [(activity.code, step.key) for activity in edition.programme.activities for step in activity.steps]
    return [key for key in steps if key in own or (key[0] in rows and key not in edition.windows)]


def _documents(session: Session, edition_id: int, keys: StepKeys) -> tuple[int, int]:
    waiting = (
        Document.edition_id == edition_id,
        tuple_(Document.activity, Document.step).in_(keys),
        Document.next_slot > 0,
        Document.state != DocumentState.WITHDRAWN,
    )
    count, units = session.execute(select(func.count(), func.count(Document.unit_id.distinct())).where(*waiting)).one()
    return count, units


def _fewer_days_for_contracts(moved: tuple[WindowMove, ...]) -> bool:
    return any(move.activity == CONTRACTS and move.working_days_gained < 0 for move in moved)


def _contracts(session: Session, edition_id: int) -> int:
    contracts = select(func.count()).where(
        Protocol.edition_id == edition_id, Protocol.kind == "detail", Protocol.state == "open"
    )
    notices = select(func.count()).where(Notice.edition_id == edition_id, Notice.state == "prepared")
    return (session.scalar(contracts) or 0) + (session.scalar(notices) or 0)


def _extensions(session: Session, edition_id: int, keys: StepKeys, as_of: datetime) -> list[Text]:
    named = or_(
        tuple_(Extension.activity, Extension.step).in_(keys),
        (Extension.step == "") & Extension.activity.in_({activity for activity, _ in keys}),
    )
    in_force = or_(Extension.revoked_at.is_(None), Extension.revoked_at > as_of)
    query = select(Extension).where(Extension.edition_id == edition_id, named, in_force).order_by(Extension.id)
    return [
        text(
            "extension {id} of {activity} {step} runs from {since} to {until} ({letter})",
            id=one.id,
            activity=one.activity,
            step=one.step,
            since=one.since,
            until=one.until,
            letter=one.letter_number,
        )
        for one in session.scalars(query)
    ]


def _orders(session: Session, moved: tuple[WindowMove, ...], as_of: datetime) -> list[Text]:
    first = min(min(move.before.opens, move.after.opens) for move in moved)
    last = max(max(move.before.closes, move.after.closes) for move in moved)
    return [
        text(
            "order of {authority} takes {first} to {last} in some places ({letter})",
            authority=order.authority,
            first=order.first,
            last=order.last,
            letter=order.letter_number,
        )
        for order in orders_in_force(session, as_of)
        if order.first <= last and first <= order.last
    ]


def _amendments(session: Session, edition: EditionView, dates: Mapping[str, Any]) -> list[Text]:
    return [
        _worded(one)
        for one in list_amendments(session, edition)
        if one.state == "proposed" and set(one.dates) & set(dates)
    ]


def _worded(amendment: Amendment) -> Text:
    return text(
        "amendment {id} of {name} is open and moves the same: {codes}",
        id=amendment.id,
        name=amendment.proposed_by,
        codes=sorted(amendment.dates),
    )
