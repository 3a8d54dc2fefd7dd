"""The daily root: one signed, stamped statement for a day, each naming the one before."""

import hashlib
from dataclasses import replace

import pytest

from sekaps.errors.evidence import SignatureUnreadable
from sekaps.evidence.cms import sign_detached
from sekaps.evidence.roots import FIRST, DailyRoot, is_proven, prove, sign_root, verify_root
from sekaps.evidence.timestamps import LocalTimestamper
from sekaps.evidence.validation import validate_cms
from sekaps.evidence.verdicts import Verdict

HASHES = [hashlib.sha256(bytes([place])).digest() for place in range(11)]


@pytest.fixture
def root(at):
    return DailyRoot.over("acts", at.date(), first=100, hashes=HASHES)


@pytest.fixture
def signature(authority, person, root, at):
    return sign_root(root, person(), at, LocalTimestamper(authority.timestamps, at))


def test_a_signed_root_is_valid_and_stamped(authority, root, signature, at):
    trust = authority.trust(at)
    assert verify_root(root.statement, signature, trust, at) is Verdict.VALID
    assert validate_cms(root.statement, signature, trust, at).stamped_at == at


def test_another_statement_is_not_the_one_signed(authority, root, signature, at):
    other = replace(root, count=10).statement
    assert verify_root(other, signature, authority.trust(at), at) is Verdict.BYTES_CHANGED


def test_a_root_without_its_stamp_proves_no_day(authority, person, root, at):
    bare = sign_detached(root.statement, person(), at)
    assert verify_root(root.statement, bare, authority.trust(at), at) is Verdict.TIMESTAMP_BROKEN
    assert verify_root(root.statement, b"nonsense", authority.trust(at), at) is Verdict.MALFORMED


def test_a_stamp_from_the_future_proves_nothing_yet(authority, root, signature, at, day):
    assert verify_root(root.statement, signature, authority.trust(at), at - day) is Verdict.TIMESTAMP_BROKEN


def test_a_root_signed_while_the_certificate_held_stays_valid(authority, person, root, signature, at, day):
    authority.revoke(person().certificate, at + day)
    later = at + 5 * 365 * day
    assert verify_root(root.statement, signature, authority.trust(later), later) is Verdict.VALID


def test_a_statement_reads_back(root):
    assert DailyRoot.read(root.statement) == root


@pytest.mark.parametrize("statement", [b"", b"{}", b"[]", b"1", b"{"])
def test_something_else_is_no_statement(statement):
    with pytest.raises(SignatureUnreadable):
        DailyRoot.read(statement)


def test_the_same_statement_spelled_otherwise_is_refused(root):
    with pytest.raises(SignatureUnreadable):
        DailyRoot.read(root.statement.replace(b'":', b'": '))


def test_each_statement_names_the_one_before(root, at, day):
    following = DailyRoot.over("acts", (at + day).date(), first=111, hashes=[], previous=root.digest, head=root.head)
    assert root.previous == FIRST
    assert following.previous == hashlib.sha256(root.statement).digest()
    assert following.head == HASHES[-1]


def test_every_record_of_the_day_is_proven_and_no_other(root):
    proofs = [prove(HASHES, place) for place in range(len(HASHES))]
    assert all(is_proven(HASHES[each.place], each, root) for each in proofs)
    assert not any(is_proven(bytes(32), each, root) for each in proofs)
