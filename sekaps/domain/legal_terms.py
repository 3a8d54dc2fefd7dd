"""Which period of law an event starts for a notice, who must act in it, what meets it, and when to remind of it.

Law 3634, articles 57 to 60. Lengths and what follows are rows of the catalogue of statutory periods, by the same code.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from sekaps.calendar.days import ONE_DAY, DayTable, Place
from sekaps.calendar.instants import at, local_day
from sekaps.calendar.legal_clock import deadline
from sekaps.calendar.office_hours import OfficeHours
from sekaps.calendar.periods import After

LAPSED_RUNG = -1
"""The rung told when a term has lapsed; the others are days before its last one."""
TOLD_DAYS = 14
"""How many days after its end the lapse of a term is still news."""


class TermEvent(StrEnum):
    """What happens to a notice and starts or ends a term."""

    PREPARED = "prepared"
    """The decision lies before the authority that serves it."""
    SENT = "sent"
    """It was given to the channel it goes by."""
    SERVED = "served"
    """It counts as served on its addressee."""
    OBJECTED = "objected"
    """The addressee's objection reached the commission."""
    PRICED = "priced"
    """The military authority told the commission its price."""
    ANSWERED = "answered"
    """The commission's decision about the objection was served on whoever objected."""
    SUED = "sued"
    """Whoever objected went to court."""


class Actor(StrEnum):
    """Who must act in a term."""

    SERVER = "server"
    """The civil administration that serves the notice."""
    ADDRESSEE = "addressee"
    """The addressee, who is no unit of ours."""
    MILITARY = "military"
    """The military unit that owns the need."""
    COMMISSION = "commission"
    """The commission that decided."""


class TermState(StrEnum):
    """Where a term stands."""

    RUNNING = "running"
    """Its last moment has not passed, and nobody acted yet."""
    MET = "met"
    """What had to be done was done in time."""
    LAPSED = "lapsed"
    """Its last moment passed; the law says what follows."""


@dataclass(frozen=True, slots=True)
class TermRule:
    """One kind of term: the event that starts it, those that meet it, who must act, and days of reminding."""

    code: str
    starts: TermEvent
    met_by: tuple[TermEvent, ...]
    actor: Actor
    rungs: tuple[int, ...] = ()


TERMS: dict[str, TermRule] = {
    rule.code: rule
    for rule in (
        TermRule("price_service", TermEvent.PREPARED, (TermEvent.SENT,), Actor.SERVER, (1,)),
        TermRule("price_objection", TermEvent.SERVED, (TermEvent.OBJECTED,), Actor.ADDRESSEE),
        TermRule("price_decision", TermEvent.OBJECTED, (TermEvent.PRICED, TermEvent.ANSWERED), Actor.MILITARY, (2, 0)),
        TermRule("commission_inaction", TermEvent.OBJECTED, (TermEvent.ANSWERED,), Actor.COMMISSION, (30, 7, 1)),
        TermRule("commission_court_action", TermEvent.ANSWERED, (TermEvent.SUED,), Actor.ADDRESSEE),
    )
}


def started_by(event: TermEvent) -> tuple[TermRule, ...]:
    """Return the terms an event starts."""
    return tuple(rule for rule in TERMS.values() if rule.starts is event)


def met_by(event: TermEvent) -> tuple[str, ...]:
    """Return the codes of the terms an event in time meets."""
    return tuple(rule.code for rule in TERMS.values() if event in rule.met_by)


def starts_at(period: After, event: date) -> datetime:
    """Return when a term begins to run: hours from the event's instant, days from the day after it."""
    if period.length.is_real_time:
        return event if isinstance(event, datetime) else at(event, time(0))
    day = local_day(event) if isinstance(event, datetime) else event
    return at(day + ONE_DAY, time(0))


def due_at(period: After, start: datetime, days: DayTable, place: Place, office: OfficeHours) -> datetime:
    """Return the last moment of a term that began to run at an instant, as the days of a place stand."""
    event = start if period.length.is_real_time else local_day(start) - ONE_DAY
    return deadline(period, event, days, place, office=office).last_moment.astimezone(UTC)


def is_in_time(due: datetime, on: date) -> bool:
    """Tell whether what happened on a day happened in a term: its whole last day counts, hours are not recorded."""
    return on <= local_day(due)


def rung_on(rule: TermRule, due: datetime, state: TermState, day: date) -> int | None:
    """Return the latest rung whose day has come, or None: days before the last day, or LAPSED_RUNG after the end."""
    left = (local_day(due) - day).days
    if state is TermState.LAPSED:
        return LAPSED_RUNG if left >= -TOLD_DAYS else None
    if state is not TermState.RUNNING:
        return None
    return min((rung for rung in rule.rungs if rung >= left), default=None)
