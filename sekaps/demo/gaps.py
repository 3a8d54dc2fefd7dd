"""The gaps planted in the demo year: exactly which documents stay incomplete, at which slot, and why."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sekaps.demo.behaviour import Habits
from sekaps.demo.chance import draw
from sekaps.demo.prolongations import Prolongations
from sekaps.demo.roster import Duty, Roster, Seat, StoredDuties
from sekaps.domain.gaps import Cause

NATIONAL_GAPS = {"need_form": 1_817, "resource_form": 5_245}
"""What the running system reports at full scale."""
OFFICE_GAPS = {"merged_resource_ledger": 2, "resource_catalog": 1, "framework_protocol": 3, "preparation_record": 1}
"""What is planted at any scale."""
VACANT_SHARE, NOT_STARTED_SHARE, LATE_SHARE = 0.25, 0.35, 0.4
LEAVERS = {"need_form": ("institution",), "resource_form": ("il_kultur", "il_sanayi")}
"""Kinds of unit whose heads leave, by the kind of document that is left hanging."""
HEAD_SLOT = 2
LEFT_BY_ONE = 0.1
"""Share of the vacancies' gaps that one leaving head may leave, but two of them at any scale."""
FEWEST_DAYS = 5
"""Office days a window must have had before the head leaves, so that the rest of the work was done."""


@dataclass(frozen=True, slots=True)
class PlannedGap:
    """A document that stays incomplete: the slot it waits for and the cause the audit is to find."""

    document_number: str
    kind: str
    slot: int
    cause: Cause
    late: bool = False
    """Whether the slot's holder tries to sign after the window has closed."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A head who leaves in mid-window and is not followed."""

    post_id: int
    mandate_id: int
    day: date


@dataclass(slots=True)
class GapPlan:
    """The planted gaps by document number, and the heads who leave, by post."""

    gaps: dict[str, PlannedGap] = field(default_factory=dict)
    leavings: dict[int, Leaving] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where gaps can be planted: the documents, their chains, who has more time, and everyone's habits."""

    duties: StoredDuties
    chains: Mapping[int, Sequence[Seat]]
    roster: Roster
    prolongations: Prolongations
    habits: Habits

    def is_free(self, duty: Duty) -> bool:
        """Tell whether nothing but chance decides a document's days."""
        return self.prolongations.of(duty, self.roster) is None


def plan_planted(ground: Ground, *, scale: float) -> GapPlan:
    """Return the gaps of the year: as many of each kind as the running system has at that scale, to the document."""
    plan = GapPlan()
    wanted = {kind: round(count * scale) for kind, count in NATIONAL_GAPS.items()} | OFFICE_GAPS
    for kind in LEAVERS:
        _plant_vacancies(plan, ground, kind, round(wanted[kind] * VACANT_SHARE))
    for kind, count in wanted.items():
        _plant_absences(plan, ground, kind, count)
    return plan


def _plant_vacancies(plan: GapPlan, ground: Ground, kind: str, count: int) -> None:
    """Let heads leave until so many documents hang; whatever else needs them is signed before they go."""
    left, most = count, max(2, round(count * LEFT_BY_ONE))
    for seat, duties in _leavers(ground, kind):
        if left == 0:
            return
        day = _leaving_day(ground, duties)
        own = [duty for duty in duties if duty.kind == kind]
        if day is None or not own:
            continue
        hanging = own[: min(left, most, max(1, len(own) // 2))]
        plan.leavings[seat.post_id] = Leaving(seat.post_id, seat.mandate_id, day)
        plan.gaps.update({d.number: PlannedGap(d.number, kind, HEAD_SLOT, Cause.POST_VACANT) for d in hanging})
        left -= len(hanging)


def _leavers(ground: Ground, kind: str) -> Iterator[tuple[Seat, list[Duty]]]:
    """Yield heads with everything their post has to sign, in an order of chance; none who has more time."""
    found: dict[int, array[int]] = defaultdict(lambda: array("i"))
    seats: dict[int, Seat] = {}
    for place, duty in enumerate(ground.duties):
        if ground.roster.units[duty.unit_id].kind in LEAVERS[kind]:
            seat = ground.chains[duty.chain_id][HEAD_SLOT - 1]
            seats[seat.post_id] = seat
            found[seat.post_id].append(place)
    seed = ground.habits.seed
    for post_id in sorted(found, key=lambda post: draw(seed, "leaver", ground.duties[found[post][0]].number)):
        duties = [ground.duties[place] for place in found[post_id]]
        if all(ground.is_free(duty) for duty in duties):
            yield seats[post_id], duties


def _leaving_day(ground: Ground, duties: Sequence[Duty]) -> date | None:
    """Return an office day inside every window the head's work falls in, or None when there is none."""
    windows = [ground.habits.window(duty) for duty in duties]
    place = ground.habits.place(duties[0])
    opens, closes = max(window.opens for window in windows), min(window.closes for window in windows)
    days = [d for d in ground.habits.diary.office_days(windows[0], place) if opens <= d <= closes]
    late_enough = days[max(FEWEST_DAYS, len(days) // 2) :]
    if not late_enough:
        return None
    return late_enough[int(draw(ground.habits.seed, "leaving", duties[0].number) * len(late_enough))]


def _plant_absences(plan: GapPlan, ground: Ground, kind: str, count: int) -> None:
    """Let documents wait for somebody absent or late, until so many of the kind stay incomplete."""
    left = count - sum(gap.kind == kind for gap in plan.gaps.values())
    seed, places = ground.habits.seed, ground.duties.places_of(kind)
    draws = [draw(seed, "gap", number) for number in ground.duties.numbers_at(places)]
    for place in places[np.argsort(draws, kind="stable")].tolist():
        if left == 0:
            return
        duty = ground.duties[place]
        chain = ground.chains[duty.chain_id]
        if any(seat.post_id in plan.leavings for seat in chain) or not ground.is_free(duty):
            continue
        plan.gaps[duty.number] = _absence(duty, len(chain), left, seed)
        left -= 1


def _absence(duty: Duty, slots: int, turn: int, seed: int) -> PlannedGap:
    late = draw(seed, "tries", duty.number) < LATE_SHARE
    if turn * NOT_STARTED_SHARE % 1 < NOT_STARTED_SHARE:  # evenly among the turns, so that few gaps show both causes
        return PlannedGap(duty.number, duty.kind, 1, Cause.NOT_STARTED, late)
    slot = 2 + int(draw(seed, "absent", duty.number) * (slots - 1))
    return PlannedGap(duty.number, duty.kind, slot, Cause.WAITING, late)
