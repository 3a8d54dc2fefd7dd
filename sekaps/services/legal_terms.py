"""Legal terms of notices as rows: started by what happens, ended by it in time, and lapsed when their moment passed.

The clock counts with the days of the edition at the place of the resource, suspensions by order included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.days import Place
from sekaps.calendar.periods import After
from sekaps.domain.legal_terms import (
    Actor,
    TermEvent,
    TermRule,
    TermState,
    due_at,
    is_in_time,
    met_by,
    started_by,
    starts_at,
)
from sekaps.domain.reminders import deciding_place
from sekaps.models.allocation import Allocation, Resource
from sekaps.models.contracts import LegalTerm, Notice
from sekaps.models.documents import Document
from sekaps.services.editions import EditionView
from sekaps.services.papers import SERVICE_STEP, log_act
from sekaps.services.periods import find_period, office_hours
from sekaps.services.writing import Query, chunked, insert_new, rows_changed, table_of

Events = Mapping[int, date]
"""The day, or the instant, of an event by notice."""
ACTORS = {
    Actor.SERVER: Notice.served_by_id,
    Actor.MILITARY: Document.unit_id,
    Actor.COMMISSION: Allocation.body_id,
}
"""The unit that must act in a term; the addressee is none."""


class TermClock:
    """The last moments of terms as an edition's days stand; equal questions are worked out once."""

    def __init__(self, edition: EditionView) -> None:
        self.days = edition.days
        self._places: dict[Place, Place] = {}
        self._due: dict[tuple[str, datetime, Place], datetime] = {}

    def due(self, code: str, start: datetime, place: Place) -> datetime:
        """Return the last moment at a place of a term that began to run at an instant."""
        if place not in self._places:
            self._places[place] = Place(place.province, deciding_place(place, self.days).district)
        key = code, start, self._places[place]
        if key not in self._due:
            self._due[key] = due_at(length_of(code), start, self.days, place, office_hours())
        return self._due[key]


def length_of(code: str) -> After:
    """Return the statutory period of a term."""
    period = find_period(code).period
    assert isinstance(period, After)
    return period


def start_terms(
    session: Session, edition: EditionView, event: TermEvent, events: Events, *, but: Iterable[str] = ()
) -> None:
    """Start the terms an event starts for each notice, but for those of some codes; one already there stays."""
    rules, clock = [rule for rule in started_by(event) if rule.code not in but], TermClock(edition)
    for part in chunked(sorted(events)):
        query = _of_notices(Notice.id, Resource.province_code, Resource.district_code, *ACTORS.values())
        found = session.execute(query.where(Notice.id.in_(part))).all()
        rows = [_term(edition, rule, row, events[row.id], clock) for row in found for rule in rules]
        insert_new(session, LegalTerm, rows)


def _term(edition: EditionView, rule: TermRule, row: Any, event: date, clock: TermClock) -> dict[str, Any]:
    start = starts_at(length_of(rule.code), event)
    units = dict(zip(ACTORS, row[3:], strict=True))
    return {
        "edition_id": edition.id,
        "notice_id": row.id,
        "code": rule.code,
        "unit_id": units.get(rule.actor),
        "starts_at": start,
        "due_at": clock.due(rule.code, start, Place(row.province_code, row.district_code)),
        "state": TermState.RUNNING.value,
    }


def end_terms(session: Session, event: TermEvent, events: Events, as_of: datetime) -> None:
    """End the terms an event meets: met when its day lies in the term, though it was recorded later, else lapsed."""
    for part in chunked(sorted(events)):
        terms = select(LegalTerm).where(LegalTerm.notice_id.in_(part), LegalTerm.code.in_(met_by(event)))
        rows = [
            {"key": term.id, "new_state": state, "new_end": ended_at}
            for term in session.scalars(terms.where(LegalTerm.state != TermState.MET.value).order_by(LegalTerm.id))
            for state, ended_at in [_end(term.due_at, events[term.notice_id], as_of)]
        ]
        _write_ends(session, rows)


def _end(due: datetime, on: date, as_of: datetime) -> tuple[str, datetime]:
    if is_in_time(due, on):
        return TermState.MET.value, min(due, as_of)
    return TermState.LAPSED.value, due


def _write_ends(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        terms = table_of(LegalTerm)
        ends: dict[str, Any] = {"state": bindparam("new_state"), "ended_at": bindparam("new_end")}
        session.connection().execute(update(terms).where(terms.c.id == bindparam("key")).values(ends), rows)
        session.expire_all()


def drop_terms(session: Session, notice_ids: Iterable[int]) -> int:
    """Take away the running terms of notices that mean nothing any more; return how many."""
    dropped = 0
    for part in chunked(sorted(notice_ids)):
        running = LegalTerm.notice_id.in_(part), LegalTerm.state == TermState.RUNNING.value
        dropped += rows_changed(session.execute(delete(LegalTerm).where(*running)))
    return dropped


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep changed: terms whose last moment an order moved, and terms that lapsed."""

    moved: int
    lapsed: int


def sweep_terms(session: Session, edition: EditionView, as_of: datetime) -> Swept:
    """Count every term that is not met anew under the orders in force, and lapse those whose moment has passed."""
    moved = _recount(session, edition, as_of)
    running = LegalTerm.edition_id == edition.id, LegalTerm.state == TermState.RUNNING.value
    over = update(LegalTerm).where(*running, LegalTerm.due_at < as_of)
    lapsed = rows_changed(session.execute(over.values(state=TermState.LAPSED.value, ended_at=LegalTerm.due_at)))
    if moved or lapsed:
        facts = {"moved": moved, "lapsed": lapsed}
        log_act(session, edition, SERVICE_STEP, "sweep_terms", as_of, moved + lapsed, facts)
    return Swept(moved, lapsed)


def _recount(session: Session, edition: EditionView, as_of: datetime) -> int:
    """Move the last moments that orders about days have moved since; what an order gives time again runs again."""
    clock, moved = TermClock(edition), 0
    for code, start, due, province, district in session.execute(_groups(edition)).all():
        now = clock.due(code, start, Place(province, district))
        if now != due:
            moved += _move(session, edition, (code, start, due, province, district), now, as_of)
    return moved


def _groups(edition: EditionView) -> Query:
    """Return the terms that are not met, by what their last moment follows from."""
    columns = (LegalTerm.code, LegalTerm.starts_at, LegalTerm.due_at, Resource.province_code, Resource.district_code)
    unmet = LegalTerm.edition_id == edition.id, LegalTerm.state != TermState.MET.value
    terms = _of_notices(*columns).join(LegalTerm, LegalTerm.notice_id == Notice.id).where(*unmet)
    return terms.group_by(*columns).order_by(*columns)


def _move(session: Session, edition: EditionView, group: tuple[Any, ...], due: datetime, as_of: datetime) -> int:
    code, start, was, province, district = group
    here = Resource.province_code == province, Resource.district_code == district
    terms = update(LegalTerm).where(
        LegalTerm.edition_id == edition.id,
        LegalTerm.state != TermState.MET.value,
        LegalTerm.code == code,
        LegalTerm.starts_at == start,
        LegalTerm.due_at == was,
        LegalTerm.notice_id.in_(_of_notices(Notice.id).where(*here)),
    )
    runs = due >= as_of
    state = TermState.RUNNING if runs else TermState.LAPSED
    values = {"due_at": due, "state": state.value, "ended_at": None if runs else due}
    return rows_changed(session.execute(terms.values(**values), execution_options={"synchronize_session": False}))


def _of_notices(*columns: Any) -> Query:
    """Return columns of notices, the allocation each tells of, its need and its resource."""
    return (
        select(*columns)
        .select_from(Notice)
        .join(Allocation, Allocation.id == Notice.allocation_id)
        .join(Document, Document.id == Allocation.need_id)
        .join(Resource, Resource.document_id == Allocation.resource_id)
    )


def last_days(session: Session, code: str, notice_ids: Iterable[int]) -> dict[int, datetime]:
    """Return the last moment of a term by notice; those for which it never started are left out."""
    query = select(LegalTerm.notice_id, LegalTerm.due_at).where(LegalTerm.code == code)
    return {
        notice_id: due
        for part in chunked(sorted(notice_ids))
        for notice_id, due in session.execute(query.where(LegalTerm.notice_id.in_(part)))
    }


def count_terms(session: Session, edition: EditionView) -> dict[tuple[str, str], int]:
    """Return how many terms an edition has, by code and state."""
    by = (LegalTerm.code, LegalTerm.state)
    query = select(*by, func.count()).where(LegalTerm.edition_id == edition.id).group_by(*by).order_by(*by)
    return {(code, state): count for code, state, count in session.execute(query)}
