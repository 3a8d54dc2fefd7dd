"""How registry files and web services name our fields: columns of tables, members of records, in any case and order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sekaps.domain.registry_fields import FIELD_NAMES
from sekaps.texts import Bilingual


@dataclass(frozen=True, slots=True)
class Headings:
    """The fields of one kind of file by the folded words that name them, and those a file cannot do without."""

    fields: Mapping[str, str]
    required: tuple[str, ...]
    names: Mapping[str, Bilingual]
    """What people call the fields."""

    @property
    def key(self) -> str:
        """The field every record has."""
        return self.required[0]

    def named(self, fields: Iterable[str]) -> list[Bilingual]:
        """Return what people call the fields; one that has no name goes by its own word."""
        return [self.names.get(field, Bilingual(field, field)) for field in fields]


def _headings(required: tuple[str, ...], **words: str) -> Headings:
    fields = {word: name for name, listed in words.items() for word in (name.replace("_", ""), *listed.split())}
    return Headings(fields, required, FIELD_NAMES)


UNITS = _headings(
    ("number",),
    number="detsis detsisno detsisnumarasi devletteskilatinumarasi tcdevletteskilatinumarasi idarekimlikkodu",
    name="ad adi birimadi kurumadi",
    kind="tur turu birimturu",
    parent="ustbirim ustbirimno ustdetsisno parentidarekimlikkodu",
    ministry="bakanlik bakanlikno anakurum anakurumno anakurumidarekimlikkodu",
    province="il ili ilkodu iladi",
    district="ilce ilcesi ilcekodu ilceadi",
    place="yer yeradi",
    tier="teskilat teskilatturu",
    letterhead="antet",
    addressee="muhatap muhatapad muhatapadi",
    closing="arzrica arzricaisareti",
    former_head="yonetici yoneticiadi",
    active_from="baslangic baslangictarihi acilistarihi",
    active_until="bitis bitistarihi kapanistarihi",
    active="aktif aktifmi",
    successor="birlestigibirim devredildigibirim",
    kep="kepadresi",
)
"""Units: a table's columns, and the record KurumBirimWS of the registry's web service."""
PEOPLE = _headings(
    ("code", "unit", "post", "begins"),
    code="kod kodu yoneticikodu tcyoneticikodu",
    name="ad adsoyad adisoyadi yoneticiadsoyad",
    given_name="yoneticiad",
    surname="soyad yoneticisoyad",
    email="eposta epostaadresi",
    unit="unitnumber birim birimno detsis detsisno",
    post="gorev gorevturu",
    title="unvan unvanadi",
    begins="baslangic baslama gorevbaslamatarihi",
    ends="bitis gorevbitistarihi",
    curriculum_vitae="ozgecmis cv",
)
"""People in posts: a table's columns, and the records IyemYoneticiObj and ImzaYetkilisi of the web service."""
