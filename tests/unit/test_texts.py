"""How facts are worded in a sentence."""

import json

import pytest

from sekaps.texts import Language, counted, text


@pytest.mark.parametrize(
    ("language", "told"), [("tr", "1.299.322 satır, saniyede 41"), ("en", "1,299,322 rows, 41 a second")]
)
def test_a_count_is_said_with_its_thousands_apart_and_stays_a_number(language: Language, told: str) -> None:
    facts = counted({"rows": 1_299_322, "rate": 41})
    assert text("{rows} rows, {rate} a second", **facts).say(language) == told
    assert json.dumps(facts) == '{"rows": 1299322, "rate": 41}'
