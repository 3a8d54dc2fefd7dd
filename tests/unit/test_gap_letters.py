"""What a letter about gaps says in both languages, and what hostile names cannot do to it."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from sekaps.domain.closing_acts import PENDING
from sekaps.domain.digests import UNITS_NAMED, Issuer, Recipient
from sekaps.domain.gap_letters import GapLetter, GapWork
from sekaps.domain.gaps import Cause
from sekaps.services.digests import render
from sekaps.texts import Bilingual, Language

HOSTILE = "<script>alert('x')</script> & \"Oğulları\" {{ 7 * 7 }}"
ISSUER = Issuer(Bilingual("Faaliyet takvimi", "Annual calendar"), "SEKAPS", 2023, Bilingual("MGK", "NSC"))
AYSE = Recipient(1, "Ayşe Şahin", "a@people.invalid", "tr", synthetic=True)
WORK = (
    GapWork("Çankırı Müdürlüğü", "Birim amiri", "Çankırı Valiliği", 1, date(2023, 4, 20)),
    GapWork("Adana Müdürlüğü", "Birim amiri", "Adana Müdürlüğü", 3, date(2023, 3, 1)),
)
LETTER = GapLetter(ISSUER, AYSE, date(2023, 4, 25), Cause.WAITING, WORK)


def shown(html: str) -> str:
    """Return what a reader of the page sees."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(
    "said",
    [
        "Sayın Ayşe Şahin",
        "25 Nisan 2023 Salı günü itibarıyla 4 belgenin imza zinciri tamamlanmamıştır",
        "1 Mart 2023 Çarşamba gününden beri bekliyor",
        "Birim amiri, Çankırı Valiliği",
        "3 belge",
        "seferberlik emri değildir",
        "Sentetik veri",
        "the signature chain of 4 documents is incomplete",
        "waiting since Wednesday, 1 March 2023",
        "1 document",
        "Sign the document, or send it back with a reason.",
        "the holder of the post whose turn it is",
        "not a mobilization order",
        "NSC",
    ],
)
def test_both_layouts_say_what_waits_where_and_what_closes_it(said: str) -> None:
    letter = render(LETTER)
    assert said in letter.plain
    assert said in shown(letter.html)


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_readers_language_comes_first(language: Language) -> None:
    letter = render(replace(LETTER, recipient=replace(AYSE, language=language)))
    first, second = ("Sayın", "Dear") if language == "tr" else ("Dear", "Sayın")
    assert letter.plain.index(first) < letter.plain.index(second)
    assert f'<html lang="{language}">' in letter.html


@pytest.mark.parametrize("cause", PENDING)
def test_each_cause_has_its_own_subject_and_act(cause: Cause) -> None:
    letter = replace(LETTER, cause=cause, recipient=replace(AYSE, language="en"))
    rendered = render(letter)
    assert rendered.subject == f"SEKAPS 2023: documents: 4; {cause.meaning.say('en')}"
    assert letter.act.does.say("en") in rendered.plain


def test_the_oldest_work_is_named_first_and_the_rest_is_counted() -> None:
    assert [work.unit for work in LETTER.named] == ["Adana Müdürlüğü", "Çankırı Müdürlüğü"]
    many = tuple(replace(WORK[0], unit=f"Birim {number}") for number in range(UNITS_NAMED + 3))
    letter = replace(LETTER, work=(*many, WORK[1]))
    assert (letter.documents, letter.more) == (UNITS_NAMED + 6, 4)
    assert "ve 4 belge daha" in render(letter).plain
    assert "daha" not in render(LETTER).plain.partition("Dear")[0]


def test_hostile_names_are_only_ever_text() -> None:
    work = GapWork(HOSTILE, HOSTILE, HOSTILE + "!", 1, date(2023, 4, 20))
    issuer = Issuer(Bilingual(HOSTILE, HOSTILE), HOSTILE, 2023, None)
    letter = render(
        replace(LETTER, issuer=issuer, recipient=replace(AYSE, name=HOSTILE, synthetic=False), work=(work,))
    )
    assert "<script" not in letter.html
    assert "49" not in letter.html
    assert HOSTILE in letter.plain
    assert HOSTILE in shown(letter.html)
    assert "Sentetik" not in letter.plain
