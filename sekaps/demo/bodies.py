"""When the competent bodies of the demo country decide, which lines they refuse, and how contracts and notices end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sekaps.calendar.windows import Window
from sekaps.demo.chance import draw, pick
from sekaps.demo.diary import Diary, busy_day
from sekaps.demo.roster import Roster
from sekaps.services.editions import EditionView

STEPS = ("5.1", "5.2", "5.3", "5.a", "5.b", "6(2)", "7.a", "7.c")
FEWEST_BODIES = 4
"""Among fewer bodies none is idle."""
SLOW_ONE_IN = 25
"""One body in so many never decides, and one in so many is late."""
APPROVAL_DAYS = 10
"""Office days ministries leave the ministry of defence before the allocation window closes."""
LINE_REFUSED, APPROVAL_REFUSED = 0.05, 0.06
CONCLUDED, NOT_CONCLUDED = 0.85, 0.93
SERVED, NOT_SERVED = 0.88, 0.95
REFUSAL_REASONS = (
    "Kaynak başka bir plan kapsamında kullanılmaktadır.",
    "Kaynağın niteliği ihtiyacı karşılamamaktadır.",
    "Kaynak sahibi faaliyetine son vermiştir.",
)
APPROVAL_REASONS = ("Birliğin ihtiyacı değişmiştir.", "Kaynak birliğin intikal bölgesine uzaktır.")
CONTRACT_REASONS = (
    "Taraflar bedel üzerinde anlaşamamıştır.",
    "Kaynak sahibi sözleşme imzalamaktan kaçınmıştır.",
    "İhtiyaç sahibi kurum ihtiyacından vazgeçmiştir.",
)
SERVICE_REASONS = ("Muhatap adresinde bulunamamıştır.", "Adres değişikliği nedeniyle tebliğ edilememiştir.")


@dataclass(frozen=True, slots=True)
class Bodies:
    """The habits of bodies: each decides a step once, on a day of its own; a few are late and a few never do."""

    seed: int
    roster: Roster
    diary: Diary
    windows: Mapping[str, Window]
    idle: Mapping[str, frozenset[int]]
    late: Mapping[str, frozenset[int]]

    def decides_on(self, step: str, body_id: int, proposed_on: date) -> date | None:
        """Return the day a body decides proposals made on a day, or None when it never does."""
        if body_id in self.idle.get(step, ()):
            return None
        planned = self._own_day(step, body_id)
        return max(planned, self.diary.after(proposed_on, 1, self.roster.units[body_id].place))

    def day_for(self, step: str, unit_id: int, name: str, since: date) -> date | None:
        """Return the day a unit acts on one matter of a step, or None when that would be after the window."""
        window = self.windows[step]
        place = self.roster.units[unit_id].place
        days = self.diary.office_days(window, place)
        planned = days[busy_day(days, draw(self.seed, "matter", step, name))]
        day = max(planned, self.diary.after(since, 1, place))
        return day if window.is_open(day) else None

    def _own_day(self, step: str, body_id: int) -> date:
        unit, window = self.roster.units[body_id], self.windows[step]
        fraction = draw(self.seed, "session", step, unit.number)
        if body_id in self.late.get(step, ()):
            return self.diary.after(window.closes, 1 + int(fraction * 4), unit.place)
        days = self.diary.office_days(window, unit.place)
        days = days[:-APPROVAL_DAYS] if step == "5.a" else days
        return days[busy_day(days, fraction)]


def make_bodies(
    roster: Roster, diary: Diary, edition: EditionView, resource_ministries: Sequence[int], seed: int
) -> Bodies:
    """Return the bodies' habits; of each step's bodies that have work, some are late and some idle."""
    candidates = {
        "5.1": _commissions(roster, "mmm_district"),
        "5.2": _commissions(roster, "mmm_province"),
        "5.3": roster.units_of_kind("governorate"),
        "6(2)": list(resource_ministries),
    }
    idle, late = {}, {}
    for step, units in candidates.items():
        slowest = sorted(units, key=lambda unit_id: draw(seed, "slow", step, roster.units[unit_id].number))
        few = len(units) // SLOW_ONE_IN
        count = max(1, few) if len(units) >= FEWEST_BODIES else 0
        idle[step], late[step] = frozenset(slowest[:count]), frozenset(slowest[count : count + few])
    activities = {step.key: activity.code for activity in edition.programme.activities for step in activity.steps}
    windows = {step: edition.window(activities[step], step) for step in STEPS}
    return Bodies(seed, roster, diary, windows, idle, late)


def _commissions(roster: Roster, kind: str) -> list[int]:
    """Return the commissions of one kind in whose place troops stand."""
    troops = [unit.place for unit in roster.units.values() if unit.kind == "military_unit"]
    places = {place.province for place in troops} | {place.district for place in troops}
    found = roster.units_of_kind(kind)
    return [unit_id for unit_id in found if _place_code(roster, unit_id) in places]


def _place_code(roster: Roster, unit_id: int) -> str | None:
    place = roster.units[unit_id].place
    return place.district or place.province


def refuses_line(seed: int, name: str) -> bool:
    """Tell whether a body refuses one proposed line."""
    return draw(seed, "line", name) < LINE_REFUSED


def refusal_reason(seed: int, body_number: int) -> str:
    """Return the reason a body gives for the lines it refuses."""
    return pick(REFUSAL_REASONS, seed, "line reason", body_number)


def approval_reason(seed: int, name: str) -> str | None:
    """Return why the ministry of defence refuses an allocation, or None when it approves."""
    refused = draw(seed, "approval", name) < APPROVAL_REFUSED
    return pick(APPROVAL_REASONS, seed, "approval reason", name) if refused else None


def contract_end(seed: int, name: str) -> tuple[bool, str | None]:
    """Return whether a protocol is recorded at all, and the reason when it is not concluded."""
    return _end(draw(seed, "contract", name), CONCLUDED, NOT_CONCLUDED, pick(CONTRACT_REASONS, seed, "why", name))


def service_end(seed: int, name: str) -> tuple[bool, str | None]:
    """Return whether a notice is recorded at all, and the reason when it is not served."""
    return _end(draw(seed, "service", name), SERVED, NOT_SERVED, pick(SERVICE_REASONS, seed, "why", name))


def served_on(seed: int, name: str, prepared_on: date, recorded_on: date) -> date:
    """Return the day a notice was served: up to five days before it is recorded, never before it was prepared."""
    return max(prepared_on, recorded_on - timedelta(days=int(draw(seed, "served", name) * 6)))


def _end(fraction: float, good: float, recorded: float, reason: str) -> tuple[bool, str | None]:
    if fraction < good:
        return True, None
    return fraction < recorded, reason
