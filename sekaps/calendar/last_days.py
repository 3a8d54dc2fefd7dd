"""Where a counted day comes to rest: which days cannot end a period, and at which hour the last one closes.

A period ends on a day that is no weekend, no whole statutory holiday and not suspended. A half day ends it, at 13:00.
Administrative leave and closures by order move nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from sekaps.calendar.days import NATION, ONE_DAY, DayTable, Layer, Place
from sekaps.calendar.edition_warnings import describe
from sekaps.calendar.holidays_tr import is_confirmed
from sekaps.calendar.instants import at
from sekaps.calendar.office_hours import OfficeHours
from sekaps.calendar.suspensions import Suspensions
from sekaps.texts import ZONE, Bilingual, Sayable, text, weekday_name

END_OF_DAY = time(23, 59, 59)
_HOLIDAYS = (Layer.WEEKEND, Layer.STATUTORY)
_MOVE_NOTHING = (Layer.LEAVE, Layer.CLOSURE)


@dataclass(frozen=True, slots=True)
class Rest:
    """Finds the day and the hour at which a period ends at a place, and tells why."""

    days: DayTable
    office: OfficeHours
    place: Place = NATION
    steps: list[Sayable] = field(default_factory=list)

    @property
    def suspensions(self) -> Suspensions:
        """The suspensions of the place."""
        return Suspensions(self.days, self.place)

    def say(self, step: Sayable) -> None:
        """Add a step to the reasoning."""
        self.steps.append(step)

    def can_end(self, day: date) -> bool:
        """Tell whether a period can end on a day."""
        return self.days.is_working_day(day) and not self.suspensions.is_suspended(day)

    def roll_on(self, day: date) -> date:
        """Return the day itself or the first one after it that can end a period."""
        if self.can_end(day):
            return day
        while not self.can_end(day):
            day = self._pass_over(day)
        self.say(text("the last day moves on to the first day that is no holiday: {day}, {weekday}", **dated(day)))
        return day

    def roll_back(self, day: date) -> date:
        """Return the day itself or the last working day before it."""
        if self.days.is_working_day(day):
            return day
        while not self.days.is_working_day(day):
            self._describe(day)
            day -= ONE_DAY
        said = text("to keep the time before the event, the act is brought forward to {day}, {weekday}", **dated(day))
        self.say(said)
        return day

    def close(self, day: date, hour: time | None = None) -> datetime:
        """Return the moment a last day closes: with the offices, at 13:00 on a half day, or earlier by a given hour."""
        self._note_what_moves_nothing(day)
        closes = self.office.closing(day, self.place, self.days)
        if closes < self.office.at(self.place).closes:
            self.say(
                text(
                    "{day} is a half day: it does not move the last day, but closes at {hour}",
                    day=day,
                    hour=_hm(closes),
                )
            )
        moment = local(day, min(closes, hour or closes))
        self.say(text("the last moment is the close of that day's hours: {moment}", moment=moment))
        if not is_confirmed(day.year):
            self.say(text("the religious holidays of {year} are estimated; the last day may move", year=day.year))
        return moment

    def _pass_over(self, day: date) -> date:
        stretch = self.suspensions.stretch(day)
        if stretch is None:
            self._describe(day)
            return day + ONE_DAY
        facts = {"first": stretch.first, "last": stretch.last, "name": stretch.fact.name}
        self.say(text("legal periods stand still from {first} to {last} ({name})", **facts))
        return stretch.restart

    def _describe(self, day: date) -> None:
        facts = (fact for fact in self.days.facts_on(day) if fact.layer in _HOLIDAYS)
        self.steps.extend(describe(fact, self.days) for fact in facts)

    def _note_what_moves_nothing(self, day: date) -> None:
        for fact in self.days.facts_on(day, self.place):
            if fact.layer in _MOVE_NOTHING:
                what = describe(fact, self.days)
                self.say(text("{what}; this does not move a last day, though offices may be shut", what=what))


def local(day: date, hour: time) -> datetime:
    """Return an hour of a local day, aware of its zone."""
    return at(day, hour).astimezone(ZONE)


def dated(day: date) -> dict[str, object]:
    """Return the facts of a day that sentences use: the day and its weekday."""
    return {"day": day, "weekday": Bilingual(tr=weekday_name(day, "tr"), en=weekday_name(day, "en"))}


def _hm(hour: time) -> str:
    return f"{hour:%H:%M}"
