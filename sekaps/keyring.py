"""Whose keys this process signs with: the only module that opens the test authority, a signing agent or cards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps import TimeStamper

from sekaps.errors.evidence import CertificateUnreadable, RevokedElsewhere, SigningNotSetUp
from sekaps.evidence.agents import AgentSigner
from sekaps.evidence.certificates import Subject
from sekaps.evidence.kept import KeptSignature, sign_kept
from sekaps.evidence.keys import Signer
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.evidence.pdf_signing import sign_pdf
from sekaps.evidence.revocations import Reason, Revocation
from sekaps.evidence.smart_cards import Pkcs11Signer
from sekaps.evidence.timestamps import LocalTimestamper, outside_timestamper
from sekaps.evidence.trust import Trust
from sekaps.services.evidence import Holder, Seals
from sekaps.settings import Settings, settings
from sekaps.texts import text

AUTHORITY_FROM = datetime(2015, 1, 1, tzinfo=UTC)
"""The test authority is valid from before any year that can be rehearsed."""
CERTIFICATE_YEARS = 3
"""How long a person's test certificate holds; everybody's begins in the same years."""
ORGANISATION = "T.C."
"""A certificate names the person alone: posts change, and each signature names its own."""
HOUSE = "sekaps"
"""The name of the engine's own key, with which it signs what leaves the house and the trail's roots."""
SIGNERS_KEPT = 20_000


class Keyring(Seals, Protocol):
    """The keys of the people, the engine's own, and whom the house trusts."""

    def own(self, at: datetime) -> Signer:
        """Return the engine's own key."""
        ...

    def timestamper(self, at: datetime) -> TimeStamper:
        """Return who stamps the time."""
        ...

    def full_trust(self, at: datetime) -> Trust:
        """Return whom to trust at an instant, with revocation as fresh as full validation asks for."""
        ...


def keyring() -> Keyring:
    """Return the keys this process's settings name, opened once."""
    return _opened(settings())


def revoker() -> "AuthorityKeys":
    """Return the test authority, which revokes what it certified; raise RevokedElsewhere where keys are outside."""
    keys = keyring()
    if not isinstance(keys, AuthorityKeys):
        raise RevokedElsewhere(signing=settings().signing)
    return keys


def seal_pdf(pdf: bytes, at: datetime, reason: str) -> bytes:
    """Return a PDF that leaves the house, signed with its own key and time-stamped (PAdES)."""
    keys = keyring()
    trust = keys.full_trust(at)
    known = trust if trust.crls else None
    return sign_pdf(pdf, keys.own(at), at, reason=reason, timestamper=keys.timestamper(at), trust=known)


@lru_cache(maxsize=8)
def _opened(asked: Settings) -> Keyring:
    if asked.signing == "test":
        return AuthorityKeys(LocalAuthority.open(asked.authority_home, AUTHORITY_FROM), asked.timestamp_url)
    if asked.signing == "agent":
        return OutsideKeys(_agent(asked), _trust_folder(asked), asked.timestamp_url)
    if asked.signing == "cards":
        return OutsideKeys(_cards(asked), _trust_folder(asked), asked.timestamp_url)
    raise SigningNotSetUp(setting="SEKAPS_SIGNING", problem=text("is none of test, agent, cards"))


class AuthorityKeys:
    """Everybody's keys from the local test authority; not valid in law."""

    def __init__(self, authority: LocalAuthority, timestamp_url: str | None = None) -> None:
        self.authority, self.timestamp_url = authority, timestamp_url
        self.signer_of = lru_cache(maxsize=SIGNERS_KEPT)(self._signer_of)
        self._trusted: tuple[tuple[Revocation, ...], Trust] | None = None

    def seal(self, holder: Holder, contents: Sequence[bytes], at: datetime) -> list[KeptSignature]:
        """Return the person's signature over each of the contents."""
        signer = self.signer_of(holder.name, str(holder.number), period_of(at))
        return [sign_kept(content, signer, at) for content in contents]

    def certificate(self, holder: Holder, at: datetime) -> bytes:
        """Return the certificate the person signs with at an instant."""
        return self.signer_of(holder.name, str(holder.number), period_of(at)).certificate

    def revoke(self, certificate: bytes, at: datetime, reason: Reason) -> Revocation:
        """Revoke a certificate and return the revocation that stands: the first one."""
        return self.authority.revoke(certificate, at, reason)

    def trust(self, at: datetime) -> Trust:
        """Return trust in the authority; the same one as long as nothing more is revoked, since it learns."""
        revoked = tuple(each for each in self.authority.revocations() if each.at <= at)
        if self._trusted is None or self._trusted[0] != revoked:
            self._trusted = (revoked, self.authority.trust(at))
        return self._trusted[1]

    def own(self, at: datetime) -> Signer:
        """Return the engine's own key."""
        return self.signer_of(HOUSE.upper(), HOUSE, period_of(at))

    def timestamper(self, at: datetime) -> TimeStamper:
        """Return the authority's own service, unless one outside is named."""
        if self.timestamp_url:
            return outside_timestamper(self.timestamp_url)
        return LocalTimestamper(self.authority.timestamps, at)

    def full_trust(self, at: datetime) -> Trust:
        """Return trust with the revocation list of that instant."""
        return self.authority.trust(at)

    def _signer_of(self, name: str, code: str, period: int) -> Signer:
        begins, ends = (datetime(year, 1, 1, tzinfo=UTC) for year in (period, period + CERTIFICATE_YEARS))
        return self.authority.signer_for(Subject(name, code, ORGANISATION), begins, ends)


def period_of(at: datetime) -> int:
    """Return the year in which the certificates in force at an instant began."""
    return at.year - (at.year - AUTHORITY_FROM.year) % CERTIFICATE_YEARS


Keys = Callable[[str], Signer]
"""Where outside keys are found, by the name they bear there."""


@dataclass(frozen=True, slots=True)
class OutsideKeys:
    """Keys that never enter this process: behind an agent, or on cards; each bears its owner's manager code."""

    find: Keys
    trusted: Path
    timestamp_url: str | None
    found: dict[str, Signer] = field(default_factory=dict)

    def seal(self, holder: Holder, contents: Sequence[bytes], at: datetime) -> list[KeptSignature]:
        """Return the person's signature over each of the contents."""
        signer = self._signer(str(holder.number))
        return [sign_kept(content, signer, at) for content in contents]

    def trust(self, at: datetime) -> Trust:
        """Return trust in the certificates of the folder; what its lists revoke counts from its own instant."""
        certificates = [each for path in sorted(self.trusted.glob("*.pem")) for each in _certificates(path)]
        roots = [each for each in certificates if each.issuer == each.subject]
        below = [each for each in certificates if each.issuer != each.subject]
        if not roots:
            raise SigningNotSetUp(setting="SEKAPS_SIGNING_TRUST", problem=text("holds no root certificate (*.pem)"))
        crls = [path.read_bytes() for path in sorted(self.trusted.glob("*.crl"))]
        return Trust(_encoded(roots), authorities=_encoded(below), crls=crls)

    def own(self, at: datetime) -> Signer:
        """Return the engine's own key."""
        return self._signer(HOUSE)

    def timestamper(self, at: datetime) -> TimeStamper:
        """Return the time-stamp authority outside."""
        if self.timestamp_url is None:
            raise SigningNotSetUp(setting="SEKAPS_TIMESTAMP_URL", problem=text("is missing"))
        return outside_timestamper(self.timestamp_url)

    def full_trust(self, at: datetime) -> Trust:
        """Return the same trust: its lists are as fresh as whoever keeps the folder keeps them."""
        return self.trust(at)

    def _signer(self, name: str) -> Signer:
        if name not in self.found:
            self.found[name] = self.find(name)
        return self.found[name]


def _agent(asked: Settings) -> Keys:
    address = asked.signing_agent
    if address is None:
        raise SigningNotSetUp(setting="SEKAPS_SIGNING_AGENT", problem=text("is missing"))
    return lambda name: AgentSigner.at(address, name)


def _cards(asked: Settings) -> Keys:
    library, token, pin = asked.signing_library, asked.signing_token, asked.signing_pin
    if library is None or token is None or pin is None:
        problem = text("and SEKAPS_SIGNING_TOKEN and SEKAPS_SIGNING_PIN are needed for cards")
        raise SigningNotSetUp(setting="SEKAPS_SIGNING_LIBRARY", problem=problem)
    secret = pin.get_secret_value()
    return lambda name: Pkcs11Signer(str(library), token=token, key=name, pin=secret)


def _trust_folder(asked: Settings) -> Path:
    if asked.signing_trust is None or not asked.signing_trust.is_dir():
        raise SigningNotSetUp(setting="SEKAPS_SIGNING_TRUST", problem=text("names no folder"))
    return asked.signing_trust


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise CertificateUnreadable(source=str(path), reason=str(error)) from error


def _encoded(certificates: Sequence[x509.Certificate]) -> list[bytes]:
    return [each.public_bytes(Encoding.DER) for each in certificates]
