"""How files of needs, resources and supplier feeds name our fields, in any case and order."""

from collections.abc import Mapping
from types import MappingProxyType

from sekaps.domain.form_fields import FIELDS, NAMES, FormKind
from sekaps.domain.registry_cells import fold
from sekaps.domain.suppliers import Feed
from sekaps.services.form_references import suppliers
from sekaps.services.registry_headings import Headings

_WORDS = {
    "number": "no numara belgeno belgenumarasi formno formnumarasi cizelgeno",
    "unit": "birim birimno detsis detsisno birimdetsis kurum kurumno",
    "item": "kalem kalemkodu urun malhizmet malzeme cins",
    "measure": "olcu olcubirimi olcek unitofmeasure",
    "scope": "kapsam planlama",
    "province": "il ilkodu iladi",
    "district": "ilce ilcekodu ilceadi",
    "previous": "oncekibelge oncekino oncekibelgeno",
    "quantity": "miktar ihtiyacmiktari",
    "priority": "oncelik onceliksirasi",
    "beneficiary": "yararlanan faydalanan ihtiyacsahibi",
    "age_group": "yasgrubu yas",
    "necessity": "sinif sinifi zorunlulukderecesi class",
    "place": "yer teslimyeri",
    "needed_from": "baslangic baslangictarihi",
    "needed_until": "bitis bitistarihi",
    "capacity": "kapasite miktar",
    "stock": "stok",
    "holder": "sahip sahibi kaynaksahibi malik",
    "holder_kind": "sahipturu maliktipi",
    "holder_number": "sahipno sahipnumarasi vkn tckn mersis vergino",
    "address": "adres",
}
_FEED_WORDS: Mapping[str, str] = {
    "number": "registrynumber plaka plakano sasi sasino tescilno bandirolno kayitno isletmeno",
    "capacity": "adet sayi kisisayisi",
}
"""What registries call their own in any feed; each supplier's other words are in its data."""
LEFT_OPEN = ("unit", "capacity", "scope")
"""Fields a feed need not give: whose unit answers for it is found, it is one of each, and local."""


def form_headings(kind: FormKind, feed: Feed | None = None) -> Headings:
    """Return the headings of files of one kind of form; the registry of a feed names some fields its own way."""
    required = FIELDS[kind].required
    if feed is None:
        return Headings(_words(kind), required, NAMES)
    own = {fold(word): name for word, name in suppliers().headings(feed).items()}
    return Headings(own | _words(kind, _FEED_WORDS), tuple(name for name in required if name not in LEFT_OPEN), NAMES)


def _words(kind: FormKind, more: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the field of each word; of a word that two fields use the first one's."""
    words: dict[str, str] = {}
    for name in FIELDS[kind].names:
        for word in (fold(name), *_WORDS[name].split(), *more.get(name, "").split()):
            words.setdefault(word, name)
    return words
