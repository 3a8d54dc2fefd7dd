"""Only the distinguished encoding is read, so that no two messages mean the same."""

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from sekaps.evidence.der import INTEGER, OCTETS, SEQUENCE, Malformed, integer, oid, reader, tlv


@given(st.integers(0, 2**160))
def test_integers_are_written_as_asn1crypto_writes_them(number):
    assert integer(number) == core.Integer(number).dump()


@pytest.mark.parametrize("dotted", ["1.2.840.113549.1.9.16.2.47", "2.16.840.1.101.3.4.2.1", "1.3.6.1.4.1.32473.1"])
def test_identifiers_are_written_as_asn1crypto_writes_them(dotted):
    assert oid(dotted) == core.ObjectIdentifier(dotted).dump()


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_what_is_written_is_read_back(length):
    content = bytes(length)
    assert reader(tlv(OCTETS, content)).content(OCTETS) == content
    assert tlv(OCTETS, content) == core.OctetString(content).dump()


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "04",
        "0401",
        "048100",
        "04817f" + "00" * 127,
        "04820080" + "00" * 128,
        "0480",
        "04ff",
        "0484000000010",
        "0201",
    ],
)
def test_any_other_encoding_is_refused(encoded):
    with pytest.raises(Malformed):
        reader(bytes.fromhex(encoded + "0" * (len(encoded) % 2))).content(OCTETS)


def test_left_over_bytes_are_refused():
    values = reader(tlv(SEQUENCE, integer(1) + integer(2))).enter(SEQUENCE)
    assert values.content(INTEGER) == b"\x01"
    with pytest.raises(Malformed):
        values.finish()


def test_a_value_that_need_not_be_there_is_taken_only_where_it_is():
    values = reader(tlv(OCTETS, b"x"))
    assert values.take(SEQUENCE) is None
    assert values.take(OCTETS) is not None
    assert values.peek() == 0
