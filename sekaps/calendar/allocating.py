"""How a programme shares resources out: order, method, commissions, what becomes local by decision."""

from enum import StrEnum
from typing import Literal

from sekaps.calendar.programme_values import Code, Frozen


class Method(StrEnum):
    """How a stage proposes."""

    FORESIGHT = "foresight"
    """Entitlements by priority over the nested areas first; each stage proposes its part of them."""
    STAGE_FIRST = "stage_first"
    """Each stage serves everyone it can before the next; kept for comparison."""
    OPTIMUM = "optimum"
    """A linear programme by priority, for items that may stand in for one another."""


class Margin(StrEnum):
    """How the last of a resource is shared among needs of one priority."""

    IN_ORDER = "in_order"
    """By the declared order: the first gets all it asks while anything is left."""
    IN_PROPORTION = "in_proportion"
    """In proportion to what is asked; remainders go by the declared order."""


class Commission(Frozen):
    """A body that decides by vote: its seats by kind of post, the chair's first (law 3634, article 8)."""

    seats: tuple[Code, ...]
    quorum: Literal["more_than_half"] = "more_than_half"
    tie: Literal["chair"] = "chair"


class AllocationRules(Frozen):
    """How resource is shared out to need."""

    method: Method = Method.FORESIGHT
    margin: Margin = Margin.IN_ORDER
    order: tuple[Literal["priority", "beneficiary", "necessity", "signed", "number"], ...] = (
        "priority",
        "signed",
        "number",
    )
    """What decides who comes first, between institutions: each breaks the ties of the one before."""
    beneficiaries: tuple[Code, ...] = ("military", "institution", "public")
    """The order of beneficiaries, where the order asks for it."""
    local_by_decision: tuple[Code, ...] = ()
    """Sectors whose resources become local by a commission's decision only."""
    commissions: dict[Code, Commission] = {}
    """The bodies that decide by vote, by kind of unit; any other body is decided for by its head."""
