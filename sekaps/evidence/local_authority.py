"""A certification authority of this machine, for tests and rehearsals only: root, people, time stamps, revocation.

Its folder holds the root, its two services and one secret from which every person's key is drawn. Nothing is kept of
people: any process that opens the folder gives the same person the same key and, byte for byte, the same certificate.
"""

import contextlib
import errno
import hmac
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from sekaps.errors.evidence import AuthorityUnusable
from sekaps.evidence.certificates import Issuer, Purpose, Subject, certify, service_name
from sekaps.evidence.keys import LocalSigner, PublicKey, read_certificate
from sekaps.evidence.revocations import Reason, Revocation, revocation_answer, revocation_list
from sekaps.evidence.trust import Trust

CURVE = ec.SECP256R1()
LIFETIME = timedelta(days=365 * 30)
SECRET_BYTES = 32
FOLDER_MODE, FILE_MODE = 0o700, 0o600
ROOT, TIMESTAMPS, ANSWERS, PEOPLE, REVOKED = "root", "timestamps", "answers", "people.secret", "revoked"
SERVICES = {
    ROOT: ("SEKAPS TEST", Purpose.ROOT),
    TIMESTAMPS: ("SEKAPS TEST zaman damgası", Purpose.TIMESTAMP),
    ANSWERS: ("SEKAPS TEST iptal yanıtı", Purpose.ANSWERS),
}


@dataclass(frozen=True, slots=True)
class LocalAuthority:
    """The authority opened: certifies people, stamps times, revokes and answers."""

    folder: Path
    root: LocalSigner
    timestamps: LocalSigner
    """The key and certificate that sign time stamps."""
    answers: LocalSigner
    """The key and certificate that sign answers about revocation."""
    people_secret: bytes = field(repr=False)

    @classmethod
    def open(cls, folder: Path, valid_from: datetime) -> Self:
        """Return the authority in that folder; made there first, valid from that instant, if there is none.

        Two processes that make one at the same moment end up with the same.
        """
        try:
            if not (folder / PEOPLE).exists():
                _make(folder, valid_from)
            root, timestamps, answers = (_load(folder, name) for name in (ROOT, TIMESTAMPS, ANSWERS))
            return cls(folder, root, timestamps, answers, (folder / PEOPLE).read_bytes())
        except (OSError, ValueError) as error:
            raise AuthorityUnusable(folder=str(folder), reason=str(error)) from error

    def signer_for(self, subject: Subject, valid_from: datetime, valid_until: datetime) -> LocalSigner:
        """Return a person's key and certificate; the same ones whenever the same is asked."""
        seed = "\0".join((subject.code, subject.name, subject.organisation, valid_from.isoformat()))
        key = _drawn_key(self.people_secret, seed)
        return LocalSigner(key, self.issue(subject, key.public_key(), valid_from, valid_until))

    def issue(self, subject: Subject, key: PublicKey, valid_from: datetime, valid_until: datetime) -> bytes:
        """Return a certificate (DER) for a key kept elsewhere, on a card or behind an agent."""
        return certify(self._issuer(), subject.distinguished_name, key, Purpose.PERSON, (valid_from, valid_until))

    def revoke(self, certificate: bytes, at: datetime, reason: Reason = Reason.UNSPECIFIED) -> Revocation:
        """Revoke a certificate and return the revocation that stands: the first one, if it was revoked before."""
        serial = read_certificate(certificate).serial_number
        path = self.folder / REVOKED / f"{serial:x}.json"
        try:
            _write_once(path, json.dumps({"at": at.isoformat(), "reason": reason}).encode())
        except OSError as error:
            raise AuthorityUnusable(folder=str(self.folder), reason=str(error)) from error
        return _read_revocation(path)

    def revocations(self) -> list[Revocation]:
        """Return every revocation, in the order of serial numbers."""
        return sorted(map(_read_revocation, (self.folder / REVOKED).glob("*.json")), key=lambda each: each.serial)

    def crl(self, at: datetime) -> bytes:
        """Return the signed revocation list (DER) as it stands at that instant."""
        return revocation_list(self._issuer(), self.revocations(), at)

    def ocsp(self, certificate: bytes, at: datetime) -> bytes:
        """Return the signed answer (DER) about one certificate as it stands at that instant."""
        path = self.folder / REVOKED / f"{read_certificate(certificate).serial_number:x}.json"
        revocation = _read_revocation(path) if path.exists() else None
        return revocation_answer(self.answers, self.root.certificate, certificate, revocation, at)

    def trust(self, at: datetime) -> Trust:
        """Return trust in this authority, with all it has revoked by that instant."""
        return Trust([self.root.certificate], crls=[self.crl(at)])

    def _issuer(self) -> Issuer:
        key = self.root.key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Issuer(service_name(SERVICES[ROOT][0]), key)


def _make(folder: Path, valid_from: datetime) -> None:
    """Make the whole folder beside its place and move it there; whoever comes second drops theirs."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _fill(beside, valid_from)
        beside.rename(folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not (folder / PEOPLE).exists():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _fill(folder: Path, valid_from: datetime) -> None:
    keys = {name: ec.generate_private_key(CURVE) for name in SERVICES}
    issuer = Issuer(service_name(SERVICES[ROOT][0]), keys[ROOT])
    validity = (valid_from, valid_from + LIFETIME)
    for name, (title, purpose) in SERVICES.items():
        certificate = certify(issuer, service_name(title), keys[name].public_key(), purpose, validity)
        private = keys[name].private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        _write(folder / f"{name}.key", private)
        _write(folder / f"{name}.crt", certificate)
        _write(folder / f"{name}.pem", read_certificate(certificate).public_bytes(Encoding.PEM))
    _write(folder / PEOPLE, os.urandom(SECRET_BYTES))
    (folder / REVOKED).mkdir(mode=FOLDER_MODE)


def _write(path: Path, content: bytes) -> None:
    """Write a new file that only its owner reads, down to the disk."""
    path.touch(mode=FILE_MODE, exist_ok=False)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _write_once(path: Path, content: bytes) -> None:
    """Put a whole file in its place, unless one is there."""
    with tempfile.NamedTemporaryFile(dir=path.parent) as beside:
        beside.write(content)
        beside.flush()
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(beside.name)


def _load(folder: Path, name: str) -> LocalSigner:
    key = load_der_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{name}.key is not an elliptic-curve key")
    return LocalSigner(key, (folder / f"{name}.crt").read_bytes())


def _read_revocation(path: Path) -> Revocation:
    told = json.loads(path.read_bytes())
    return Revocation(int(path.stem, 16), datetime.fromisoformat(told["at"]), Reason(told["reason"]))


def _drawn_key(secret: bytes, seed: str) -> ec.EllipticCurvePrivateKey:
    """Return the key drawn from the secret for one seed; 512 bits leave no bias in 256 (FIPS 186-5 A.2.1)."""
    drawn = int.from_bytes(hmac.digest(secret, seed.encode(), "sha512"))
    return ec.derive_private_key(drawn % (_ORDER - 1) + 1, CURVE)


_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256 (SEC 2 §2.4.2)."""
