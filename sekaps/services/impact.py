"""What moving dates would cost, counted before anything changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from sekaps.calendar.editions import draft
from sekaps.calendar.shifts import WindowMove, moves
from sekaps.domain.signatures import DocumentState
from sekaps.models.documents import Document, Protocol
from sekaps.models.mail import ReminderClaim
from sekaps.models.programmes import Extension
from sekaps.services.amendments import redrafted
from sekaps.services.contracts import ACTIVITY as CONTRACTS
from sekaps.services.editions import EditionView
from sekaps.texts import Text


@dataclass(frozen=True, slots=True)
class Impact:
    """The cost of a change: windows that move, invariants it breaks, and who and what is touched by it."""

    moves: tuple[WindowMove, ...]
    violations: tuple[Text, ...]
    open_documents: int = 0
    units: int = 0
    people_to_remind_again: int = 0
    extensions_overlapping: int = 0
    open_contracts: int = 0


def what_if(session: Session, edition: EditionView, dates: Mapping[str, date], as_of: datetime) -> Impact:
    """Return what publishing these dates would do; nothing is changed. Raises AmendmentRefused as proposing would."""
    before = draft(edition.programme, edition.year, edition.days)
    after = redrafted(session, edition, dates, as_of)
    moved = moves(before, after, edition.days)
    keys = _step_keys(edition, moved)
    if not keys:
        return Impact(moved, after.violations)
    documents, units = _documents(session, edition.id, keys)
    return Impact(
        moves=moved,
        violations=after.violations,
        open_documents=documents,
        units=units,
        people_to_remind_again=_reminded(session, edition.id, keys),
        extensions_overlapping=_extensions(session, edition.id, keys, as_of),
        open_contracts=_contracts(session, edition.id) if any(activity == CONTRACTS for activity, _ in keys) else 0,
    )


def _step_keys(edition: EditionView, moved: tuple[WindowMove, ...]) -> list[tuple[str, str]]:
    """Return every step whose window moves; a row that moves takes the steps without a window of their own along."""
    own = {(move.activity, move.step) for move in moved}
    rows = {move.activity for move in moved if not move.step}
    steps = [(activity.code, step.key) for activity in edition.programme.activities for step in activity.steps]
    return [key for key in steps if key in own or (key[0] in rows and key not in edition.windows)]


def _documents(session: Session, edition_id: int, keys: list[tuple[str, str]]) -> tuple[int, int]:
    waiting = (
        Document.edition_id == edition_id,
        tuple_(Document.activity, Document.step).in_(keys),
        Document.next_slot > 0,
        Document.state != DocumentState.WITHDRAWN,
    )
    count, units = session.execute(select(func.count(), func.count(Document.unit_id.distinct())).where(*waiting)).one()
    return count, units


def _reminded(session: Session, edition_id: int, keys: list[tuple[str, str]]) -> int:
    told = select(func.count(ReminderClaim.person_id.distinct())).where(
        ReminderClaim.edition_id == edition_id, tuple_(ReminderClaim.activity, ReminderClaim.step).in_(keys)
    )
    return session.scalar(told) or 0


def _extensions(session: Session, edition_id: int, keys: list[tuple[str, str]], as_of: datetime) -> int:
    named = or_(
        tuple_(Extension.activity, Extension.step).in_(keys),
        (Extension.step == "") & Extension.activity.in_({activity for activity, _ in keys}),
    )
    in_force = or_(Extension.revoked_at.is_(None), Extension.revoked_at > as_of)
    query = select(func.count()).where(Extension.edition_id == edition_id, named, in_force)
    return session.scalar(query) or 0


def _contracts(session: Session, edition_id: int) -> int:
    query = select(func.count()).where(
        Protocol.edition_id == edition_id, Protocol.kind == "detail", Protocol.state == "open"
    )
    return session.scalar(query) or 0
