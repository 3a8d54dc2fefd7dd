"""What a correction says in its subject, and when a deadline counts as moved."""

from datetime import date

import pytest

from sekaps.domain.corrections import Change, Correction, has_moved
from sekaps.domain.digests import Deadline, Issuer, Recipient, StepWords
from sekaps.services.digests import render
from sekaps.texts import Bilingual

APRIL_28, MAY_2, MAY_3 = date(2023, 4, 28), date(2023, 5, 2), date(2023, 5, 3)
WORDS = StepWords("4.a", Bilingual("İhtiyaç tespiti", "Needs"), Bilingual("x", "x"), None, None)
HOSTILE = "<script>alert(1)</script> Müdürlüğü"


def change(after: date, unit: str = "Seyhan Kaymakamlığı") -> Change:
    return Change(WORDS, unit, 3, Deadline(APRIL_28, APRIL_28, 2), Deadline(after, after, 4))


def letter(*changes: Change) -> Correction:
    issuer = Issuer(Bilingual("SEKAPS", "SEKAPS"), "SEKAPS", 2023, None)
    recipient = Recipient(1, "Ayşe Yılmaz", "a@b.invalid", "tr", synthetic=True)
    return Correction(issuer, recipient, date(2023, 4, 26), Bilingual("Valilik, V-7: Kar", "V-7"), changes)


def test_the_subject_names_the_new_last_day_when_there_is_one() -> None:
    assert letter(change(MAY_2)).subject.say("tr").endswith("2 Mayıs 2023 Salı")


def test_the_subject_counts_the_last_days_when_there_are_several() -> None:
    assert letter(change(MAY_2), change(MAY_3)).subject.say("en") == "SEKAPS 2023: CORRECTION, last days moved: 2"


def test_the_letter_tells_what_was_told_and_what_holds_now_in_both_languages() -> None:
    written = render(letter(change(MAY_2)))
    for said in ("28 Nisan 2023 Cuma", "2 Mayıs 2023 Salı", "Friday, 28 April 2023", "Valilik, V-7: Kar"):
        assert said in written.plain
        assert said in written.html


def test_names_cannot_carry_markup_into_the_letter() -> None:
    assert "<script>" not in render(letter(change(MAY_2, HOSTILE))).html


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        (Deadline(APRIL_28, APRIL_28, 9), False),
        (Deadline(MAY_2, MAY_2, 2), True),
        (Deadline(APRIL_28, date(2023, 4, 27), 1), True),
    ],
)
def test_a_deadline_has_moved_when_its_day_or_its_last_day_at_work_is_another(after: Deadline, moved: bool) -> None:
    assert has_moved(Deadline(APRIL_28, APRIL_28, 2), after) is moved
