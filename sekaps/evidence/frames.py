"""The parts of a CAdES-BES message that stay the same for one certificate, and how a signature is set into them.

ETSI EN 319 122-1 on RFC 5652 and RFC 5035: signed attributes content-type, message-digest, signing-time and
signing-certificate-v2. Everything is distinguished encoding, so the same facts always give the same bytes, and a
message can be put together again from certificate, digest, time and raw signature alone.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sekaps.errors.evidence import InstantWithoutZone
from sekaps.evidence.der import CONTEXT_0, GENERAL_TIME, OCTETS, SEQUENCE, SET, UTC_TIME, integer, oid, tlv
from sekaps.evidence.keys import Algorithm, Signer, read_certificate

FRAMES_KEPT = 4096
"""Frames of so many certificates are kept; making one costs about as much as one signature."""

SIGNED_DATA, DATA = oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.7.1")
CONTENT_TYPE, MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
SIGNING_TIME, SIGNING_CERTIFICATE = oid("1.2.840.113549.1.9.5"), oid("1.2.840.113549.1.9.16.2.47")
SIGNATURE_TIMESTAMP = oid("1.2.840.113549.1.9.16.2.14")
SHA256, SHA256_OID = tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.1")), oid("2.16.840.1.101.3.4.2.1")
SIGNATURE_ALGORITHMS = {
    Algorithm.ECDSA_SHA256: tlv(SEQUENCE, oid("1.2.840.10045.4.3.2")),
    Algorithm.RSA_SHA256: tlv(SEQUENCE, oid("1.2.840.113549.1.1.11") + b"\x05\x00"),
}
_VERSION_1 = integer(1)
_CONTENT_IS_DATA = tlv(SEQUENCE, CONTENT_TYPE + tlv(SET, DATA))
_MESSAGE_HEAD = _VERSION_1 + tlv(SET, SHA256) + tlv(SEQUENCE, DATA)
_DIGEST_HEAD = tlv(SEQUENCE, MESSAGE_DIGEST + tlv(SET, tlv(OCTETS, bytes(32))))[:-32]
_UTC_HEAD = tlv(SEQUENCE, SIGNING_TIME + tlv(SET, tlv(UTC_TIME, bytes(13))))[:-13]
_GENERAL_HEAD = tlv(SEQUENCE, SIGNING_TIME + tlv(SET, tlv(GENERAL_TIME, bytes(15))))[:-15]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every signature under one certificate shares."""

    signer_head: bytes
    """Version, issuer and serial number, digest algorithm."""
    signature_algorithm: bytes
    signing_certificate: bytes
    """The signed attribute that binds the certificate by its SHA-256."""
    certificates: bytes
    """The certificate set, as it stands in a complete message."""

    def attributes(self, digest: bytes, signed_at: datetime) -> bytes:
        """Return the content of the set of signed attributes, in its distinguished order."""
        return _CONTENT_IS_DATA + _signing_time(signed_at) + _DIGEST_HEAD + digest + self.signing_certificate

    def assemble(self, attributes: bytes, signature: bytes, *, complete: bool = True) -> bytes:
        """Return the message; without the certificates when it is not to be complete."""
        signer = self.signer_head + tlv(CONTEXT_0, attributes) + self.signature_algorithm + tlv(OCTETS, signature)
        signers = tlv(SET, tlv(SEQUENCE, signer))
        return message(_MESSAGE_HEAD, self.certificates if complete else b"", signers)


def digest_to_sign(attributes: bytes) -> bytes:
    """Return the SHA-256 of the signed attributes as a set (RFC 5652 §5.4), which is what the key signs."""
    return hashlib.sha256(tlv(SET, attributes)).digest()


def message(head: bytes, certificates: bytes, signers: bytes) -> bytes:
    """Return signed data with its outermost wrapping."""
    signed_data = tlv(SEQUENCE, head + certificates + signers)
    return tlv(SEQUENCE, SIGNED_DATA + tlv(CONTEXT_0, signed_data))


def certificate_set(certificates: tuple[bytes, ...]) -> bytes:
    """Return the certificate set of a message, each certificate once and in the distinguished order."""
    return tlv(CONTEXT_0, b"".join(sorted(set(certificates)))) if certificates else b""


def frame_of(signer: Signer) -> Frame:
    """Return the frame of a signer's certificate."""
    return frame_for(signer.certificate, signer.chain, signer.algorithm)


@lru_cache(maxsize=FRAMES_KEPT)
def frame_for(certificate: bytes, chain: tuple[bytes, ...], algorithm: Algorithm) -> Frame:
    """Return the frame of a certificate, the certificates above it and the way its key signs."""
    read = read_certificate(certificate)
    issuer = tlv(SEQUENCE, read.issuer.public_bytes() + integer(read.serial_number))
    bound = tlv(SEQUENCE, tlv(OCTETS, hashlib.sha256(certificate).digest()))
    return Frame(
        signer_head=_VERSION_1 + issuer + SHA256,
        signature_algorithm=SIGNATURE_ALGORITHMS[algorithm],
        signing_certificate=tlv(SEQUENCE, SIGNING_CERTIFICATE + tlv(SET, tlv(SEQUENCE, tlv(SEQUENCE, bound)))),
        certificates=certificate_set((certificate, *chain)),
    )


def _signing_time(signed_at: datetime) -> bytes:
    """Return the signed attribute of the time: two digits for the year until 2049 (RFC 5652 §11.3)."""
    if signed_at.utcoffset() is None:
        raise InstantWithoutZone(instant=signed_at)
    at = signed_at.astimezone(UTC)
    if 1950 <= at.year < 2050:
        return _UTC_HEAD + at.strftime("%y%m%d%H%M%SZ").encode()
    return _GENERAL_HEAD + at.strftime("%Y%m%d%H%M%SZ").encode()
