"""A signing key behind an agent outside: a program beside the card reader, or a signing service.

The agent speaks JSON over HTTP; every value in bytes is base64:

- ``GET {address}/certificates/{key_id}`` answers ``{"certificate": DER, "chain": [DER, ...]}``;
- ``POST {address}/signatures`` with ``{"key_id": ..., "algorithm": "ecdsa-sha256" | "rsa-sha256", "digest": SHA-256}``
  answers ``{"signature": raw signature, "certificate": DER}``.

Any other status than 200 is a refusal. The address is on this machine, or https. No redirection is followed.
"""

import base64
import binascii
import http.client
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import SplitResult, quote, urlsplit

from sekaps.errors.evidence import AgentAddressRefused, AgentAnswerRefused, AgentUnreachable, EvidenceError
from sekaps.evidence.keys import Algorithm, PublicKey, algorithm_of, holds, public_key_of
from sekaps.texts import Text, text

SECONDS_TO_WAIT = 30
"""A person may have to type a PIN."""
LONGEST_ANSWER = 1 << 18


@dataclass(frozen=True, slots=True)
class AgentSigner:
    """A key an agent signs with, by the key's name there."""

    address: str
    key_id: str
    certificate: bytes
    chain: tuple[bytes, ...] = ()
    seconds_to_wait: float = SECONDS_TO_WAIT

    @classmethod
    def at(cls, address: str, key_id: str, *, seconds_to_wait: float = SECONDS_TO_WAIT) -> Self:
        """Return the signer for a key, with the certificate the agent tells."""
        answer = _ask(address, "GET", f"/certificates/{quote(key_id, safe='')}", None, seconds_to_wait)
        above = answer.get("chain", [])
        if not isinstance(above, list):
            raise _refused(address, text("{name} is not base64", name="chain"))
        chain = tuple(_bytes(address, {"chain": each}, "chain") for each in above)
        signer = cls(address, key_id, _bytes(address, answer, "certificate"), chain, seconds_to_wait)
        signer._public_key()
        return signer

    @property
    def algorithm(self) -> Algorithm:
        """How the key signs."""
        return algorithm_of(self._public_key())

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the raw signature over a SHA-256 digest, once it is seen to come from the certificate's key."""
        question = {"key_id": self.key_id, "algorithm": self.algorithm, "digest": base64.b64encode(digest).decode()}
        answer = _ask(self.address, "POST", "/signatures", question, self.seconds_to_wait)
        signature = _bytes(self.address, answer, "signature")
        if _bytes(self.address, answer, "certificate") != self.certificate:
            raise _refused(self.address, text("it signed with another certificate"))
        if not holds(self._public_key(), signature, digest):
            raise _refused(self.address, text("the signature does not fit the digest"))
        return signature

    def _public_key(self) -> PublicKey:
        try:
            return public_key_of(self.certificate, source=self.key_id)
        except EvidenceError as error:
            raise AgentAnswerRefused(url=self.address, problem=error.message) from error


def _ask(address: str, verb: str, path: str, body: Mapping[str, str] | None, seconds: float) -> dict[str, Any]:
    """Return the agent's answer to one question."""
    parts = _allowed(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        connection.request(verb, parts.path.rstrip("/") + path, json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        status, content = response.status, response.read(LONGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException) as error:
        raise AgentUnreachable(url=address, reason=str(error) or type(error).__name__) from error
    finally:
        connection.close()
    return _read(address, status, content)


def _read(address: str, status: int, content: bytes) -> dict[str, Any]:
    if status != http.client.OK:
        raise _refused(address, text("status {status}", status=status))
    if len(content) > LONGEST_ANSWER:
        raise _refused(address, text("it is longer than {limit} bytes", limit=LONGEST_ANSWER))
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise _refused(address, text("it is not JSON")) from error
    if not isinstance(answer, dict):
        raise _refused(address, text("it is not JSON"))
    return answer


def _allowed(address: str) -> SplitResult:
    """Return the parts of an address that is on this machine or https; refuse any other."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AgentAddressRefused(url=address) from error
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))):
        raise AgentAddressRefused(url=address)
    return parts


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bytes(address: str, answer: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(answer[name], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise _refused(address, text("{name} is not base64", name=name)) from error


def _refused(address: str, problem: Text) -> AgentAnswerRefused:
    return AgentAnswerRefused(url=address, problem=problem)
