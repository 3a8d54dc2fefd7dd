"""The evidence of an edition night by night: what is new, what is doubtful, and a share of the rest in its turn.

Every signature is verified when it is received. A night verifies what was signed since the last one, signatures that
give reason to doubt, and as much of what was verified before as brings all of it round in so many nights. Doubtful acts
are compared with what they sealed, which takes no cryptography.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.instants import local_day
from sekaps.domain.evidence import Doubts, EvidenceCount, Span, share_of
from sekaps.evidence.trust import Trust
from sekaps.models.evidence import EvidenceCheck
from sekaps.models.trail import Act
from sekaps.services.counting_proof import prove_slots
from sekaps.services.evidence_audit import audit_acts, audit_doubts, signed_acts
from sekaps.services.evidence_doubts import doubts_of, note_suspects, suspects
from sekaps.services.trail import STREAM, trail_head
from sekaps.services.writing import chunked, insert_new

NIGHTS_A_ROUND = 28
"""So many nights bring every signature round once."""
LEAST_SHARE = 2_000
"""Signatures a night verifies again at least, about half a second's work."""


@dataclass(frozen=True, slots=True)
class Night:
    """What one night looks at: acts not verified since they were signed, others in their turn, and what is doubtful."""

    new: Span
    again: Span
    doubts: Doubts


def plan_night(session: Session, edition_id: int, trust: Trust, day: date, *, least_share: int = LEAST_SHARE) -> Night:
    """Return what the night of a day has to verify; a second run of the same day takes no further share."""
    last = _last_check(session, edition_id)
    through = 0 if last is None else last.through
    again = Span() if last is None or last.day >= day else _share(session, edition_id, last, least_share)
    doubts = doubts_of(session, edition_id, trust)
    return Night(Span(through + 1, trail_head(session).sequence), again, doubts)


def check_night(session: Session, edition_id: int, trust: Trust, night: Night) -> EvidenceCount:
    """Verify what a night has to, count every document's slots, and return what was found."""
    new = audit_acts(session, and_(signed_acts(edition_id), _within(night.new)), trust)
    turn = audit_acts(session, and_(signed_acts(edition_id), _within(night.again)), trust)
    rest = (turn, audit_doubts(session, _besides(session, edition_id, night), trust))
    flaws = {flaw: None for one in (new, *rest) for flaw in one.flaws}
    again = sum(one.checked for one in rest)
    without = new.without + sum(one.without for one in rest)
    miscounted = prove_slots(session).disagreeing
    return EvidenceCount(new.checked + again, without, tuple(flaws), again=again, miscounted=miscounted)


def keep_night(session: Session, edition_id: int, night: Night, found: EvidenceCount, as_of: datetime) -> date | None:
    """Keep how far the night has come, and return since when the rest holds; two that keep the same keep it once."""
    day = local_day(as_of)
    row = {"edition_id": edition_id, "day": day, "first": night.new.first, "through": night.new.last}
    row |= {"again_first": night.again.first, "again_through": night.again.last, "made_at": as_of}
    insert_new(session, EvidenceCheck, [row])
    mine = (EvidenceCheck.edition_id == edition_id, EvidenceCheck.day == day)
    further = update(EvidenceCheck).where(*mine, EvidenceCheck.through < night.new.last)
    session.execute(further.values(through=night.new.last, made_at=as_of))
    note_suspects(session, edition_id, found.flaws, suspects(session, edition_id) & night.doubts, as_of)
    return oldest_check(session, edition_id)


def oldest_check(session: Session, edition_id: int) -> date | None:
    """Return the day on which the signatures were verified whose turn comes next, or None where there are none."""
    last = _last_check(session, edition_id)
    if last is None:
        return None
    mine = (signed_acts(edition_id), Act.stream == STREAM)
    place = select(func.min(Act.sequence)).where(*mine)
    following = session.scalar(place.where(Act.sequence > last.again_through)) or session.scalar(place)
    if following is None:
        return None
    was_new = and_(EvidenceCheck.first <= following, EvidenceCheck.through >= following)
    was_again = and_(EvidenceCheck.again_first <= following, EvidenceCheck.again_through >= following)
    days = select(func.max(EvidenceCheck.day)).where(EvidenceCheck.edition_id == edition_id)
    return session.scalar(days.where(or_(was_new, was_again)))


def _last_check(session: Session, edition_id: int) -> EvidenceCheck | None:
    mine = select(EvidenceCheck).where(EvidenceCheck.edition_id == edition_id)
    return session.scalars(mine.order_by(EvidenceCheck.day.desc()).limit(1)).one_or_none()


def _share(session: Session, edition_id: int, last: EvidenceCheck, least: int) -> Span:
    """Return the acts whose turn it is: after those of the last night, from the first one when the round is over."""
    verified = (signed_acts(edition_id), Act.stream == STREAM, Act.sequence <= last.through)
    signatures = session.scalar(select(func.sum(Act.documents)).where(*verified)) or 0
    quota = max(least, -(-int(signatures) // NIGHTS_A_ROUND))
    query = select(Act.sequence, Act.documents).where(*verified).order_by(Act.sequence).limit(quota)
    for after in (last.again_through, 0):
        rows = session.execute(query.where(Act.sequence > after).execution_options(yield_per=1_000))
        share = share_of(((row.sequence, row.documents) for row in rows), quota)
        rows.close()
        if share.last:
            return share
    return Span()


def _within(span: Span) -> ColumnElement[bool]:
    return and_(Act.stream == STREAM, Act.sequence.between(span.first, span.last))


def _besides(session: Session, edition_id: int, night: Night) -> Doubts:
    """Return what is doubtful in acts of the edition that are in neither span."""
    besides = (signed_acts(edition_id), ~_within(night.new), ~_within(night.again))
    parts = chunked(sorted(night.doubts.touched))
    acts = {act_id for part in parts for act_id in session.scalars(select(Act.id).where(Act.id.in_(part), *besides))}
    return night.doubts.of_acts(acts)
