"""Invented people and firms: common Turkish names in every combination, addresses on a domain nobody can own."""

from sekaps.demo.chance import draw, pick

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


def holder_kind(seed: int, key: object) -> str:
    """Return what the holder of a resource is: mostly a company, sometimes a person."""
    return "person" if draw(seed, "holder", key) < PERSON_SHARE else "company"


def holder_name(seed: int, key: object, sector: str, kind: str) -> str:
    """Return an invented holder of a resource: a firm of the trade, or a person."""
    if kind == "person":
        return person_name(seed, key)
    family = pick(LAST_NAMES, seed, "firm", key)
    return f"{family} {TRADES[sector]} {pick(FORMS, seed, 'form', key)}"


def holder_number(serial: int, kind: str) -> str:
    """Return a number nobody has: no citizen's number begins with 0, no tax number with 000."""
    return f"0{serial:010}" if kind == "person" else f"000{serial % 10**7:07}"


def street_address(serial: int) -> str:
    """Return an invented street and number."""
    return f"Örnek Mahallesi, {serial % 97 + 1}. Sokak No: {serial % 211 + 1}"
