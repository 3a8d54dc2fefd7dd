"""What people call the fields and codes of the registry and of the signatory module, in both languages."""

from collections.abc import Iterable, Mapping

from sekaps.texts import Bilingual

FIELD_NAMES: Mapping[str, Bilingual] = {
    "number": Bilingual("DETSİS numarası", "registry number"),
    "name": Bilingual("ad", "name"),
    "kind": Bilingual("tür", "kind"),
    "parent": Bilingual("üst birim", "parent"),
    "ministry": Bilingual("ana kurum", "ministry"),
    "successor": Bilingual("birleştiği birim", "successor"),
    "code": Bilingual("yönetici kodu", "manager code"),
    "unit": Bilingual("birim", "unit"),
    "post": Bilingual("görev", "post"),
    "begins": Bilingual("başlangıç", "beginning"),
    "work_phone": Bilingual("iş telefonu", "work phone"),
    "mobile_phone": Bilingual("cep telefonu", "mobile phone"),
    "email": Bilingual("e-posta", "e-mail"),
    "province_code": Bilingual("il", "province"),
    "district_code": Bilingual("ilçe", "district"),
    "tier": Bilingual("teşkilat", "organisation"),
    "letterhead": Bilingual("antet", "letterhead"),
    "addressee": Bilingual("muhatap adı", "addressee"),
    "closing": Bilingual("arz/rica", "closing words"),
    "former_head": Bilingual("eski amir adı", "former head"),
    "active_from": Bilingual("faaliyet başlangıcı", "active from"),
    "active_until": Bilingual("faaliyet bitişi", "active until"),
    "address": Bilingual("adres", "address"),
    "state": Bilingual("durum", "state"),
    "registered_at": Bilingual("kayıt", "registered"),
    "verified_at": Bilingual("doğrulama", "verified"),
    "ended_at": Bilingual("bitiş", "ended"),
    "as": Bilingual("sıfat", "as"),
    "signs_from": Bilingual("imza yetkisi", "signs from"),
    "until_at": Bilingual("bitiş", "until"),
    "role": Bilingual("yetki", "role"),
    "granted_at": Bilingual("yetkilendirme", "granted"),
    "at": Bilingual("an", "at"),
    "what": Bilingual("değişiklik", "change"),
    "source": Bilingual("kaynak", "source"),
    "requirement": Bilingual("hazırlık kodu", "code of the requirement"),
    "since": Bilingual("tarih", "date"),
}
CODE_NAMES: Mapping[str, Bilingual] = {
    "registered": Bilingual("kayıtlı, doğrulanmadı", "registered"),
    "verification_sent": Bilingual("doğrulama iletisi gönderildi", "verification sent"),
    "verified": Bilingual("doğrulandı, kullanımda", "verified"),
    "replaced": Bilingual("yenisiyle değişti", "replaced"),
    "closed": Bilingual("kapandı", "closed"),
    "added": Bilingual("eklendi", "added"),
    "changed": Bilingual("değişti", "changed"),
    "moved": Bilingual("taşındı", "moved"),
    "merged": Bilingual("birleşti", "merged"),
    "reopened": Bilingual("yeniden açıldı", "reopened"),
    "own": Bilingual("asıl", "holder"),
    "deputy": Bilingual("vekil", "deputy"),
    "authoriser": Bilingual("İYEM Yetkilisi", "authoriser"),
    "registrar": Bilingual("İYEM Görevlisi", "registrar"),
    "central": Bilingual("merkez", "central"),
    "provincial": Bilingual("taşra", "provincial"),
    "abroad": Bilingual("yurtdışı", "abroad"),
    "submit": Bilingual("arz", "arz"),
    "request": Bilingual("rica", "rica"),
    "both": Bilingual("arz ve rica", "arz ve rica"),
}


def field_names(fields: Iterable[str]) -> list[Bilingual]:
    """Return what the fields are called; one that people do not name goes by its own word."""
    return [FIELD_NAMES.get(field, Bilingual(field, field)) for field in fields]


def code_name(code: str) -> Bilingual:
    """Return what a code is called; one that people do not name goes by its own word."""
    return CODE_NAMES.get(code, Bilingual(code, code))
