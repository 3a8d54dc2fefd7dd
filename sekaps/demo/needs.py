"""The needs of the demo country: what troops, institutions and the public ask for, skewed as in life."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from sekaps.demo import chance
from sekaps.demo.chance import Fractions, Lottery, draw, draws
from sekaps.demo.forms import FormSize, spans
from sekaps.demo.items import ITEMS, PUBLIC_SECTORS, ItemSpec, Supply
from sekaps.demo.places import Places
from sekaps.demo.units import UnitSpec

NEED_FORMS = 137_944
NEEDS_OF_A_TROOP = 25
PUBLIC_SHARE = 0.12
CENTRAL_SHARE = 0.18
SKEW = 2.5
"""How uneven institutions are: of the forms above one each, the largest hundredth states a sixth."""
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
PLACE_OF = {item.code: place for place, item in enumerate(ITEMS)}
BY_SUPPLY = {supply: tuple(item for item in ITEMS if item.supply is supply) for supply in Supply}
CODES = pl.Series([item.code for item in ITEMS])
USUAL = np.array([item.usual for item in ITEMS])
IS_SECONDARY = np.array([item.sector in SECONDARY for item in ITEMS])
LARGER_OF = pl.Series([LARGER.get(item.measure) for item in ITEMS], dtype=pl.String)
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What some needs ask for, in columns: who, which item, how much, how urgently, and from where."""

    unit: chance.Places
    item: chance.Places
    quantity: chance.Places
    priority: chance.Places
    central: chance.Flags


def need_forms(units: Sequence[UnitSpec], places: Places, *, size: FormSize, seed: int) -> Iterator[pl.DataFrame]:
    """Yield every need form in columns: the troops' first, then the public's, then the institutions'.

    ``unit`` is the place of its unit among the units.
    """
    total = round(NEED_FORMS * size.factor)
    offices = [place for place, unit in enumerate(units) if unit.kind in PUBLIC_STEPS]
    public = min(max(len(offices), round(total * PUBLIC_SHARE)), total // 4)
    writer = _Writer(units, places, seed)
    military = writer.military()[: total - public]
    yield military
    for serials in spans(public):
        yield writer.public(np.array(offices), serials)
    for serials in spans(total - public - military.height):
        yield writer.institutions(serials)


class _Writer:
    """Writes need forms of a country's units."""

    def __init__(self, units: Sequence[UnitSpec], places: Places, seed: int) -> None:
        self.units, self.places, self.seed = units, places, seed
        self.provinces = pl.Series([unit.province for unit in units], dtype=pl.String)
        self.districts = pl.Series([unit.district for unit in units], dtype=pl.String)
        asking = [place for place, unit in enumerate(units) if unit.kind == "institution"]
        self.asking = np.array(asking, dtype=np.int64)

    def military(self) -> pl.DataFrame:
        """Return what the troops ask for."""
        place_of = {unit.key: place for place, unit in enumerate(self.units) if unit.kind == "military_unit"}
        needs = list(troop_needs([unit for unit in self.units if unit.kind == "military_unit"], self.seed))
        asked = _Asked(
            unit=np.array([place_of[need.unit.key] for need in needs], dtype=np.int64),
            item=np.array([PLACE_OF[need.item.code] for need in needs], dtype=np.int64),
            quantity=np.array([need.quantity for need in needs], dtype=np.int64),
            priority=TROOP_PRIORITIES.places(self._draws("troop priority", np.arange(len(needs)))) + 1,
            central=np.array([need.scope == "central" for need in needs], dtype=bool),
        )
        return self._frame(asked, "military", "4.a")

    def public(self, offices: chance.Places, serials: chance.Places) -> pl.DataFrame:
        """Return what the directorates ask for on the public's behalf, one after the other."""
        unit = offices[serials % len(offices)]
        kinds = np.array([list(PUBLIC_STEPS).index(self.units[place].kind) for place in unit.tolist()])
        item = self._public_items(kinds, self._draws("public item", serials))
        usual = USUAL[item] * (0.5 + 3 * self._draws("public quantity", serials) ** 2)
        asked = _Asked(unit, item, _at_least_one(usual), self._priority("public", serials), np.zeros(len(unit), bool))
        frame = self._frame(asked, "public", "")
        at = self.places.within(self.provinces.gather(unit).to_list(), self._draws("public place", serials))
        secondary = IS_SECONDARY[item] | (serials % 3 == 0)
        return frame.with_columns(
            step=pl.Series(list(PUBLIC_STEPS.values())).gather(kinds),
            district_code=self.places.codes.gather(at),
            age_group=pl.Series(AGE_GROUPS).gather((self._draws("age group", serials) * len(AGE_GROUPS)).astype(int)),
            necessity=pl.Series(("mandatory", "secondary")).gather(secondary.astype(int)),
        )

    def institutions(self, serials: chance.Places) -> pl.DataFrame:
        """Return what institutions ask for: every one once, then the few large ones far more often than the others."""
        drawn = (self._draws("asking", serials) ** SKEW * len(self.asking)).astype(np.int64)
        unit = self.asking[np.where(serials < len(self.asking), serials, drawn)]
        item = ITEM_LOTTERY.places(self._draws("need item", serials))
        quantity = _at_least_one(USUAL[item] * (0.05 + 1.5 * self._draws("need quantity", serials) ** 3))
        central = self._draws("need scope", serials) < CENTRAL_SHARE
        return self._frame(_Asked(unit, item, quantity, self._priority("need", serials), central), "institution", "4.a")

    def _frame(self, asked: _Asked, beneficiary: str, step: str) -> pl.DataFrame:
        named = pl.DataFrame({
            "unit": asked.unit,
            "step": pl.Series([step]).gather(np.zeros(len(asked.unit), dtype=int)),
            "item_code": CODES.gather(asked.item),
            "quantity": asked.quantity,
            "priority": asked.priority,
            "scope": pl.Series(("local", "central")).gather(asked.central.astype(int)),
            "province_code": self.provinces.gather(asked.unit),
            "district_code": self.districts.gather(asked.unit),
            "larger": LARGER_OF.gather(asked.item),
        })  # fmt: skip
        thousands = (pl.col("quantity") % THOUSAND == 0) & pl.col("larger").is_not_null()
        dated = pl.col("quantity") % 4 == 0
        begins = pl.lit(YEAR_AFTER) + pl.duration(days=pl.col("quantity") % 180)
        return named.select(
            "unit", "step", "item_code", "quantity", "priority", "scope", pl.lit(beneficiary).alias("beneficiary"),
            pl.lit(None, pl.String).alias("age_group"), pl.lit(None, pl.String).alias("necessity"),
            "province_code", "district_code", pl.lit(PLACES[beneficiary]).alias("place"),
            needed_from=pl.when(dated).then(begins),
            needed_until=pl.when(dated).then(begins + pl.duration(days=30 * (1 + pl.col("quantity") % 6))),
            stated_quantity=pl.when(thousands).then(pl.col("quantity") // THOUSAND),
            stated_measure=pl.when(thousands).then("larger"),
        )  # fmt: skip

    def _public_items(self, kinds: chance.Places, fractions: Fractions) -> chance.Places:
        """Return an item of those each kind of directorate enters, each as likely as the others."""
        found = np.zeros(len(kinds), dtype=np.int64)
        for place, kind in enumerate(PUBLIC_STEPS):
            entered = np.array([at for at, item in enumerate(ITEMS) if item.sector in PUBLIC_SECTORS[kind]])
            found = np.where(kinds == place, entered[(fractions * len(entered)).astype(np.int64)], found)
        return found

    def _priority(self, who: str, serials: chance.Places) -> chance.Places:
        return PRIORITIES.places(self._draws(f"{who} priority", serials)) + 1

    def _draws(self, name: str, serials: chance.Places) -> Fractions:
        return draws(self.seed, name, serials)


def _at_least_one(quantities: Fractions) -> chance.Places:
    return np.maximum(1, np.rint(quantities)).astype(np.int64)
