"""The sectors of resource planning as people call them; a sector without words here is called by its code."""

from sekaps.texts import Bilingual

SECTORS = {
    "energy": Bilingual("Enerji", "Energy"),
    "accommodation": Bilingual("Konaklama", "Accommodation"),
    "private_construction": Bilingual("Özel inşaat", "Private construction"),
    "health": Bilingual("Sağlık", "Health"),
    "industry": Bilingual("Sanayi", "Industry"),
    "agriculture": Bilingual("Tarım", "Agriculture"),
    "forestry": Bilingual("Orman", "Forestry"),
    "food": Bilingual("Gıda", "Food"),
    "land": Bilingual("Kara araçları", "Land vehicles"),
    "sea": Bilingual("Deniz araçları", "Sea vessels"),
    "air": Bilingual("Hava araçları", "Aircraft"),
    "construction_machinery": Bilingual("İş makineleri", "Construction machinery"),
    "manpower": Bilingual("İnsan gücü", "Manpower"),
}


def sector_name(code: str) -> Bilingual:
    """Return what people call a sector."""
    return SECTORS.get(code) or Bilingual(code, code)
