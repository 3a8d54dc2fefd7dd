"""One document as a page: what it says in words of the language, and its chain of signatures."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sekaps.calendar.programmes import Programme
from sekaps.evidence.pdf import ChainRow, PdfPage
from sekaps.reports.words import number
from sekaps.services.document_papers import DocumentPaper, PaperSignature
from sekaps.texts import Bilingual, Language, Sayable, text

FORMS, SIDES = ("need", "resource"), ("need_side", "resource_side")
LABELS: dict[str, Sayable] = {
    "year": text("Year"),
    "step": text("Calendar step"),
    "unit": text("Unit (state registry number)"),
    "round": text("Round"),
    "item": text("Item"),
    "quantity": text("Quantity"),
    "capacity": text("Capacity"),
    "priority": text("Priority"),
    "scope": text("Scope"),
    "beneficiary": text("Beneficiary"),
    "age_group": text("Age group"),
    "origin": text("Origin of the record"),
    "holder": text("Holder"),
    "province": text("Province"),
    "district": text("District"),
    "necessity": text("Class"),
    "place": text("Place of delivery"),
    "needed_from": text("Needed from"),
    "needed_until": text("Needed until"),
    "stated_quantity": text("Quantity as stated"),
    "stated_measure": text("Measure as stated"),
    "stock": text("Stock"),
    "supplier": text("Supplier"),
    "holder_kind": text("Kind of holder"),
    "holder_number": text("Holder's number"),
    "address": text("Address"),
}
VALUES: dict[str, Sayable] = {
    "local": Bilingual("mahallî", "local"),
    "central": Bilingual("merkezî", "central"),
    "military": Bilingual("askerî birlik", "military unit"),
    "institution": Bilingual("kurum", "institution"),
    "public": Bilingual("halk", "the public"),
    "manual": Bilingual("elle girildi", "entered by hand"),
    "web_service": Bilingual("ağ hizmetinden", "from a web service"),
    "mandatory": Bilingual("zorunlu", "mandatory"),
    "secondary": Bilingual("tali", "secondary"),
    "company": Bilingual("şirket", "company"),
    "TNB": Bilingual("Türkiye Noterler Birliği", "Union of Turkish Notaries"),
    "UAB": Bilingual("Ulaştırma ve Altyapı Bakanlığı", "Ministry of Transport and Infrastructure"),
    "TOBB": Bilingual("Türkiye Odalar ve Borsalar Birliği", "Union of Chambers and Commodity Exchanges"),
    "ISKUR": Bilingual("Türkiye İş Kurumu", "Turkish Employment Agency"),
    "own": Bilingual("asil", "own post"),
    "deputy": Bilingual("vekil", "deputy"),
    "piece": Bilingual("adet", "pieces"),
    "litre": Bilingual("litre", "litres"),
    "kilogram": Bilingual("kilogram", "kilograms"),
    "tonne": Bilingual("ton", "tonnes"),
    "cubic_metre": Bilingual("metreküp", "cubic metres"),
    "vehicle": Bilingual("araç", "vehicles"),
    "person": Bilingual("kişi", "people"),
    "bed": Bilingual("yatak", "beds"),
    "box": Bilingual("kutu", "boxes"),
}
"""What the codes that stand in the signed bytes are called; any other stands as it is."""
AMOUNTS = ("quantity", "capacity")
HEAD = ("year", "step", "unit", "round")


def document_page(
    paper: DocumentPaper, programme: Programme, made_at: datetime, language: Language, *, is_test: bool
) -> PdfPage:
    """Return the page of a document; a test certificate behind any signature marks it as one."""
    kind = programme.documents.get(paper.kind)
    return PdfPage(
        title=kind.name.say(language) if kind else paper.kind,
        number=paper.number,
        unit=paper.unit,
        fields=list(field_rows(paper, language)),
        chain=[_chain_row(each, language) for each in paper.present],
        digest=paper.digest,
        made_at=made_at,
        is_test=is_test or any(each.is_test for each in paper.present),
    )


def field_rows(paper: DocumentPaper, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what the signed bytes say, a label and a value each."""
    fields = paper.fields
    for name in HEAD:
        yield LABELS[name].say(language), str(fields[name])
    form: dict[str, Any] = next((fields[name] for name in FORMS if name in fields), {})
    for name, label in LABELS.items():
        if form.get(name) is not None:
            yield label.say(language), _value(paper, form, name, language)
    for each in fields.get("protocols", []):
        title = text("Agreement {number}", number=each["number"])
        need, resource = (f"{paper.names[str(each[side])].say(language)} ({each[side]})" for side in SIDES)
        yield (
            title.say(language),
            text("need: {need}, resource: {resource}", need=need, resource=resource).say(language),
        )


def _value(paper: DocumentPaper, form: dict[str, Any], name: str, language: Language) -> str:
    value = form[name]
    if name in AMOUNTS:
        return f"{number(int(value), language)} {_word(form['measure'], language)}"
    if name in paper.names:
        return f"{paper.names[name].say(language)} ({value})"
    return _word(value, language)


def _word(value: object, language: Language) -> str:
    known = VALUES.get(str(value))
    return known.say(language) if known else str(value)


def _chain_row(signature: PaperSignature, language: Language) -> ChainRow:
    mandate, serial = _word(signature.mandate, language), signature.serial or "–"
    return ChainRow(signature.slot, signature.post, signature.person, mandate, signature.at, serial)
