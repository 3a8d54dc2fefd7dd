"""Errors of evidence: bytes that cannot be signed, keys and certificates without use, services that are away."""

from datetime import datetime

from sekaps.errors.base import SekapsError
from sekaps.texts import Sayable, Text, text


class EvidenceError(SekapsError):
    """Evidence cannot be made or judged as asked."""


class ValueNotCanonical(EvidenceError):
    """A document holds a value that has no single form in bytes."""

    def __init__(self, *, where: str, problem: Text) -> None:
        self.where, self.problem = where, problem
        super().__init__(text("{where} cannot be signed: {problem}", where=where, problem=problem))


class InstantWithoutZone(EvidenceError):
    """An instant without a zone was given where evidence needs one."""

    def __init__(self, *, instant: datetime) -> None:
        self.instant = instant
        super().__init__(
            text("{instant} has no zone; evidence is made at a UTC instant only", instant=instant.isoformat())
        )


class KeyUnusable(EvidenceError):
    """A signing key or its certificate cannot be used."""

    def __init__(self, *, source: str, problem: Text) -> None:
        self.source, self.problem = source, problem
        super().__init__(text("the signing key {source} cannot be used: {problem}", source=source, problem=problem))


class CertificateUnreadable(EvidenceError):
    """Something given as a certificate, or as an answer about certificates, is none."""

    def __init__(self, *, source: str, reason: str) -> None:
        self.source, self.reason = source, reason
        super().__init__(text("{source} cannot be read: {reason}", source=source, reason=reason))


class SignatureUnreadable(EvidenceError):
    """A signature, a time stamp or a signed statement is not of the accepted form."""

    def __init__(self, *, reason: str | Text) -> None:
        self.reason = reason
        super().__init__(text("the signature cannot be used: {reason}", reason=reason))


class RevocationsUntrusted(EvidenceError):
    """A revocation list is signed by none of the trusted authorities."""

    def __init__(self, *, issuer: str) -> None:
        self.issuer = issuer
        super().__init__(
            text("the revocation list of {issuer} is signed by none of the trusted authorities", issuer=issuer)
        )


class CardUnusable(EvidenceError):
    """A smart card or its library cannot be used."""

    exit_code = 3

    def __init__(self, *, token: str, reason: str | Text) -> None:
        self.token, self.reason = token, reason
        super().__init__(
            text(
                "the card {token} cannot be used: {reason}; check that it is inserted, its library and its PIN",
                token=token,
                reason=reason,
            )
        )


class AgentAddressRefused(EvidenceError):
    """A signing agent's address is neither on this machine nor https."""

    def __init__(self, *, url: str) -> None:
        self.url = url
        super().__init__(
            text("the signing agent {url} is neither on this machine nor https; give such an address", url=url)
        )


class AgentUnreachable(EvidenceError):
    """The signing agent does not answer."""

    exit_code = 3

    def __init__(self, *, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(
            text(
                "the signing agent {url} does not answer ({reason}); nothing was signed, start it and sign again",
                url=url,
                reason=reason,
            )
        )


class AgentAnswerRefused(EvidenceError):
    """The signing agent answered something that is not the signature asked for."""

    exit_code = 3

    def __init__(self, *, url: str, problem: Sayable) -> None:
        self.url, self.problem = url, problem
        super().__init__(
            text(
                "the answer of the signing agent {url} was refused: {problem}; nothing was signed",
                url=url,
                problem=problem,
            )
        )


class AuthorityUnusable(EvidenceError):
    """The folder of the local test authority cannot be used."""

    def __init__(self, *, folder: str, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(
            text("the local test authority in {folder} cannot be used: {reason}", folder=folder, reason=reason)
        )


class TimestampUnavailable(EvidenceError):
    """The time-stamp authority gave no time stamp."""

    exit_code = 3

    def __init__(self, *, source: str, reason: str | Text) -> None:
        self.source, self.reason = source, reason
        super().__init__(
            text("the time-stamp authority {source} gave no time stamp: {reason}", source=source, reason=reason)
        )


class PdfNotSigned(EvidenceError):
    """A PDF could not be signed."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(text("the PDF could not be signed: {reason}", reason=reason))


class SigningNotSetUp(EvidenceError):
    """The settings do not say where keys, trusted certificates or time stamps come from."""

    def __init__(self, *, setting: str, problem: Text) -> None:
        self.setting, self.problem = setting, problem
        super().__init__(text("signing is not set up: {setting} {problem}", setting=setting, problem=problem))


class ActNotUnderRoot(EvidenceError):
    """No signed root stands over an act of the audit trail yet."""

    def __init__(self, *, sequence: int, last: int) -> None:
        self.sequence, self.last = sequence, last
        super().__init__(
            text("no signed root stands over act {sequence} yet; the last act under one is {last}",
                 sequence=sequence, last=last)
        )  # fmt: skip


class RevokedElsewhere(EvidenceError):
    """Certificates that were issued outside are revoked there."""

    def __init__(self, *, signing: str) -> None:
        self.signing = signing
        super().__init__(
            text(
                "certificates are those of the {signing} (SEKAPS_SIGNING): whoever issued them revokes them; put the"
                " list (*.crl) into the folder SEKAPS_SIGNING_TRUST",
                signing=signing,
            )
        )
