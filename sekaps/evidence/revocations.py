"""What the local test authority says of revoked certificates: its list (RFC 5280) and its answers (RFC 6960)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from asn1crypto import algos, core, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from sekaps.evidence.certificates import Issuer, whole_second
from sekaps.evidence.keys import Signer

SAID_FOR = timedelta(days=7)
"""How long a list or an answer holds."""


class Reason(StrEnum):
    """Why a certificate is revoked (RFC 5280 §5.3.1)."""

    UNSPECIFIED = "unspecified"
    """No reason is told."""
    KEY_COMPROMISE = "keyCompromise"
    """Someone else has the key."""
    AFFILIATION_CHANGED = "affiliationChanged"
    """The person has left the organisation."""
    SUPERSEDED = "superseded"
    """Another certificate takes its place."""
    CESSATION = "cessationOfOperation"
    """The person signs no more."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """A certificate that counts no more from an instant on."""

    serial: int
    at: datetime
    reason: Reason


def revocation_list(issuer: Issuer, revoked: Iterable[Revocation], at: datetime) -> bytes:
    """Return the signed list (DER) of what was revoked up to that instant, in the order of serial numbers."""
    said_at = whole_second(at)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(said_at)
        .next_update(said_at + SAID_FOR)
        .add_extension(x509.CRLNumber(int(said_at.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for each in sorted(revoked, key=lambda revocation: revocation.serial):
        if each.at <= at:
            builder = builder.add_revoked_certificate(_entry(each))
    signed = builder.sign(issuer.key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(Encoding.DER)


def _entry(revocation: Revocation) -> x509.RevokedCertificate:
    entry = (
        x509.RevokedCertificateBuilder().serial_number(revocation.serial).revocation_date(whole_second(revocation.at))
    )
    if revocation.reason is not Reason.UNSPECIFIED:
        entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags(revocation.reason)), critical=False)
    return entry.build()


def revocation_answer(
    responder: Signer, root: bytes, certificate: bytes, revocation: Revocation | None, at: datetime
) -> bytes:
    """Return the responder's signed answer (DER) about one certificate at that instant.

    Written value by value, because ``cryptography`` would put the system's time into it.
    """
    said_at = whole_second(at)
    by = asn1_x509.Certificate.load(responder.certificate)
    answer = {
        "cert_id": _certificate_id(root, certificate),
        "cert_status": _status(revocation if revocation and revocation.at <= at else None),
        "this_update": said_at,
        "next_update": said_at + SAID_FOR,
    }
    data = ocsp.ResponseData(
        {
            "responder_id": ocsp.ResponderId(name="by_name", value=by.subject),
            "produced_at": said_at,
            "responses": [answer],
        }
    )
    signed = {
        "tbs_response_data": data,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": responder.sign_digest(hashlib.sha256(data.dump()).digest()),
        "certs": [by],
    }
    body = {"response_type": "basic_ocsp_response", "response": ocsp.BasicOCSPResponse(signed)}
    response: bytes = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": body}).dump()
    return response


def _certificate_id(root: bytes, certificate: bytes) -> ocsp.CertId:
    issuer = asn1_x509.Certificate.load(root)
    return ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "issuer_name_hash": hashlib.sha256(issuer.subject.dump()).digest(),
            "issuer_key_hash": hashlib.sha256(bytes(issuer.public_key["public_key"])).digest(),
            "serial_number": asn1_x509.Certificate.load(certificate).serial_number,
        }
    )


def _status(revocation: Revocation | None) -> ocsp.CertStatus:
    if revocation is None:
        return ocsp.CertStatus(name="good", value=core.Null())
    told = {"revocation_time": whole_second(revocation.at), "revocation_reason": _REASONS[revocation.reason]}
    return ocsp.CertStatus(name="revoked", value=ocsp.RevokedInfo(told))


_REASONS = {
    Reason.UNSPECIFIED: "unspecified",
    Reason.KEY_COMPROMISE: "key_compromise",
    Reason.AFFILIATION_CHANGED: "affiliation_changed",
    Reason.SUPERSEDED: "superseded",
    Reason.CESSATION: "cessation_of_operation",
}
