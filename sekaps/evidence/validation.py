"""Full validation by pyHanko, for what leaves or enters the house: the whole path, revocation and time stamps.

It reads anything pyHanko reads and takes some milliseconds a signature; ``cms.verify_detached`` is for the millions.
"""

import asyncio
import io
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation import async_validate_detached_cms, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    SignatureStatus,
    StandardCMSSignatureStatus,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from sekaps.domain.signatures import CLOCKS_APART
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import Verdict

for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).addHandler(logging.NullHandler())  # else a refusal is told with a stack trace

UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    PdfError,
    SignatureValidationError,
    CMSExtractionError,
    CMSStructuralError,
)
VERDICTS: dict[AdESSubIndic, Verdict] = {
    AdESFailure.FORMAT_FAILURE: Verdict.MALFORMED,
    AdESFailure.REVOKED: Verdict.REVOKED,
    AdESIndeterminate.REVOKED_NO_POE: Verdict.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Verdict.REVOKED,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Verdict.CERTIFICATE_UNFIT,
    AdESIndeterminate.TRY_LATER: Verdict.REVOCATION_UNKNOWN,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: Verdict.REVOCATION_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Validation:
    """What full validation says of one signature."""

    verdict: Verdict
    signer: str = ""
    signed_at: datetime | None = None
    """The time the signer claims."""
    stamped_at: datetime | None = None
    """The time a trusted time stamp proves."""
    whole_file: bool = True
    """Whether nothing was added to the file after this signature; further signatures are added rightly."""
    reason: str = ""
    """The sub-indication of ETSI EN 319 102-1, where the verdict is not valid."""


def validate_cms(content: bytes, signature: bytes, trust: Trust, at: datetime) -> Validation:
    """Return what holds of a detached signature, with or without a time stamp, at an instant."""
    try:
        signed = cms.ContentInfo.load(signature, strict=True)["content"]
        context = context_of(trust, at)
        status = asyncio.run(async_validate_detached_cms(content, signed, signer_validation_context=context))
    except UNREADABLE as error:
        return Validation(Verdict.MALFORMED, reason=str(error))
    return _told(status, at)


def validate_pdf(pdf: bytes, trust: Trust, at: datetime) -> list[Validation]:
    """Return what holds of each signature in a PDF at an instant, in the order they were made."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
        return [
            _told(asyncio.run(async_validate_pdf_signature(each, signer_validation_context=context_of(trust, at))), at)
            for each in signatures
        ]
    except UNREADABLE as error:
        return [Validation(Verdict.MALFORMED, reason=str(error))]


def validate_timestamp(token: bytes, digest: bytes, trust: Trust, at: datetime) -> Verdict:
    """Return whether a token proves that a SHA-256 digest existed at the token's instant."""
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        found = asyncio.run(validate_tst_signed_data(signed, context_of(trust, at), lambda algorithm: digest))
    except UNREADABLE:
        return Verdict.MALFORMED
    return _verdict(TimestampSignatureStatus(**found), at)


def context_of(trust: Trust, at: datetime) -> ValidationContext:
    """Return pyHanko's form of whom is trusted; revocation is required as soon as anything is known of it."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in trust.roots],
        other_certs=[x509.Certificate.load(each) for each in trust.authorities],
        moment=at,
        crls=trust.crls,
        ocsps=trust.ocsps,
        revocation_mode="require" if trust.crls or trust.ocsps else "soft-fail",
        retroactive_revinfo=True,
        allow_fetching=False,
    )


def _told(status: StandardCMSSignatureStatus, at: datetime) -> Validation:
    verdict, stamp, claimed = _verdict(status, at), status.timestamp_validity, status.signer_reported_dt
    if verdict is Verdict.VALID and stamp and not (stamp.intact and stamp.valid and stamp.trusted):
        verdict = Verdict.TIMESTAMP_BROKEN
    if verdict is Verdict.VALID and claimed and claimed > at + CLOCKS_APART:
        verdict = Verdict.SIGNED_LATER
    problem = status.trust_problem_indic
    return Validation(
        verdict=verdict,
        signer=status.signing_cert.subject.human_friendly,
        signed_at=claimed.astimezone(UTC) if claimed else None,
        stamped_at=stamp.timestamp.astimezone(UTC) if stamp else None,
        whole_file=not isinstance(status, PdfSignatureStatus) or status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        reason=problem.standard_name if problem else "",
    )


def _verdict(status: SignatureStatus, at: datetime) -> Verdict:
    if not status.intact or (isinstance(status, PdfSignatureStatus) and status.docmdp_ok is False):
        return Verdict.BYTES_CHANGED
    if not status.valid:
        return Verdict.SIGNATURE_BROKEN
    if status.trusted:
        return Verdict.VALID
    problem, validity = status.trust_problem_indic, status.signing_cert["tbs_certificate"]["validity"]
    if at < validity["not_before"].native:
        return Verdict.CERTIFICATE_NOT_YET_VALID
    if at > validity["not_after"].native:
        return Verdict.CERTIFICATE_EXPIRED
    return VERDICTS.get(problem, Verdict.ISSUER_UNKNOWN) if problem else Verdict.ISSUER_UNKNOWN
