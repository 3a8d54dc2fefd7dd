"""Rows of the state registry: what a unit's cells say, field by field; knows values, not the tree they make."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sekaps.domain.kep_addresses import read_address
from sekaps.domain.registry_cells import (
    Record,
    fold,
    read_choice,
    read_end,
    read_name,
    read_number,
    read_reference,
    read_start,
)
from sekaps.domain.registry_fields import FIELD_NAMES
from sekaps.domain.registry_places import KnownPlaces
from sekaps.errors.registry import RowFlaw
from sekaps.texts import Text, text

TIERS = {"merkez": "central", "merkezteskilati": "central", "tasra": "provincial", "tasrateskilati": "provincial",
         "yurtdisi": "abroad", "yurtdisiteskilati": "abroad"}  # fmt: skip
"""Place in the organisation (merkez, taşra, yurtdışı)."""
CLOSINGS = {"arz": "submit", "rica": "request", "arzverica": "both", "arzrica": "both", "ricaarz": "both"}
"""Closing words of a letter by the addressee's rank (arz, rica, arz ve rica)."""
KINDS = {
    "koordinator": "coordinator", "bakanlik": "ministry", "baglikurulus": "affiliated_body",
    "ilgilikurulus": "related_body", "iliskilikurulus": "associated_body", "valilik": "governorate",
    "kaymakamlik": "civil_administration", "mulkiidareamirligi": "civil_administration", "ilafad": "il_afad",
    "iltarim": "il_tarim", "ilsanayi": "il_sanayi", "ilkultur": "il_kultur", "ilmmm": "mmm_province",
    "ilmmmkomisyonu": "mmm_province", "ilcemmm": "mmm_district", "ilcemmmkomisyonu": "mmm_district",
    "kurum": "institution", "birim": "institution", "askeribirlik": "military_unit", "belediye": "municipality",
    "ilozelidaresi": "special_administration", "universite": "university",
}  # fmt: skip
"""Kinds of units by the words the administration uses."""
YES, NO = ("1", "true", "evet", "aktif", "faal"), ("0", "false", "hayir", "pasif", "faaldegil", "kapali")
READERS: Mapping[str, Callable[[str], object]] = {
    "name": read_name,
    "kind": lambda written: read_choice(written, KINDS),
    "parent": read_reference,
    "ministry": read_reference,
    "tier": lambda written: read_choice(written, TIERS),
    "letterhead": read_name,
    "addressee": read_name,
    "closing": lambda written: read_choice(written, CLOSINGS),
    "former_head": read_name,
    "active_from": read_start,
    "active_until": read_end,
    "successor": read_reference,
}
RULE_OF: Mapping[str, str] = {
    **dict.fromkeys(("name", "letterhead", "addressee", "former_head"), "text"),
    **dict.fromkeys(("kind", "tier", "closing"), "choice"),
    **dict.fromkeys(("parent", "ministry", "successor"), "number"),
    **dict.fromkeys(("active_from", "active_until"), "day"),
}
"""The code of the rule that a cell of each field breaks when it cannot be read."""
FIELDS = (*READERS, "province_code", "district_code")
"""What is kept of a unit; other units are named by their registry numbers."""
NEEDED = ("name", "kind")
"""Fields that may be left out of a file, but not emptied."""


@dataclass(slots=True)
class UnitRow:
    """A unit as a row tells it: the fields that are given, whether it is said to be active, and its KEP address."""

    row: int
    number: int
    given: dict[str, object] = field(default_factory=dict)
    active: bool | None = None
    kep: str | None = None


def read_rows(records: Sequence[Record], places: KnownPlaces) -> tuple[list[UnitRow], list[RowFlaw]]:
    """Return the rows whose number can be read, and every flaw of every row."""
    rows, flaws = [], []
    for record in records:
        written = record.cells.get("number", "")
        number = read_number(written)
        if isinstance(number, Text):
            flaws.append(RowFlaw(record.row, number, "number", written, "number"))
            continue
        unit = UnitRow(record.row, number)
        for column, rule, problem in _fill(unit, record.cells, places):
            flaws.append(RowFlaw(record.row, problem, column, record.cells[column], rule))
        rows.append(unit)
    return rows, flaws


Found = Iterator[tuple[str, str, Text]]
"""Flaws of cells: the column, the code of the rule it breaks, the sentence."""


def _fill(unit: UnitRow, cells: Mapping[str, str], places: KnownPlaces) -> Found:
    for name, reader in READERS.items():
        if name not in cells:
            continue
        value = reader(cells[name])
        if isinstance(value, Text):
            yield name, RULE_OF[name], value
        elif value is None and name in NEEDED:
            yield name, "required", text("the cell of {field} is empty", field=FIELD_NAMES[name])
        else:
            unit.given[name] = value
    if unit.given.get("ministry") == unit.number:
        unit.given["ministry"] = None
    yield from _fill_place(unit, cells, places)
    yield from _fill_standing(unit, cells)


def _fill_place(unit: UnitRow, cells: Mapping[str, str], places: KnownPlaces) -> Found:
    if "place" in cells:
        unit.given["province_code"], unit.given["district_code"] = places.named(cells["place"])
    if "province" in cells:
        written = cells["province"]
        unit.given["province_code"] = places.province(written) if written else None
        if written and unit.given["province_code"] is None:
            problem = text("no province '{written}': give its name or plate code", written=written[:40])
            yield "province", "unknown_province", problem
    if "district" in cells:
        unit.given["district_code"] = None
        if cells["district"]:
            for problem in _fill_district(unit, cells["district"], cells.get("province", ""), places):
                yield "district", "unknown_district", problem


def _fill_district(unit: UnitRow, written: str, province_written: str, places: KnownPlaces) -> Iterator[Text]:
    province = places.province(province_written) if province_written else None
    district = places.district(written, province)
    if district is None:
        yield text("no district '{written}' there: give its name with its province, or its code", written=written[:40])
    elif province not in (None, places.districts[district][0]):
        yield text("district {district} is not in province {province}", district=written, province=province)
    else:
        unit.given["province_code"], unit.given["district_code"] = places.districts[district][0], district


def _fill_standing(unit: UnitRow, cells: Mapping[str, str]) -> Found:
    if written := cells.get("active", ""):
        word = fold(written)
        if word not in (*YES, *NO):
            problem = text("'{written}' does not tell whether the unit is active: give 1 or 0", written=written[:40])
            yield "active", "choice", problem
        unit.active = word in YES
    if written := cells.get("kep", ""):
        unit.kep = read_address(written)
        if unit.kep is None:
            yield (
                "kep",
                "address",
                text("'{written}' is no KEP address such as kurum@hs01.kep.tr", written=written[:60]),
            )
