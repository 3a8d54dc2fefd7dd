"""The port behind which every signing key stands, and the key kept in memory; cards and agents are its other sides."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key, load_pem_private_key, pkcs12

from sekaps.errors.evidence import CertificateUnreadable, KeyUnusable
from sekaps.texts import text

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
SMALLEST_RSA_BITS = 2048
_PREHASHED = Prehashed(hashes.SHA256())
_ECDSA = ec.ECDSA(_PREHASHED)
_PKCS1 = padding.PKCS1v15()


class Algorithm(StrEnum):
    """How a key signs a SHA-256 digest."""

    ECDSA_SHA256 = "ecdsa-sha256"
    """An elliptic-curve key; the signature is the DER pair of RFC 3279."""
    RSA_SHA256 = "rsa-sha256"
    """An RSA key with PKCS #1 v1.5 padding, as most cards in use have."""


class Signer(Protocol):
    """Whoever can sign: a key in memory, on a card or behind an agent."""

    @property
    def certificate(self) -> bytes:
        """The certificate of the key, in DER."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates between it and the root, in DER; the root itself belongs to whoever verifies."""
        ...

    @property
    def algorithm(self) -> Algorithm:
        """How the key signs."""
        ...

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the raw signature over a SHA-256 digest."""
        ...


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """A private key in memory."""

    key: PrivateKey = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @property
    def algorithm(self) -> Algorithm:
        """How the key signs."""
        return algorithm_of(self.key)

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the raw signature over a SHA-256 digest."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(digest, _PKCS1, _PREHASHED)
        return self.key.sign(digest, _ECDSA)

    @classmethod
    def from_pkcs8(
        cls,
        key: bytes,
        certificate: bytes,
        *,
        passphrase: bytes,
        chain: tuple[bytes, ...] = (),
        source: str = "PKCS #8",
    ) -> Self:
        """Return the signer of an encrypted PKCS #8 key (PEM or DER) and its certificate (DER)."""
        load = load_pem_private_key if key.lstrip().startswith(b"-----") else load_der_private_key
        try:
            private = load(key, passphrase)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyUnusable(source=source, problem=text("wrong passphrase or not an encrypted key")) from error
        return cls._checked(private, certificate, chain, source)

    @classmethod
    def from_pkcs12(cls, data: bytes, *, passphrase: bytes, source: str = "PKCS #12") -> Self:
        """Return the signer in a PKCS #12 file: key, certificate and the certificates above it but the root."""
        try:
            bag = pkcs12.load_pkcs12(data, passphrase)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyUnusable(source=source, problem=text("wrong passphrase or not a PKCS #12 file")) from error
        if bag.key is None or bag.cert is None:
            raise KeyUnusable(source=source, problem=text("it lacks the key or its certificate"))
        above = (each.certificate for each in bag.additional_certs)
        chain = tuple(each.public_bytes(Encoding.DER) for each in above if each.issuer != each.subject)
        return cls._checked(bag.key, bag.cert.certificate.public_bytes(Encoding.DER), chain, source)

    @classmethod
    def _checked(cls, key: object, certificate: bytes, chain: tuple[bytes, ...], source: str) -> Self:
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise KeyUnusable(source=source, problem=text("only elliptic-curve and RSA keys sign"))
        if public_key_of(certificate, source=source) != key.public_key():
            raise KeyUnusable(source=source, problem=text("the certificate belongs to another key"))
        return cls(key, certificate, chain)


def algorithm_of(key: PrivateKey | PublicKey) -> Algorithm:
    """Return how a key of that kind signs."""
    is_rsa = isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey)
    return Algorithm.RSA_SHA256 if is_rsa else Algorithm.ECDSA_SHA256


def public_key_of(certificate: bytes, *, source: str = "certificate") -> PublicKey:
    """Return the public key in a certificate; refuse kinds and sizes that do not sign here."""
    key = read_certificate(certificate, source=source).public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA_BITS:
        return key
    raise KeyUnusable(source=source, problem=text("only elliptic-curve keys and RSA keys of 2048 bits or more sign"))


def read_certificate(certificate: bytes, *, source: str = "certificate") -> x509.Certificate:
    """Return a certificate read from DER."""
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise CertificateUnreadable(source=source, reason=str(error)) from error


def holds(key: PublicKey, signature: bytes, digest: bytes) -> bool:
    """Tell whether a raw signature over a SHA-256 digest was made by that key."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, _PKCS1, _PREHASHED)
        else:
            key.verify(signature, digest, _ECDSA)
    except InvalidSignature:
        return False
    return True
