"""A signing key on a smart card or in a hardware module, reached through its PKCS #11 library.

Needs the package ``python-pkcs11``, which the product itself does without; only whoever opens a card needs it.
"""

import importlib
from types import ModuleType, TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from sekaps.errors.evidence import CardUnusable
from sekaps.evidence.keys import Algorithm, algorithm_of, holds, public_key_of
from sekaps.texts import text

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""What stands before a SHA-256 digest in a PKCS #1 signature (RFC 8017 §9.2, note 1)."""


class Pkcs11Signer:
    """A key on a card, with a session that stays open until it is closed."""

    def __init__(
        self,
        library: str,
        *,
        token: str,
        key: str,
        pin: str,
        certificate: bytes | None = None,
        chain: tuple[bytes, ...] = (),
    ) -> None:
        """Open the card and find the key by its label; the certificate on the card, unless one is given."""
        self.token, self.chain = token, chain
        self._pkcs11 = _bindings(token)
        try:
            self._session = self._open(library, pin)
        except RuntimeError as error:
            raise self._unusable(error) from error
        try:
            self._key = self._session.get_key(object_class=self._pkcs11.ObjectClass.PRIVATE_KEY, label=key)
            self.certificate = certificate or self._certificate_on_card(key)
            self._public_key = public_key_of(self.certificate, source=token)
        except RuntimeError as error:
            self.close()
            raise self._unusable(error) from error
        except BaseException:
            self.close()
            raise

    def _open(self, library: str, pin: str) -> Any:
        """Return a session; this process logs in to a card once, for all the keys on it."""
        token = self._pkcs11.lib(library).get_token(token_label=self.token)
        try:
            return token.open(user_pin=pin)
        except self._pkcs11.exceptions.UserAlreadyLoggedIn:
            return token.open()

    @property
    def algorithm(self) -> Algorithm:
        """How the key signs."""
        return algorithm_of(self._public_key)

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the raw signature over a SHA-256 digest, once it is seen to fit the certificate."""
        try:
            signature = self._signed(digest)
        except RuntimeError as error:
            raise self._unusable(error) from error
        if not holds(self._public_key, signature, digest):
            raise CardUnusable(token=self.token, reason=text("the certificate belongs to another key"))
        return signature

    def close(self) -> None:
        """End the session with the card."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _signed(self, digest: bytes) -> bytes:
        mechanism = self._pkcs11.Mechanism
        if self.algorithm is Algorithm.RSA_SHA256:
            return bytes(self._key.sign(SHA256_INFO + digest, mechanism=mechanism.RSA_PKCS))
        pair = bytes(self._key.sign(digest, mechanism=mechanism.ECDSA))
        half = len(pair) // 2
        return encode_dss_signature(int.from_bytes(pair[:half]), int.from_bytes(pair[half:]))

    def _certificate_on_card(self, label: str) -> bytes:
        names = self._pkcs11.Attribute
        wanted = {names.CLASS: self._pkcs11.ObjectClass.CERTIFICATE, names.LABEL: label}
        found = [bytes(each[names.VALUE]) for each in self._session.get_objects(wanted)]
        if len(found) != 1:
            raise CardUnusable(
                token=self.token,
                reason=text("it holds {count} certificates named '{label}', not one", count=len(found), label=label),
            )
        return found[0]

    def _unusable(self, error: RuntimeError) -> CardUnusable:
        return CardUnusable(token=self.token, reason=str(error) or type(error).__name__)


def _bindings(token: str) -> Any:
    """Return the package that speaks PKCS #11; its absence is a matter of the card, not of the product."""
    try:
        package: ModuleType = importlib.import_module("pkcs11")
    except ImportError as error:
        raise CardUnusable(token=token, reason=text("the Python package python-pkcs11 is not installed")) from error
    return package
