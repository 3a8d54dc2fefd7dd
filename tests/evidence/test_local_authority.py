"""The local test authority: one per folder, safe in its files, the same for every process, and plainly a test."""

import multiprocessing
import stat
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sekaps.errors.evidence import AuthorityUnusable, CertificateUnreadable
from sekaps.evidence.certificates import TEST_MARK, Subject, is_test_certificate
from sekaps.evidence.keys import read_certificate
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.evidence.revocations import Reason

YEARS = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
AYSE = Subject("Ayşe Yılmaz", "10233", "Tarım ve Orman Bakanlığı")


def _root(folder):
    return LocalAuthority.open(folder, YEARS[0]).root.certificate


def test_processes_that_make_it_at_once_end_up_with_the_same(tmp_path):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        roots = set(pool.map(_root, [tmp_path / "authority"] * 6, chunksize=1))
    assert len(roots) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["authority"]


def test_only_its_owner_reads_its_files(authority, person, at):
    authority.revoke(person().certificate, at)
    modes = {each.is_dir(): stat.S_IMODE(each.stat().st_mode) for each in authority.folder.rglob("*")}
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700
    assert modes == {True: 0o700, False: 0o600}


def test_every_process_gives_a_person_the_same_certificate(authority, person, at):
    again = LocalAuthority.open(authority.folder, at)
    assert again.signer_for(AYSE, *YEARS).certificate == person().certificate
    assert again.signer_for(AYSE, *YEARS).key.private_numbers() == person().key.private_numbers()


def test_people_and_renewals_have_keys_and_serial_numbers_of_their_own(authority, person):
    signers = [person(str(code)) for code in range(50)] + [authority.signer_for(AYSE, at, YEARS[1]) for at in YEARS[:1]]
    renewed = authority.signer_for(AYSE, datetime(2024, 1, 1, tzinfo=UTC), YEARS[1])
    serials = {read_certificate(each.certificate).serial_number for each in [*signers, renewed]}
    assert len(serials) == len(signers) + 1
    assert renewed.key.public_key() != person().key.public_key()


def test_a_certificate_names_the_person_and_says_that_it_is_a_test(person):
    certificate = read_certificate(person().certificate)
    named = {each.rfc4514_attribute_name: each.value for each in certificate.subject}
    assert named["CN"] == "Ayşe Yılmaz"
    assert named["2.5.4.5"] == "10233"
    assert named["OU"] == TEST_MARK
    assert TEST_MARK in certificate.issuer.rfc4514_string().replace("\\", "")
    assert is_test_certificate(person().certificate)


def test_a_certificate_for_a_key_elsewhere_is_issued_without_the_key(authority):
    key = ec.generate_private_key(ec.SECP384R1()).public_key()
    assert read_certificate(authority.issue(AYSE, key, *YEARS)).public_key() == key


def test_names_longer_than_a_certificate_holds_are_cut(authority):
    long = Subject("A" * 100, "7", "B" * 300)
    names = read_certificate(authority.signer_for(long, *YEARS).certificate).subject
    assert max(len(each.value) for each in names) == 64


def test_the_first_revocation_stands(authority, person, at, day):
    first = authority.revoke(person().certificate, at, Reason.KEY_COMPROMISE)
    assert authority.revoke(person().certificate, at + day, Reason.SUPERSEDED) == first
    assert authority.revocations() == [first]


def test_lists_are_the_same_for_the_same_instant_and_tell_nothing_of_later_ones(authority, person, at, day):
    before = authority.crl(at - day)
    authority.revoke(person().certificate, at)
    assert authority.crl(at - day) == before
    assert authority.crl(at) == authority.crl(at) != before


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path, at):
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(AuthorityUnusable):
        LocalAuthority.open(tmp_path, at)
    assert [each.name for each in tmp_path.iterdir()] == ["notes"]


def test_a_broken_folder_is_refused(authority, at):
    (authority.folder / "root.key").write_bytes(b"nonsense")
    with pytest.raises(AuthorityUnusable):
        LocalAuthority.open(authority.folder, at)


def test_something_that_is_no_certificate_is_not_revoked(authority, at):
    with pytest.raises(CertificateUnreadable):
        authority.revoke(b"nonsense", at)
