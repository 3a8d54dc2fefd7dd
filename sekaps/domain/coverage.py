"""Coverage: what became of need on its way through the stages, row by row and added up by each of its sides."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from sekaps.domain.allocation import Stage
from sekaps.texts import Sayable

WHOLE = 10_000
"""A share of one: shares of single needs are whole ten-thousandths, so that their sums are exact."""
STAGE_ORDER = {stage.value: place for place, stage in enumerate(Stage)}
LARGEST = 2**63 - 1
"""The largest whole number an array holds as such; beyond it, numbers of any size are kept."""


class Side(StrEnum):
    """What coverage is added up by."""

    SECTOR = "sector"
    """The sector of the item."""
    PROVINCE = "province"
    """The province the need is for; of a resource, the one it stands in."""
    MINISTRY = "ministry"
    """The ministry of the unit that needs."""
    ITEM_MINISTRY = "item_ministry"
    """The ministry that plans the item."""
    BENEFICIARY = "beneficiary"
    """Whom the need is for: military, institution, public."""
    PRIORITY = "priority"
    """The need's priority, 1 first."""


MINISTRIES = (Side.MINISTRY, Side.ITEM_MINISTRY)
OFFERED_BY = (Side.SECTOR, Side.PROVINCE, Side.ITEM_MINISTRY)
"""The sides a resource has too."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one stage did, for one need or for many: needed = allocated + transferred + unmet.

    ``needs`` and ``entered`` count a need at the first stage that took it up only; ``open`` is what is unmet while the
    stage has not settled. Shares are parts of the whole need, in ten-thousandths: of what was asked of the stage, of
    what it allocated and of what it passed on; each need weighs the same in them, whatever it is measured in.
    """

    taken_up: int = 0
    needs: int = 0
    met: int = 0
    asked_share: int = 0
    share: int = 0
    passed_share: int = 0
    entered: int = 0
    needed: int = 0
    allocated: int = 0
    transferred: int = 0
    unmet: int = 0
    open: int = 0
    contracted: int = 0
    served: int = 0


NAMES = tuple(field.name for field in fields(Amounts))
ByStage = Mapping[str, Amounts]
"""What each stage did; stages that did nothing are left out."""


Table = np.ndarray[Any, Any]
"""Amounts as an array of whole numbers: a row for each balance, a column for each name of ``Amounts``."""


@dataclass(frozen=True, slots=True)
class Balances:
    """Balances of needs at stages as they are stored, column by column, with what became of their lines on paper.

    ``quantity`` is the whole need; ``contracted`` and ``served`` are what was contracted and served of the lines.
    """

    need_ids: Sequence[int]
    stages: Sequence[str]
    quantity: Sequence[int]
    needed: Sequence[int]
    allocated: Sequence[int]
    transferred: Sequence[int]
    unmet: Sequence[int]
    settled: Sequence[bool]
    contracted: Sequence[int]
    served: Sequence[int]


def measure(balances: Balances) -> Table:
    """Return the amounts of each balance, in the order of their names."""
    largest = max((*balances.needed, *balances.quantity), default=0)
    exact: Any = np.int64 if largest * max(len(balances.stages), WHOLE) <= LARGEST else object

    def column(values: Sequence[Any]) -> Table:
        return np.array(values, dtype=exact)

    first, needed, allocated = _is_first(balances), column(balances.needed), column(balances.allocated)
    transferred, unmet, ones = column(balances.transferred), column(balances.unmet), column([1] * len(needed))
    whole = column(balances.quantity)

    def share(part: Table) -> Table:
        held: Table = np.minimum(part * WHOLE // whole, WHOLE)
        return held

    columns = {
        "taken_up": ones,
        "needs": first * ones,
        "met": (allocated == needed) * ones,
        "asked_share": share(needed),
        "share": share(allocated),
        "passed_share": share(transferred),
        "entered": first * needed,
        "needed": needed,
        "allocated": allocated,
        "transferred": transferred,
        "unmet": unmet,
        "open": ~np.array(balances.settled, dtype=bool) * unmet,
        "contracted": column(balances.contracted),
        "served": column(balances.served),
    }
    return np.stack([columns[name] for name in NAMES], axis=1)


def _is_first(balances: Balances) -> Table:
    """Return for each balance whether its stage is the first that took its need up."""
    firsts: dict[int, int] = {}
    ranks = _ranks(balances.stages)
    for need_id, rank in zip(balances.need_ids, ranks.tolist(), strict=True):
        if firsts.setdefault(need_id, rank) > rank:
            firsts[need_id] = rank
    lowest = np.fromiter(map(firsts.__getitem__, balances.need_ids), dtype=np.int64, count=len(ranks))
    return np.equal(ranks, lowest)


def _ranks(stages: Sequence[str]) -> Table:
    return np.fromiter(map(STAGE_ORDER.__getitem__, stages), dtype=np.int64, count=len(stages))


def fold(keys: Sequence[Hashable], stages: Sequence[str], amounts: Table) -> dict[Any, dict[str, Amounts]]:
    """Return the amounts added up by key and stage; the three are columns of the same rows."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    found: dict[Any, dict[str, Amounts]] = {key: {} for key in places}
    if not found:
        return found
    at = np.fromiter(map(places.__getitem__, keys), dtype=np.int64, count=len(keys)) * len(Stage) + _ranks(stages)
    order = np.argsort(at, kind="stable")
    starts = np.flatnonzero(np.diff(at[order], prepend=-1))
    sums = np.add.reduceat(amounts[order], starts, axis=0)
    named, ordered = list(places), list(STAGE_ORDER)
    for place, row in zip(at[order][starts].tolist(), sums.tolist(), strict=True):
        key, stage = divmod(place, len(Stage))
        found[named[key]][ordered[stage]] = Amounts(*row)
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the needs that entered the cascade: needed = allocated + waiting + unmet.

    ``waiting`` is still before a stage or between two; ``unmet`` nobody will meet any more this year. ``contracted``
    and ``served`` are parts of what was allocated.
    """

    needs: int = 0
    met: int = 0
    share: int = 0
    needed: int = 0
    allocated: int = 0
    waiting: int = 0
    unmet: int = 0
    contracted: int = 0
    served: int = 0

    @property
    def share_met(self) -> float | None:
        """The part met of a need, on average: each need counts the same, whatever it is measured in."""
        return round(self.share / self.needs / WHOLE, 4) if self.needs else None


def figures(stages: ByStage) -> Figures:
    """Return what became of needs in the end, from what each stage did."""

    def total(name: str) -> int:
        return sum(getattr(amounts, name) for amounts in stages.values())

    entered, allocated, unmet = total("entered"), total("allocated"), total("unmet") - total("open")
    return Figures(
        needs=total("needs"),
        met=total("met"),
        share=total("share"),
        needed=entered,
        allocated=allocated,
        waiting=entered - allocated - unmet,
        unmet=unmet,
        contracted=total("contracted"),
        served=total("served"),
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """The signed resources of one side: how many, what they can give and what of it is promised."""

    resources: int = 0
    offered: int = 0
    used: int = 0


def add_offers(offers: Iterable[Offer]) -> Offer:
    """Return several offers as one."""
    rows = [(offer.resources, offer.offered, offer.used) for offer in offers]
    return Offer(*map(sum, zip(*rows, strict=True)))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of coverage by a side, under its code or registry number; no offer where resources have no such side.

    ``untouched`` counts signed needs that no stage has taken up yet.
    """

    code: str | int
    name: Sayable | str
    figures: Figures
    stages: ByStage
    offer: Offer | None = None
    untouched: int = 0


class Task(StrEnum):
    """What a body has left to do."""

    DECIDE = "decide"
    """Proposed lines await its decision."""
    APPROVE = "approve"
    """Decided lines to military units await its approval."""
    CONCLUDE = "conclude"
    """Contracts wait to be recorded."""
    SERVE = "serve"
    """Notices wait to be served and recorded."""
    LAPSED = "lapsed"
    """Lines lapsed because it did not decide in time."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A body that has not finished with a sector: what it has left, and the last day on which it may act.

    ``days_left`` are office days, negative once the day has passed; the head is none where the post is vacant.
    """

    task: Task
    activity: str
    step: str
    unit: int
    unit_name: str
    province: str | None
    head: str | None
    sector: str
    lines: int
    needs: int
    quantity: int
    closes: date
    days_left: int

    @property
    def is_late(self) -> bool:
        """Whether its time is over."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of one edition, or of the part of it that was asked for, as of one day."""

    programme: str
    year: int
    synthetic: bool
    day: date
    total: Line
    by: Mapping[Side, tuple[Line, ...]]
    unfinished: tuple[Unfinished, ...]
