"""What a letter about a revised form says in both languages, and what hostile names cannot do to it."""

from dataclasses import replace
from datetime import date

import pytest

from sekaps.domain.digests import UNITS_NAMED, Issuer, Recipient
from sekaps.domain.form_revisions import RevisionKind
from sekaps.domain.revision_letters import RevisedLine, RevisionLetter, outlook
from sekaps.services.digests import render
from sekaps.texts import Bilingual

STEP = Bilingual("İlçede tahsis", "Allocation in the district")
LINE = RevisedLine("IBC-1", "KSC-1", STEP, 10, 4, outlook(is_needed=True, again=STEP))
LETTER = RevisionLetter(
    issuer=Issuer(Bilingual("Faaliyet takvimi", "Annual calendar"), "SEKAPS", 2023, Bilingual("MGK", "NSC")),
    recipient=Recipient(7, "Ayşe Öğüt", "p7@people.invalid", "tr", True),
    day=date(2023, 5, 2),
    number="KSC-1",
    kind=RevisionKind.SHRUNK,
    before=20,
    after=14,
    reason="<b>yandı</b>",
    letter="E-12",
    lines=(LINE,),
)


@pytest.mark.parametrize(
    "said",
    ["Sayın Ayşe Öğüt", "KSC-1 sayılı form", "20 → 14", "10 → 4", "E-12", "Karar aşaması: İlçede tahsis",
     "Dear Ayşe Öğüt", "About form KSC-1", "to be decided again: Allocation in the district", "Sentetik veri"],
)  # fmt: skip
def test_both_languages_say_what_was_lost_and_who_decides_again(said: str) -> None:
    assert said in render(LETTER).plain
    assert said.partition("→")[0] in render(LETTER).html


def test_a_reason_cannot_become_part_of_the_page() -> None:
    assert "&lt;b&gt;yandı" in render(LETTER).html
    assert "<b>yandı" in render(LETTER).plain


def test_the_subject_names_the_form_and_what_became_of_it() -> None:
    english = replace(LETTER, recipient=replace(LETTER.recipient, language="en"))
    assert render(english).subject == "SEKAPS 2023: KSC-1: its quantity was reduced"


def test_only_so_many_lines_are_named() -> None:
    many = replace(LETTER, lines=(LINE,) * (UNITS_NAMED + 2))
    assert (len(many.named), many.more) == (UNITS_NAMED, 2)
    assert "ve 2 tahsis daha" in render(many).plain
    assert "tahsis daha" not in render(LETTER).plain


@pytest.mark.parametrize(
    ("needed", "again", "says"),
    [
        (False, None, "not needed any more"),
        (True, None, "stands as unmet"),
        (True, STEP, "Allocation in the district"),
    ],
)
def test_what_becomes_of_what_a_line_lost(needed: bool, again: Bilingual | None, says: str) -> None:
    assert says in outlook(is_needed=needed, again=again).say("en")
