"""What a digest says in both languages, and what hostile names cannot do to it."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from sekaps.domain.digests import (
    UNITS_NAMED,
    Deadline,
    Digest,
    Issuer,
    Recipient,
    Section,
    StepWords,
    UnitWork,
    by_deadline,
)
from sekaps.services.digests import render
from sekaps.texts import Bilingual, Language

CLOSES = date(2023, 4, 28)
AHEAD = Deadline(CLOSES, CLOSES, 3)
LATE = Deadline(date(2023, 1, 31), date(2023, 1, 31), -5)
HOLIDAY = Deadline(date(2023, 6, 30), date(2023, 6, 23), 1)
NEEDS = StepWords(
    place="4.a",
    activity=Bilingual("İhtiyaç tespit işlemleri", "Statement of needs"),
    does=Bilingual("İhtiyaçlar kaydedilir.", "Needs are recorded."),
    document=Bilingual("İhtiyaç Bildirim Çizelgesi", "Need form"),
    consequence=Bilingual("İmzasız ihtiyaçlar tahsise konu olmaz.", "Unsigned needs are not allocated."),
)
TRANSFER = StepWords("6(1)", Bilingual("Aktarım", "Transfer"), Bilingual("Aktarılır.", "It moves."), None, None)
ISSUER = Issuer(Bilingual("Faaliyet takvimi", "Annual calendar"), "SEKAPS", 2023, Bilingual("MGK", "NSC"))
AYSE = Recipient(1, "Ayşe Şahin", "a@people.invalid", "tr", synthetic=True)
DUE = Section(NEEDS, AHEAD, (UnitWork("Adana Müdürlüğü", 2), UnitWork("Çankaya Müdürlüğü", 1)))
MISSED = Section(TRANSFER, LATE, (UnitWork("Ordu Müdürlüğü", 4),))
DIGEST = Digest(ISSUER, AYSE, date(2023, 4, 25), due=(DUE,))
PLANNING: dict[Language, str] = {"tr": "seferberlik emri değildir", "en": "not a mobilization order"}
HOSTILE = "<script>alert('x')</script> & \"Oğulları\" {{ 7 * 7 }}"


def shown(html: str) -> str:
    """Return what a reader of the page sees."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(
    ("language", "order"), [("tr", ("seferberlik emri", "mobilization order")), ("en", ("mobilization", "seferberlik"))]
)
def test_the_readers_language_comes_first_and_the_other_below(language: Language, order: tuple[str, str]) -> None:
    letter = render(replace(DIGEST, recipient=replace(AYSE, language=language)))
    for part in (letter.plain, letter.html):
        assert 0 < part.index(order[0]) < part.index(order[1])
    assert f'<html lang="{language}">' in letter.html
    assert letter.html.index(f'<tbody lang="{language}">') == letter.html.index("<tbody")


@pytest.mark.parametrize("language", ["tr", "en"])
def test_it_says_near_the_top_that_it_is_no_mobilization_order(language: Language) -> None:
    letter = render(replace(DIGEST, recipient=replace(AYSE, language=language)))
    assert PLANNING[language] in "".join(letter.plain.splitlines()[:4])
    assert PLANNING[language] in shown(letter.html.partition("<body")[2])[:300]


@pytest.mark.parametrize(
    "said",
    [
        "Sayın Ayşe Şahin",
        "28 Nisan 2023 Cuma",
        "3 çalışma günü kaldı",
        "4.a",
        "İhtiyaç Bildirim Çizelgesi",
        "Adana Müdürlüğü",
        "Süre dolduğunda",
        "İmzasız ihtiyaçlar tahsise konu olmaz.",
        "Sentetik veri",
        "MGK",
        "Dear Ayşe Şahin",
        "Friday, 28 April 2023",
        "3 working days left",
        "Need form",
        "Unsigned needs are not allocated.",
        "Synthetic data",
        "NSC",
    ],
)
def test_both_layouts_say_what_a_reader_must_know(said: str) -> None:
    letter = render(DIGEST)
    assert said in letter.plain
    assert said in shown(letter.html)


@pytest.mark.parametrize("absent", ["Sentetik", "Synthetic", "Süre dolduğunda", "NSC", "None"])
def test_what_does_not_apply_is_not_said(absent: str) -> None:
    quiet = Section(TRANSFER, AHEAD, (UnitWork("Ordu", 1),))
    real = replace(AYSE, synthetic=False)
    letter = render(replace(DIGEST, recipient=real, issuer=replace(ISSUER, coordinator=None), due=(quiet,)))
    assert absent not in letter.plain
    assert absent not in shown(letter.html)


def test_a_deadline_on_a_holiday_names_the_last_day_anybody_works() -> None:
    letter = render(replace(DIGEST, due=(replace(DUE, deadline=HOLIDAY),)))
    for part in (letter.plain, shown(letter.html)):
        assert "30 Haziran 2023 Cuma" in part
        assert "en geç 23 Haziran 2023 Cuma günü tamamlayınız" in part
        assert "finish no later than Friday, 23 June 2023" in part


def test_hostile_names_are_only_ever_text() -> None:
    unit = Section(
        replace(NEEDS, activity=Bilingual(HOSTILE, HOSTILE), consequence=Bilingual(HOSTILE, HOSTILE), place=HOSTILE),
        AHEAD,
        (UnitWork(HOSTILE, 1),),
    )
    issuer = Issuer(Bilingual(HOSTILE, HOSTILE), HOSTILE, 2023, Bilingual(HOSTILE, HOSTILE))
    named = replace(AYSE, name=HOSTILE)
    letter = render(Digest(issuer, named, DIGEST.day, due=(unit,), other=(unit,), below=(unit,)))
    assert "<script" not in letter.html
    assert "49" not in letter.html
    assert HOSTILE in letter.plain
    assert HOSTILE in shown(letter.html)


@pytest.mark.parametrize(
    ("due", "other", "below", "tr", "en"),
    [
        ((DUE,), (), (), "açık iş: 3; en yakın son gün: 28 Nisan 2023 Cuma",
         "open items: 3; nearest deadline Friday, 28 April 2023"),
        ((MISSED, DUE), (), (), "açık iş: 7, süresi dolan: 4; en yakın son gün: 28 Nisan 2023 Cuma",
         "open items: 7, late: 4; nearest deadline Friday, 28 April 2023"),
        ((MISSED,), (DUE,), (), "süresi dolan iş: 4; son gün: 31 Ocak 2023 Salı",
         "late items: 4; the last day was Tuesday, 31 January 2023"),
        ((), (DUE,), (MISSED,), "bağlı birimlerde süresi dolan iş: 4", "items late in the units below yours: 4"),
    ],
)  # fmt: skip
def test_the_subject_says_how_much_and_the_nearest_deadline(
    due: tuple[Section, ...], other: tuple[Section, ...], below: tuple[Section, ...], tr: str, en: str
) -> None:
    digest = replace(DIGEST, due=due, other=other, below=below)
    assert render(digest).subject == f"SEKAPS 2023: {tr}"
    assert render(replace(digest, recipient=replace(AYSE, language="en"))).subject == f"SEKAPS 2023: {en}"


@pytest.mark.parametrize(
    ("digest", "tr", "en"),
    [
        (DIGEST, "Sizi bekleyen 3 iş var.", "3 items wait for you."),
        (replace(DIGEST, due=(replace(DUE, units=(UnitWork("Ordu", 1),)),)), "Sizi bekleyen 1 iş var.",
         "1 item waits for you."),
        (replace(DIGEST, due=(MISSED, DUE)), "Bunların 4 tanesinin süresi dolmuştur.",
         "The deadline has passed for 4 of them."),
        (replace(DIGEST, due=(), below=(MISSED,)), "bağlı birimlerde 4 işin süresi dolmuştur.",
         "4 items in the units below yours are late."),
        (replace(DIGEST, due=(MISSED,)), "Süre 5 çalışma günü önce doldu", "Closed 5 working days ago"),
        (replace(DIGEST, due=(replace(DUE, deadline=replace(AHEAD, days_left=0)),)), "Bugün son çalışma günü",
         "Today is the last working day"),
        (replace(DIGEST, other=(MISSED,)), "Diğer açık işleriniz", "Your other open work"),
    ],
)  # fmt: skip
def test_each_kind_of_news_is_worded_in_both_languages(digest: Digest, tr: str, en: str) -> None:
    letter = render(digest)
    for part in (letter.plain, shown(letter.html)):
        assert tr in part
        assert en in part


def test_the_units_with_most_open_are_named_in_turkish_order_and_the_rest_counted() -> None:
    units = tuple(UnitWork(name, 5) for name in ("Iğdır", "Çorum", "Ordu", "Cizre", "Ilgaz", "İzmir"))
    many = replace(DUE, units=(*units, *(UnitWork(f"Birim {number}", 1) for number in range(UNITS_NAMED))))
    assert [unit.unit for unit in many.named][-6:] == ["Cizre", "Çorum", "Iğdır", "Ilgaz", "İzmir", "Ordu"]
    assert many.unnamed == 6
    assert "ve 6 birim daha" in render(replace(DIGEST, due=(many,))).plain


def test_late_work_comes_before_what_is_still_ahead() -> None:
    assert by_deadline([DUE, MISSED]) == (MISSED, DUE)
    assert replace(DIGEST, due=(DUE, MISSED)).nearest == AHEAD
    assert replace(DIGEST, due=(MISSED,)).nearest == LATE
