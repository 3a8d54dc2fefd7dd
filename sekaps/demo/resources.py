"""The resources of the demo country: what the troops will look for in its place, and the rest by population."""

from collections.abc import Iterator, Sequence
from itertools import islice

from sekaps.demo.chance import Lottery, draw
from sekaps.demo.forms import FormSpec
from sekaps.demo.items import FEEDS, ITEMS, ItemSpec, Supply
from sekaps.demo.names import holder_kind, holder_name, holder_number, street_address
from sekaps.demo.needs import TroopNeed, troop_needs
from sekaps.demo.places import District, Places
from sekaps.demo.units import UnitSpec

RESOURCE_FORMS = 1_299_322
OFFER = {Supply.COMMON: 1.0, Supply.REGIONAL: 0.6, Supply.NATIONAL: 0.35, Supply.SCARCE: 0.02}
CENTRAL_SHARE = {Supply.COMMON: 0.1, Supply.REGIONAL: 0.15, Supply.NATIONAL: 1.0, Supply.SCARCE: 0.7}
ITEM_LOTTERY = Lottery([OFFER[item.supply] for item in ITEMS])


def resource_forms(units: Sequence[UnitSpec], places: Places, *, scale: float, seed: int) -> Iterator[FormSpec]:
    """Yield every resource form: those the troops' needs call for first, then the country's at large."""
    total = round(RESOURCE_FORMS * scale)
    troops = [unit for unit in units if unit.kind == "military_unit"]
    answers = list(islice(_answers(troops, places, seed), total))
    yield from answers
    yield from (_form_at_large(places, serial, seed) for serial in range(len(answers), total))


def _answers(troops: Sequence[UnitSpec], places: Places, seed: int) -> Iterator[FormSpec]:
    """Yield a resource for each troop need that is to be met: near it, elsewhere in its province, or centrally."""
    for serial, need in enumerate(troop_needs(troops, seed)):
        if need.item.supply is not Supply.SCARCE:
            yield _answer(need, places, serial, seed)


def _answer(need: TroopNeed, places: Places, serial: int, seed: int) -> FormSpec:
    near = next(d for d in places.by_code[need.unit.province or ""].districts if d.code == need.unit.district)
    central = need.scope == "central" or need.item.supply is Supply.NATIONAL
    district = near if need.item.supply is Supply.COMMON else places.by_code[near.province].largest
    capacity = max(1, round(need.quantity * (0.4 + draw(seed, "answer", serial))))
    return _form(need.item, capacity, "central" if central else "local", district, serial, seed)


def _form_at_large(places: Places, serial: int, seed: int) -> FormSpec:
    item = ITEMS[ITEM_LOTTERY.place(draw(seed, "resource item", serial))]
    central = draw(seed, "resource scope", serial) < CENTRAL_SHARE[item.supply]
    district = places.district_at(draw(seed, "resource place", serial))
    if item.supply is not Supply.COMMON:
        district = places.by_code[district.province].largest
    capacity = max(1, round(item.usual * (0.05 + 0.6 * draw(seed, "capacity", serial) ** 2)))
    return _form(item, capacity, "central" if central else "local", district, serial, seed)


def _form(item: ItemSpec, capacity: int, scope: str, district: District, serial: int, seed: int) -> FormSpec:
    kind = holder_kind(seed, serial)
    line = {
        "item_code": item.code,
        "capacity": capacity,
        "allocated": 0,
        "scope": scope,
        "recorded_scope": scope,
        "origin": "web_service" if item.sector in FEEDS else "manual",
        "supplier": FEEDS.get(item.sector),
        "stock": capacity * (serial % 5) // 4,
        "holder": holder_name(seed, serial, item.sector, kind),
        "holder_kind": kind,
        "holder_number": holder_number(serial, kind),
        "address": street_address(serial),
        "province_code": district.province,
        "district_code": district.code,
    }
    local = scope == "local"
    unit = f"{item.directorate}:{district.province}" if local else item.ministry
    return FormSpec("resource_form", "resource_determination", "3.c" if local else "3.a", unit, line=line)
