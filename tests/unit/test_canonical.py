"""A document has one form in bytes: whoever writes it down, in whatever order, signs the same bytes."""

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.errors.evidence import InstantWithoutZone, ValueNotCanonical
from sekaps.evidence.canonical import DOCUMENT_FORMAT, LARGEST_INTEGER, canonical_bytes, digest

words = st.text(max_size=8).filter(lambda word: not any("\ud800" <= letter <= "\udfff" for letter in word))
keys = words.map(lambda word: unicodedata.normalize("NFC", word)).filter(lambda word: word != "format")
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | words
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3))
documents = st.dictionaries(keys, values, max_size=5)


@given(documents, st.randoms(use_true_random=False))
def test_order_of_keys_makes_no_difference(document, chance):
    shuffled = list(document.items())
    chance.shuffle(shuffled)
    assert canonical_bytes(dict(shuffled)) == canonical_bytes(document)


@given(documents.filter(bool), st.data())
def test_any_other_value_gives_other_bytes(document, data):
    key = data.draw(st.sampled_from(sorted(document)))
    other = data.draw(values.filter(lambda value: _plain(value) != _plain(document[key])))
    assert canonical_bytes({**document, key: other}) != canonical_bytes(document)


def _plain(value):
    return json.loads(canonical_bytes({"it": value}))["it"], type(json.loads(canonical_bytes({"it": value}))["it"])


@given(documents)
def test_bytes_are_json_that_reads_back_to_the_same_bytes(document):
    content = canonical_bytes(document)
    read = json.loads(content)
    assert read.pop("format") == DOCUMENT_FORMAT
    assert canonical_bytes(read) == content


def test_keys_are_sorted_by_utf_16_units_as_rfc_8785_asks():
    keys = ["\uff21", "\U0001f600", "ö", "1", "\r", "€"]
    read = json.loads(canonical_bytes({key: 0 for key in keys}, form="x"))
    assert list(read) == ["\r", "1", "format", "ö", "€", "\U0001f600", "\uff21"]


def test_known_document_has_these_bytes():
    document = {
        "unit": 24312041,
        "due": date(2023, 4, 28),
        "at": datetime(2023, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=3))),
        "items": [{"name": "Çadır\n", "quantity": Decimal("1250.50")}],
        "urgent": False,
    }
    assert canonical_bytes(document).decode() == (
        '{"at":"2023-03-01T07:30:00.000000Z","due":"2023-04-28","format":"sekaps-document-1",'
        '"items":[{"name":"Çadır\\n","quantity":"1250.5"}],"unit":24312041,"urgent":false}'
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I\u0307stanbul", "İstanbul"),
        (Decimal("1.50"), Decimal("1.5")),
        (Decimal("-0"), Decimal("0")),
        (Decimal("1E+2"), Decimal("100")),
        ((1, 2), [1, 2]),
        (datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, 3, tzinfo=timezone(timedelta(hours=3)))),
    ],
)
def test_two_spellings_of_one_value_give_the_same_bytes(one, other):
    assert canonical_bytes({"it": one}) == canonical_bytes({"it": other})


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), b"bytes", LARGEST_INTEGER + 1, Decimal("NaN"), "\ud800", {1: 2}, {1, 2}, object()]
)
def test_a_value_without_one_form_is_refused_and_named(value):
    with pytest.raises(ValueNotCanonical, match=r"items\[0\]"):
        canonical_bytes({"items": [value]})


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(InstantWithoutZone):
        canonical_bytes({"at": datetime(2023, 1, 1)})  # noqa: DTZ001


@pytest.mark.parametrize("document", [{"format": "other"}, {"İ": 1, "I\u0307": 2}])
def test_a_key_that_is_taken_is_refused(document):
    with pytest.raises(ValueNotCanonical):
        canonical_bytes(document)


def test_the_format_is_part_of_what_is_signed():
    assert digest(canonical_bytes({"a": 1})) != digest(canonical_bytes({"a": 1}, form="sekaps-document-2"))
