"""Suppliers of resources as data: whose registry a resource was read from, by which feed, of which sectors."""

from enum import StrEnum
from typing import Self

from pydantic import ValidationError, model_validator

from sekaps.calendar.programme_files import read_yaml
from sekaps.calendar.programme_values import Code, Frozen, Name, flaw
from sekaps.domain.form_fields import FIELDS, FormKind
from sekaps.errors.programmes import ProgrammeInvalid
from sekaps.texts import text


class Feed(StrEnum):
    """The feeds resources come in by, other than by hand."""

    VEHICLES = "vehicles"
    """Registered vehicles of land, sea and air."""
    MACHINES = "machines"
    """Construction machinery."""
    MANPOWER = "manpower"
    """People by profession."""


class Supplier(Frozen):
    """One supplier of a feed."""

    name: Name
    feed: Feed
    sectors: tuple[Code, ...]
    headings: dict[str, tuple[str, ...]] = {}
    """What its own files call the fields of a resource, beside the words every file may use."""

    @model_validator(mode="after")
    def _of_known_fields(self) -> Self:
        unknown = sorted(set(self.headings) - set(FIELDS[FormKind.RESOURCE].names))
        if unknown:
            raise flaw(text("a resource has no field {fields}", fields=unknown))
        return self


class Suppliers(Frozen):
    """The suppliers by code; a sector has at most one."""

    suppliers: dict[str, Supplier]

    @model_validator(mode="after")
    def _one_for_each_sector(self) -> Self:
        sectors = [sector for supplier in self.suppliers.values() for sector in supplier.sectors]
        if len(set(sectors)) < len(sectors):
            raise flaw(text("a sector is supplied by one supplier only"))
        return self

    def headings(self, feed: Feed) -> dict[str, str]:
        """Return the field that each word of a feed's files stands for."""
        own = [supplier.headings for supplier in self.suppliers.values() if supplier.feed is feed]
        return {word: field for each in own for field, words in each.items() for word in words}

    def by_sector(self, feed: Feed) -> dict[str, str]:
        """Return the code of the supplier of each sector that a feed brings."""
        return {
            sector: code
            for code, supplier in self.suppliers.items()
            if supplier.feed is feed
            for sector in supplier.sectors
        }


def read_suppliers(written: str, source: str) -> Suppliers:
    """Return the suppliers of a file; raise ProgrammeInvalid with the line of every error in it."""
    file = read_yaml(written, source)
    try:
        return Suppliers.model_validate(file.data)
    except ValidationError as invalid:
        flaws = file.flaws(invalid.errors(include_url=False))
        raise ProgrammeInvalid(source=source, flaws=flaws) from None
