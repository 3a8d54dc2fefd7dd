"""What a letter about a legal term says in both languages, and what hostile names cannot do to it."""

import re
from dataclasses import replace
from datetime import date, time
from html import unescape

import pytest

from sekaps.calendar.instants import at
from sekaps.domain.digests import Issuer, Recipient
from sekaps.domain.term_letters import NUMBERS_NAMED, TermLetter
from sekaps.services.digests import render
from sekaps.services.term_letters import words_of
from sekaps.texts import Bilingual, Language

HOSTILE = "<script>alert('x')</script> & \"Oğulları\" {{ 7 * 7 }}"
ISSUER = Issuer(Bilingual("Faaliyet takvimi", "Annual calendar"), "SEKAPS", 2023, Bilingual("MGK", "NSC"))
AYSE = Recipient(1, "Ayşe Şahin", "a@people.invalid", "tr", synthetic=True)
LETTER = TermLetter(
    issuer=ISSUER,
    recipient=AYSE,
    day=date(2023, 10, 2),
    unit="Seyhan Kaymakamlığı",
    words=words_of("price_service"),
    due_at=at(date(2023, 10, 3), time(8, 30)),
    has_lapsed=False,
    numbers=("TB-2", "TB-1"),
)


def shown(html: str) -> str:
    """Return what a reader of the page sees."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(
    "said",
    [
        "Sayın Ayşe Şahin",
        "biriminizin işlemi beklenmektedir (2 tebliğ)",
        "Seyhan Kaymakamlığı",
        "3634 s. Millî Müdafaa Mükellefiyeti Kanunu",
        "3 Ekim 2023 08:30",
        "mal sahibinin onbeş günü başlar",
        "TB-1",
        "seferberlik emri değildir",
        "Sentetik veri",
        "your unit must act (2 notices)",
        "within 24 hours",
        "3 October 2023 08:30",
        "NSC",
    ],
)
def test_both_layouts_say_which_term_runs_until_when_and_what_follows(said: str) -> None:
    letter = render(LETTER)
    assert said in letter.plain
    assert said in shown(letter.html)


@pytest.mark.parametrize(
    ("has_lapsed", "subject"),
    [
        (False, "SEKAPS 2023: Service of the price decision on the owners: by 3 October 2023 08:30"),
        (True, "SEKAPS 2023: Service of the price decision on the owners: the time ended on 3 October 2023 08:30"),
    ],
)
def test_the_subject_says_whether_the_time_still_runs(has_lapsed: bool, subject: str) -> None:
    letter = replace(LETTER, has_lapsed=has_lapsed, recipient=replace(AYSE, language="en"))
    rendered = render(letter)
    assert rendered.subject == subject
    assert ("The legal time below has run out" in rendered.plain) == has_lapsed


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_readers_language_comes_first(language: Language) -> None:
    letter = render(replace(LETTER, recipient=replace(AYSE, language=language)))
    first, second = ("Sayın", "Dear") if language == "tr" else ("Dear", "Sayın")
    assert letter.plain.index(first) < letter.plain.index(second)


def test_notices_are_named_in_order_and_the_rest_is_counted() -> None:
    many = replace(LETTER, numbers=tuple(f"TB-{place:02}" for place in range(NUMBERS_NAMED + 3)))
    assert (LETTER.named, LETTER.more) == (("TB-1", "TB-2"), 0)
    assert (len(many.named), many.more) == (NUMBERS_NAMED, 3)
    assert "ve 3 tebliğ daha" in render(many).plain


def test_hostile_names_are_only_ever_text() -> None:
    letter = render(replace(LETTER, unit=HOSTILE, numbers=(HOSTILE,), recipient=replace(AYSE, name=HOSTILE)))
    assert "<script" not in letter.html
    assert "49" not in letter.html
    assert HOSTILE in letter.plain
    assert HOSTILE in shown(letter.html)
