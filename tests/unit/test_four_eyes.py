"""One person is one person however the name is typed; another is another."""

import pytest

from sekaps.domain.four_eyes import is_same_person


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ayşe Işık", "ayşe ışık", True),
        ("AYŞE IŞIK", " Ayşe  Işık ", True),
        ("İpek", "ipek", True),
        ("Işık", "İşik", False),
        ("Ayşe", "Mehmet", False),
    ],
)
def test_blanks_and_turkish_capitals_do_not_make_two_people_of_one(one: str, other: str, *, same: bool) -> None:
    assert is_same_person(one, other) is same
