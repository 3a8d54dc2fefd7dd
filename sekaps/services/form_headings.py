"""How files of needs, resources and supplier feeds name our fields, in any case and order."""

from collections.abc import Mapping

from sekaps.domain.form_fields import FIELDS, FormKind
from sekaps.domain.registry_cells import fold
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
"""What the registries of vehicles, machines and manpower call their own."""


def form_headings(kind: FormKind, *, of_feed: bool = False) -> Headings:
    """Return the headings of files of one kind of form; a feed's registry names some fields its own way."""
    fields = FIELDS[kind]
    left_open = ("unit", "capacity", "scope") if of_feed else ()
    words: dict[str, str] = {}
    for name in fields.names:
        listed = (_WORDS[name] + " " + (_FEED_WORDS.get(name, "") if of_feed else "")).split()
        for word in (fold(name), *listed):
            words.setdefault(word, name)
    return Headings(words, tuple(name for name in fields.required if name not in left_open))
