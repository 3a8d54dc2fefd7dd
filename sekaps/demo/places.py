"""Where people live: the 81 provinces and 973 districts with their population, and drawing one of them by it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from sekaps.demo import chance
from sekaps.demo.chance import Fractions, Lottery

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class District:
    """A district: its code, province, name, whether it is the province's central one, and population."""

    code: str
    province: str
    name: str
    is_centre: bool
    population: int


@dataclass(frozen=True)
class Province:
    """A province: its plate code, name and districts, most populous first."""

    code: str
    name: str
    districts: tuple[District, ...]

    @property
    def largest(self) -> District:
        """The most populous district."""
        return self.districts[0]


@dataclass(frozen=True)
class Places:
    """All provinces in the order of their plate codes."""

    provinces: tuple[Province, ...]

    @cached_property
    def districts(self) -> tuple[District, ...]:
        """All districts, province by province."""
        return tuple(district for province in self.provinces for district in province.districts)

    @cached_property
    def by_code(self) -> dict[str, Province]:
        """The provinces by plate code."""
        return {province.code: province for province in self.provinces}

    @cached_property
    def lottery(self) -> Lottery:
        """All districts, drawn by population."""
        return Lottery([district.population for district in self.districts])

    def district_at(self, fraction: float) -> District:
        """Return the district a fraction in [0, 1) falls on."""
        return self.districts[self.lottery.place(fraction)]

    @cached_property
    def codes(self) -> pl.Series:
        """The codes of all districts."""
        return pl.Series([district.code for district in self.districts])

    @cached_property
    def largest(self) -> chance.Places:
        """For each district the place of the most populous one of its province."""
        first = {province.code: self.districts.index(province.largest) for province in self.provinces}
        return np.array([first[district.province] for district in self.districts])

    @cached_property
    def _bounds(self) -> Fractions:
        return np.cumsum([0.0, *(district.population for district in self.districts)])

    def within(self, provinces: Sequence[str], fractions: Fractions) -> chance.Places:
        """Return the place among all districts that each fraction falls on inside its province, by population."""
        begins = {code: self.districts.index(province.largest) for code, province in self.by_code.items()}
        first = np.array([begins[code] for code in provinces])
        last = np.array([begins[code] + len(self.by_code[code].districts) for code in provinces])
        reached = self._bounds[first] + fractions * (self._bounds[last] - self._bounds[first])
        place: chance.Places = np.searchsorted(self._bounds, reached, side="right") - 1
        return np.clip(place, first, last - 1)


@lru_cache(maxsize=1)
def real_places() -> Places:
    """Return the country's provinces and districts as the package's data lists them."""
    by_province: dict[str, list[District]] = {}
    for row in _rows("districts.csv"):
        district = District(
            row["ilce_kodu"], row["il_kodu"], row["ilce_adi"], row["merkez"] == "1", int(row["nufus_2025"])
        )
        by_province.setdefault(district.province, []).append(district)
    provinces = [
        Province(row["il_kodu"], row["il_adi"], _by_size(by_province[row["il_kodu"]])) for row in _rows("provinces.csv")
    ]
    return Places(tuple(provinces))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_size(districts: Sequence[District]) -> tuple[District, ...]:
    return tuple(sorted(districts, key=lambda district: (-district.population, district.code)))
