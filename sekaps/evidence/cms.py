"""Detached CMS signatures over a document's bytes (CAdES-BES): made, checked, and kept without their certificates."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sekaps.domain.signatures import CLOCKS_APART
from sekaps.errors.evidence import CertificateUnreadable, KeyUnusable, SignatureUnreadable
from sekaps.evidence.der import CONTEXT_1, SEQUENCE, SET, Malformed, reader, tlv
from sekaps.evidence.frames import (
    SIGNATURE_TIMESTAMP,
    certificate_set,
    digest_to_sign,
    frame_of,
    message,
)
from sekaps.evidence.keys import Signer, algorithm_of, holds
from sekaps.evidence.reading import SignedMessage, read_message
from sekaps.evidence.trust import Standing, Trust
from sekaps.evidence.verdicts import Verdict
from sekaps.texts import text


def sign_detached(content: bytes, signer: Signer, signed_at: datetime, *, complete: bool = True) -> bytes:
    """Return the detached signature over the content; without the certificates when it is not to be complete."""
    frame = frame_of(signer)
    attributes = frame.attributes(hashlib.sha256(content).digest(), signed_at)
    return frame.assemble(attributes, signer.sign_digest(digest_to_sign(attributes)), complete=complete)


def verify_detached(
    content: bytes, cms: bytes, trust: Trust, received_at: datetime, *, certificates: Iterable[bytes] = ()
) -> Verdict:
    """Return what holds of a signature over the content, judged at the instant it was received.

    ``received_at`` is the instant the engine or a time stamp knows, never the one the signer claims: a certificate
    that has expired since is no harm, and one revoked before is not saved by a signature dated back. A message kept
    without its certificates is given them here.
    """
    try:
        message = read_message(cms)
        standing = _standing(message, trust, certificates)
    except (Malformed, CertificateUnreadable, KeyUnusable):
        return Verdict.MALFORMED
    signer = message.signer
    if hashlib.sha256(content).digest() != signer.message_digest:
        return Verdict.BYTES_CHANGED
    if standing is None:
        return Verdict.CERTIFICATE_MISSING
    if signer.algorithm != algorithm_of(standing.key):
        return Verdict.MALFORMED
    if not holds(standing.key, signer.signature, digest_to_sign(signer.attributes)):
        return Verdict.SIGNATURE_BROKEN
    return verdict_at_the_time(standing, signer.signed_at, received_at)


def _standing(message: SignedMessage, trust: Trust, certificates: Iterable[bytes]) -> Standing | None:
    """Return the certificate the signature binds by its hash, if it is there."""
    for certificate in (*message.certificates, *certificates):
        if hashlib.sha256(certificate).digest() == message.signer.certificate_digest:
            standing = trust.standing(certificate)
            return standing if standing.identity == message.signer.identity else None
    return None


def verdict_at_the_time(standing: Standing, signed_at: datetime, received_at: datetime) -> Verdict:
    """Return whether a certificate was good both when the signer says to have signed and when it was received."""
    if signed_at > received_at + CLOCKS_APART:
        return Verdict.SIGNED_LATER
    received = standing.verdict_at(received_at)
    return received if received is not Verdict.VALID else standing.verdict_at(min(signed_at, received_at))


def without_certificates(cms: bytes) -> bytes:
    """Return the message without its certificates, for keeping; they are kept once, not with every signature."""
    parts = _read(cms)
    return message(parts.head, b"", parts.signers)


def with_certificates(cms: bytes, certificates: Iterable[bytes]) -> bytes:
    """Return the message with those certificates and no other, as it is handed out and as OpenSSL reads it."""
    parts = _read(cms)
    return message(parts.head, certificate_set(tuple(certificates)), parts.signers)


def raw_signature(cms: bytes) -> bytes:
    """Return the bare signature of a message, which is what a time stamp is made over."""
    return _read(cms).signer.signature


def with_timestamp(cms: bytes, token: bytes) -> bytes:
    """Return the message with a time-stamp token over its signature: CAdES-T (ETSI EN 319 122-1 §5.3)."""
    parts = _read(cms)
    if parts.signer.timestamp is not None:
        raise SignatureUnreadable(reason=text("it has a time stamp already"))
    held = reader(parts.signers).enter(SET).content(SEQUENCE)
    stamp = tlv(CONTEXT_1, tlv(SEQUENCE, SIGNATURE_TIMESTAMP + tlv(SET, token)))
    signers = tlv(SET, tlv(SEQUENCE, held + stamp))
    return message(parts.head, certificate_set(parts.certificates), signers)


def _read(cms: bytes) -> SignedMessage:
    try:
        return read_message(cms)
    except Malformed as error:
        raise SignatureUnreadable(reason=str(error)) from error
