"""A certificate is trusted for its path: every authority on it must be one, hold, and not be revoked."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from paper_authority import ROOT_VALIDITY, SIGNED_AT, VALIDITY, issuer, person, root

from sekaps.errors.evidence import CertificateUnreadable
from sekaps.evidence.certificates import Issuer, is_test_certificate, service_name
from sekaps.evidence.keys import read_certificate
from sekaps.evidence.revocations import Reason, Revocation, revocation_list
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import Verdict

ROOT_KEY, MIDDLE_KEY, LEAF_KEY = (ec.derive_private_key(number, ec.SECP256R1()) for number in (3, 4, 5))
ROOT, MIDDLE = Issuer(service_name("root"), ROOT_KEY), Issuer(service_name("middle"), MIDDLE_KEY)


def certificate(by, name, key, *, authority=None, length=None, serial=1, validity=ROOT_VALIDITY):
    builder = x509.CertificateBuilder().issuer_name(by.name).subject_name(service_name(name)).serial_number(serial)
    builder = builder.public_key(key.public_key()).not_valid_before(validity[0]).not_valid_after(validity[1])
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=length), critical=True)
    return builder.sign(by.key, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)


TOP = certificate(ROOT, "root", ROOT_KEY, authority=True)
BETWEEN = certificate(ROOT, "middle", MIDDLE_KEY, authority=True)
LEAF = certificate(MIDDLE, "leaf", LEAF_KEY, serial=2, validity=VALIDITY)


def verdict(*, top=TOP, between=BETWEEN, at=SIGNED_AT, **lists):
    return Trust([top], authorities=[between], **lists).standing(LEAF).verdict_at(at)


def test_an_authority_below_the_root_certifies():
    assert verdict() is Verdict.VALID
    assert Trust([TOP]).standing(LEAF).verdict_at(SIGNED_AT) is Verdict.ISSUER_UNKNOWN
    assert Trust([BETWEEN]).standing(LEAF).verdict_at(SIGNED_AT) is Verdict.VALID


def test_a_root_may_forbid_authorities_below_it():
    assert verdict(top=certificate(ROOT, "root", ROOT_KEY, authority=True, length=0)) is Verdict.ISSUER_UNKNOWN
    assert verdict(top=certificate(ROOT, "root", ROOT_KEY, authority=True, length=1)) is Verdict.VALID


@pytest.mark.parametrize("authority", [None, False])
def test_a_certificate_that_is_no_authority_certifies_nobody(authority):
    assert verdict(between=certificate(ROOT, "middle", MIDDLE_KEY, authority=authority)) is Verdict.ISSUER_UNKNOWN


def test_an_authority_certifies_no_longer_than_it_holds_itself():
    short = (VALIDITY[0], VALIDITY[0] + timedelta(days=1))
    assert verdict(between=certificate(ROOT, "middle", MIDDLE_KEY, authority=True, validity=short)) is (
        Verdict.CERTIFICATE_EXPIRED
    )


def test_a_revoked_authority_takes_those_below_with_it():
    listed = revocation_list(ROOT, [Revocation(1, SIGNED_AT, Reason.UNSPECIFIED)], SIGNED_AT)
    assert verdict(crls=[listed]) is Verdict.REVOKED
    assert verdict(crls=[listed], at=SIGNED_AT - timedelta(seconds=1)) is Verdict.VALID


def test_the_earliest_of_several_lists_counts():
    serial = read_certificate(person().certificate).serial_number
    days = [datetime(2023, 2, day, tzinfo=UTC) for day in (20, 10, 15)]
    lists = [revocation_list(issuer(), [Revocation(serial, day, Reason.SUPERSEDED)], SIGNED_AT) for day in days]
    assert Trust([root()], crls=lists).standing(person().certificate).revoked_at == min(days)


@pytest.mark.parametrize("make", [lambda: Trust([b"none"]), lambda: Trust([TOP], crls=[b"none"])])
def test_something_that_is_no_certificate_or_list_is_refused(make):
    with pytest.raises(CertificateUnreadable):
        make()


def test_only_certificates_of_the_test_policy_are_tests():
    assert is_test_certificate(person().certificate)
    assert not is_test_certificate(LEAF)
