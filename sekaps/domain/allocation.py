"""Allocation: the stages of the cascade, and how one pool of resources is shared out by priority."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """The stages by which resource reaches need, in the order the calendar gives them."""

    DISTRICT = "district"
    """The district commission meets local needs of military units from the district's resources."""
    PROVINCE = "province"
    """The province commission meets what the district could not, from the province's resources."""
    GOVERNOR = "governor"
    """The governor meets local needs of institutions and of the public from the province's resources."""
    CENTRAL = "central"
    """Resource-owner ministries meet central needs from central resources."""
    TRANSFERRED = "transferred"
    """Resource-owner ministries meet transferred needs from central resources, transferred ones included."""


@dataclass(frozen=True, slots=True)
class StageRule:
    """What a stage is: its calendar step, whose needs it serves, where from, who decides, and what comes after.

    ``takes_from`` names the stages whose remainder it serves (none: needs as they were signed);
    ``passes_on`` tells whether its own remainder goes further; ``waits_for`` names the stage that must have
    begun first, because the needs it serves come first.
    """

    stage: Stage
    step: str
    scope: str
    beneficiaries: tuple[str, ...]
    area: str
    body_kind: str
    takes_from: tuple[Stage, ...] = ()
    passes_on: bool = False
    waits_for: Stage | None = None
    military_needs_approval: bool = False


MILITARY, INSTITUTION, PUBLIC = "military", "institution", "public"

RULES: dict[Stage, StageRule] = {
    rule.stage: rule
    for rule in (
        StageRule(Stage.DISTRICT, "5.1", "local", (MILITARY,), "district", "mmm_district", passes_on=True),
        StageRule(
            Stage.PROVINCE,
            "5.2",
            "local",
            (MILITARY,),
            "province",
            "mmm_province",
            takes_from=(Stage.DISTRICT,),
            passes_on=True,
        ),
        StageRule(
            Stage.GOVERNOR,
            "5.3",
            "local",
            (INSTITUTION, PUBLIC),
            "province",
            "governorate",
            passes_on=True,
            waits_for=Stage.PROVINCE,
        ),
        StageRule(
            Stage.CENTRAL,
            "5.a",
            "central",
            (MILITARY, INSTITUTION, PUBLIC),
            "nation",
            "ministry",
            military_needs_approval=True,
        ),
        StageRule(
            Stage.TRANSFERRED,
            "6(2)",
            "central",
            (MILITARY, INSTITUTION, PUBLIC),
            "nation",
            "ministry",
            takes_from=(Stage.PROVINCE, Stage.GOVERNOR),
        ),
    )
}
APPROVAL_STEP = "5.b"


@dataclass(frozen=True, slots=True)
class Want:
    """What is still needed of one item by one need; served by priority, then by the time it was signed, then number."""

    need_id: int
    priority: int
    signed_at: datetime
    number: str
    quantity: int

    @property
    def order(self) -> tuple[int, datetime, str]:
        """Its place in the queue."""
        return self.priority, self.signed_at, self.number


@dataclass(frozen=True, slots=True)
class Offer:
    """What is still free of one resource."""

    resource_id: int
    number: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Line:
    """A proposed allocation: so much of this resource to that need."""

    need_id: int
    resource_id: int
    quantity: int


def share_out(wants: Iterable[Want], offers: Iterable[Offer]) -> Iterator[Line]:
    """Yield the lines that serve wants in their order from the largest offers down, until either runs out.

    No want receives more than it asks and no offer gives more than it holds; while anything is offered,
    a want of higher priority never goes short for one of lower priority.
    """
    free = sorted((offer for offer in offers if offer.quantity > 0), key=lambda offer: (-offer.quantity, offer.number))
    held = iter(free)
    offer, left = _next_offer(held)
    for want in sorted(wants, key=lambda want: want.order):
        missing = want.quantity
        while missing and offer is not None:
            taken = min(missing, left)
            yield Line(want.need_id, offer.resource_id, taken)
            missing, left = missing - taken, left - taken
            if left == 0:
                offer, left = _next_offer(held)


def _next_offer(held: Iterator[Offer]) -> tuple[Offer | None, int]:
    offer = next(held, None)
    return offer, offer.quantity if offer else 0
