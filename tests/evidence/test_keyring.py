"""Whose keys a process signs with: what its settings say, and one clear line where they do not say enough."""

import base64
import json
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from sekaps.errors.evidence import CertificateUnreadable, SigningNotSetUp, TimestampUnavailable
from sekaps.evidence.certificates import Subject, is_test_certificate
from sekaps.evidence.kept import verify_kept
from sekaps.evidence.keys import read_certificate
from sekaps.evidence.timestamps import stamp
from sekaps.evidence.verdicts import Verdict
from sekaps.keyring import AuthorityKeys, OutsideKeys, _opened
from sekaps.services.evidence import Holder
from sekaps.settings import Settings

AYSE, VELI = Holder(10233, "Ayşe Yılmaz"), Holder(10234, "Veli Kaya")
YEARS = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
LIBRARY = next((each for each in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so")), None)


@pytest.fixture
def trusted(authority, tmp_path):
    folder = tmp_path / "trusted"
    folder.mkdir()
    (folder / "root.pem").write_bytes((authority.folder / "root.pem").read_bytes())
    return folder


@pytest.fixture
def agent(person):
    """An agent that has the key of every manager code."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            code = self.path.rpartition("/")[2]
            self.say({"certificate": base64.b64encode(person(code).certificate).decode(), "chain": []})

        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            signer = person(question["key_id"])
            signature = signer.sign_digest(base64.b64decode(question["digest"]))
            told = {"signature": signature, "certificate": signer.certificate}
            self.say({name: base64.b64encode(value).decode() for name, value in told.items()})

        def say(self, answer):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def verdicts(keys, at, *holders):
    """Let each sign two contents and return what holds of them."""
    contents = [b"one", b"two"]
    return [
        verify_kept(content, kept, keys.trust(at), at)
        for holder in holders
        for content, kept in zip(contents, keys.seal(holder, contents, at), strict=True)
    ]


def test_by_default_everybody_s_key_comes_from_the_test_authority_and_says_so(tmp_path, at, day):
    keys = _opened(Settings(home=tmp_path))
    assert isinstance(keys, AuthorityKeys)
    assert verdicts(keys, at, AYSE, VELI) == [Verdict.VALID] * 4
    [kept] = keys.seal(AYSE, [b"one"], at)
    assert is_test_certificate(kept.certificate)
    assert kept.certificate == keys.seal(AYSE, [b"two"], at + day)[0].certificate


def test_a_certificate_is_another_after_its_years_and_holds_at_every_instant_it_signs(tmp_path, at):
    keys = _opened(Settings(home=tmp_path))
    years = [at.replace(year=year) for year in range(2016, 2031)]
    found = [keys.seal(AYSE, [b"one"], each)[0].certificate for each in years]
    assert len(set(found)) == 6
    assert all(read_certificate(one).not_valid_before_utc <= each for one, each in zip(found, years, strict=True))
    assert {verdict for each in years for verdict in verdicts(keys, each, AYSE)} == {Verdict.VALID}


def test_a_revocation_made_meanwhile_is_known_at_once(tmp_path, at, day):
    keys = _opened(Settings(home=tmp_path))
    assert verdicts(keys, at, AYSE) == [Verdict.VALID] * 2
    keys.authority.revoke(keys.seal(AYSE, [b"one"], at)[0].certificate, at)
    assert verdicts(keys, at + day, AYSE) == [Verdict.REVOKED] * 2


def test_an_agent_signs_for_each_person_by_manager_code(agent, trusted, at):
    keys = _opened(Settings(signing="agent", signing_agent=agent, signing_trust=trusted))
    assert isinstance(keys, OutsideKeys)
    assert verdicts(keys, at, AYSE, VELI) == [Verdict.VALID] * 4


def test_a_list_in_the_trust_folder_revokes(agent, trusted, authority, person, at):
    keys = _opened(Settings(signing="agent", signing_agent=agent, signing_trust=trusted))
    authority.revoke(person(str(VELI.number)).certificate, at - timedelta(days=1))
    (trusted / "root.crl").write_bytes(authority.crl(at))
    assert verdicts(keys, at, AYSE, VELI) == [Verdict.VALID] * 2 + [Verdict.REVOKED] * 2


SIGNING_ALONE = """
import sys
from datetime import datetime
from sekaps.evidence.kept import verify_kept
from sekaps.keyring import keyring
from sekaps.services.evidence import Holder
at, keys = datetime.fromisoformat(sys.argv[1]), keyring()
for number in (10233, 10234):
    [kept] = keys.seal(Holder(number, ""), [b"one"], at)
    print(verify_kept(b"one", kept, keys.trust(at), at).value)
"""
ISSUING = """
import sys, pkcs11
from pathlib import Path
library, label, path = sys.argv[1:]
A = pkcs11.Attribute
session = pkcs11.lib(library).get_token(token_label="kart").open(rw=True, user_pin="1234")
session.create_object({A.CLASS: pkcs11.ObjectClass.CERTIFICATE, A.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
    A.TOKEN: True, A.LABEL: label, A.VALUE: Path(path).read_bytes(), A.SUBJECT: b"0"})
"""
"""Both run in a process of their own: the card's library reads its settings once."""


@pytest.fixture
def card(tmp_path, authority, monkeypatch):
    """A card with the keys and certificates of two people."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    done("softhsm2-util", "--init-token", "--free", "--label", "kart", "--pin", "1234", "--so-pin", "1234")
    for number in (AYSE.number, VELI.number):
        key = ec.generate_private_key(ec.SECP256R1())
        pem, certificate = tmp_path / f"{number}.pem", tmp_path / f"{number}.crt"
        pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate.write_bytes(authority.issue(Subject("a", str(number), "T.C."), key.public_key(), *YEARS))
        named = ("--token", "kart", "--label", number, "--id", f"0{number}", "--pin", "1234")
        done("softhsm2-util", "--import", pem, *named)
        done(sys.executable, "-c", ISSUING, LIBRARY, number, certificate)


def done(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(LIBRARY is None or shutil.which("softhsm2-util") is None, reason="needs softhsm2 and its library")
@pytest.mark.usefixtures("card")
def test_cards_sign_for_each_person_by_the_label_of_the_key(trusted, at, monkeypatch):
    said = {"": "cards", "_LIBRARY": LIBRARY, "_TOKEN": "kart", "_PIN": "1234", "_TRUST": trusted}
    for name, value in said.items():
        monkeypatch.setenv(f"SEKAPS_SIGNING{name}", str(value))
    assert done(sys.executable, "-c", SIGNING_ALONE, at.isoformat()).split() == ["valid", "valid"]


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        ({"signing": "paper"}, "SEKAPS_SIGNING "),
        ({"signing": "agent"}, "SEKAPS_SIGNING_AGENT"),
        ({"signing": "agent", "signing_agent": "http://127.0.0.1:9"}, "SEKAPS_SIGNING_TRUST"),
        ({"signing": "cards", "signing_token": "kart"}, "SEKAPS_SIGNING_LIBRARY"),
    ],
)
def test_settings_that_say_too_little_are_one_clear_line(said, setting):
    with pytest.raises(SigningNotSetUp, match=setting):
        _opened(Settings(**said))


def test_without_roots_or_a_time_stamp_authority_nothing_is_trusted_or_stamped(tmp_path, trusted, at):
    cards = {"signing_library": tmp_path, "signing_token": "kart", "signing_pin": SecretStr("1234")}
    keys = _opened(Settings(signing="cards", signing_trust=trusted, **cards))
    with pytest.raises(SigningNotSetUp, match="SEKAPS_TIMESTAMP_URL"):
        keys.timestamper(at)
    (trusted / "root.pem").write_bytes(b"nonsense")
    with pytest.raises(CertificateUnreadable):
        keys.trust(at)
    (trusted / "root.pem").unlink()
    with pytest.raises(SigningNotSetUp, match="holds no root"):
        keys.full_trust(at)


def test_a_time_stamp_authority_outside_is_used_where_one_is_named(tmp_path, trusted, at):
    url = "http://127.0.0.1:9/tsa"
    outside = Settings(signing="agent", signing_agent="http://127.0.0.1:9", signing_trust=trusted, timestamp_url=url)
    for asked in (Settings(home=tmp_path, timestamp_url=url), outside):
        with pytest.raises(TimestampUnavailable):
            stamp(bytes(32), _opened(asked).timestamper(at))


def test_the_pin_is_never_shown(tmp_path):
    assert "1234" not in repr(Settings(signing_pin=SecretStr("1234")))
