"""A notice's letter says what it is, of which decision, and where and until when to object, on one page."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from sekaps.calendar.instants import at
from sekaps.reports.notice_page import notice_page, notice_pdf
from sekaps.services.notice_papers import NoticePaper
from sekaps.texts import Bilingual

MADE_AT = datetime(2023, 10, 9, 6, tzinfo=UTC)
PAPER = NoticePaper(
    number="TB-1",
    kind="obligation",
    corrects="",
    prepared_on=date(2023, 10, 2),
    server="Adana Seyhan Kaymakamlığı",
    recorder="Adana İl Afet ve Acil Durum Müdürlüğü",
    commission="Seyhan İlçe Millî Müdafaa Mükellefiyeti Komisyonu",
    decision_number="2023/12",
    decided_on=date(2023, 5, 24),
    item=Bilingual("Motorin", "Diesel"),
    quantity=12500,
    measure="litre",
    resource_number="KSC-1",
    holder="Çukurova Öğütücüler A.Ş. & <Oğulları> {{ 7 * 7 }}",
    resource_place="Gazipaşa Bulvarı, Seyhan, Adana",
    delivery_place="Seyhan, Adana",
    needed_from=date(2023, 6, 1),
    needed_until=date(2024, 5, 31),
    copies=4,
    channel="uets",
    served_on=date(2023, 10, 8),
    last_moment=at(date(2023, 10, 23), time(17, 30)),
)


def pages(paper: NoticePaper, *, is_test: bool = True, is_synthetic: bool = True) -> list[str]:
    """Return the words of each page of a notice's letter, as Poppler reads them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("left out: pdftotext is not installed")
    made = notice_pdf(notice_page(paper), MADE_AT, is_test=is_test, is_synthetic=is_synthetic)
    read = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in read.rstrip("\f").split("\f")]


@pytest.mark.parametrize(
    "said",
    [
        "TEBLİĞ",
        "3634 sayılı Millî Müdafaa Mükellefiyeti Kanunu",
        "2023/12 · 24 Mayıs 2023",
        "12.500 litre",
        "Çukurova Öğütücüler A.Ş. & <Oğulları> {{ 7 * 7 }}",
        "tebliğden sonra 15 gün içinde (m.58); son an: 23 Ekim 2023 17:30",
        "3 gün içinde mahkemeye başvurulabilir",
        "3 ay içinde işlem yapılmazsa",
        "8 Ekim 2023 · UETS (elektronik tebligat)",
        "seferberlik emri değildir",
        "Notice of an obligation decision",
        "within 15 days of service, by 23 October 2023 17:30",
        "HUKUKEN GEÇERSİZ",
        "Sentetik veri",
    ],
)
def test_the_letter_says_what_binds_whom_and_how_to_object_on_one_page(said: str) -> None:
    [page] = pages(PAPER)
    assert said in page


def test_a_real_notice_not_served_yet_bears_no_mark_and_no_last_moment() -> None:
    unserved = replace(PAPER, channel=None, served_on=None, last_moment=None, needed_from=None, needed_until=None)
    [page] = pages(unserved, is_test=False, is_synthetic=False)
    assert "son an" not in page
    assert "Tebliğ edildiği gün" not in page
    assert "Sentetik" not in page


@pytest.mark.parametrize(
    ("kind", "says", "objects"),
    [("correction", "DÜZELTME TEBLİĞİ", True), ("annulment", "İPTAL TEBLİĞİ", False)],
)
def test_what_takes_a_notices_place_says_so_and_an_annulment_tells_of_no_objection(
    kind: str, says: str, objects: bool
) -> None:
    [page] = pages(replace(PAPER, kind=kind, number="TB-1/D1", corrects="TB-1", decision_number="", decided_on=None))
    assert says in page
    assert "TB-1 sayılı tebliğin konusu olan karar" in page
    assert ("Ne zamana kadar" in page) == objects


def test_the_same_notice_and_instant_give_the_same_bytes() -> None:
    page = notice_page(PAPER)
    made = [notice_pdf(page, MADE_AT, is_test=True, is_synthetic=True) for _ in range(2)]
    assert made[0] == made[1]


def test_the_longest_names_still_fit_on_one_page() -> None:
    number = "TB-IBC-2023-000123-KSC-2023-004321-district"
    names = {"holder": "Uzun Adlı " * 30, "resource_place": "Uzun Sokak " * 27}
    [page] = pages(replace(PAPER, **names, kind="correction", corrects=number, number=f"{number}/D1"))  # type: ignore[arg-type]
    assert "Uzun Sokak" in page
