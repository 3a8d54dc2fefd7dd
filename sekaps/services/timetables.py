"""When the flows of a published year run by themselves: its due days, those of its extensions among them."""

from datetime import datetime

from sqlalchemy.orm import Session

from sekaps.domain.schedules import NOTHING_AHEAD, Timetable, timetable
from sekaps.services.editions import EditionView
from sekaps.services.gates import openings
from sekaps.services.phases import extension_days, phase_days


def edition_timetable(session: Session, edition: EditionView, as_of: datetime) -> Timetable:
    """Return what lies ahead of an edition at an instant; nothing of one that is closed."""
    if edition.state == "closed":
        return NOTHING_AHEAD
    extended = openings(session, edition, as_of)
    phases = edition.programme.phases
    due = {day for phase in phases for day in (*phase_days(edition, phase), *extension_days(edition, phase, extended))}
    return timetable(due, min(edition.phase_window(phase).opens for phase in phases), as_of)
