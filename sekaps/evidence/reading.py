"""A detached CMS signature taken apart strictly: the accepted profile of CAdES-BES and CAdES-T, and nothing looser."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sekaps.evidence.der import (
    CONTEXT_0,
    CONTEXT_1,
    GENERAL_TIME,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    UTC_TIME,
    Malformed,
    Reader,
    reader,
    tlv,
)
from sekaps.evidence.frames import (
    CONTENT_TYPE,
    DATA,
    MESSAGE_DIGEST,
    SHA256,
    SHA256_OID,
    SIGNATURE_ALGORITHMS,
    SIGNATURE_TIMESTAMP,
    SIGNED_DATA,
    SIGNING_CERTIFICATE,
    SIGNING_TIME,
)
from sekaps.evidence.keys import Algorithm

VERSION_1 = b"\x01"
_SHA256_WITH_NULL = tlv(SEQUENCE, SHA256_OID + b"\x05\x00")
_ALGORITHM_OF = {encoded: algorithm for algorithm, encoded in SIGNATURE_ALGORITHMS.items()} | {
    tlv(SEQUENCE, bytes.fromhex("06092a864886f70d010101 0500")): Algorithm.RSA_SHA256
}
"""As written by us, and RSA named by the key's own identifier as OpenSSL does."""


@dataclass(frozen=True, slots=True)
class SignerPart:
    """What a message says of its one signer."""

    identity: bytes
    """Issuer and serial number of the certificate, as encoded."""
    algorithm: Algorithm
    attributes: bytes
    """The content of the set of signed attributes."""
    signed_at: datetime
    """The time the signer claims."""
    message_digest: bytes
    certificate_digest: bytes
    signature: bytes
    timestamp: bytes | None
    """The time-stamp token over the signature, where there is one."""


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A message taken apart: what stands before the certificates, they themselves, and the signer."""

    head: bytes
    certificates: tuple[bytes, ...]
    signers: bytes
    signer: SignerPart


def read_message(cms: bytes) -> SignedMessage:
    """Return the parts of a detached message; raise ``Malformed`` for anything that is not of the profile."""
    outer = reader(cms)
    wrapped = outer.enter(SEQUENCE)
    outer.finish()
    _expect(wrapped.whole(OID), SIGNED_DATA, "signed data")
    held = wrapped.enter(CONTEXT_0)
    wrapped.finish()
    data = held.enter(SEQUENCE)
    held.finish()
    return _signed_data(data)


def _signed_data(data: Reader) -> SignedMessage:
    begins = data.place
    _expect(data.content(INTEGER), VERSION_1, "signed data of version 1")
    digests = data.enter(SET)
    _expect_sha256(digests.whole(SEQUENCE))
    digests.finish()
    _expect(data.whole(SEQUENCE), tlv(SEQUENCE, DATA), "detached content")
    head = data.data[begins : data.place]
    bag = data.take(CONTEXT_0)
    certificates = tuple(bag.all(SEQUENCE)) if bag else ()
    if data.take(CONTEXT_1):
        raise Malformed("revocation lists do not belong into this message")
    signers = data.whole(SET)
    data.finish()
    inside = reader(signers).enter(SET)
    signer = inside.enter(SEQUENCE)
    inside.finish()
    return SignedMessage(head, certificates, signers, _signer(signer))


def _signer(part: Reader) -> SignerPart:
    _expect(part.content(INTEGER), VERSION_1, "a signer named by issuer and serial number")
    identity = part.whole(SEQUENCE)
    _expect_sha256(part.whole(SEQUENCE))
    attributes = part.content(CONTEXT_0)
    algorithm = _ALGORITHM_OF.get(part.whole(SEQUENCE))
    signature = part.content(OCTETS)
    unsigned = _attributes(bag) if (bag := part.take(CONTEXT_1)) else {}
    part.finish()
    if algorithm is None:
        raise Malformed("the signature algorithm is not accepted")
    signed = _attributes(reader(attributes))
    _expect(_attribute(signed, CONTENT_TYPE), DATA, "content of the kind data")
    return SignerPart(
        identity=identity,
        algorithm=algorithm,
        attributes=attributes,
        signed_at=_instant(reader(_attribute(signed, SIGNING_TIME))),
        message_digest=reader(_attribute(signed, MESSAGE_DIGEST)).content(OCTETS),
        certificate_digest=_bound_certificate(reader(_attribute(signed, SIGNING_CERTIFICATE))),
        signature=signature,
        timestamp=unsigned.get(SIGNATURE_TIMESTAMP),
    )


def _attributes(part: Reader) -> dict[bytes, bytes]:
    """Return the one value of each attribute by its type; a type or value given twice is refused."""
    found: dict[bytes, bytes] = {}
    while part.peek():
        attribute = part.enter(SEQUENCE)
        kind, values = attribute.whole(OID), attribute.content(SET)
        attribute.finish()
        value = reader(values)
        value.step()
        value.finish()
        if kind in found:
            raise Malformed("an attribute is there twice")
        found[kind] = values
    return found


def _attribute(found: dict[bytes, bytes], kind: bytes) -> bytes:
    if kind not in found:
        raise Malformed("a signed attribute of CAdES-BES is missing")
    return found[kind]


def _bound_certificate(value: Reader) -> bytes:
    """Return the SHA-256 by which signing-certificate-v2 names the first certificate (RFC 5035 §4)."""
    first = value.enter(SEQUENCE).enter(SEQUENCE).enter(SEQUENCE)
    if first.peek() == SEQUENCE:
        _expect_sha256(first.whole(SEQUENCE))
    return first.content(OCTETS)


def _instant(value: Reader) -> datetime:
    two_digits = value.peek() == UTC_TIME
    written = value.content(UTC_TIME if two_digits else GENERAL_TIME).decode("ascii", "replace")
    length = 13 if two_digits else 15
    if len(written) != length or not written[:-1].isdecimal() or written[-1] != "Z":
        raise Malformed("the signing time is not a UTC instant")
    year = written[:-11] if not two_digits else ("19" if written >= "5" else "20") + written[:2]
    month, day, hour, minute, second = (int(written[place : place + 2]) for place in range(length - 11, length - 1, 2))
    try:
        return datetime(int(year), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise Malformed("the signing time does not exist") from error


def _expect_sha256(found: bytes) -> None:
    if found not in (SHA256, _SHA256_WITH_NULL):
        raise Malformed("only SHA-256 is accepted")


def _expect(found: bytes, wanted: bytes, what: str) -> None:
    if found != wanted:
        raise Malformed(f"it is not {what}")
