"""Allocation: the stages by which resource reaches need, as the calendar and the regulation give them."""

from dataclasses import dataclass
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
    begun first where stages do not look ahead, because the needs it serves come first.
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
class Line:
    """So much of this resource for that need."""

    need_id: int
    resource_id: int
    quantity: int
