"""The country's provinces and districts: read from the product's own data, stored where they are not yet."""

import csv
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from sekaps.domain.registry_places import KnownPlaces
from sekaps.models.registry import District, Province
from sekaps.services.writing import insert_new

DATA = Path(__file__).parents[1] / "data"


@lru_cache(maxsize=1)
def known_places() -> KnownPlaces:
    """Return every province and district."""
    provinces = {row["il_kodu"]: row["il_adi"] for row in _rows("provinces.csv")}
    districts = {row["ilce_kodu"]: (row["il_kodu"], row["ilce_adi"]) for row in _rows("districts.csv")}
    return KnownPlaces(provinces, districts)


def store_places(session: Session) -> KnownPlaces:
    """Store the provinces and districts that are not stored yet, and return all of them."""
    places = known_places()
    insert_new(session, Province, [{"code": code, "name": name} for code, name in places.provinces.items()])
    districts = [
        {"code": code, "province_code": province, "name": name} for code, (province, name) in places.districts.items()
    ]
    insert_new(session, District, districts)
    return places


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
