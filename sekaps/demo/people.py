"""Who fills the posts of the demo country: governors, directors, commanders, and people who serve several bodies."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sekaps.demo.chance import apportioned
from sekaps.demo.units import INSTITUTIONS, MILITARY_UNITS, UnitSpec

PEOPLE = 11_215
"""People with duties in the running system."""
OFFICIALS = 3_901
"""Those of them who serve offices and commissions, which exist at any scale."""
SHARED = PEOPLE - OFFICIALS
"""Those who serve institutions and troops, mostly several each."""
OFFICER = "Seferberlik uzmanı"
HEADS = {
    "coordinator": "Genel Sekreter",
    "ministry": "Genel Müdür",
    "governorate": "Vali",
    "il_afad": "İl Müdürü",
    "il_tarim": "İl Müdürü",
    "il_sanayi": "İl Müdürü",
    "il_kultur": "İl Müdürü",
    "civil_administration": "Kaymakam",
    "mmm_province": "Komisyon Başkanı",
    "mmm_district": "Komisyon Başkanı",
    "institution": "Kurum amiri",
    "military_unit": "Birlik komutanı",
}
APPROVER = "Bakan adına Bakan Yardımcısı"
CENTRE_HEAD = "Vali Yardımcısı"
"""Heads the central district, which has no kaymakam."""
COMMISSIONS = {"mmm_province": "governorate", "mmm_district": "civil_administration"}
"""Whose people a commission shares: its chair is the governor or kaymakam of the place."""
MEMBERS = {
    "finance_officer": "Malmüdürü",
    "recruiting_officer": "Askerlik Şubesi Başkanı",
    "municipality_member": "Belediyece seçilen üye",
    "chamber_member": "Ticaret ve sanayi odasınca seçilen üye",
}
"""The seats of a commission besides the chair's (law 3634, article 8)."""
OFFICE = "mobilization_officer"
"""The seat of whoever runs the office of a province's commission."""
PROVINCE_TITLES = {"finance_officer": "Defterdar", OFFICE: "Seferberlik müdürü"}
NEIGHBOURS = 4
"""Districts that share a member; the first of a province, its largest, shares its members with the province."""


@dataclass(frozen=True, slots=True)
class PostSpec:
    """A post before it is stored, with the key of the person who fills it."""

    unit: str
    kind: str
    title: str
    person: str

    @property
    def key(self) -> str:
        """The post's own key."""
        return f"{self.unit}/{self.kind}"


def country_posts(units: Sequence[UnitSpec]) -> list[PostSpec]:
    """Return every post of every unit, filled; the members of commissions come last."""
    shared = _shared_people(units)
    return [*(post for unit in units for post in _posts_of(unit, shared)), *_members(units)]


def _members(units: Sequence[UnitSpec]) -> Iterator[PostSpec]:
    met: Counter[str | None] = Counter()
    for unit in units:
        if unit.kind == "mmm_province":
            yield PostSpec(unit.key, OFFICE, PROVINCE_TITLES[OFFICE], _own_people(unit)[0])
        if unit.kind in COMMISSIONS:
            group = met[unit.province] // NEIGHBOURS if unit.kind == "mmm_district" else 0
            met[unit.province] += unit.kind == "mmm_district"
            titles = MEMBERS | PROVINCE_TITLES if unit.kind == "mmm_province" else MEMBERS
            for seat in MEMBERS:
                yield PostSpec(unit.key, seat, titles[seat], f"{seat}:{unit.province}/{group}")


def _posts_of(unit: UnitSpec, shared: dict[str, tuple[str, str]]) -> Iterator[PostSpec]:
    officer, head = shared.get(unit.key) or _own_people(unit)
    yield PostSpec(unit.key, "officer", OFFICER, officer)
    yield PostSpec(unit.key, "head", _head_title(unit), head)
    if unit.kind == "ministry":
        yield PostSpec(unit.key, "approver", APPROVER, f"{unit.key}/approver")


def _head_title(unit: UnitSpec) -> str:
    centre = unit.kind == "civil_administration" and not unit.name.endswith("Kaymakamlığı")
    return CENTRE_HEAD if centre else HEADS[unit.kind]


def _own_people(unit: UnitSpec) -> tuple[str, str]:
    place = COMMISSIONS.get(unit.kind)
    home = unit.key if place is None else f"{place}:{unit.key.partition(':')[2]}"
    return f"{home}/officer", f"{home}/head"


def _shared_people(units: Sequence[UnitSpec]) -> dict[str, tuple[str, str]]:
    """Return the officer and head of each institution and troop, from the pool of its ministry and province.

    All pools together have as many people as the running system for so many units, but two each at the least.
    """
    pools: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        if unit.kind in ("institution", "military_unit"):
            pools[f"{unit.kind}:{unit.ministry}:{unit.province}"].append(unit.key)
    total = round(SHARED * sum(map(len, pools.values())) / (INSTITUTIONS + MILITARY_UNITS))
    sizes = apportioned(total, [len(keys) for keys in pools.values()], least=2)
    return {
        key: people
        for (pool, keys), size in zip(pools.items(), sizes, strict=True)
        for key, people in _share(pool, keys, size).items()
    }


def _share(pool: str, units: Sequence[str], size: int) -> dict[str, tuple[str, str]]:
    """Return an officer and a head for each unit, two different members of the pool."""
    return {unit: (f"{pool}/{place % size}", f"{pool}/{(place + 1) % size}") for place, unit in enumerate(units)}
