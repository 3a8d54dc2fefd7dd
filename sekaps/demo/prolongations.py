"""Who is given more time: the extensions the coordinator of the demo country orders, and the days they give."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sekaps.calendar.days import NATION
from sekaps.calendar.windows import Window
from sekaps.demo.chance import draw
from sekaps.demo.diary import Diary
from sekaps.demo.roster import Duty, Roster
from sekaps.services.editions import EditionView
from sekaps.services.requests import ExtensionOrder

UNITS_PROLONGED = 200
ADDED_OFFICE_DAYS = 5
AUTHORITY = "MGK Genel Sekreterliği"
UNIT_REASON = "Kurumda e-imza sertifikalarının yenilenmesi gecikti."
PROVINCE_REASON = "Olumsuz hava koşulları nedeniyle il genelinde sayım tamamlanamadı."
NEEDS = ("needs_entry", "4.a")
COUNTS = ("resource_determination", "3.c")
FEWEST_FORMS = 3


@dataclass(frozen=True, slots=True)
class Prolongation:
    """An extension to come: the order, the day it is given, and its last day."""

    order: ExtensionOrder
    given_on: date
    until: date


@dataclass(frozen=True)
class Prolongations:
    """All extensions of the year, found by the unit's number or the province they are for."""

    all: Sequence[Prolongation]

    def of(self, duty: Duty, roster: Roster) -> Prolongation | None:
        """Return the extension that covers a document, if any; its unit's own before its province's."""
        if (duty.activity, duty.step) not in self._steps:
            return None
        unit = roster.units[duty.unit_id]
        places = ("unit", str(unit.number)), ("province", unit.place.province or "")
        found = (self._by_target.get((duty.activity, duty.step, *place)) for place in places)
        return next(filter(None, found), None)

    @cached_property
    def _by_target(self) -> dict[tuple[str, str, str, str], Prolongation]:
        orders = ((one, one.order) for one in self.all)
        return {(order.activity, order.step, order.scope, order.scope_code): one for one, order in orders}

    @cached_property
    def _steps(self) -> frozenset[tuple[str, str]]:
        return frozenset(target[:2] for target in self._by_target)


def plan_prolongations(
    roster: Roster, duties: Iterable[Duty], edition: EditionView, diary: Diary, *, scale: float, seed: int
) -> Prolongations:
    """Return the extensions of the year: some institutions' needs entry, one province's count of resources."""
    units = [str(number) for number in _institutions(roster, duties, scale=scale, seed=seed)]
    targets = [(*NEEDS, "unit", code, UNIT_REASON) for code in units]
    targets += [(*COUNTS, "province", code, PROVINCE_REASON) for code in _provinces(roster, seed)]
    return Prolongations([_prolong(target, serial, edition, diary) for serial, target in enumerate(targets, start=1)])


def _prolong(target: tuple[str, str, str, str, str], serial: int, edition: EditionView, diary: Diary) -> Prolongation:
    activity, step, scope, code, reason = target
    window = edition.window(activity, step)
    until = diary.days.add_office_days(window.closes, ADDED_OFFICE_DAYS)
    order = ExtensionOrder(activity, step, scope, code, until, AUTHORITY, reason, f"MGK-{edition.year}/{serial}")
    return Prolongation(order, _last_office_day(window, diary), until)


def _last_office_day(window: Window, diary: Diary) -> date:
    return diary.office_days(window, NATION)[-1]


def _institutions(roster: Roster, duties: Iterable[Duty], *, scale: float, seed: int) -> list[int]:
    forms = Counter(duty.unit_id for duty in duties if (duty.activity, duty.step) == NEEDS)
    fit = [
        unit.number
        for unit_id, unit in roster.units.items()
        if unit.kind == "institution" and forms[unit_id] >= FEWEST_FORMS
    ]
    return sorted(fit, key=lambda number: draw(seed, "prolonged", number))[: max(2, round(UNITS_PROLONGED * scale))]


def _provinces(roster: Roster, seed: int) -> list[str]:
    """Return one province, not the capital's."""
    kept = {unit.place.province for unit in roster.units.values() if unit.kind == "ministry"}
    offices = (unit.place.province for unit in roster.units.values() if unit.kind == "il_afad")
    fit = [province for province in offices if province is not None and province not in kept]
    return sorted(fit, key=lambda province: draw(seed, "prolonged province", province))[:1]
