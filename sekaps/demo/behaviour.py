"""How the people of the demo country sign: the days each document is signed on, as its unit's habits have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sekaps.calendar.days import Place
from sekaps.calendar.windows import Window
from sekaps.demo.chance import draw
from sekaps.demo.diary import Diary, busy_day
from sekaps.demo.prolongations import Prolongation
from sekaps.demo.roster import Duty, UnitFact

TOGETHER_SHARE = 0.7
"""Share of a unit's forms that it signs on one and the same day."""
LONGEST_LAG_DAYS = 4
"""Office days that may pass between two signatures of a chain."""
LATEST_TRY_DAYS = 8
"""Office days after the closing date within which the late still try."""
LAPSED_SHARE = 0.5
"""Share of a prolonged unit's forms that need the extension."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What decides when a document is signed: the seed, the calendar's windows, the office days and the units."""

    seed: int
    windows: Mapping[tuple[str, str], Window]
    diary: Diary
    units: Mapping[int, UnitFact]

    def window(self, duty: Duty) -> Window:
        """Return the window of a document's step."""
        return self.windows.get((duty.activity, duty.step)) or self.windows[duty.activity, ""]

    def place(self, duty: Duty) -> Place:
        """Return where a document's unit stands."""
        return self.units[duty.unit_id].place

    def prompt_days(self, duty: Duty, slots: int, *, before: date | None = None) -> list[date]:
        """Return the days a document's slots are signed on inside its window, and before a day if given."""
        window = self.window(duty)
        if before is not None:
            window = Window(window.opens, min(window.closes, before - timedelta(days=1)))
        days = self.diary.office_days(window, self.place(duty))
        pile = self._pile(duty)
        last = busy_day(days, draw(self.seed, "pace", *pile))
        return [days[max(0, last - lag)] for lag in self._lags(pile, slots)]

    def prolonged_days(self, duty: Duty, slots: int, prolongation: Prolongation) -> list[date]:
        """Return the days of a document whose unit was given more time: for some forms the last falls into it."""
        added = Window(self.window(duty).closes + timedelta(days=1), prolongation.until)
        extra = self.diary.office_days(added, self.place(duty))
        if not extra or draw(self.seed, "lapsed", duty.number) >= LAPSED_SHARE:
            return self.prompt_days(duty, slots)
        last = extra[int(draw(self.seed, "added", duty.number) * len(extra))]
        return [*self.prompt_days(duty, slots)[:-1], last]

    def late_day(self, duty: Duty) -> date:
        """Return the day after the closing date on which a late signer tries in vain."""
        lead = 1 + int(draw(self.seed, "late", duty.number) * LATEST_TRY_DAYS)
        return self.diary.after(self.window(duty).closes, lead, self.place(duty))

    def _pile(self, duty: Duty) -> tuple[object, ...]:
        """Return what is signed in one go with a document: mostly its unit's other forms of the kind and step."""
        if draw(self.seed, "together", duty.number) < TOGETHER_SHARE:
            return self.units[duty.unit_id].number, duty.step, duty.kind
        return (duty.number,)

    def _lags(self, pile: tuple[object, ...], slots: int) -> list[int]:
        """Return for each slot how many office days before the last one it is signed, descending to 0."""
        lag, lags = 0, [0]
        for slot in range(slots - 1, 0, -1):
            lag += int(draw(self.seed, "lag", slot, *pile) * (LONGEST_LAG_DAYS + 1))
            lags.append(lag)
        return lags[::-1]
