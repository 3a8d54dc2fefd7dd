"""Amending a published year: one person proposes new dates, another publishes them as the next revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sekaps.calendar.editions import Draft
from sekaps.calendar.instants import local_day
from sekaps.calendar.published import published_yaml, unpublished
from sekaps.calendar.shifts import followers, redraft
from sekaps.domain.trail import Entry
from sekaps.errors.editions import AmendmentRefused, InvariantsBroken
from sekaps.models import programmes as stored
from sekaps.models.amendments import Amendment
from sekaps.services import trail
from sekaps.services.closing import require_not_closed
from sekaps.services.corrections import Cause, Deadlines, correct, deadlines
from sekaps.services.editions import EditionView, insert_revision, load_edition
from sekaps.services.phases import follow_windows
from sekaps.services.proposals import Kind, kind_of
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class AmendmentOrder:
    """What is asked for: boundaries with their new dates, why, by which letter, and who asks."""

    dates: Mapping[str, date]
    reason: str
    letter_number: str
    proposed_by: str


def redrafted(session: Session, edition: EditionView, dates: Mapping[str, date], as_of: datetime) -> Draft:
    """Return the edition's year with those dates; raise AmendmentRefused for an unknown boundary or one in the past."""
    held = boundary_dates(session, edition)
    for code, day in dates.items():
        problem = _problem(held, code, day, local_day(as_of))
        if problem is not None:
            raise AmendmentRefused(problem=problem)
    return redraft(edition.programme, edition.year, edition.snapshot, {**_pinned(held, edition), **dates})


def with_followers(session: Session, edition: EditionView, dates: Mapping[str, date]) -> dict[str, date]:
    """Return the dates together with those of every boundary that, by its rule, follows one of them to another day."""
    held = boundary_dates(session, edition)
    following = followers(edition.programme, dates)
    kept = {code: day for code, day in _pinned(held, edition).items() if code not in following}
    programme = unpublished(edition.programme, edition.year, following)
    drafted = redraft(programme, edition.year, edition.snapshot, {**kept, **dates})
    moved = {code: drafted.boundary(code).date for code in sorted(following)}
    return {**dates, **{code: day for code, day in moved.items() if day != held.get(code)}}


def boundary_dates(session: Session, edition: EditionView) -> dict[str, date]:
    """Return the date of every boundary in the edition's current revision."""
    query = (
        select(stored.BoundaryDate.code, stored.BoundaryDate.day)
        .join(stored.Revision, stored.Revision.id == stored.BoundaryDate.revision_id)
        .where(stored.Revision.edition_id == edition.id, stored.Revision.number == edition.revision)
    )
    return {code: day for code, day in session.execute(query)}


def _problem(held: Mapping[str, date], code: str, day: date, today: date) -> Text | None:
    if code not in held:
        return text("no boundary '{code}' in this edition; its boundaries: {known}", code=code, known=list(held))
    if day == held[code]:
        return text("{code} is on {day} already", code=code, day=day)
    if day < today or held[code] < today:
        return text("{code} cannot move from {before} to {day}: the past stays as it was", code=code,
                    before=held[code], day=day)  # fmt: skip
    return None


def _pinned(held: Mapping[str, date], edition: EditionView) -> dict[str, date]:
    """Return the boundaries that were published; what only a rule gave moves along with what it depends on."""
    boundaries = edition.programme.boundaries
    return {code: day for code, day in held.items() if edition.year in boundaries[code].published}


def propose(session: Session, edition: EditionView, order: AmendmentOrder, as_of: datetime) -> int:
    """Store a proposal against the current revision and return its id.

    Raises AmendmentRefused for what makes no sense, InvariantsBroken when the year would not hold.
    """
    require_not_closed(session, edition)
    drafted = redrafted(session, edition, order.dates, as_of)
    if drafted.violations:
        raise InvariantsBroken(programme=edition.programme.code, year=edition.year, violations=list(drafted.violations))
    if not (order.reason.strip() and order.letter_number.strip() and order.proposed_by.strip()):
        raise AmendmentRefused(problem=text("reason, letter number and who proposes must all be given"))
    row = {
        "edition_id": edition.id,
        "base_revision": edition.revision,
        "dates": {code: day.isoformat() for code, day in order.dates.items()},
        "reason": order.reason,
        "letter_number": order.letter_number,
        "proposed_by": order.proposed_by,
        "proposed_at": as_of,
        "state": "proposed",
    }
    amendment_id = session.scalars(insert(Amendment).values(row).returning(Amendment.id)).one()
    _log(session, edition, "propose_amendment", order.proposed_by, amendment_id, as_of)
    return amendment_id


def publish_amendment(
    session: Session, edition: EditionView, amendment_id: int, decided_by: str, as_of: datetime
) -> int:
    """Publish a proposal as the edition's next revision, correct who was told otherwise, and return its number.

    Raises AmendmentRefused when it is not open, when it was proposed against another revision, when the one who
    decides is the one who proposed, or when a date has passed meanwhile.
    """
    require_not_closed(session, edition)
    amendment = _open(session, edition, amendment_id)
    if amendment.base_revision != edition.revision:
        raise AmendmentRefused(
            problem=text(
                "amendment {id} was proposed against revision {base}, and revision {now} holds now; propose it again",
                id=amendment_id,
                base=amendment.base_revision,
                now=edition.revision,
            )
        )
    if amendment.proposed_by == decided_by:
        raise AmendmentRefused(problem=text("two people are needed: {name} proposed it", name=decided_by))
    dates = {code: date.fromisoformat(day) for code, day in amendment.dates.items()}
    before = deadlines(session, edition, as_of)
    number = _store(session, edition, amendment, dates, decided_by, as_of)
    _correct(session, edition, before, amendment, as_of)
    _decide(session, amendment_id, "published", decided_by, as_of)
    _log(session, edition, "publish_amendment", decided_by, amendment_id, as_of, revision=number)
    return number


def _correct(session: Session, edition: EditionView, before: Deadlines, amendment: Amendment, as_of: datetime) -> None:
    """Tell those who were reminded of a last day that the revision moved."""
    after = load_edition(session, edition.programme.code, edition.year, as_of)
    wording = text(
        "revision {number} of the calendar ({letter}: {reason})",
        number=after.revision,
        letter=amendment.letter_number,
        reason=amendment.reason,
    )
    cause = Cause(f"revision:{after.revision}", wording)
    correct(session, before, deadlines(session, after, as_of), cause, as_of)


def withdraw_amendment(
    session: Session, edition: EditionView, amendment_id: int, decided_by: str, as_of: datetime
) -> None:
    """Withdraw a proposal; raise AmendmentRefused when it is not open."""
    _open(session, edition, amendment_id)
    _decide(session, amendment_id, "withdrawn", decided_by, as_of)
    _log(session, edition, "withdraw_amendment", decided_by, amendment_id, as_of)


def list_amendments(session: Session, edition: EditionView) -> list[Amendment]:
    """Return every amendment of an edition, oldest first."""
    rows = session.scalars(select(Amendment).where(Amendment.edition_id == edition.id).order_by(Amendment.id))
    return [row for row in rows if kind_of(row) is Kind.AMENDMENT]


def _open(session: Session, edition: EditionView, amendment_id: int) -> Amendment:
    query = select(Amendment).where(Amendment.edition_id == edition.id, Amendment.id == amendment_id)
    amendment = session.scalars(query.with_for_update()).one_or_none()
    if amendment is None or amendment.state != "proposed" or kind_of(amendment) is not Kind.AMENDMENT:
        state = "-" if amendment is None else amendment.state
        raise AmendmentRefused(problem=text("amendment {id} is not open ({state})", id=amendment_id, state=state))
    return amendment


def _store(
    session: Session,
    edition: EditionView,
    amendment: Amendment,
    dates: Mapping[str, date],
    decided_by: str,
    as_of: datetime,
) -> int:
    """Write the revision: its programme text with the new dates in it, its windows, the days as they were known."""
    drafted = redrafted(session, edition, dates, as_of)
    written = published_yaml(_text_of(session, edition), edition.year, dates)
    number = edition.revision + 1
    decision = {"reason": amendment.reason, "letter_number": amendment.letter_number, "decided_by": decided_by}
    days = edition.snapshot
    insert_revision(session, edition.id, drafted, written, days, number=number, as_of=as_of, decision=decision)
    state = {"revision": number, "state": "amended"}
    session.execute(update(stored.Edition).where(stored.Edition.id == edition.id).values(state))
    follow_windows(session, load_edition(session, edition.programme.code, edition.year), as_of)
    return number


def _text_of(session: Session, edition: EditionView) -> str:
    query = select(stored.Revision.programme_text).where(stored.Revision.edition_id == edition.id)
    return session.scalars(query.where(stored.Revision.number == edition.revision)).one()


def _decide(session: Session, amendment_id: int, state: str, decided_by: str, as_of: datetime) -> None:
    values = {"state": state, "decided_by": decided_by, "decided_at": as_of}
    session.execute(update(Amendment).where(Amendment.id == amendment_id).values(values))


def _log(
    session: Session,
    edition: EditionView,
    verb: str,
    who: str,
    amendment_id: int,
    as_of: datetime,
    *,
    revision: int | None = None,
) -> None:
    entry = Entry(
        at=as_of,
        verb=verb,
        authority=who,
        edition_id=edition.id,
        revision=revision or edition.revision,
        facts={"amendment": amendment_id},
    )
    trail.append(session, entry)
