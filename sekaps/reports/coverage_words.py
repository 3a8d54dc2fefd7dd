"""The words of coverage in both languages, and its amounts as a narrow table can hold them."""

from babel.numbers import format_compact_decimal

from sekaps.domain.coverage import Figures, Side, Task
from sekaps.reports.words import number, percent
from sekaps.texts import Bilingual, Language

SIDES = {
    Side.SECTOR: Bilingual("sektör", "sector"),
    Side.PROVINCE: Bilingual("il", "province"),
    Side.MINISTRY: Bilingual("isteyen bakanlık", "needing ministry"),
    Side.ITEM_MINISTRY: Bilingual("planlayan bakanlık", "planning ministry"),
    Side.BENEFICIARY: Bilingual("yararlanan", "beneficiary"),
    Side.PRIORITY: Bilingual("öncelik", "priority"),
}
BY = {
    Side.SECTOR: Bilingual("Sektöre göre", "By sector"),
    Side.PROVINCE: Bilingual("İle göre", "By province"),
    Side.MINISTRY: Bilingual("İsteyen bakanlığa göre", "By needing ministry"),
    Side.ITEM_MINISTRY: Bilingual("Planlayan bakanlığa göre", "By planning ministry"),
    Side.BENEFICIARY: Bilingual("Yararlanana göre", "By beneficiary"),
    Side.PRIORITY: Bilingual("Önceliğe göre", "By priority"),
}
TASKS = {
    Task.DECIDE: Bilingual("karar verecek", "has to decide"),
    Task.APPROVE: Bilingual("onay verecek", "has to approve"),
    Task.CONCLUDE: Bilingual("sözleşme kaydedecek", "has to record contracts"),
    Task.SERVE: Bilingual("tebliğ kaydedecek", "has to record notices"),
    Task.LAPSED: Bilingual("süresinde karar vermedi", "did not decide in time"),
}
HEADINGS = {
    "allocated": Bilingual("tahsis", "allocated"),
    "brief_allocated": Bilingual("tahsis", "allocated"),
    "brief_contracted": Bilingual("sözleşme", "contracted"),
    "brief_met": Bilingual("tam", "in full"),
    "brief_needed": Bilingual("ihtiyaç", "needed"),
    "brief_needs": Bilingual("kayıt", "needs"),
    "brief_served": Bilingual("tebliğ", "served"),
    "brief_share_met": Bilingual("oran", "share met"),
    "brief_transferred": Bilingual("geçen", "passed on"),
    "brief_unmet": Bilingual("eksik", "unmet"),
    "brief_waiting": Bilingual("bekleyen", "waiting"),
    "closes": Bilingual("son gün", "last day"),
    "code": Bilingual("kod", "code"),
    "contracted": Bilingual("sözleşmeli", "contracted"),
    "days_left": Bilingual("kalan iş günü", "office days left"),
    "decisions": Bilingual("kararlar", "decisions"),
    "entered": Bilingual("kademeye giren", "entered"),
    "head": Bilingual("amir", "head"),
    "item": Bilingual("mal ve hizmet", "item"),
    "lines": Bilingual("satır", "lines"),
    "met": Bilingual("tam karşılanan", "met in full"),
    "need": Bilingual("ihtiyaç no", "need"),
    "needed": Bilingual("ihtiyaç", "needed"),
    "needs": Bilingual("ihtiyaç kaydı", "needs"),
    "notices": Bilingual("tebliğler", "notices"),
    "offered": Bilingual("sunulan", "offered"),
    "open": Bilingual("aşamada bekleyen", "still open"),
    "protocols": Bilingual("sözleşmeler", "contracts"),
    "quantity": Bilingual("miktar", "quantity"),
    "recorded_scope": Bilingual("kaydedilen kapsam", "recorded scope"),
    "registry_number": Bilingual("DETSİS no", "registry number"),
    "resource": Bilingual("kaynak no", "resource"),
    "resources": Bilingual("kaynak kaydı", "resources"),
    "scope": Bilingual("kapsam", "scope"),
    "served": Bilingual("tebliğ edilen", "served"),
    "share_met": Bilingual("karşılanma (%)", "share met (%)"),
    "stage": Bilingual("aşama", "stage"),
    "step": Bilingual("adım", "step"),
    "taken_up": Bilingual("ihtiyaç kaydı", "needs"),
    "task": Bilingual("iş", "what"),
    "transferred": Bilingual("sonraki aşamaya", "transferred"),
    "unit": Bilingual("kurum", "unit"),
    "unmet": Bilingual("karşılanamayan", "unmet"),
    "untouched": Bilingual("ele alınmayan", "not taken up"),
    "used": Bilingual("kullanılan", "used"),
    "waiting": Bilingual("bekleyen", "waiting"),
    **{side.value: name for side, name in SIDES.items()},
}
VACANT = Bilingual("boş görev", "vacant post")
NOT_ADDED = Bilingual(
    "Karşılanma oranında her ihtiyaç bir sayılır: litre ile yatak toplanmaz. Miktar sütunları ölçü birimine bakmadan"
    " toplanmıştır; tek sektörde ve tek malda anlamlıdır.",
    "In the share met each need counts the same: litres and beds are not added. Columns of quantity are added up"
    " whatever the measure; they mean most within one sector and one item.",
)
EXACT_UP_TO = 999_999


def amount(value: int, language: Language) -> str:
    """Return an amount whole up to a million, shortened beyond (1,3 Mn); files and JSON have it whole."""
    if value <= EXACT_UP_TO:
        return number(value, language)
    return format_compact_decimal(value, fraction_digits=1, locale=language).replace("\xa0", " ")


def share_met(figures: Figures, language: Language = "tr") -> str:
    """Return the part of a need that was met on average (%94), never %100 while one is not met in full."""
    rounded = round(100 * (figures.share_met or 0))
    short = figures.met < figures.needs
    return percent(min(rounded, 99) if short else 100, 100, language) if figures.needs else "–"
