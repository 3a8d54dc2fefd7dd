"""The organisations of the demo country: real offices of the state by place, invented institutions and troops."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sekaps.demo.chance import Lottery, draw, pick
from sekaps.demo.places import District, Places, Province

PUBLIC_BODIES = 26_000
"""Public institutions, ministries, governorates and directorates among them; the running system's own count."""
OFFICES = 1_396
"""Those of them that exist at any scale: the coordinator, ministries, governorates, directorates and districts."""
INSTITUTIONS = PUBLIC_BODIES - OFFICES
MILITARY_UNITS = 500
CAPITAL = "06"
COORDINATOR = "coordinator"

MINISTRY_NAMES = {
    "adalet": "Adalet Bakanlığı",
    "aile": "Aile ve Sosyal Hizmetler Bakanlığı",
    "calisma": "Çalışma ve Sosyal Güvenlik Bakanlığı",
    "cevre": "Çevre, Şehircilik ve İklim Değişikliği Bakanlığı",
    "disisleri": "Dışişleri Bakanlığı",
    "enerji": "Enerji ve Tabii Kaynaklar Bakanlığı",
    "genclik": "Gençlik ve Spor Bakanlığı",
    "hazine": "Hazine ve Maliye Bakanlığı",
    "icisleri": "İçişleri Bakanlığı",
    "kultur": "Kültür ve Turizm Bakanlığı",
    "egitim": "Millî Eğitim Bakanlığı",
    "savunma": "Millî Savunma Bakanlığı",
    "saglik": "Sağlık Bakanlığı",
    "sanayi": "Sanayi ve Teknoloji Bakanlığı",
    "tarim": "Tarım ve Orman Bakanlığı",
    "ticaret": "Ticaret Bakanlığı",
    "ulastirma": "Ulaştırma ve Altyapı Bakanlığı",
}
DIRECTORATES = {
    "il_afad": ("icisleri", "{} İl Afet ve Acil Durum Müdürlüğü"),
    "il_tarim": ("tarim", "{} İl Tarım ve Orman Müdürlüğü"),
    "il_sanayi": ("sanayi", "{} Sanayi ve Teknoloji İl Müdürlüğü"),
    "il_kultur": ("kultur", "{} İl Kültür ve Turizm Müdürlüğü"),
}
INSTITUTION_KINDS = {
    "egitim": (30, ("İlçe Millî Eğitim Müdürlüğü", "Öğretmenevi Müdürlüğü", "Halk Eğitimi Merkezi Müdürlüğü")),
    "saglik": (22, ("Devlet Hastanesi Başhekimliği", "İlçe Sağlık Müdürlüğü", "Toplum Sağlığı Merkezi")),
    "icisleri": (12, ("İlçe Emniyet Müdürlüğü", "İlçe Nüfus Müdürlüğü", "İlçe Jandarma Komutanlığı")),
    "adalet": (8, ("Cumhuriyet Başsavcılığı", "Ceza İnfaz Kurumu Müdürlüğü")),
    "tarim": (7, ("Orman İşletme Müdürlüğü", "İlçe Tarım ve Orman Müdürlüğü")),
    "hazine": (5, ("Vergi Dairesi Müdürlüğü", "Malmüdürlüğü")),
    "aile": (4, ("Sosyal Hizmet Merkezi Müdürlüğü", "Huzurevi Müdürlüğü")),
    "cevre": (3, ("Tapu Müdürlüğü", "Kadastro Müdürlüğü")),
    "calisma": (2, ("Sosyal Güvenlik Merkezi", "Çalışma ve İş Kurumu Hizmet Merkezi")),
    "genclik": (2, ("Gençlik Merkezi Müdürlüğü", "Öğrenci Yurdu Müdürlüğü")),
    "ulastirma": (2, ("Karayolları Şube Şefliği", "Liman Başkanlığı")),
    "ticaret": (1, ("Gümrük Müdürlüğü", "Ticaret Şube Müdürlüğü")),
    "kultur": (1, ("Müze Müdürlüğü", "Halk Kütüphanesi Müdürlüğü")),
    "enerji": (0.7, ("Enerji İşletme Müdürlüğü", "Maden İşletme Müdürlüğü")),
    "sanayi": (0.6, ("Organize Sanayi Bölgesi Müdürlüğü", "Sanayi Hizmet Merkezi")),
    "savunma": (0.5, ("Askerlik Şubesi Başkanlığı", "Askerî Dikimevi Müdürlüğü")),
    "disisleri": (0.2, ("Dışişleri Temsilciliği", "Yurt Dışı Hizmetler Bürosu")),
}
"""The ministries' share of the institutions in percent, and what such institutions are called."""
TROOPS = ("İkmal Tabur", "Ulaştırma Tabur", "Bakım Tabur", "Lojistik Destek Tabur", "Muhabere Tabur", "Sıhhiye Bölük")
FIRST_TROOP = 901
"""Invented units bear numbers from here on."""


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A unit before it is stored; other units are named by their keys."""

    key: str
    kind: str
    name: str
    parent: str | None = None
    ministry: str | None = None
    province: str | None = None
    district: str | None = None


def registry_number(serial: int) -> int:
    """Return the eight-digit registry number of the unit of that serial: scattered, and each once."""
    return 20_000_000 + serial * 7_654_321 % 79_999_987


def country_units(places: Places, *, scale: float, seed: int) -> Iterator[list[UnitSpec]]:
    """Yield the country's units in waves, every unit after its parent."""
    yield [UnitSpec(COORDINATOR, COORDINATOR, "Millî Güvenlik Kurulu Genel Sekreterliği", province=CAPITAL)]
    yield [UnitSpec(key, "ministry", name, COORDINATOR, None, CAPITAL) for key, name in MINISTRY_NAMES.items()]
    yield [_governorate(province) for province in places.provinces]
    yield [unit for province in places.provinces for unit in _provincial(province)]
    yield [_district_commission(places, district) for district in places.districts]
    yield _institutions(places, round(INSTITUTIONS * scale), seed)
    yield _military_units(places, max(1, round(MILITARY_UNITS * scale)), seed)


def _governorate(province: Province) -> UnitSpec:
    name = f"{province.name} Valiliği"
    return UnitSpec(f"governorate:{province.code}", "governorate", name, "icisleri", "icisleri", province.code)


def _provincial(province: Province) -> Iterator[UnitSpec]:
    parent = f"governorate:{province.code}"
    for kind, (ministry, name) in DIRECTORATES.items():
        yield UnitSpec(f"{kind}:{province.code}", kind, name.format(province.name), parent, ministry, province.code)
    commission = f"{province.name} İl Millî Müdafaa Mükellefiyeti Komisyonu"
    yield UnitSpec(f"mmm_province:{province.code}", "mmm_province", commission, parent, "icisleri", province.code)
    for district in province.districts:
        yield _civil_administration(province, district)


def _civil_administration(province: Province, district: District) -> UnitSpec:
    office = "Mülki İdare Amirliği" if district.is_centre else "Kaymakamlığı"
    return UnitSpec(
        f"civil_administration:{district.code}",
        "civil_administration",
        f"{province.name} {district.name} {office}",
        f"governorate:{province.code}",
        "icisleri",
        province.code,
        district.code,
    )


def _district_commission(places: Places, district: District) -> UnitSpec:
    return UnitSpec(
        f"mmm_district:{district.code}",
        "mmm_district",
        f"{places.by_code[district.province].name} {district.name} İlçe Millî Müdafaa Mükellefiyeti Komisyonu",
        f"civil_administration:{district.code}",
        "icisleri",
        district.province,
        district.code,
    )


def _institutions(places: Places, count: int, seed: int) -> list[UnitSpec]:
    ministries = list(INSTITUTION_KINDS)
    lottery = Lottery([share for share, _ in INSTITUTION_KINDS.values()])
    met: Counter[str] = Counter()
    units = []
    for serial in range(count):
        ministry = ministries[lottery.place(draw(seed, "institution", serial))]
        district = places.district_at(draw(seed, "institution place", serial))
        kind = pick(INSTITUTION_KINDS[ministry][1], seed, "institution kind", serial)
        place = f"{places.by_code[district.province].name} {district.name}"
        met[f"{place} {kind}"] += 1
        name = _numbered(place, kind, met[f"{place} {kind}"])
        key = f"institution:{serial}"
        units.append(UnitSpec(key, "institution", name, ministry, ministry, district.province, district.code))
    return units


def _numbered(place: str, kind: str, ordinal: int) -> str:
    return f"{place} {kind}" if ordinal == 1 else f"{place} {ordinal} No.lu {kind}"


def _military_units(places: Places, count: int, seed: int) -> list[UnitSpec]:
    """Troops stand outside the largest district, so that what only large districts have is elsewhere."""
    homes = _garrisons(places, count, seed)
    return [
        UnitSpec(
            f"military:{serial}",
            "military_unit",
            f"{FIRST_TROOP + serial}. {TROOPS[serial % len(TROOPS)]} Komutanlığı",
            "savunma",
            "savunma",
            home.province,
            home.code,
        )
        for serial, home in enumerate(homes)
    ]


def _garrisons(places: Places, count: int, seed: int) -> Sequence[District]:
    """Return a district for each unit; the first 81 stand in 81 provinces."""
    order = sorted(places.provinces, key=lambda province: draw(seed, "garrison", province.code))
    return [
        pick(order[serial % len(order)].districts[1:], seed, "garrison district", serial) for serial in range(count)
    ]
