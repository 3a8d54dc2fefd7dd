"""Where units stand among institutions: whose unit one is, what lies above it, and which office coordinates it.

Source: the working rules of the signatory module (İYEM çalışma esasları), rules 2, 3 and 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NATIONAL = ("coordinator", "ministry")
CIVIL = ("governorate", "civil_administration")
"""The civil administration (mülki idare): governorates and district governorates."""
LOCAL_GOVERNMENTS = ("municipality", "special_administration")
MAIN = (*NATIONAL, *LOCAL_GOVERNMENTS, "university", "affiliated_body", "related_body", "associated_body")
"""Kinds that are institutions in their own right (ana kurum)."""


class Tier(StrEnum):
    """A unit's place in the organisation."""

    CENTRAL = "central"
    """Merkez teşkilatı."""
    PROVINCIAL = "provincial"
    """Taşra teşkilatı."""
    ABROAD = "abroad"
    """Yurtdışı teşkilatı."""


@dataclass(frozen=True, slots=True)
class Office:
    """A unit as the signatory rules see it; its parent and main institution by their registry numbers."""

    number: int
    kind: str
    tier: str | None = None
    parent: int | None = None
    ministry: int | None = None
    active: bool = True

    @property
    def level(self) -> Tier:
        """Its place in the organisation; where the registry does not say, institutions are central."""
        return Tier(self.tier) if self.tier else Tier.CENTRAL if self.kind in MAIN else Tier.PROVINCIAL


@dataclass(frozen=True, slots=True)
class Offices:
    """The units of the registry by number."""

    units: Mapping[int, Office]

    def institution(self, number: int) -> Office:
        """Return the institution a unit belongs to, itself if it is one."""
        return self.lineage(number)[-1]

    def lineage(self, number: int) -> list[Office]:
        """Return a unit and what lies above it up to its institution, and nothing beyond."""
        office = self.units[number]
        main = self.units.get(office.ministry or 0)
        found = {number: office}
        while office.kind not in MAIN and (above := self.units.get(office.parent or 0)) and above.number not in found:
            office = found[above.number] = above
        if main is None or self.units[number].kind in MAIN:
            return list(found.values())
        return [*(each for each in found.values() if each.kind not in MAIN), main]

    def coordinating(self, number: int) -> Office:
        """Return the office whose authorisers coordinate a unit (rule 5).

        That is the governorate or district governorate it is attached to, else its own institution.
        """
        lineage = self.lineage(number)
        return next((office for office in lineage if office.kind in CIVIL), lineage[-1])
