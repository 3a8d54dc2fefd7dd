"""A document's page: always the same bytes, signed so that other programs accept it."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from sekaps.errors.evidence import PdfNotSigned, TimestampUnavailable
from sekaps.evidence.certificates import TEST_MARK
from sekaps.evidence.pdf import ChainRow, PdfPage, document_pdf
from sekaps.evidence.pdf_signing import sign_pdf
from sekaps.evidence.timestamps import LocalTimestamper, outside_timestamper
from sekaps.evidence.trust import Trust
from sekaps.evidence.validation import validate_pdf
from sekaps.evidence.verdicts import Verdict

needs_poppler = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs poppler-utils")


@pytest.fixture(scope="module")
def page(at):
    chain = [
        ChainRow(1, "İl Müdürü", "Ayşe Yılmaz", "asil", at, "73bc5e4022c26383"),
        ChainRow(2, "Vali Yardımcısı", "Çağrı Öztürk", "vekil", at, "45dbda2c93a675cb"),
    ]
    fields = [("İhtiyaç", "Çadır, 12 kişilik"), ("Miktar", "1.250 adet"), ("Gerekçe", "ğüşiöç ĞÜŞİÖÇ " * 20)]
    return PdfPage("İhtiyaç Formu", "E-24312041-702.03-1", "İl Müdürlüğü", fields, chain, bytes(32), at, is_test=True)


@pytest.fixture(scope="module")
def pdf(page):
    return document_pdf(page)


@pytest.fixture
def timestamper(authority, at):
    return LocalTimestamper(authority.timestamps, at)


@pytest.fixture
def words(tmp_path, run):
    def of(pdf):
        (tmp_path / "page.pdf").write_bytes(pdf)
        return run("pdftotext", "-layout", tmp_path / "page.pdf", "-").stdout

    return of


def test_the_same_page_gives_the_same_bytes(page, pdf):
    assert document_pdf(page) == pdf


def test_another_value_gives_other_bytes(page, pdf):
    assert document_pdf(replace(page, digest=bytes([1] * 32))) != pdf


@needs_poppler
def test_the_page_says_what_was_signed_by_whom(words, page, pdf):
    said = words(pdf)
    for each in (page.title, page.number, page.unit, "Çağrı Öztürk", "vekil", "1 Mart 2023", page.digest.hex()):
        assert each in said
    assert TEST_MARK in said
    assert said.count("\f") == 1


@needs_poppler
def test_only_a_test_is_marked_as_one(words, page):
    assert TEST_MARK not in words(document_pdf(replace(page, is_test=False), "en"))


@needs_poppler
@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT"])
def test_pdfsig_accepts_the_signature(authority, person, pdf, timestamper, at, tmp_path, run, level):
    stamped, trust = timestamper if level != "B-B" else None, authority.trust(at) if level == "B-LT" else None
    signed = sign_pdf(pdf, person(), at, reason="Onay", timestamper=stamped, trust=trust)
    (tmp_path / "signed.pdf").write_bytes(signed)
    said = run("pdfsig", tmp_path / "signed.pdf").stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "Common Name: Ayşe Yılmaz" in said
    assert (b"/DSS" in signed) == (level == "B-LT")


def test_full_validation_accepts_it_with_its_stamp(authority, person, pdf, timestamper, at):
    signed = sign_pdf(pdf, person(), at, timestamper=timestamper, trust=authority.trust(at))
    [found] = validate_pdf(signed, authority.trust(at), at)
    assert (found.verdict, found.signed_at, found.stamped_at, found.whole_file) == (Verdict.VALID, at, at, True)


def test_nothing_but_the_given_time_is_written(person, pdf, at):
    signed = sign_pdf(pdf, person(), at)
    assert set(re.findall(rb"D:(\d{8})", signed)) == {b"20230301"}


def test_a_second_signature_is_added_and_leaves_the_first_valid(authority, person, pdf, timestamper, at):
    first = sign_pdf(pdf, person(), at, timestamper=timestamper)
    both = validate_pdf(sign_pdf(first, person("7", "Ali Kaya"), at), authority.trust(at), at)
    assert [each.verdict for each in both] == [Verdict.VALID] * 2
    assert [each.whole_file for each in both] == [False, True]


@needs_poppler
def test_a_changed_byte_is_seen_by_both(authority, person, pdf, at, tmp_path, run):
    signed = bytearray(sign_pdf(pdf, person(), at))
    signed[len(pdf) // 2] ^= 1
    (tmp_path / "changed.pdf").write_bytes(signed)
    assert validate_pdf(bytes(signed), authority.trust(at), at)[0].verdict is Verdict.BYTES_CHANGED
    assert "Signature is Valid." not in run("pdfsig", tmp_path / "changed.pdf").stdout


def test_something_added_after_the_signature_is_seen(authority, person, pdf, at):
    added = sign_pdf(pdf, person(), at) + b"\n%% added\n"
    assert not validate_pdf(added, authority.trust(at), at)[0].whole_file


def test_a_revoked_person_does_not_sign(authority, person, pdf, at):
    authority.revoke(person().certificate, at - timedelta(days=1))
    with pytest.raises(PdfNotSigned):
        sign_pdf(pdf, person(), at, trust=authority.trust(at))


def test_answers_about_revocation_go_in_as_lists_do(authority, person, pdf, timestamper, at):
    answers = [authority.ocsp(each, at) for each in (person().certificate, authority.timestamps.certificate)]
    trust = Trust([authority.root.certificate], ocsps=answers)
    signed = sign_pdf(pdf, person(), at, timestamper=timestamper, trust=trust)
    assert [each.verdict for each in validate_pdf(signed, trust, at)] == [Verdict.VALID]


def test_something_that_is_no_pdf_is_neither_signed_nor_valid(authority, person, at):
    with pytest.raises(PdfNotSigned):
        sign_pdf(b"nonsense", person(), at)
    assert validate_pdf(b"nonsense", authority.trust(at), at)[0].verdict is Verdict.MALFORMED


def test_an_unsigned_pdf_has_no_signatures(authority, pdf, at):
    assert validate_pdf(pdf, authority.trust(at), at) == []


def test_a_time_stamp_authority_that_is_away_is_one_clear_error(person, pdf, at):
    with pytest.raises(TimestampUnavailable):
        sign_pdf(pdf, person(), at, timestamper=outside_timestamper("http://127.0.0.1:9/tsa"))
