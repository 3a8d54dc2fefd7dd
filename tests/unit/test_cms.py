"""A detached signature says who signed which bytes when, and nothing in it can be changed unseen."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import tsp
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_authority import SIGNED_AT, VALIDITY, issuer, person, root, trust

from sekaps.errors.evidence import InstantWithoutZone, RevocationsUntrusted, SignatureUnreadable
from sekaps.evidence.certificates import Issuer, Purpose, certify, service_name
from sekaps.evidence.cms import (
    CLOCKS_APART,
    sign_detached,
    verify_detached,
    with_certificates,
    with_timestamp,
    without_certificates,
)
from sekaps.evidence.der import OCTETS, SEQUENCE, SET, tlv
from sekaps.evidence.frames import SIGNING_CERTIFICATE, certificate_set, frame_of
from sekaps.evidence.kept import keep, message_of, sign_kept, verify_kept
from sekaps.evidence.keys import LocalSigner, read_certificate
from sekaps.evidence.revocations import Reason, Revocation, revocation_list
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import SENTENCES, Verdict

CONTENT = b'{"format":"sekaps-document-1","unit":24312041}'
SECOND = timedelta(seconds=1)
MESSAGE = sign_detached(CONTENT, person(), SIGNED_AT)


def verdict(message=MESSAGE, *, content=CONTENT, by=None, at=SIGNED_AT):
    return verify_detached(content, message, by or trust(), at)


def revocation(at):
    return Revocation(read_certificate(person().certificate).serial_number, at, Reason.KEY_COMPROMISE)


def test_a_signature_just_made_is_valid():
    assert verdict() is Verdict.VALID


def test_other_bytes_are_not_those_signed():
    assert verdict(content=CONTENT + b" ") is Verdict.BYTES_CHANGED


@settings(deadline=None)
@given(st.integers(0, len(MESSAGE) - 1), st.integers(1, 255))
def test_no_byte_of_a_message_changes_unseen(place, change):
    changed = MESSAGE[:place] + bytes([MESSAGE[place] ^ change]) + MESSAGE[place + 1 :]
    assert verdict(changed) is not Verdict.VALID


@settings(deadline=None)
@given(st.binary(max_size=80) | st.integers(0, len(MESSAGE) - 1).map(lambda length: MESSAGE[:length]))
def test_other_bytes_and_parts_of_a_message_are_malformed(message):
    assert verdict(message) is Verdict.MALFORMED


def test_a_message_has_the_attributes_of_cades_bes():
    signed = asn1_cms.ContentInfo.load(MESSAGE, strict=True)["content"]
    signer = signed["signer_infos"][0]
    assert tsp.SigningCertificateV2  # its import teaches asn1crypto the attribute
    found = {each["type"].native: each["values"][0] for each in signer["signed_attrs"]}
    assert list(found) == ["content_type", "signing_time", "message_digest", "signing_certificate_v2"]
    assert found["signing_time"].native == SIGNED_AT
    assert found["message_digest"].native == hashlib.sha256(CONTENT).digest()
    bound = found["signing_certificate_v2"]["certs"][0]["cert_hash"].native
    assert bound == hashlib.sha256(person().certificate).digest()
    assert signed["encap_content_info"]["content"].native is None


def test_signed_attributes_stand_in_their_distinguished_order():
    attributes = asn1_cms.ContentInfo.load(MESSAGE)["content"]["signer_infos"][0]["signed_attrs"]
    encoded = [each.dump() for each in attributes]
    assert encoded == sorted(encoded)


@pytest.mark.parametrize("year", [2023, 2049, 2050])
def test_the_time_survives_in_either_of_its_two_forms(year):
    at = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert keep(sign_detached(CONTENT, person(), at)).signed_at == at


@pytest.mark.parametrize(
    ("received_at", "expected"),
    [
        (VALIDITY[0] - SECOND, Verdict.CERTIFICATE_NOT_YET_VALID),
        (VALIDITY[0], Verdict.VALID),
        (VALIDITY[1], Verdict.VALID),
        (VALIDITY[1] + SECOND, Verdict.CERTIFICATE_EXPIRED),
    ],
)
def test_the_certificate_must_hold_when_the_signature_is_received(received_at, expected):
    assert verdict(sign_detached(CONTENT, person(), received_at), at=received_at) is expected


@pytest.mark.parametrize(
    ("revoked_at", "expected"),
    [(SIGNED_AT - SECOND, Verdict.REVOKED), (SIGNED_AT, Verdict.REVOKED), (SIGNED_AT + SECOND, Verdict.VALID)],
)
def test_a_revocation_counts_from_its_instant_on(revoked_at, expected):
    assert verdict(by=trust(revocation(revoked_at), at=SIGNED_AT + SECOND)) is expected


def test_dating_a_signature_back_does_not_save_a_revoked_certificate():
    revoked = revocation(SIGNED_AT + timedelta(days=1))
    late = SIGNED_AT + timedelta(days=2)
    assert verdict(by=trust(revoked, at=late), at=late) is Verdict.REVOKED


def test_a_time_ahead_of_the_receiver_is_refused():
    ahead = sign_detached(CONTENT, person(), SIGNED_AT + CLOCKS_APART + SECOND)
    assert verdict(ahead) is Verdict.SIGNED_LATER
    assert verdict(sign_detached(CONTENT, person(), SIGNED_AT + CLOCKS_APART)) is Verdict.VALID


def test_a_certificate_of_another_authority_is_not_trusted():
    stranger = person(by="OTHER")
    assert verdict(sign_detached(CONTENT, stranger, SIGNED_AT)) is Verdict.ISSUER_UNKNOWN


def test_a_certificate_that_is_none_makes_a_message_malformed():
    nonsense = bytes.fromhex("3003020101")
    bound = tlv(SEQUENCE, tlv(OCTETS, hashlib.sha256(nonsense).digest()))
    attribute = tlv(SEQUENCE, SIGNING_CERTIFICATE + tlv(SET, tlv(SEQUENCE, tlv(SEQUENCE, bound))))
    frame = replace(frame_of(person()), certificates=certificate_set((nonsense,)), signing_certificate=attribute)
    attributes = frame.attributes(hashlib.sha256(CONTENT).digest(), SIGNED_AT)
    assert verdict(frame.assemble(attributes, bytes(70))) is Verdict.MALFORMED


def test_an_authority_of_the_same_name_with_another_key_is_not_trusted():
    forger = LocalSigner(person().key, person(by="SEKAPS TESt").certificate)
    assert verdict(sign_detached(CONTENT, forger, SIGNED_AT)) is Verdict.ISSUER_UNKNOWN


@pytest.mark.parametrize("purpose", [Purpose.ROOT, Purpose.TIMESTAMP, Purpose.ANSWERS])
def test_a_certificate_for_something_else_does_not_sign_documents(purpose):
    assert verdict(sign_detached(CONTENT, person(purpose=purpose), SIGNED_AT)) is Verdict.CERTIFICATE_UNFIT


def test_a_person_cannot_certify_others():
    minion = LocalSigner(person("5").key, _certified_by_a_person(), (person().certificate,))
    by = Trust([root()], authorities=[person().certificate])
    assert verdict(sign_detached(CONTENT, minion, SIGNED_AT), by=by) is Verdict.ISSUER_UNKNOWN


def _certified_by_a_person():
    name = read_certificate(person().certificate).subject
    return certify(
        Issuer(name, person().key), service_name("x"), person("5").key.public_key(), Purpose.PERSON, VALIDITY
    )


def test_a_key_that_is_not_the_certificate_s_breaks_the_signature():
    impostor = LocalSigner(person("5").key, person().certificate)
    assert verdict(sign_detached(CONTENT, impostor, SIGNED_AT)) is Verdict.SIGNATURE_BROKEN


def test_certificates_are_taken_out_for_keeping_and_put_back():
    bare = without_certificates(MESSAGE)
    assert len(bare) <= 450
    assert verdict(bare) is Verdict.CERTIFICATE_MISSING
    assert verify_detached(CONTENT, bare, trust(), SIGNED_AT, certificates=[person().certificate]) is Verdict.VALID
    assert with_certificates(bare, [person().certificate]) == MESSAGE
    assert verdict(sign_detached(CONTENT, person(), SIGNED_AT, complete=False)) is Verdict.CERTIFICATE_MISSING


def test_another_certificate_of_the_same_key_does_not_take_the_place_of_the_one_signed_with():
    other = with_certificates(MESSAGE, [person(by="OTHER").certificate])
    assert verdict(other) is Verdict.CERTIFICATE_MISSING


def test_a_message_is_put_together_again_from_what_is_kept():
    kept = keep(MESSAGE)
    assert message_of(kept) == MESSAGE
    assert keep(without_certificates(MESSAGE), [person().certificate]) == kept
    with pytest.raises(SignatureUnreadable):
        keep(without_certificates(MESSAGE))


def test_what_is_kept_is_judged_as_the_message_is():
    kept = sign_kept(CONTENT, person(), SIGNED_AT)
    other = replace(kept, signature=sign_kept(b"other", person(), SIGNED_AT).signature)
    later = replace(kept, signed_at=SIGNED_AT + SECOND)
    assert verify_kept(CONTENT, kept, trust(), SIGNED_AT) is Verdict.VALID
    assert verify_kept(CONTENT + b" ", kept, trust(), SIGNED_AT) is Verdict.BYTES_CHANGED
    assert verify_kept(CONTENT, other, trust(), SIGNED_AT) is Verdict.SIGNATURE_BROKEN
    assert verify_kept(CONTENT, later, trust(), SIGNED_AT) is Verdict.SIGNATURE_BROKEN
    assert verify_kept(CONTENT, kept, trust(revocation(SIGNED_AT)), SIGNED_AT) is Verdict.REVOKED


def test_a_time_stamp_is_added_once_and_not_kept_in_the_short_form():
    stamped = with_timestamp(MESSAGE, b"\x30\x00")
    assert verdict(stamped) is Verdict.VALID
    with pytest.raises(SignatureUnreadable):
        with_timestamp(stamped, b"\x30\x00")
    with pytest.raises(SignatureUnreadable):
        keep(stamped)


def test_an_instant_without_a_zone_is_not_signed():
    with pytest.raises(InstantWithoutZone):
        sign_detached(CONTENT, person(), datetime(2023, 1, 1))  # noqa: DTZ001


def test_a_revocation_list_nobody_trusted_signed_is_refused():
    with pytest.raises(RevocationsUntrusted):
        Trust([root()], crls=[revocation_list(issuer("OTHER"), [], SIGNED_AT)])


def test_every_verdict_has_its_sentence():
    assert set(SENTENCES) == set(Verdict)
