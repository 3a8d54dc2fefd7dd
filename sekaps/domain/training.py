"""The life of a request for training: one table of moves, and what a request and its answers must say."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from sekaps.errors.readiness import TrainingMoveForbidden
from sekaps.texts import Bilingual, Text, text

LONGEST_TOPIC = 300
MOST_PEOPLE = 10_000
"""More people than that in one training is a slip of the keyboard."""


class TrainingState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    """The institution asked; nobody answered yet."""
    SCHEDULED = "scheduled"
    """It has a day and a place."""
    HELD = "held"
    """It was held; the people trained are counted."""
    REFUSED = "refused"
    """It was refused, or called off, with a reason."""
    WITHDRAWN = "withdrawn"
    """The institution does not ask for it any more."""

    @property
    def meaning(self) -> Bilingual:
        """The state as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    TrainingState.ASKED: Bilingual("istendi", "asked for"),
    TrainingState.SCHEDULED: Bilingual("günü belirlendi", "scheduled"),
    TrainingState.HELD: Bilingual("verildi", "held"),
    TrainingState.REFUSED: Bilingual("reddedildi", "refused"),
    TrainingState.WITHDRAWN: Bilingual("geri alındı", "withdrawn"),
}


class TrainingEvent(StrEnum):
    """What happens to a request."""

    SCHEDULE = "schedule"
    """A day and a place are set, or set anew."""
    HOLD = "hold"
    """The training took place."""
    REFUSE = "refuse"
    """It is refused, or called off."""
    WITHDRAW = "withdraw"
    """The institution takes the request back."""


MOVES: Mapping[tuple[TrainingState, TrainingEvent], TrainingState] = {
    (TrainingState.ASKED, TrainingEvent.SCHEDULE): TrainingState.SCHEDULED,
    (TrainingState.ASKED, TrainingEvent.REFUSE): TrainingState.REFUSED,
    (TrainingState.ASKED, TrainingEvent.WITHDRAW): TrainingState.WITHDRAWN,
    (TrainingState.SCHEDULED, TrainingEvent.SCHEDULE): TrainingState.SCHEDULED,
    (TrainingState.SCHEDULED, TrainingEvent.HOLD): TrainingState.HELD,
    (TrainingState.SCHEDULED, TrainingEvent.REFUSE): TrainingState.REFUSED,
    (TrainingState.SCHEDULED, TrainingEvent.WITHDRAW): TrainingState.WITHDRAWN,
}
"""Every allowed move; held, refused and withdrawn are final, and whoever needs another training asks anew."""
OPEN = (TrainingState.ASKED, TrainingState.SCHEDULED)


def moved(state: TrainingState, event: TrainingEvent) -> TrainingState:
    """Return the state an event leads to; raise TrainingMoveForbidden for a move that is not in the table."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise TrainingMoveForbidden(state=state.value, event=event.value, problem=_why_not(state)) from None


def _why_not(state: TrainingState) -> Text:
    if state is TrainingState.ASKED:
        return text("it has no day yet; schedule it first")
    return text("it is {state}, and that is final; ask anew", state=state.meaning)


def refusal_to_ask(topic: str, wished_from: date, wished_until: date, day: date) -> Text | None:
    """Return why a request may not be made on a day, or None."""
    if not topic or len(topic) > LONGEST_TOPIC:
        return text("a topic has 1 to {limit} characters", limit=LONGEST_TOPIC)
    if wished_until < wished_from:
        return text("the wished days end on {until}, before they begin", until=wished_until)
    if wished_until < day:
        return text("the wished days are over on {until}; the day of the act is {day}", until=wished_until, day=day)
    return None


def refusal_to_schedule(on: date, place: str, day: date) -> Text | None:
    """Return why a training may not be set for a day and a place, or None."""
    if on < day:
        return text("{on} has passed; the day of the act is {day}", on=on, day=day)
    return None if place else text("a place is needed")


def refusal_to_hold(held_on: date, people: int, day: date) -> Text | None:
    """Return why a training may not be recorded as held, or None."""
    if held_on > day:
        return text("{on} has not come; it is recorded on that day or after", on=held_on)
    if not 1 <= people <= MOST_PEOPLE:
        return text("the people trained are counted from 1 to {limit}", limit=MOST_PEOPLE)
    return None
