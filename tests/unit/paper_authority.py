"""An authority in memory for tests of signatures: a root, people, and what it revokes; nothing touches a disk."""

from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from sekaps.evidence.certificates import Issuer, Purpose, Subject, certify, service_name
from sekaps.evidence.keys import LocalSigner
from sekaps.evidence.revocations import Revocation, revocation_list
from sekaps.evidence.trust import Trust

SIGNED_AT = datetime(2023, 3, 1, 7, 30, tzinfo=UTC)
VALIDITY = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
ROOT_VALIDITY = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


@cache
def issuer(name: str = "SEKAPS TEST") -> Issuer:
    return Issuer(service_name(name), ec.derive_private_key(7 + len(name), ec.SECP256R1()))


@cache
def root(name: str = "SEKAPS TEST") -> bytes:
    by = issuer(name)
    return certify(by, by.name, by.key.public_key(), Purpose.ROOT, ROOT_VALIDITY)


@cache
def person(code: str = "10233", purpose: Purpose = Purpose.PERSON, by: str = "SEKAPS TEST") -> LocalSigner:
    key = ec.derive_private_key(int(code), ec.SECP256R1())
    name = Subject("Ayşe Yılmaz", code, "Tarım ve Orman Bakanlığı").distinguished_name
    return LocalSigner(key, certify(issuer(by), name, key.public_key(), purpose, VALIDITY))


def trust(*revoked: Revocation, at: datetime = SIGNED_AT) -> Trust:
    return Trust([root()], crls=[revocation_list(issuer(), revoked, at)])
