"""Which signatures each unit's documents need: the chains agreed between institutions and their ministries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sekaps.demo.items import RESOURCE_MINISTRIES
from sekaps.demo.units import UnitSpec

NEED_OWNERS = ("institution", "military_unit", "il_tarim", "il_sanayi", "il_kultur")
RESOURCE_COUNTERS = ("il_afad", "il_tarim", "il_sanayi", "il_kultur")


@dataclass(frozen=True, slots=True)
class ChainSpec:
    """A chain before it is stored: unit, document kind, variant and the keys of its posts in signing order."""

    unit: str
    kind: str
    posts: tuple[str, ...]
    variant: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What a form names its chain by."""
        return self.unit, self.kind, self.variant


def country_chains(units: Iterable[UnitSpec], numbers: dict[str, int]) -> Iterator[ChainSpec]:
    """Yield every chain of the country; numbers are the units' registry numbers by key."""
    for unit in units:
        yield from _ministry_chains(unit.key, numbers) if unit.kind == "ministry" else _unit_chains(unit)


def _unit_chains(unit: UnitSpec) -> Iterator[ChainSpec]:
    own = (f"{unit.key}/officer", f"{unit.key}/head")
    approved = (*own, f"{unit.ministry}/approver")
    if unit.kind in NEED_OWNERS:
        yield ChainSpec(unit.key, "need_form", approved)
    if unit.kind in RESOURCE_COUNTERS:
        yield ChainSpec(unit.key, "resource_form", approved)
    if unit.kind == "il_tarim":
        yield ChainSpec(unit.key, "resource_determination_form", approved)
    if unit.kind == "il_afad":
        yield ChainSpec(unit.key, "merged_resource_ledger", own)


def _ministry_chains(key: str, numbers: dict[str, int]) -> Iterator[ChainSpec]:
    own = (f"{key}/officer", f"{key}/head")
    yield ChainSpec(key, "preparation_record", own)
    if key in RESOURCE_MINISTRIES:
        yield ChainSpec(key, "resource_form", (*own, f"{key}/approver"))
        yield ChainSpec(key, "resource_catalog", (*own, f"{key}/approver"))
    for other in partners_of(key):
        yield ChainSpec(key, "framework_protocol", (*own, f"{other}/head"), str(numbers[other]))


def partners_of(ministry: str) -> tuple[str, ...]:
    """Return the resource-owner ministries a need-owner ministry concludes framework protocols with."""
    return tuple(other for other in RESOURCE_MINISTRIES if other != ministry)
