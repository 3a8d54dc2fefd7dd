"""What the demo country needs and can supply: some sixty items, the ministry that plans each, and how common it is."""

from dataclasses import dataclass
from enum import StrEnum


class Supply(StrEnum):
    """How far one has to go to find an item."""

    COMMON = "common"
    """Found in most districts."""
    REGIONAL = "regional"
    """Found in the large districts of a province."""
    NATIONAL = "national"
    """Found only in central planning."""
    SCARCE = "scarce"
    """Hardly found at all: some of every need stays unmet."""


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """An item with its place in the catalogue, its measure, a usual quantity and how common it is."""

    code: str
    name_tr: str
    name_en: str
    sector: str
    measure: str
    usual: int
    supply: Supply

    @property
    def module(self) -> str:
        """The planning module its sector belongs to."""
        return MODULES.get(self.sector, "goods_services")

    @property
    def ministry(self) -> str:
        """The key of the ministry that plans it."""
        return MINISTRIES[self.sector]

    @property
    def directorate(self) -> str:
        """The kind of provincial directorate that counts it locally."""
        return DIRECTORATES.get(self.sector, "il_afad")


MODULES = dict.fromkeys(("land", "sea", "air", "construction_machinery"), "vehicles") | {"manpower": "manpower"}
MINISTRIES = {
    "energy": "enerji",
    "accommodation": "kultur",
    "private_construction": "cevre",
    "health": "saglik",
    "industry": "sanayi",
    "agriculture": "tarim",
    "forestry": "tarim",
    "food": "tarim",
    "land": "ulastirma",
    "sea": "ulastirma",
    "air": "ulastirma",
    "construction_machinery": "ticaret",
    "manpower": "calisma",
}
DIRECTORATES = {
    "agriculture": "il_tarim",
    "forestry": "il_tarim",
    "food": "il_tarim",
    "industry": "il_sanayi",
    "energy": "il_sanayi",
    "accommodation": "il_kultur",
}
FEEDS = {"land": "TNB", "sea": "UAB", "air": "UAB", "construction_machinery": "TOBB", "manpower": "ISKUR"}
"""Sectors whose resources come from a registry's web service, not from manual entry, with the supplier."""
SUBSTITUTES = {
    "blanket": "sleeping_bag",
    "tent": "prefabricated_shelter",
    "dormitory_bed": "hotel_bed",
    "hospital_bed": "intensive_care_bed",
    "barley": "wheat",
    "truck": "low_loader",
}
"""Items that another may stand in for, one for one; never the other way round."""
PUBLIC_SECTORS = {
    "il_tarim": ("food", "forestry"),
    "il_sanayi": ("industry", "energy"),
    "il_kultur": ("accommodation",),
}
"""What each provincial directorate enters for the public."""

_TABLE = """
diesel_fuel|Motorin|Diesel fuel|energy|litre|40000|common
petrol|Benzin|Petrol|energy|litre|15000|common
lpg_cylinder|LPG tüpü|LPG cylinder|energy|piece|400|common
fuel_oil|Kalorifer yakıtı|Fuel oil|energy|litre|20000|regional
generator_100kva|Jeneratör (100 kVA)|Generator (100 kVA)|energy|piece|6|regional
jet_fuel|Jet yakıtı|Jet fuel|energy|litre|60000|national
mobile_substation|Seyyar trafo merkezi|Mobile substation|energy|piece|2|scarce
hotel_bed|Otel yatağı|Hotel bed|accommodation|bed|300|common
dormitory_bed|Yurt yatağı|Dormitory bed|accommodation|bed|500|regional
sports_hall|Kapalı spor salonu|Sports hall|accommodation|square_metre|1500|regional
mass_catering|Toplu yemek hizmeti|Mass catering|accommodation|person|800|common
conference_hall|Konferans salonu|Conference hall|accommodation|piece|2|national
cement|Çimento|Cement|private_construction|tonne|300|common
reinforcing_steel|İnşaat demiri|Reinforcing steel|private_construction|tonne|120|regional
prefabricated_shelter|Prefabrik barınak|Prefabricated shelter|private_construction|piece|40|national
ready_mixed_concrete|Hazır beton|Ready-mixed concrete|private_construction|cubic_metre|500|common
steel_bridge_set|Çelik köprü takımı|Steel bridge set|private_construction|piece|2|scarce
hospital_bed|Hastane yatağı|Hospital bed|health|bed|120|regional
intensive_care_bed|Yoğun bakım yatağı|Intensive care bed|health|bed|20|scarce
medical_oxygen|Tıbbi oksijen|Medical oxygen|health|cubic_metre|900|regional
surgical_set|Cerrahi set|Surgical set|health|piece|60|national
bandage|Sargı bezi|Bandage|health|box|2000|common
serum|Serum|Intravenous fluid|health|piece|5000|common
antibiotic|Antibiyotik|Antibiotic|health|box|3000|regional
ventilator|Solunum cihazı|Ventilator|health|piece|8|scarce
blood_bag|Kan torbası|Blood bag|health|piece|900|national
work_clothes|İş elbisesi|Work clothes|industry|piece|900|common
tent|Çadır|Tent|industry|piece|300|regional
blanket|Battaniye|Blanket|industry|piece|1500|common
sleeping_bag|Uyku tulumu|Sleeping bag|industry|piece|700|national
vehicle_battery|Akü|Vehicle battery|industry|piece|80|regional
vehicle_tyre|Araç lastiği|Vehicle tyre|industry|piece|200|common
radio_set|Telsiz cihazı|Radio set|industry|piece|60|national
water_treatment_unit|Su arıtma ünitesi|Water treatment unit|industry|piece|3|scarce
hand_tool_set|El aletleri takımı|Hand tool set|industry|piece|120|common
wheat|Buğday|Wheat|agriculture|tonne|200|common
barley|Arpa|Barley|agriculture|tonne|120|common
animal_feed|Hayvan yemi|Animal feed|agriculture|tonne|150|regional
vegetable_seed|Sebze tohumu|Vegetable seed|agriculture|kilogram|900|national
firewood|Yakacak odun|Firewood|forestry|tonne|250|common
timber|Kereste|Timber|forestry|cubic_metre|180|regional
pole|Direk|Pole|forestry|piece|300|national
bread|Ekmek|Bread|food|piece|12000|common
flour|Un|Flour|food|kilogram|18000|common
rice|Pirinç|Rice|food|kilogram|8000|regional
canned_food|Konserve|Canned food|food|piece|9000|regional
drinking_water|İçme suyu|Drinking water|food|litre|25000|common
infant_formula|Bebek maması|Infant formula|food|kilogram|700|national
cold_store|Soğuk hava deposu|Cold store|food|cubic_metre|800|scarce
truck|Kamyon|Truck|land|vehicle|12|common
bus|Otobüs|Bus|land|vehicle|8|common
fuel_tanker|Akaryakıt tankeri|Fuel tanker|land|vehicle|4|regional
low_loader|Ağır yük taşıyıcı|Low loader|land|vehicle|3|scarce
ferry|Feribot|Ferry|sea|vehicle|2|national
motorboat|Motorlu tekne|Motorboat|sea|vehicle|4|scarce
helicopter|Helikopter|Helicopter|air|vehicle|2|scarce
cargo_aircraft|Kargo uçağı|Cargo aircraft|air|vehicle|2|national
excavator|Ekskavatör|Excavator|construction_machinery|vehicle|5|regional
loader|Yükleyici|Loader|construction_machinery|vehicle|6|common
mobile_crane|Mobil vinç|Mobile crane|construction_machinery|vehicle|3|national
driver|Sürücü|Driver|manpower|person|40|common
welder|Kaynakçı|Welder|manpower|person|20|regional
heavy_equipment_operator|İş makinesi operatörü|Heavy equipment operator|manpower|person|15|national
"""


def _item(line: str) -> ItemSpec:
    code, name_tr, name_en, sector, measure, usual, supply = line.split("|")
    return ItemSpec(code, name_tr, name_en, sector, measure, int(usual), Supply(supply))


ITEMS = tuple(_item(line) for line in _TABLE.strip().splitlines())
RESOURCE_MINISTRIES = tuple(sorted(set(MINISTRIES.values())))
"""The ministries that own resources, by key."""
