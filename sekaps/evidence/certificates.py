"""What stands in the certificates of the local test authority; every one says that it is not valid in law."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from sekaps.errors.evidence import InstantWithoutZone
from sekaps.evidence.keys import PublicKey, read_certificate

TEST_MARK = "TEST – HUKUKEN GEÇERSİZ / NOT VALID"
"""Stands in the name of the authority and of everyone it certifies, and on every page signed under it."""
TEST_POLICY = x509.ObjectIdentifier("1.3.6.1.4.1.32473.1")
"""Under the enterprise number kept for examples (RFC 5612): no real authority certifies under it."""
ANSWERS_ADDRESS = "http://ocsp.sekaps.invalid"
"""Says that there are answers about revocation; nobody is there (RFC 2606), they are handed over as files."""
LONGEST_NAME = 64
"""Characters a name may have in a certificate (RFC 5280, ub-common-name, ub-organization-name)."""


class Purpose(StrEnum):
    """What a certificate is for."""

    ROOT = "root"
    """Signs certificates and revocation lists."""
    PERSON = "person"
    """Signs documents."""
    TIMESTAMP = "timestamp"
    """Signs time stamps (RFC 3161 §2.3)."""
    ANSWERS = "answers"
    """Signs answers about revocation (RFC 6960 §4.2.2.2)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names: a person, their manager code (T.C. Yönetici Kodu) and their organisation."""

    name: str
    code: str
    organisation: str

    @property
    def distinguished_name(self) -> x509.Name:
        """The name as it stands in the certificate, marked as a test."""
        pairs = [
            (NameOID.COUNTRY_NAME, "TR"),
            (NameOID.ORGANIZATION_NAME, self.organisation[:LONGEST_NAME]),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, TEST_MARK),
            (NameOID.COMMON_NAME, self.name[:LONGEST_NAME]),
            (NameOID.SERIAL_NUMBER, self.code[:LONGEST_NAME]),
        ]
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


@dataclass(frozen=True, slots=True)
class Issuer:
    """A name and the key it certifies with."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey


def service_name(title: str) -> x509.Name:
    """Return the name of the authority itself or of one of its services; short, since every signature repeats it."""
    pairs = [(NameOID.COUNTRY_NAME, "TR"), (NameOID.ORGANIZATION_NAME, TEST_MARK), (NameOID.COMMON_NAME, title)]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def certify(
    issuer: Issuer, subject: x509.Name, key: PublicKey, purpose: Purpose, validity: tuple[datetime, datetime]
) -> bytes:
    """Return the certificate (DER); the same facts always give the same bytes."""
    starts, ends = map(whole_second, validity)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .public_key(key)
        .serial_number(_serial(subject, key, starts, ends))
        .not_valid_before(starts)
        .not_valid_after(ends)
    )
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = builder.add_extension(authority, critical=False)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    for extension, critical in _extensions(purpose):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer.key, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)


def is_test_certificate(certificate: bytes) -> bool:
    """Tell whether a certificate comes from a local test authority."""
    try:
        policies = read_certificate(certificate).extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return False
    return any(policy.policy_identifier == TEST_POLICY for policy in policies)


def whole_second(at: datetime) -> datetime:
    """Return the instant in UTC without its fraction, as certificates hold it."""
    if at.utcoffset() is None:
        raise InstantWithoutZone(instant=at)
    return at.astimezone(UTC).replace(microsecond=0)


def _serial(subject: x509.Name, key: PublicKey, starts: datetime, ends: datetime) -> int:
    """Return eight bytes drawn from all that makes the certificate different from every other."""
    point = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    drawn = hashlib.sha256(subject.public_bytes() + point + f"{starts}{ends}".encode()).digest()
    return int.from_bytes(drawn[:8]) >> 2 | 1 << 62


def _extensions(purpose: Purpose) -> list[tuple[x509.ExtensionType, bool]]:
    is_root = purpose is Purpose.ROOT
    notice = x509.PolicyInformation(TEST_POLICY, [x509.UserNotice(None, TEST_MARK)])
    common: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), True),
        (_usage(purpose), True),
        (x509.CertificatePolicies([notice]), False),
    ]
    answers = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ANSWERS_ADDRESS)
    )
    special: dict[Purpose, list[tuple[x509.ExtensionType, bool]]] = {
        Purpose.ROOT: [],
        Purpose.PERSON: [(x509.AuthorityInformationAccess([answers]), False)],
        Purpose.TIMESTAMP: [
            (x509.AuthorityInformationAccess([answers]), False),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
        ],
        Purpose.ANSWERS: [
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
            (x509.OCSPNoCheck(), False),
        ],
    }
    return common + special[purpose]


def _usage(purpose: Purpose) -> x509.KeyUsage:
    is_root = purpose is Purpose.ROOT
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=purpose is Purpose.PERSON,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
