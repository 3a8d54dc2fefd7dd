"""What the ways of sharing out would leave unmet, by priority, had nothing been allocated of what is signed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from sekaps.calendar.allocating import Method
from sekaps.domain.allocation_columns import Ints, Needs, summed
from sekaps.domain.cascade import Plan, everywhere, foresee, unmet_by_rank
from sekaps.domain.stage_first import stage_first
from sekaps.domain.substitution import Eligibility, eligibility
from sekaps.services.editions import EditionView
from sekaps.services.outstanding import Codebook, held_resources, queued_needs, substitutes


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """The needs of one priority: how many, how much they ask for, and what each method leaves unmet."""

    priority: int
    needs: int
    needed: int
    unmet: Mapping[Method, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The methods side by side; ``tangles`` counts the groups of items whose substitutes only the solver does right."""

    rows: tuple[PriorityRow, ...]
    methods: tuple[Method, ...]
    tangles: int

    def total(self, method: Method) -> int:
        """Return what a method leaves unmet in all."""
        return sum(row.unmet[method] for row in self.rows)


def compare_methods(session: Session, edition: EditionView, *, optimum: bool = False) -> Comparison:
    """Return what foresight and the plain cascade leave unmet, and the solver's optimum where items are substitutes.

    Asked for the optimum, the solver answers for every item, which shows that foresight is as good.
    """
    book, rules = Codebook.empty(), edition.allocation_rules
    queue = queued_needs(session, edition, book, afresh=True)
    needs, resources = queue.columns, held_resources(session, edition, book, afresh=True).columns
    eligible = eligibility(needs, resources, substitutes(session, book))
    own = Eligibility(eligible.kinds, ())
    plans = {
        Method.FORESIGHT: foresee(needs, resources, own, rules.margin),
        Method.STAGE_FIRST: stage_first(needs, resources, rules.margin),
    }
    if optimum or not eligible.is_nested:
        solved = everywhere(needs, resources) if eligible.is_nested else eligible
        plans[Method.OPTIMUM] = foresee(needs, resources, solved, rules.margin)
    rows = _rows(plans, needs, queue.priority)
    return Comparison(rows, tuple(plans), len(eligible.tangles))


def _rows(plans: Mapping[Method, Plan], needs: Needs, priority: Ints) -> tuple[PriorityRow, ...]:
    length = 1 + int(priority.max(initial=0))
    count, needed = np.bincount(priority, minlength=length), summed(priority, needs.outstanding, length)
    unmet = {method: unmet_by_rank(found, needs, priority) for method, found in plans.items()}
    return tuple(
        PriorityRow(
            number,
            int(count[number]),
            int(needed[number]),
            {method: int(column[number]) for method, column in unmet.items()},
        )
        for number in range(length)
        if count[number]
    )
