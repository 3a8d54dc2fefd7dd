"""Provinces and districts as registry files write them: by code, or by name in any case."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sekaps.domain.registry_cells import fold


@dataclass(frozen=True)
class KnownPlaces:
    """The provinces' names by plate code; the districts' provinces and names by district code."""

    provinces: Mapping[str, str]
    districts: Mapping[str, tuple[str, str]]

    @cached_property
    def _province_of_name(self) -> dict[str, str]:
        return {fold(name): code for code, name in self.provinces.items()}

    @cached_property
    def _districts_of_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code, (_, name) in self.districts.items():
            found[fold(name)].append(code)
        return found

    def province(self, written: str) -> str | None:
        """Return the plate code of a province given by its code (1 and 01 alike) or name."""
        code = written.strip().zfill(2)
        return code if code in self.provinces else self._province_of_name.get(fold(written))

    def district(self, written: str, province: str | None) -> str | None:
        """Return the code of a district given by code or name, inside a province where one is known."""
        if written.strip() in self.districts:
            return written.strip()
        found = [
            code
            for code in self._districts_of_name.get(fold(written), [])
            if province in (None, self.districts[code][0])
        ]
        return found[0] if len(found) == 1 else None

    def named(self, written: str) -> tuple[str | None, str | None]:
        """Return the province and district a free place name stands for (Seyhan/ADANA), as far as it is known."""
        parts = [part for part in written.replace(",", "/").replace("-", "/").split("/") if part.strip()]
        province = next((code for part in parts if (code := self.province(part))), None)
        others = [part for part in parts if self.province(part) is None]
        district = next((code for part in others if (code := self.district(part, province))), None)
        return province or (self.districts[district][0] if district else None), district
