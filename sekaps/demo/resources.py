"""The resources of the demo country: what the troops will look for in its place, and the rest by population."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sekaps.demo import chance
from sekaps.demo.chance import Lottery, draw, draws
from sekaps.demo.forms import FormSize, spans
from sekaps.demo.items import FEEDS, ITEMS, Supply
from sekaps.demo.names import holder_columns
from sekaps.demo.needs import CODES, PLACE_OF, USUAL, TroopNeed, troop_needs
from sekaps.demo.places import Places
from sekaps.demo.units import UnitSpec

RESOURCE_FORMS = 1_299_322
OFFER = {Supply.COMMON: 1.0, Supply.REGIONAL: 0.6, Supply.NATIONAL: 0.35, Supply.SCARCE: 0.02}
CENTRAL_SHARE = {Supply.COMMON: 0.1, Supply.REGIONAL: 0.15, Supply.NATIONAL: 1.0, Supply.SCARCE: 0.7}
ITEM_LOTTERY = Lottery([OFFER[item.supply] for item in ITEMS])
CENTRAL_SHARES = np.array([CENTRAL_SHARE[item.supply] for item in ITEMS])
IS_COMMON = np.array([item.supply is Supply.COMMON for item in ITEMS])
SUPPLIERS = pl.Series([FEEDS.get(item.sector) for item in ITEMS], dtype=pl.String)
SECTORS = pl.Series([item.sector for item in ITEMS])


@dataclass(frozen=True, slots=True)
class _Offered:
    """What some resources offer, in columns: which item, how much, planned centrally or not, in which district."""

    item: chance.Places
    capacity: chance.Places
    central: chance.Flags
    district: chance.Places


def resource_forms(units: Sequence[UnitSpec], places: Places, *, size: FormSize, seed: int) -> Iterator[pl.DataFrame]:
    """Yield every resource form in columns: those the troops' needs call for first, then the country's at large.

    ``unit`` is the place of its unit among the units.
    """
    total = round(RESOURCE_FORMS * size.factor)
    troops = [unit for unit in units if unit.kind == "military_unit"]
    writer = _Writer(units, places, seed)
    answers = writer.answers(troops)[:total]
    yield answers
    for serials in spans(total - answers.height):
        yield writer.at_large(serials + answers.height)


class _Writer:
    """Writes resource forms of a country's units."""

    def __init__(self, units: Sequence[UnitSpec], places: Places, seed: int) -> None:
        self.places, self.seed = places, seed
        place_of = {unit.key: place for place, unit in enumerate(units)}
        self.ministries = np.array([place_of[item.ministry] for item in ITEMS])
        self.directorates = np.array(
            [[place_of[f"{item.directorate}:{d.province}"] for d in places.districts] for item in ITEMS]
        )
        self.provinces = pl.Series([district.province for district in places.districts])

    def answers(self, troops: Sequence[UnitSpec]) -> pl.DataFrame:
        """Return a resource for each troop need that is to be met: near it, in its province, or centrally."""
        needs = [(serial, need) for serial, need in enumerate(troop_needs(troops, self.seed))]
        met = [(serial, need) for serial, need in needs if need.item.supply is not Supply.SCARCE]
        place_of = {district.code: place for place, district in enumerate(self.places.districts)}
        near = np.array([place_of[need.unit.district or ""] for _, need in met], dtype=np.int64)
        item = np.array([PLACE_OF[need.item.code] for _, need in met], dtype=np.int64)
        offered = _Offered(
            item=item,
            capacity=np.array([self._capacity(need, serial) for serial, need in met], dtype=np.int64),
            central=np.array([_is_central(need) for _, need in met], dtype=bool),
            district=np.where(IS_COMMON[item], near, self.places.largest[near]),
        )
        return self._frame(np.array([serial for serial, _ in met], dtype=np.int64), offered)

    def _capacity(self, need: TroopNeed, serial: int) -> int:
        return max(1, round(need.quantity * (0.4 + draw(self.seed, "answer", serial))))

    def at_large(self, serials: chance.Places) -> pl.DataFrame:
        """Return what there is in the country at large."""
        item = ITEM_LOTTERY.places(draws(self.seed, "resource item", serials))
        district = self.places.lottery.places(draws(self.seed, "resource place", serials))
        quantity = USUAL[item] * (0.05 + 0.6 * draws(self.seed, "capacity", serials) ** 2)
        offered = _Offered(
            item=item,
            capacity=np.maximum(1, np.rint(quantity)).astype(np.int64),
            central=draws(self.seed, "resource scope", serials) < CENTRAL_SHARES[item],
            district=np.where(IS_COMMON[item], district, self.places.largest[district]),
        )
        return self._frame(serials, offered)

    def _frame(self, serials: chance.Places, offered: _Offered) -> pl.DataFrame:
        item, place = offered.item, offered.district
        planned = offered.central.astype(int)
        unit = np.where(offered.central, self.ministries[item], self.directorates[item, place])
        scope = pl.Series(("local", "central")).gather(planned)
        supplier = SUPPLIERS.gather(item)
        return pl.DataFrame({
            "unit": unit,
            "step": pl.Series(("3.c", "3.a")).gather(planned),
            "item_code": CODES.gather(item),
            "capacity": offered.capacity,
            "allocated": np.zeros(len(unit), dtype=np.int64),
            "scope": scope,
            "recorded_scope": scope,
            "origin": pl.Series(("manual", "web_service")).gather(supplier.is_not_null().cast(pl.Int64)),
            "supplier": supplier,
            "stock": offered.capacity * (serials % 5) // 4,
            **holder_columns(self.seed, serials, SECTORS.gather(item)),
            "province_code": self.provinces.gather(place),
            "district_code": self.places.codes.gather(place),
        })  # fmt: skip


def _is_central(need: TroopNeed) -> bool:
    return need.scope == "central" or need.item.supply is Supply.NATIONAL
