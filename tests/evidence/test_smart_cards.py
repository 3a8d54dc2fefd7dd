"""A key on a card: SoftHSM is a real PKCS #11 token, only in software."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sekaps.errors.evidence import CardUnusable
from sekaps.evidence.certificates import Subject
from sekaps.evidence.cms import sign_detached, verify_detached
from sekaps.evidence.smart_cards import Pkcs11Signer
from sekaps.evidence.verdicts import Verdict

LIBRARY = next((each for each in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so")), None)
pytestmark = pytest.mark.skipif(
    LIBRARY is None or shutil.which("softhsm2-util") is None, reason="needs softhsm2 and its library"
)
YEARS = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
PIN, TOKEN = "1234", "sekaps"
CONTENT = b"content"
KEYS = {"ayse": ec.generate_private_key(ec.SECP256R1()), "veli": ec.generate_private_key(ec.SECP384R1())}
KEYS |= {"ali": rsa.generate_private_key(65537, 2048)}


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    """A token of its own with three keys, found through SOFTHSM2_CONF; read once a process by its library."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        yield folder


@pytest.fixture(scope="module")
def filled(card):
    import subprocess

    def tool(*words):
        subprocess.run(["softhsm2-util", *map(str, words)], check=True, capture_output=True)

    tool("--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN)
    for number, (label, key) in enumerate(KEYS.items(), start=1):
        (card / label).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        tool("--import", card / label, "--token", TOKEN, "--label", label, "--id", f"0{number}", "--pin", PIN)
    return str(LIBRARY)


def certificate_of(authority, label):
    return authority.issue(Subject(label, "7", "Kurum"), KEYS[label].public_key(), *YEARS)


@pytest.mark.parametrize("label", KEYS)
def test_a_card_signs_behind_the_port(filled, authority, at, label):
    certificate = certificate_of(authority, label)
    with Pkcs11Signer(filled, token=TOKEN, key=label, pin=PIN, certificate=certificate) as signer:
        message = sign_detached(CONTENT, signer, at)
    assert verify_detached(CONTENT, message, authority.trust(at), at) is Verdict.VALID


def test_the_certificate_on_the_card_is_found(filled, authority, at):
    import pkcs11

    certificate = certificate_of(authority, "ayse")
    with pkcs11.lib(filled).get_token(token_label=TOKEN).open(user_pin=PIN, rw=True) as session:
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE, pkcs11.Attribute.LABEL: "ayse"}
        kind = {pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509, pkcs11.Attribute.TOKEN: True}
        subject = {pkcs11.Attribute.SUBJECT: b"0\x00", pkcs11.Attribute.VALUE: certificate}
        session.create_object({**wanted, **kind, **subject})
    with Pkcs11Signer(filled, token=TOKEN, key="ayse", pin=PIN) as signer:
        assert signer.certificate == certificate


@pytest.mark.parametrize("change", [{"token": "other"}, {"key": "other"}, {"pin": "0000"}, {"library": "/no/such.so"}])
def test_what_is_not_there_is_one_clear_error(filled, authority, change):
    asked = {"library": filled, "token": TOKEN, "key": "ayse", "pin": PIN, **change}
    with pytest.raises(CardUnusable, match="cannot be used"):
        Pkcs11Signer(asked.pop("library"), certificate=certificate_of(authority, "ayse"), **asked)


def test_a_card_without_the_certificate_needs_it_given(filled):
    with pytest.raises(CardUnusable, match="holds 0 certificates"):
        Pkcs11Signer(filled, token=TOKEN, key="veli", pin=PIN)


def test_a_certificate_of_another_key_is_refused_when_signing(filled, authority, person):
    with (
        Pkcs11Signer(filled, token=TOKEN, key="ayse", pin=PIN, certificate=person().certificate) as signer,
        pytest.raises(CardUnusable, match="another key"),
    ):
        signer.sign_digest(bytes(32))


def test_without_the_package_for_cards_only_cards_are_missing(monkeypatch, person):
    monkeypatch.setitem(__import__("sys").modules, "pkcs11", None)
    with pytest.raises(CardUnusable, match="python-pkcs11"):
        Pkcs11Signer("x", token=TOKEN, key="ayse", pin=PIN, certificate=person().certificate)
