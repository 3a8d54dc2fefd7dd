"""The plain cascade: each stage serves everybody it can before the next one looks; kept for comparison."""

from collections.abc import Collection

import numpy as np

from sekaps.calendar.allocating import Margin
from sekaps.domain.allocation import RULES, Stage
from sekaps.domain.allocation_columns import Bools, Extent, Ints, Lines, Needs, Pool, Resources, joined, summed
from sekaps.domain.entitlements import share
from sekaps.domain.tiling import Area, Tiles


def stage_first(
    needs: Needs, resources: Resources, margin: Margin, stages: Collection[Stage] = tuple(Stage)
) -> dict[Stage, Lines]:
    """Return the lines of each of those stages, when they take their turns one after the other."""
    cascade, missing = _Cascade(needs, resources, margin), needs.outstanding.copy()
    found: dict[Stage, Lines] = {}
    for stage in (stage for stage in RULES if stage in stages):
        found[stage] = cascade.serve_stage(stage, missing)
        missing -= summed(found[stage].need, found[stage].quantity, len(needs))
    return found


POOLS = {Stage.CENTRAL: Pool.CENTRAL, Stage.TRANSFERRED: Pool.MOVED}
"""The pool a stage takes from; the others take local resources."""


class _Cascade(Tiles):
    """What is still free while the stages take their turns."""

    def __init__(self, needs: Needs, resources: Resources, margin: Margin) -> None:
        super().__init__(needs, resources, np.arange(Extent.of(needs, resources).items))
        self.margin = margin

    def serve_stage(self, stage: Stage, missing: Ints) -> Lines:
        """Serve what a stage's needs miss from what its area holds, the largest resources first."""
        area = Area(RULES[stage].area)
        need = np.flatnonzero(self._serves(stage) & (missing > 0))
        held = np.flatnonzero(self._may_take(stage) & (self.left > 0))
        cell = self._cells(self.needs.item[need], self.needs, need, area)
        offered = self._cells(self.resources.item[held], self.resources, held, area)
        cells = 1 + max(int(cell.max(initial=-1)), int(offered.max(initial=-1)))
        supply = summed(offered, self.left[held], cells)
        wanted = share(cell, missing[need], supply, self.needs.rank[need], self.margin)
        before = len(self.lines)
        self.cut(need, self.needs.item[need], wanted, held, area, POOLS.get(stage, Pool.LOCAL))
        return joined(self.lines[before:])

    def _serves(self, stage: Stage) -> Bools:
        needs = self.needs
        local = ~needs.central & needs.local_open
        return {
            Stage.DISTRICT: local & needs.military & needs.district_open,
            Stage.PROVINCE: local & needs.military,
            Stage.GOVERNOR: local & ~needs.military,
            Stage.CENTRAL: needs.central,
            Stage.TRANSFERRED: ~needs.central,
        }[stage]

    def _may_take(self, stage: Stage) -> Bools:
        taken: Bools = self.resources.pool == POOLS.get(stage, Pool.LOCAL)
        return np.ones_like(taken) if stage is Stage.TRANSFERRED else taken
