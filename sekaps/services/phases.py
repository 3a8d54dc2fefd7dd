"""The life of a phase: planned, open, near its end, closed; each change is made once, by whichever tick comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sekaps.calendar.days import Place
from sekaps.calendar.instants import local_day
from sekaps.calendar.programmes import Ladder, Phase
from sekaps.calendar.windows import Window
from sekaps.domain.gates import ExtensionTerms
from sekaps.domain.ticks import due_days
from sekaps.domain.trail import Entry
from sekaps.models import programmes as stored
from sekaps.services import trail
from sekaps.services.editions import EditionView
from sekaps.services.gates import openings
from sekaps.services.writing import rows_changed

NEAR_END_WORKING_DAYS = 7
"""A phase nears its end so many working days before it closes: the ladder's third rung."""


@dataclass(frozen=True, slots=True)
class PhaseStatus:
    """A phase as it stands: its state, when it opened and closed, and the gaps counted when it closed."""

    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    gaps_at_close: int | None


def phase_status(session: Session, edition: EditionView, code: str) -> PhaseStatus:
    """Return how a phase stands."""
    row = session.scalars(select(stored.Phase).where(_is(edition, code))).one()
    return PhaseStatus(row.state, row.opened_at, row.closed_at, row.gaps_at_close)


def lock_phase(session: Session, edition: EditionView, code: str) -> str:
    """Take the phase's row until the transaction ends, so that two ticks of it queue; return its state."""
    return session.scalars(select(stored.Phase.state).where(_is(edition, code)).with_for_update()).one()


def due_phases(session: Session, edition: EditionView, as_of: datetime) -> list[str]:
    """Return the phases with a due day on or before the local day that no tick has come to yet, in calendar order."""
    day = local_day(as_of)
    query = select(stored.Phase.code, stored.Phase.ticked_through).where(stored.Phase.edition_id == edition.id)
    ticked = {code: through for code, through in session.execute(query)}
    extensions = openings(session, edition, as_of)
    return [
        phase.code
        for phase in edition.programme.phases
        for due in [{*phase_days(edition, phase), *extension_days(edition, phase, extensions)}]
        if any((ticked[phase.code] or date.min) < one <= day for one in due)
    ]


def phase_days(edition: EditionView, phase: Phase) -> list[date]:
    """Return the days on which something falls due for a phase, by its windows."""
    terms = [(edition.window(phase.activity, key), ladder) for key, ladder in _ladders(edition, phase).items()]
    return due_days(terms, edition.days, _places(edition, phase))


def extension_days(edition: EditionView, phase: Phase, extensions: Iterable[ExtensionTerms]) -> list[date]:
    """Return the days on which something falls due for a phase because a window of it stays open for somebody."""
    ladders = _ladders(edition, phase)
    terms = [
        (Window(extension.since, extension.until), ladders[key])
        for extension in extensions
        for key in ladders
        if extension.activity == phase.activity and extension.step in ("", key)
    ]
    return due_days(terms, edition.days, _places(edition, phase))


def _places(edition: EditionView, phase: Phase) -> list[Place]:
    """Return the places where some day is special for the phase."""
    return [
        place.for_activity(phase.activity)
        for place in edition.days.local_places
        if place.activity in (None, phase.activity)
    ]


def _ladders(edition: EditionView, phase: Phase) -> dict[str, Ladder | None]:
    """Return the ladder of each step of a phase; of the row itself where it has no steps."""
    row, known = edition.activity(phase.activity), edition.programme.ladders
    steps = {step.key: known.get(row.ladder_of(step) or "") for step in edition.steps(phase)}
    return steps or {stored.WHOLE_ROW: known.get(row.ladder or "")}


def last_due_day(edition: EditionView) -> date:
    """Return the last day on which something falls due in an edition."""
    return max(day for phase in edition.programme.phases for day in phase_days(edition, phase))


def note_tick(session: Session, edition: EditionView, code: str, as_of: datetime) -> None:
    """Remember that a tick came to the phase's work of the local day; an earlier day changes nothing."""
    day = local_day(as_of)
    earlier = stored.Phase.ticked_through.is_(None) | (stored.Phase.ticked_through < day)
    session.execute(update(stored.Phase).where(_is(edition, code), earlier).values(ticked_through=day))


def follow_windows(session: Session, edition: EditionView, as_of: datetime) -> None:
    """Bring every phase's dates to its windows; a closed one whose new last day has not passed is open again."""
    day = local_day(as_of)
    for phase in edition.programme.phases:
        window = edition.phase_window(phase)
        dates = {"opens": window.opens, "closes": window.closes}
        session.execute(update(stored.Phase).where(_is(edition, phase.code)).values(dates))
        closed = stored.Phase.state.in_(("closed", "closed_with_gaps"))
        if window.is_open(day):
            again = {"state": "open", "closed_at": None, "gaps_at_close": None, "near_end_at": None}
            session.execute(update(stored.Phase).where(_is(edition, phase.code), closed).values(again))


def open_when_due(session: Session, edition: EditionView, phase: Phase, as_of: datetime) -> bool:
    """Open the phase from its first day on; return whether this call did it."""
    if local_day(as_of) < edition.phase_window(phase).opens:
        return False
    planned = stored.Phase.state == "planned"
    return _change(session, edition, phase, as_of, "open_phase", planned, {"state": "open", "opened_at": as_of})


def mark_near_end(session: Session, edition: EditionView, phase: Phase, as_of: datetime) -> bool:
    """Note that the phase nears its end; return whether this call did it."""
    closes = edition.phase_window(phase).closes
    day = local_day(as_of)
    if day > closes or day < edition.days.add_working_days(closes, -NEAR_END_WORKING_DAYS):
        return False
    unmarked = (stored.Phase.state == "open") & stored.Phase.near_end_at.is_(None)
    return _change(session, edition, phase, as_of, "near_end", unmarked, {"near_end_at": as_of})


def close_when_due(session: Session, edition: EditionView, phase: Phase, as_of: datetime, gaps: int) -> bool:
    """Close the phase once its last day has passed, with the gaps that are left; return whether this call did it."""
    if local_day(as_of) <= edition.phase_window(phase).closes:
        return False
    state = "closed_with_gaps" if gaps else "closed"
    values = {"state": state, "closed_at": as_of, "gaps_at_close": gaps}
    return _change(session, edition, phase, as_of, "close_phase", stored.Phase.state == "open", values)


def _change(
    session: Session,
    edition: EditionView,
    phase: Phase,
    as_of: datetime,
    verb: str,
    guard: Any,
    values: dict[str, Any],
) -> bool:
    changed = rows_changed(session.execute(update(stored.Phase).where(_is(edition, phase.code), guard).values(values)))
    if changed == 0:
        return False
    facts = {"phase": phase.code, **{name: value for name, value in values.items() if not isinstance(value, datetime)}}
    trail.append(
        session,
        Entry(
            at=as_of,
            verb=verb,
            edition_id=edition.id,
            revision=edition.revision,
            activity=phase.activity,
            facts=facts,
        ),
    )
    return True


def _is(edition: EditionView, code: str) -> Any:
    return (stored.Phase.edition_id == edition.id) & (stored.Phase.code == code)
