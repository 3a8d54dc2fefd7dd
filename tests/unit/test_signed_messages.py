"""Only one profile of CMS is read; whatever says more, less or otherwise is malformed."""

import hashlib

import pytest
from paper_authority import SIGNED_AT, person

from sekaps.evidence.der import CONTEXT_0, CONTEXT_1, OCTETS, SEQUENCE, SET, Malformed, integer, oid, reader, tlv
from sekaps.evidence.frames import (
    CONTENT_TYPE,
    DATA,
    MESSAGE_DIGEST,
    SHA256,
    SHA256_OID,
    SIGNED_DATA,
    SIGNING_TIME,
    frame_of,
)
from sekaps.evidence.reading import read_message

FRAME = frame_of(person())
ATTRIBUTES = FRAME.attributes(hashlib.sha256(b"content").digest(), SIGNED_AT)
EACH = list(reader(ATTRIBUTES).all(SEQUENCE))
DETACHED = tlv(SEQUENCE, DATA)
SHA1 = tlv(SEQUENCE, oid("1.3.14.3.2.26"))


def message(attributes=ATTRIBUTES, *, head=None, algorithm=None, more=b"", crls=b"", eci=DETACHED):
    signer = head or FRAME.signer_head
    signer += tlv(CONTEXT_0, attributes) + (algorithm or FRAME.signature_algorithm) + tlv(OCTETS, bytes(70)) + more
    data = integer(1) + tlv(SET, SHA256) + eci + FRAME.certificates + crls + tlv(SET, tlv(SEQUENCE, signer))
    return tlv(SEQUENCE, SIGNED_DATA + tlv(CONTEXT_0, tlv(SEQUENCE, data)))


def attribute(kind, value):
    return tlv(SEQUENCE, kind + tlv(SET, value))


def time(tag, written):
    return b"".join(EACH[:1]) + attribute(SIGNING_TIME, tlv(tag, written)) + b"".join(EACH[2:])


def test_the_profile_itself_is_read():
    assert read_message(message()).signer.signed_at == SIGNED_AT


def test_sha_256_may_be_named_with_its_empty_parameters():
    head = FRAME.signer_head[: -len(SHA256)] + tlv(SEQUENCE, SHA256_OID + b"\x05\x00")
    assert read_message(message(head=head)).signer.signed_at == SIGNED_AT


@pytest.mark.parametrize("left_out", range(4))
def test_every_attribute_of_cades_bes_is_needed(left_out):
    with pytest.raises(Malformed, match="missing"):
        read_message(message(b"".join(EACH[:left_out] + EACH[left_out + 1 :])))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (message(ATTRIBUTES + EACH[2]), "twice"),
        (message(ATTRIBUTES + tlv(SEQUENCE, MESSAGE_DIGEST + tlv(SET, b""))), "early"),
        (message(attribute(CONTENT_TYPE, SIGNED_DATA) + b"".join(EACH[1:])), "kind data"),
        (message(algorithm=tlv(SEQUENCE, oid("1.2.840.10045.4.3.4"))), "signature algorithm"),
        (message(head=FRAME.signer_head[: -len(SHA256)] + SHA1), "SHA-256"),
        (message(head=integer(3) + FRAME.signer_head[3:]), "issuer and serial"),
        (message(crls=tlv(CONTEXT_1, b"")), "revocation lists"),
        (message(more=tlv(CONTEXT_1, b"") + b"\x05\x00"), "left over"),
        (message(eci=tlv(SEQUENCE, DATA + tlv(CONTEXT_0, tlv(OCTETS, b"content")))), "detached"),
        (message(time(0x17, b"230301073000+0300")), "UTC instant"),
        (message(time(0x17, b"2303010730Z")), "UTC instant"),
        (message(time(0x18, b"20230301073000.5Z")), "UTC instant"),
        (message(time(0x17, b"231301073000Z")), "does not exist"),
        (message(time(0x13, b"230301073000Z")), "tag"),
        (message() + b"\x00", "left over"),
    ],
)
def test_anything_else_is_refused_and_named(changed, why):
    with pytest.raises(Malformed, match=why):
        read_message(changed)
