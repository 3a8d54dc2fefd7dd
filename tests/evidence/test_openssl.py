"""OpenSSL, which knows nothing of this engine, agrees with it on every signature, answer and time stamp."""

import hashlib
import shutil

import pytest

from sekaps.evidence.cms import sign_detached, with_certificates, without_certificates
from sekaps.evidence.kept import message_of, sign_kept
from sekaps.evidence.keys import LocalSigner
from sekaps.evidence.roots import DailyRoot, sign_root
from sekaps.evidence.timestamps import LocalTimestamper, stamp

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
CONTENT = b'{"format":"sekaps-document-1","unit":24312041}'


@pytest.fixture
def accepts(authority, tmp_path, run, at):
    """Tells whether ``openssl cms -verify -cades`` accepts a signature over the content."""

    def verify(message, content=CONTENT, *more):
        (tmp_path / "content").write_bytes(content)
        (tmp_path / "message").write_bytes(message)
        found = run(
            *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "message"),
            *("-content", tmp_path / "content", "-CAfile", authority.folder / "root.pem", "-out", "/dev/null"),
            *("-attime", int(at.timestamp()), *more),
        )
        return found.returncode == 0 and "CAdES Verification successful" in found.stderr

    return verify


def test_openssl_accepts_a_detached_signature(accepts, person, at):
    assert accepts(sign_detached(CONTENT, person(), at))


def test_openssl_refuses_changed_bytes(accepts, person, at):
    assert not accepts(sign_detached(CONTENT, person(), at), CONTENT + b" ")


def test_openssl_refuses_another_authority_s_signature(accepts, person, at, tmp_path, authority):
    other = type(authority).open(tmp_path / "other", at)
    assert not accepts(sign_detached(CONTENT, LocalSigner(person().key, other.timestamps.certificate), at))


def test_openssl_accepts_what_was_kept_short(accepts, person, at):
    message = sign_detached(CONTENT, person(), at)
    assert accepts(with_certificates(without_certificates(message), [person().certificate]))
    assert accepts(message_of(sign_kept(CONTENT, person(), at)))


def test_openssl_accepts_a_time_stamped_daily_root(accepts, authority, person, at):
    root = DailyRoot.over("acts", at.date(), first=1, hashes=[bytes(32)])
    signature = sign_root(root, person(), at, LocalTimestamper(authority.timestamps, at))
    assert accepts(signature, root.statement)


def test_openssl_refuses_a_revoked_certificate(accepts, authority, person, at, tmp_path, run, day):
    message, crl = sign_detached(CONTENT, person(), at), tmp_path / "crl"
    authority.revoke(person().certificate, at - day)
    crl.write_bytes(authority.crl(at))
    run("openssl", "crl", "-inform", "DER", "-in", crl, "-out", tmp_path / "crl.pem")
    assert accepts(message)
    assert not accepts(message, CONTENT, "-crl_check", "-CRLfile", tmp_path / "crl.pem")


def test_openssl_reads_the_answer_about_a_certificate(authority, person, at, tmp_path, run, day):
    certificate, answer = tmp_path / "person.crt", tmp_path / "answer"
    certificate.write_bytes(person().certificate)
    run("openssl", "x509", "-inform", "DER", "-in", certificate, "-out", tmp_path / "person.pem")
    root = authority.folder / "root.pem"
    asked = ["openssl", "ocsp", "-respin", answer, "-issuer", root, "-sha256", "-cert", tmp_path / "person.pem"]
    asked += ["-CAfile", root, "-attime", int(at.timestamp()), "-validity_period", 10**10]
    answer.write_bytes(authority.ocsp(person().certificate, at))
    good = run(*asked)
    authority.revoke(person().certificate, at - day)
    answer.write_bytes(authority.ocsp(person().certificate, at))
    assert "Response verify OK" in good.stderr
    assert "person.pem: good" in good.stdout
    assert "person.pem: revoked" in run(*asked).stdout


def test_openssl_accepts_a_time_stamp(authority, at, tmp_path, run):
    token, content = tmp_path / "token", tmp_path / "content"
    content.write_bytes(CONTENT)
    token.write_bytes(stamp(hashlib.sha256(CONTENT).digest(), LocalTimestamper(authority.timestamps, at)))
    asked = ["openssl", "ts", "-verify", "-data", content, "-in", token, "-token_in"]
    asked += ["-CAfile", authority.folder / "root.pem", "-attime", int(at.timestamp())]
    assert "Verification: OK" in run(*asked).stdout
    content.write_bytes(CONTENT + b" ")
    assert run(*asked).returncode != 0
