"""pyHanko agrees with the fast check, and looks further: paths, revocation, time stamps."""

import hashlib

import pytest

from sekaps.evidence.cms import sign_detached, verify_detached, with_timestamp
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.evidence.timestamps import LocalTimestamper, stamp
from sekaps.evidence.trust import Trust
from sekaps.evidence.validation import validate_cms, validate_timestamp
from sekaps.evidence.verdicts import Verdict

CONTENT = b'{"format":"sekaps-document-1","unit":24312041}'


def test_a_good_signature_is_valid_and_names_its_signer(authority, person, at):
    found = validate_cms(CONTENT, sign_detached(CONTENT, person(), at), authority.trust(at), at)
    assert found.verdict is Verdict.VALID
    assert "Ayşe Yılmaz" in found.signer
    assert found.signed_at == at


@pytest.mark.parametrize("years", [-1, 0, 5])
@pytest.mark.parametrize("content", [CONTENT, CONTENT + b" "])
def test_both_checks_agree_over_the_years(authority, person, at, day, years, content):
    then = at + years * 365 * day
    message, trust = sign_detached(CONTENT, person(), then), authority.trust(then)
    assert validate_cms(content, message, trust, then).verdict is verify_detached(content, message, trust, then)


def test_both_checks_agree_on_strangers_and_on_other_purposes(authority, person, at, tmp_path):
    stranger = Trust([LocalAuthority.open(tmp_path / "other", at).root.certificate])
    message, stamped = sign_detached(CONTENT, person(), at), sign_detached(CONTENT, authority.timestamps, at)
    for found, trust in ((message, stranger), (stamped, authority.trust(at))):
        fast = verify_detached(CONTENT, found, trust, at)
        assert fast is not Verdict.VALID
        assert validate_cms(CONTENT, found, trust, at).verdict is fast


def test_revocation_is_found_in_lists_and_in_answers(authority, person, at, day):
    message = sign_detached(CONTENT, person(), at)
    authority.revoke(person().certificate, at - day)
    answered = Trust([authority.root.certificate], ocsps=[authority.ocsp(person().certificate, at)])
    assert validate_cms(CONTENT, message, authority.trust(at), at).verdict is Verdict.REVOKED
    assert validate_cms(CONTENT, message, answered, at).verdict is Verdict.REVOKED


def test_an_answer_that_it_is_good_is_enough(authority, person, at):
    answered = Trust([authority.root.certificate], ocsps=[authority.ocsp(person().certificate, at)])
    assert validate_cms(CONTENT, sign_detached(CONTENT, person(), at), answered, at).verdict is Verdict.VALID


def test_an_old_list_says_nothing_of_now(authority, person, at, day):
    message, trust = sign_detached(CONTENT, person(), at), authority.trust(at - 30 * day)
    assert validate_cms(CONTENT, message, trust, at).verdict is Verdict.REVOCATION_UNKNOWN


def test_a_time_stamp_is_seen_and_one_of_something_else_does_not_hold(authority, person, at):
    timestamper, message = LocalTimestamper(authority.timestamps, at), sign_detached(CONTENT, person(), at)
    wrong = with_timestamp(message, stamp(hashlib.sha256(b"other").digest(), timestamper))
    assert validate_cms(CONTENT, wrong, authority.trust(at), at).verdict is Verdict.TIMESTAMP_BROKEN


def test_a_token_proves_its_own_digest_only(authority, at, tmp_path):
    digest = hashlib.sha256(CONTENT).digest()
    token = stamp(digest, LocalTimestamper(authority.timestamps, at))
    stranger = Trust([LocalAuthority.open(tmp_path / "other", at).root.certificate])
    assert validate_timestamp(token, digest, authority.trust(at), at) is Verdict.VALID
    assert validate_timestamp(token, bytes(32), authority.trust(at), at) is Verdict.BYTES_CHANGED
    assert validate_timestamp(token, digest, stranger, at) is Verdict.ISSUER_UNKNOWN
    assert validate_timestamp(b"nonsense", digest, stranger, at) is Verdict.MALFORMED


@pytest.mark.parametrize(
    "message", [b"", b"nonsense", bytes.fromhex("3000"), bytes.fromhex("300b06092a864886f70d010702")]
)
def test_nonsense_is_malformed(authority, at, message):
    assert validate_cms(CONTENT, message, authority.trust(at), at).verdict is Verdict.MALFORMED
