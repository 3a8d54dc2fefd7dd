"""Keys from files: opened with the right passphrase and certificate, refused with one clear sentence otherwise."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from sekaps.errors.evidence import KeyUnusable
from sekaps.evidence.certificates import Subject
from sekaps.evidence.cms import sign_detached, verify_detached
from sekaps.evidence.keys import Algorithm, LocalSigner, read_certificate
from sekaps.evidence.validation import validate_cms
from sekaps.evidence.verdicts import Verdict

PASSPHRASE = b"gizli"
YEARS = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
CONTENT = b"content"


def pkcs8(key, passphrase=PASSPHRASE, encoding=Encoding.PEM):
    cipher = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(encoding, PrivateFormat.PKCS8, cipher)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_an_encrypted_key_file_signs(authority, person, at, encoding):
    signer = LocalSigner.from_pkcs8(pkcs8(person().key, encoding=encoding), person().certificate, passphrase=PASSPHRASE)
    assert verify_detached(CONTENT, sign_detached(CONTENT, signer, at), authority.trust(at), at) is Verdict.VALID


def test_a_pkcs_12_file_signs_and_leaves_the_root_to_the_verifier(authority, person, at):
    certificates = [read_certificate(each) for each in (person().certificate, authority.root.certificate)]
    cipher = BestAvailableEncryption(PASSPHRASE)
    bag = pkcs12.serialize_key_and_certificates(b"a", person().key, certificates[0], certificates[1:], cipher)
    signer = LocalSigner.from_pkcs12(bag, passphrase=PASSPHRASE)
    assert signer.chain == ()
    assert verify_detached(CONTENT, sign_detached(CONTENT, signer, at), authority.trust(at), at) is Verdict.VALID


def test_an_rsa_key_signs_and_both_checks_accept_it(authority, at):
    key = rsa.generate_private_key(65537, 2048)
    signer = LocalSigner(key, authority.issue(Subject("Ali", "7", "X"), key.public_key(), *YEARS))
    message = sign_detached(CONTENT, signer, at)
    assert signer.algorithm is Algorithm.RSA_SHA256
    assert verify_detached(CONTENT, message, authority.trust(at), at) is Verdict.VALID
    assert validate_cms(CONTENT, message, authority.trust(at), at).verdict is Verdict.VALID


@pytest.mark.parametrize("passphrase", [b"wrong", b""])
def test_a_wrong_passphrase_is_refused(person, passphrase):
    with pytest.raises(KeyUnusable, match="ayse.key"):
        LocalSigner.from_pkcs8(pkcs8(person().key), person().certificate, passphrase=passphrase, source="ayse.key")


def test_a_key_that_lies_open_is_refused(person):
    with pytest.raises(KeyUnusable):
        LocalSigner.from_pkcs8(pkcs8(person().key, None), person().certificate, passphrase=PASSPHRASE)


def test_another_person_s_certificate_is_refused(person):
    with pytest.raises(KeyUnusable, match="another key"):
        LocalSigner.from_pkcs8(pkcs8(person().key), person("7").certificate, passphrase=PASSPHRASE)


def test_kinds_of_key_that_do_not_sign_here_are_refused(authority, person):
    edwards, short = ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 1024)
    weak = authority.issue(Subject("Ali", "7", "X"), short.public_key(), *YEARS)
    for key, certificate in ((edwards, person().certificate), (short, weak)):
        with pytest.raises(KeyUnusable, match="only elliptic-curve"):
            LocalSigner.from_pkcs8(pkcs8(key), certificate, passphrase=PASSPHRASE)


def test_a_pkcs_12_file_without_a_certificate_or_without_sense_is_refused():
    key = ec.generate_private_key(ec.SECP256R1())
    bare = pkcs12.serialize_key_and_certificates(b"a", key, None, None, BestAvailableEncryption(PASSPHRASE))
    for data in (bare, b"nonsense"):
        with pytest.raises(KeyUnusable):
            LocalSigner.from_pkcs12(data, passphrase=PASSPHRASE)


def test_a_signer_does_not_show_its_key(person):
    assert "key=" not in repr(person())
