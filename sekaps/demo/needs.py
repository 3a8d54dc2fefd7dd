"""The needs of the demo country: what troops, institutions and the public ask for, skewed as in life."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sekaps.demo.chance import Lottery, draw, pick
from sekaps.demo.forms import FormSpec
from sekaps.demo.items import ITEMS, PUBLIC_SECTORS, ItemSpec, Supply
from sekaps.demo.places import Places
from sekaps.demo.units import UnitSpec

NEED_FORMS = 137_944
NEEDS_OF_A_TROOP = 25
PUBLIC_SHARE = 0.12
CENTRAL_SHARE = 0.18
PUBLIC_STEPS = {"il_tarim": "4.b", "il_sanayi": "4.c", "il_kultur": "4.ç"}
AGE_GROUPS = ("0-6", "7-17", "18-64", "65+")
PRIORITIES = Lottery([45, 30, 17, 8])
TROOP_PRIORITIES = Lottery([70, 22, 6, 2])
DEMAND = {Supply.COMMON: 1.0, Supply.REGIONAL: 0.7, Supply.NATIONAL: 0.4, Supply.SCARCE: 0.25}
SECONDARY = ("accommodation",)
"""Sectors of which the public's needs are secondary ones (calendar row 4.ç)."""
PLACES = {"military": "Birlik ikmal deposu", "institution": "Kurum ambarı", "public": "İlçe dağıtım noktası"}
THOUSAND = 1_000
LARGER = {"litre": "cubic_metre", "kilogram": "tonne"}
"""What people state round thousands in."""
YEAR_AFTER = date(2024, 1, 1)
"""The planning year of the demo country's forms is the one after 2023."""
ITEM_LOTTERY = Lottery([DEMAND[item.supply] for item in ITEMS])
BY_SUPPLY = {supply: tuple(item for item in ITEMS if item.supply is supply) for supply in Supply}
LOCAL_MIX = (
    *(Supply.COMMON,) * 3,
    *(Supply.REGIONAL,) * 3,
    *(Supply.NATIONAL,) * 2,
    *(Supply.SCARCE,) * 2,
) * 2
CENTRAL_MIX = (Supply.COMMON, Supply.REGIONAL, Supply.NATIONAL, Supply.NATIONAL, Supply.SCARCE)


@dataclass(frozen=True, slots=True)
class TroopNeed:
    """One need of a military unit: item, quantity, scope; the supply of the demo country is made to answer it."""

    unit: UnitSpec
    item: ItemSpec
    quantity: int
    scope: str


def troop_needs(troops: Sequence[UnitSpec], seed: int) -> Iterator[TroopNeed]:
    """Yield what the troops need: each unit a mix of items found near, far, centrally and nowhere."""
    mix = [("local", supply) for supply in LOCAL_MIX] + [("central", supply) for supply in CENTRAL_MIX]
    for serial, unit in enumerate(troops):
        met = dict.fromkeys(Supply, serial * 5)
        for scope, supply in mix:
            item = BY_SUPPLY[supply][met[supply] % len(BY_SUPPLY[supply])]
            met[supply] += 1
            share = 0.3 + 1.7 * draw(seed, "troop quantity", unit.key, met[supply], supply)
            yield TroopNeed(unit, item, max(1, round(item.usual * share)), scope)


def need_forms(units: Sequence[UnitSpec], places: Places, *, scale: float, seed: int) -> Iterator[FormSpec]:
    """Yield every need form: the troops' first, then the public's, then the institutions'."""
    total = round(NEED_FORMS * scale)
    troops = [unit for unit in units if unit.kind == "military_unit"]
    military = [_military_form(need, serial, seed) for serial, need in enumerate(troop_needs(troops, seed))]
    offices = [unit for unit in units if unit.kind in PUBLIC_STEPS]
    public = min(max(len(offices), round(total * PUBLIC_SHARE)), total // 4)
    yield from military[: total - public]
    yield from (_public_form(offices[serial % len(offices)], places, serial, seed) for serial in range(public))
    institutions = [unit for unit in units if unit.kind == "institution"]
    for serial in range(total - public - len(military)):
        yield _institution_form(_asking(institutions, serial, seed), serial, seed)


def _military_form(need: TroopNeed, serial: int, seed: int) -> FormSpec:
    priority = TROOP_PRIORITIES.place(draw(seed, "troop priority", serial)) + 1
    line = _line(need.unit, need.item, need.quantity, priority, scope=need.scope, beneficiary="military")
    return FormSpec("need_form", "needs_entry", "4.a", need.unit.key, line=line)


def _public_form(office: UnitSpec, places: Places, serial: int, seed: int) -> FormSpec:
    item = pick(_public_items(office.kind), seed, "public item", serial)
    province = places.by_code[office.province or ""]
    quantity = max(1, round(item.usual * (0.5 + 3 * draw(seed, "public quantity", serial) ** 2)))
    line = _line(office, item, quantity, _priority(seed, "public", serial), scope="local", beneficiary="public")
    district = province.district_at(draw(seed, "public place", serial)).code
    necessity = "secondary" if item.sector in SECONDARY or serial % 3 == 0 else "mandatory"
    line |= {"district_code": district, "age_group": pick(AGE_GROUPS, seed, "age group", serial)}
    line |= {"necessity": necessity}
    return FormSpec("need_form", "needs_entry", PUBLIC_STEPS[office.kind], office.key, line=line)


def _institution_form(unit: UnitSpec, serial: int, seed: int) -> FormSpec:
    item = ITEMS[ITEM_LOTTERY.place(draw(seed, "need item", serial))]
    quantity = max(1, round(item.usual * (0.05 + 1.5 * draw(seed, "need quantity", serial) ** 3)))
    scope = "central" if draw(seed, "need scope", serial) < CENTRAL_SHARE else "local"
    line = _line(unit, item, quantity, _priority(seed, "need", serial), scope=scope, beneficiary="institution")
    return FormSpec("need_form", "needs_entry", "4.a", unit.key, line=line)


def _asking(institutions: Sequence[UnitSpec], serial: int, seed: int) -> UnitSpec:
    """Return who asks: every institution once, then those of low serial more often than the others."""
    if serial < len(institutions):
        return institutions[serial]
    return institutions[int(draw(seed, "asking", serial) ** 1.8 * len(institutions))]


def _public_items(office: str) -> tuple[ItemSpec, ...]:
    return tuple(item for item in ITEMS if item.sector in PUBLIC_SECTORS[office])


def _priority(seed: int, who: str, serial: int) -> int:
    return PRIORITIES.place(draw(seed, f"{who} priority", serial)) + 1


def _line(
    unit: UnitSpec, item: ItemSpec, quantity: int, priority: int, *, scope: str, beneficiary: str
) -> dict[str, Any]:
    larger = LARGER.get(item.measure) if quantity % THOUSAND == 0 else None
    return {
        "item_code": item.code,
        "quantity": quantity,
        "priority": priority,
        "scope": scope,
        "beneficiary": beneficiary,
        "age_group": None,
        "necessity": None,
        "province_code": unit.province,
        "district_code": unit.district,
        "place": PLACES[beneficiary],
        "stated_quantity": quantity // THOUSAND if larger else None,
        "stated_measure": larger,
        **_period(quantity),
    }


def _period(quantity: int) -> dict[str, Any]:
    """Return from when until when a need is stated for, which not every one says."""
    if quantity % 4:
        return {"needed_from": None, "needed_until": None}
    begins = YEAR_AFTER + timedelta(days=quantity % 180)
    return {"needed_from": begins, "needed_until": begins + timedelta(days=30 * (1 + quantity % 6))}
