"""The declared order: who comes first where there is not enough for all; never a code, never a key of the database."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sekaps.calendar.allocating import AllocationRules
from sekaps.domain.allocation_columns import Ints
from sekaps.domain.entitlements import starts

NECESSITIES = ("mandatory", "secondary")
"""Classes of what the public needs (zorunlu, tali), first things first; a need without one counts as the first."""
FIRST_COME = ("signed", "number")
"""Keys that tell needs of one class apart."""
Column = NDArray[Any]


def declared_order(keys: Mapping[str, Column], rules: AllocationRules) -> tuple[Ints, Ints]:
    """Return the rows in the order the programme declares, and the rank of each row so ordered.

    ``keys`` has a column for each word of the order. Rows of one rank differ only in the day they were signed and in
    their number; the rank ends with the priority, so that a margin is shared inside one priority.
    """
    columns = [_sortable(word, keys[word], rules) for word in rules.order]
    last_resort = [] if "number" in rules.order else [keys["number"]]
    order = np.lexsort([*last_resort, *reversed(columns)])
    ranked = [columns[place][order] for place in _ranking(rules.order)]
    firsts = np.zeros(len(order), dtype=np.bool_)
    for column in ranked:
        firsts |= starts(column)
    return order, np.cumsum(firsts) - int(bool(ranked))


def _ranking(order: Sequence[str]) -> range:
    """Return the places of the words that make a rank: up to the priority, else up to the first to come."""
    if "priority" in order:
        return range(order.index("priority") + 1)
    return range(min((order.index(word) for word in FIRST_COME if word in order), default=len(order)))


def _sortable(word: str, column: Column, rules: AllocationRules) -> Column:
    places = {"beneficiary": rules.beneficiaries, "necessity": NECESSITIES}.get(word)
    return column if places is None else _places(column, places, unknown=0 if word == "necessity" else len(places))


def _places(column: Column, known: Sequence[str], *, unknown: int) -> Ints:
    place = np.full(len(column), unknown, dtype=np.int64)
    for number, word in enumerate(known):
        place[column == word] = number
    return place
