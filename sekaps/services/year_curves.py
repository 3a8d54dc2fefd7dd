"""How the work of a year went, week by week: documents completed and signatures made until each week's end."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from sekaps.calendar.instants import at, local_day
from sekaps.domain.signatures import DocumentState
from sekaps.domain.year_report import Curve, CurvePoint
from sekaps.models.base import Instant
from sekaps.models.documents import Document, Signature
from sekaps.services.editions import EditionView
from sekaps.services.year_phases import wording

WEEK = timedelta(days=7)
SUNDAY = 6
Weekly = Counter[tuple[str, int]]
"""How many by activity and week, the weeks counted from 0."""


def year_curves(session: Session, edition: EditionView, as_of: datetime) -> tuple[Curve, ...]:
    """Return a curve for each activity that owes documents, up to the local day of the instant."""
    ends = _week_ends(min(window.opens for window in edition.windows.values()), local_day(as_of))
    if not ends:
        return ()
    documents, signatures = _completed(session, edition.id, ends), _signed(session, edition.id, ends)
    owed = _owed(session, edition.id)
    return tuple(
        Curve(
            activity=activity.code,
            name=wording(activity.name),
            owed=owed[activity.code],
            weeks=_points(activity.code, ends, documents, signatures),
        )
        for activity in edition.programme.activities
        if owed[activity.code]
    )


def _week_ends(first: date, last: date) -> list[date]:
    """Return the Sundays from the first day's week on, and the last day itself as the end of the last week."""
    sunday = first + timedelta(days=SUNDAY - first.weekday())
    whole = [sunday + WEEK * week for week in range(max(0, (last - sunday).days // 7 + 1))]
    return whole if last < first or (whole and whole[-1] == last) else [*whole, last]


def _points(activity: str, ends: Sequence[date], documents: Weekly, signatures: Weekly) -> tuple[CurvePoint, ...]:
    completed = accumulate(documents[activity, week] for week in range(len(ends)))
    signed = accumulate(signatures[activity, week] for week in range(len(ends)))
    return tuple(CurvePoint(*point) for point in zip(ends, completed, signed, strict=True))


def _week(instant: InstrumentedAttribute[datetime], ends: Sequence[date]) -> ColumnElement[int]:
    """Return the number of the week an instant falls in; after the last week there is none."""
    midnights = [literal(at(day + timedelta(days=1), time(0)), Instant) for day in ends]
    return case(*((instant < midnight, week) for week, midnight in enumerate(midnights)))


def _completed(session: Session, edition_id: int, ends: Sequence[date]) -> Weekly:
    week = _week(Document.waiting_since, ends)
    query = select(Document.activity, week, func.count()).where(
        Document.edition_id == edition_id, Document.state == DocumentState.COMPLETE
    )
    rows = session.execute(query.group_by(Document.activity, week))
    return Counter({(activity, number): count for activity, number, count in rows if number is not None})


def _signed(session: Session, edition_id: int, ends: Sequence[date]) -> Weekly:
    week = _week(Signature.at, ends)
    query = (
        select(Document.activity, week, func.count())
        .join(Signature, Signature.document_id == Document.id)
        .where(Document.edition_id == edition_id)
        .group_by(Document.activity, week)
    )
    return Counter(
        {(activity, number): count for activity, number, count in session.execute(query) if number is not None}
    )


def _owed(session: Session, edition_id: int) -> Counter[str]:
    query = select(Document.activity, func.count()).where(
        Document.edition_id == edition_id, Document.state != DocumentState.WITHDRAWN
    )
    return Counter({activity: count for activity, count in session.execute(query.group_by(Document.activity))})
