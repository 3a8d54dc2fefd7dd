"""Provinces and districts as people give them on the command line: by code, or a district by its name."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sekaps.calendar.days import NATION, Place
from sekaps.errors.calendar import PlaceUnknown
from sekaps.texts import text, turkish_key

DATA = Path(__file__).parent.parent / "data"
NATION_NAME = "Türkiye"


@dataclass(frozen=True, slots=True)
class District:
    """A district: its code, its name and the province it belongs to."""

    code: str
    name: str
    province: str


def find_place(province: str | None, district: str | None) -> Place:
    """Return the place asked for; raise PlaceUnknown when there is none."""
    if province is None and district is None:
        return NATION
    if province is not None and province not in provinces():
        hint = text("provinces are plate codes from 01 to 81, such as 34")
        raise PlaceUnknown(asked=province, hint=hint)
    if district is None:
        return Place(province)
    found = _find_district(province, district)
    return Place(found.province, found.code)


def place_name(place: Place) -> str:
    """Return a place's name (Türkiye, Gaziantep, Gaziantep / Nizip)."""
    if place.province is None:
        return NATION_NAME
    named = next((district.name for district in districts() if district.code == place.district), None)
    return " / ".join(filter(None, (provinces()[place.province], named)))


@lru_cache(maxsize=1)
def provinces() -> dict[str, str]:
    """Return every province's name by its plate code."""
    with (DATA / "provinces.csv").open(encoding="utf-8", newline="") as file:
        return {row["il_kodu"]: row["il_adi"] for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def districts() -> tuple[District, ...]:
    """Return every district."""
    with (DATA / "districts.csv").open(encoding="utf-8", newline="") as file:
        return tuple(District(row["ilce_kodu"], row["ilce_adi"], row["il_kodu"]) for row in csv.DictReader(file))


def _find_district(province: str | None, asked: str) -> District:
    candidates = [each for each in districts() if province in (None, each.province)]
    wanted = turkish_key(asked)
    found = [each for each in candidates if each.code == asked or turkish_key(each.name) == wanted]
    if len(found) > 1:
        homes = sorted(each.province for each in found)
        raise PlaceUnknown(asked=asked, hint=text("several provinces have it: {codes}; add --province", codes=homes))
    if not found:
        raise PlaceUnknown(asked=asked, hint=text("give a district's code or its name, with --province"))
    return found[0]
