"""Invented people and firms: common Turkish names in every combination, addresses on a domain nobody can own."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sekaps.demo.chance import Fractions, Places, draws, pick

MAIL_DOMAIN = "example.invalid"

_FIRST = """
Ahmet Ali Arda Aydın Barış Bekir Berk Burak Bülent Can Cem Cemal Cihan Çağlar Çetin Deniz Doğan Emre Engin Enver
Erdem Erhan Erkan Erol Ertuğrul Fatih Ferhat Fikret Furkan Gökhan Güven Hakan Halil Hasan Hüseyin İbrahim İlhan
İlker İsmail Kadir Kamil Kemal Kerem Kıvanç Koray Levent Mehmet Mert Metin Murat Mustafa Nihat Okan Onur Orhan
Osman Oğuz Ömer Özgür Ramazan Recep Sedat Selçuk Selim Serdar Serkan Sinan Süleyman Şahin Şükrü Taner Tarık Tolga
Tuncay Turgut Ufuk Uğur Umut Vedat Volkan Yasin Yavuz Yiğit Yusuf Zafer Zeki
Aslı Asuman Aylin Aynur Ayşe Banu Belgin Berna Burcu Büşra Canan Ceren Çiğdem Derya Didem Dilek Ebru Ece Elif Emel
Emine Esra Eylem Fadime Fatma Filiz Funda Gamze Gizem Gonca Gül Gülay Gülşen Hacer Hande Hatice Havva Hülya Irmak
İlknur İpek Kübra Lale Leyla Melek Meltem Meral Merve Meryem Müge Nalan Nazlı Nesrin Neşe Nihal Nur Nuray Nurcan
Oya Özge Özlem Pelin Pınar Rabia Reyhan Saadet Seda Selma Sema Semra Serap Sevda Sevgi Sevim Sibel Songül Şebnem
Şule Tuba Tuğba Tülay Ülkü Yasemin Yeliz Yeşim Yıldız Zehra Zeynep Zübeyde
"""
_LAST = """
Acar Akbaş Akbulut Akgül Akın Akkaya Aksoy Aktaş Akyol Akyüz Alkan Altın Altun Altuntaş Arıkan Arslan Aslan Ataş
Avcı Ay Aydemir Aydın Aydoğan Ayhan Balcı Baş Başaran Bayrak Bayram Bektaş Bilgin Bilir Bingöl Bozkurt Bulut Can
Candan Ceylan Coşkun Çakır Çakmak Çalışkan Çelik Çetin Çiçek Çiftçi Çoban Çolak Dağ Demir Demirbaş Demirci Demirel
Demirtaş Deniz Dinç Doğan Doğru Duman Duran Durmaz Dursun Ekinci Eker Er Erdem Erdoğmuş Eren Ergin Ergün Erkan
Erol Eroğlu Ersoy Ertaş Esen Fidan Genç Gök Gökçe Göktaş Güçlü Güler Gültekin Gümüş Günay Gündoğdu Güner Güneş
Güngör Gürbüz Gürsoy Güven Işık İnan İnce Kaplan Kara Karabulut Karaca Karadağ Karakaş Karakoç Karaman Karataş
Kart Kaya Keleş Keskin Kılıç Kılınç Koç Koçak Korkmaz Köse Kurt Kurtuluş Kuş Kutlu Metin Mutlu Oral Orhan Ökten
Önal Öner Özbek Özcan Özçelik Özdemir Özden Özen Özer Özkan Özmen Öztürk Özyurt Pala Parlak Pehlivan Polat Sağlam
Sarı Savaş Sezer Soylu Sönmez Şahin Şeker Şen Şener Şimşek Tan Taş Taşdemir Taşkın Tekin Temel Toprak Topçu Tosun
Tuna Tunç Turan Turgut Türk Türkmen Uçar Uçkun Uğurlu Ulusoy Uslu Uysal Uzun Ünal Ünlü Üstün Varol Yalçın Yaman
Yavuz Yazıcı Yıldırım Yıldız Yılmaz Yiğit Yurt Yüce Yüksel Zengin Zorlu
"""
FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())
TRADES = {
    "energy": "Akaryakıt ve Enerji",
    "accommodation": "Otelcilik ve Turizm",
    "private_construction": "İnşaat ve Yapı Malzemeleri",
    "health": "Sağlık Ürünleri",
    "industry": "Sanayi ve Makine",
    "agriculture": "Tarım Ürünleri",
    "forestry": "Orman Ürünleri",
    "food": "Gıda",
    "land": "Taşımacılık ve Lojistik",
    "sea": "Denizcilik",
    "air": "Havacılık",
    "construction_machinery": "İş Makineleri",
    "manpower": "İnsan Kaynakları",
}
PERSON_SHARE = 0.2
FORMS = ("A.Ş.", "Ltd. Şti.", "Tic. A.Ş.", "San. ve Tic. Ltd. Şti.")
PLAIN = str.maketrans("çÇğĞıİöÖşŞüÜâÂîÎûÛ", "cCgGiIoOsSuUaAiIuU")


def person_name(seed: int, key: object) -> str:
    """Return an invented person's first and last name."""
    return f"{pick(FIRST_NAMES, seed, 'first', key)} {pick(LAST_NAMES, seed, 'last', key)}"


def mail_address(name: str, number: int) -> str:
    """Return the person's address: the name in plain letters and the number that makes it unique."""
    return f"{plain(name).lower().replace(' ', '.')}.{number}@{MAIL_DOMAIN}"


def plain(name: str) -> str:
    """Return a Turkish name in the letters every mail system knows (Şükrü Işık: Sukru Isik)."""
    return name.translate(PLAIN)


def holder_columns(seed: int, serials: Places, sectors: pl.Series) -> dict[str, pl.Series]:
    """Return who holds the resources of those serials, each by its sector: mostly firms of the trade, some people.

    Their numbers are nobody's: no citizen's number begins with 0, no tax number with 000.
    """
    is_person = pl.Series(draws(seed, "holder", serials) < PERSON_SHARE)
    serial = pl.Series(serials)
    words = pl.DataFrame({
        "first": _picked(FIRST_NAMES, draws(seed, "first", serials)),
        "last": _picked(LAST_NAMES, draws(seed, "last", serials)),
        "family": _picked(LAST_NAMES, draws(seed, "firm", serials)),
        "trade": sectors.replace_strict(TRADES),
        "form": _picked(FORMS, draws(seed, "form", serials)),
        "person_number": "0" + serial.cast(pl.String).str.zfill(10),
        "company_number": "000" + (serial % 10**7).cast(pl.String).str.zfill(7),
        "street": (serial % 97 + 1).cast(pl.String),
        "house": (serial % 211 + 1).cast(pl.String),
        "is_person": is_person,
    })  # fmt: skip
    person, firm = pl.format("{} {}", "first", "last"), pl.format("{} {} {}", "family", "trade", "form")
    found = words.select(
        holder=pl.when("is_person").then(person).otherwise(firm),
        holder_kind=pl.when("is_person").then(pl.lit("person")).otherwise(pl.lit("company")),
        holder_number=pl.when("is_person").then("person_number").otherwise("company_number"),
        address=pl.format("Örnek Mahallesi, {}. Sokak No: {}", "street", "house"),
    )
    return found.to_dict(as_series=True)


def _picked(among: Sequence[str], fractions: Fractions) -> pl.Series:
    return pl.Series(among).gather((fractions * len(among)).astype(np.int64))
