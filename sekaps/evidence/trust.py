"""Who is trusted: roots, the authorities below them and what they have revoked; each certificate is judged once."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID

from sekaps.errors.evidence import CertificateUnreadable, RevocationsUntrusted
from sekaps.evidence.der import SEQUENCE, integer, tlv
from sekaps.evidence.keys import PublicKey, public_key_of, read_certificate
from sekaps.evidence.verdicts import Verdict

STANDINGS_KEPT = 50_000
LONGEST_PATH = 5
Kind = TypeVar("Kind", bound=x509.ExtensionType)
NEVER = datetime.max.replace(tzinfo=UTC)
NOT_FOR_DOCUMENTS = {
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
    ExtendedKeyUsageOID.SERVER_AUTH,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a certificate whatever was signed with it: its key, and since and until when its path holds."""

    identity: bytes
    """Issuer and serial number, as a signature names them."""
    digest: bytes
    key: PublicKey
    for_documents: bool
    trusted: bool
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime

    def verdict_at(self, at: datetime) -> Verdict:
        """Return whether a signature under this certificate was good at an instant."""
        if not self.trusted:
            return Verdict.ISSUER_UNKNOWN
        if not self.for_documents:
            return Verdict.CERTIFICATE_UNFIT
        if at >= self.revoked_at:
            return Verdict.REVOKED
        if at < self.valid_from:
            return Verdict.CERTIFICATE_NOT_YET_VALID
        return Verdict.CERTIFICATE_EXPIRED if at > self.valid_until else Verdict.VALID


class Trust:
    """The roots that are trusted, authorities below them, and the revocation lists and answers they have issued.

    A path is checked for signatures, authority, length, time and revocation by list; constraints of names and policies
    and answers about revocation are for full validation.
    """

    def __init__(
        self,
        roots: Iterable[bytes],
        *,
        authorities: Iterable[bytes] = (),
        crls: Iterable[bytes] = (),
        ocsps: Iterable[bytes] = (),
    ) -> None:
        self.roots, self.authorities = tuple(roots), tuple(authorities)
        self.crls, self.ocsps = tuple(crls), tuple(ocsps)
        self._roots = _by_subject(self.roots)
        self._issuers = {**_by_subject(self.authorities), **self._roots}
        self._revoked = _revocations(self.crls, self._issuers)
        self.standing = lru_cache(maxsize=STANDINGS_KEPT)(self._standing)

    def revoked_at(self, certificate: bytes) -> datetime:
        """Return when a certificate itself was revoked, the end of time if never; its path is not looked at."""
        return self._revoked.get(identity_of(read_certificate(certificate)), NEVER) if self._revoked else NEVER

    def _standing(self, certificate: bytes) -> Standing:
        """Return what holds of a certificate (DER); refuse one that cannot be read to its end."""
        try:
            return self._judged(certificate, read_certificate(certificate))
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise CertificateUnreadable(source="certificate", reason=str(error)) from error

    def _judged(self, certificate: bytes, read: x509.Certificate) -> Standing:
        path = self._path(read)
        return Standing(
            identity=identity_of(read),
            digest=hashlib.sha256(certificate).digest(),
            key=public_key_of(certificate),
            for_documents=_for_documents(read),
            trusted=bool(path),
            valid_from=max((each.not_valid_before_utc for each in path), default=NEVER),
            valid_until=min((each.not_valid_after_utc for each in path), default=NEVER),
            revoked_at=min((self._revoked.get(identity_of(each), NEVER) for each in path), default=NEVER),
        )

    def _path(self, certificate: x509.Certificate) -> list[x509.Certificate]:
        """Return the certificates from this one up to a trusted root; nothing where there is no such path."""
        path = [certificate]
        while len(path) <= LONGEST_PATH:
            subject = path[-1].subject.public_bytes()
            if self._roots.get(subject) == path[-1]:
                return path
            issuer = self._issuers.get(path[-1].issuer.public_bytes())
            if issuer is None or not _issued(issuer, path[-1], len(path) - 1):
                return []
            path.append(issuer)
        return []


def identity_of(certificate: x509.Certificate) -> bytes:
    """Return issuer and serial number as a CMS message names a certificate."""
    return tlv(SEQUENCE, certificate.issuer.public_bytes() + integer(certificate.serial_number))


def _by_subject(certificates: Iterable[bytes]) -> dict[bytes, x509.Certificate]:
    read = (read_certificate(each, source="trusted certificate") for each in certificates)
    return {each.subject.public_bytes(): each for each in read}


def _issued(issuer: x509.Certificate, certificate: x509.Certificate, between: int) -> bool:
    """Tell whether an authority's key signed a certificate, with so many authorities below it (RFC 5280 §6.1.4)."""
    constraints = _extension(issuer, x509.BasicConstraints)
    usage = _extension(issuer, x509.KeyUsage)
    if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
        return False
    if constraints.path_length is not None and between > constraints.path_length:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _for_documents(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate is for signing documents, not for an authority, a time stamp or a server."""
    constraints = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    if constraints is not None and constraints.ca:
        return False
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return False
    return extended is None or not NOT_FOR_DOCUMENTS & set(extended)


def _extension(certificate: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _revocations(crls: Iterable[bytes], issuers: Mapping[bytes, x509.Certificate]) -> dict[bytes, datetime]:
    """Return when each certificate was first revoked, by its identity; a list must be signed by its issuer."""
    revoked: dict[bytes, datetime] = {}
    for each in crls:
        listed = _read_crl(each, issuers)
        name = listed.issuer.public_bytes()
        for entry in listed:
            identity = tlv(SEQUENCE, name + integer(entry.serial_number))
            revoked[identity] = min(entry.revocation_date_utc, revoked.get(identity, NEVER))
    return revoked


def _read_crl(crl: bytes, issuers: Mapping[bytes, x509.Certificate]) -> x509.CertificateRevocationList:
    try:
        listed = x509.load_der_x509_crl(crl)
    except ValueError as error:
        raise CertificateUnreadable(source="CRL", reason=str(error)) from error
    issuer = issuers.get(listed.issuer.public_bytes())
    if issuer is None or not listed.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
        raise RevocationsUntrusted(issuer=listed.issuer.rfc4514_string())
    return listed
