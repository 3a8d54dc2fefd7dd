"""Orders about days made after publication: which days they take in which places, and which last days they move."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from sekaps.calendar.days import ONE_DAY, DayFact, DayTable, Layer, Place, each_day
from sekaps.calendar.programmes import Activity, Mover
from sekaps.calendar.windows import Window
from sekaps.texts import Bilingual

ORDERED_LAYERS = (Layer.LEAVE, Layer.CLOSURE, Layer.SUSPENSION)
"""What an order may make of a day."""


@dataclass(frozen=True, slots=True)
class DayOrder:
    """An order in force: the days (or, with an hour, halves of days) it takes from its places, and its letter.

    Its places name the activity too when it holds for one row of the calendar only.
    """

    layer: Layer
    first: date
    last: date
    places: tuple[Place, ...]
    authority: str
    reason: str
    letter_number: str
    starts: time | None = None
    ends: time | None = None

    def facts(self) -> Iterator[DayFact]:
        """Yield what the order makes of each day in each of its places."""
        name, source = Bilingual(self.reason, self.reason), f"{self.authority}, {self.letter_number}"
        for day in each_day(self.first, self.last):
            for place in self.places:
                yield DayFact(
                    day,
                    self.layer,
                    name,
                    starts=self.starts,
                    ends=self.ends,
                    province=place.province,
                    district=place.district,
                    source=source,
                    unit=place.unit,
                    activity=place.activity,
                )


def moved_end(window: Window, activity: Activity, days: DayTable, place: Place) -> date:
    """Return the closing day of a window at a place, moved by the orders that the activity says move it.

    A suspension runs the window on by the days it lost; a closing day on which nobody can work is then, or after a
    closure, the next one on which somebody can. What the calendar itself published on a holiday stays.
    """
    closes = _run_on(window, days, place) if Mover.SUSPENSION in activity.moves_with else window.closes
    is_shut = Mover.CLOSURE in activity.moves_with and _is_shut(closes, days, place)
    if (is_shut or closes != window.closes) and not days.is_running_day(closes, place):
        return days.add_running_days(closes, 1, place)
    return closes


def _run_on(window: Window, days: DayTable, place: Place) -> date:
    lost = sum(days.is_suspended(day, place) for day in each_day(window.opens, window.closes))
    closes = window.closes
    while lost:
        closes += ONE_DAY
        lost -= not days.is_suspended(closes, place)
    return closes


def _is_shut(day: date, days: DayTable, place: Place) -> bool:
    is_ordered = any(fact.layer is Layer.CLOSURE for fact in days.facts_on(day, place))
    return is_ordered and not days.is_office_day(day, place)
