"""The plan of an allocation: the lines of every stage, by the programme's method; each stage then proposes its part."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from sekaps.calendar.allocating import Margin, Method
from sekaps.domain.allocation import Stage
from sekaps.domain.allocation_columns import Ints, Lines, Needs, Pool, Resources, summed, whole
from sekaps.domain.entitlements import Entitlements, entitle
from sekaps.domain.optimum import optimum
from sekaps.domain.stage_first import stage_first
from sekaps.domain.substitution import Eligibility, Swap, eligibility
from sekaps.domain.tiling import tile

Plan = dict[Stage, Lines]


def plan(
    needs: Needs, resources: Resources, swaps: Collection[Swap], method: Method, margin: Margin = Margin.IN_ORDER
) -> Plan:
    """Return the lines of every stage; with foresight, and as the solver's optimum where items are tangled."""
    if method is Method.STAGE_FIRST:
        return stage_first(needs, resources, margin)
    return foresee(needs, resources, eligibility(needs, resources, swaps), margin)


def foresee(needs: Needs, resources: Resources, eligible: Eligibility, margin: Margin = Margin.IN_ORDER) -> Plan:
    """Return the lines of every stage, entitled first and then tiled; tangled items by the solver."""
    if eligible.is_nested:
        due = entitle(needs, resources, eligible.kinds, margin)
    else:
        due = _with_tangles(needs, resources, eligible, margin)
    return by_stage(tile(needs, resources, eligible.kinds, due), needs, resources)


def everywhere(needs: Needs, resources: Resources) -> Eligibility:
    """Return every item as a tangle of its own, so that the solver answers for all; a check on the prefix sums."""
    items = np.unique(needs.item)
    kinds = np.arange(1 + max(int(needs.item.max(initial=-1)), int(resources.item.max(initial=-1))))
    return Eligibility(kinds, tuple(((int(item), int(item)),) for item in items))


def _with_tangles(needs: Needs, resources: Resources, eligible: Eligibility, margin: Margin) -> Entitlements:
    tangled = np.zeros(len(eligible.kinds), dtype=np.bool_)
    tangled[[item for tangle in eligible.tangles for item, _ in tangle]] = True
    plain = replace(needs, outstanding=needs.outstanding * ~tangled[needs.item])
    parts = (entitle(plain, resources, eligible.kinds, margin), optimum(needs, resources, eligible.tangles))
    return Entitlements(*(whole([getattr(part, name) for part in parts]) for name in Entitlements.__slots__))


def by_stage(lines: Lines, needs: Needs, resources: Resources) -> Plan:
    """Return the lines by the stage whose competent body decides them."""
    military, local = needs.military[lines.need], lines.pool == Pool.LOCAL
    at_home = needs.district[lines.need] == resources.district[lines.resource]
    district = local & military & at_home & needs.district_open[lines.need]
    central = needs.central[lines.need]
    return {
        Stage.DISTRICT: lines.where(district),
        Stage.PROVINCE: lines.where(local & military & ~district),
        Stage.GOVERNOR: lines.where(local & ~military),
        Stage.CENTRAL: lines.where(central),
        Stage.TRANSFERRED: lines.where(~local & ~central),
    }


def unmet_by_rank(found: Plan, needs: Needs, ranks: Ints) -> Ints:
    """Return what a plan leaves unmet, by the rank given for each need."""
    length = 1 + int(ranks.max(initial=0))
    given = summed(whole([lines.need for lines in found.values()]), whole([x.quantity for x in found.values()]),
                   len(needs))  # fmt: skip
    return summed(ranks, needs.outstanding - given, length)
