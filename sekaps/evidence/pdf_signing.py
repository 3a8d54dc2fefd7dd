"""PAdES signatures in a PDF, made by pyHanko with any key behind the port (ETSI EN 319 142-1, baseline B-B to B-LT)."""

import asyncio
import hashlib
import io
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.errors import ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sekaps.errors.evidence import PdfNotSigned, TimestampUnavailable
from sekaps.evidence.certificates import whole_second
from sekaps.evidence.keys import Signer
from sekaps.evidence.trust import Trust
from sekaps.evidence.validation import context_of

SHA256 = "sha256"
LONGEST_SIGNATURE = 512
"""Bytes kept free for a raw signature: RSA with 4096 bits."""
REVOCATION_INSIDE = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)
"""Revocation goes in before signing, so that the signature covers the whole file."""


def sign_pdf(
    pdf: bytes,
    signer: Signer,
    signed_at: datetime,
    *,
    reason: str | None = None,
    location: str | None = None,
    timestamper: TimeStamper | None = None,
    trust: Trust | None = None,
) -> bytes:
    """Return the PDF with one more signature: B-B; B-T with a time stamp; B-LT where trust brings revocation too.

    With trust given, a certificate that is not good at ``signed_at`` does not sign.
    """
    try:
        writer = _Writer(io.BytesIO(pdf))
        metadata = signers.PdfSignatureMetadata(
            field_name=f"Imza{len(list(enumerate_sig_fields(writer.prev))) + 1}",
            md_algorithm=SHA256,
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
            location=location,
            validation_context=context_of(trust, signed_at) if trust else None,
            embed_validation_info=bool(trust and (trust.crls or trust.ocsps)),
            dss_settings=REVOCATION_INSIDE,
        )
        signing = _PdfSigner(metadata, _PortSigner(signer), signed_at=signed_at, timestamper=timestamper)
        signed: bytes = asyncio.run(signing.async_sign_pdf(writer)).getvalue()
    except TimestampRequestError as error:
        raise TimestampUnavailable(source="PDF", reason=str(error)) from error
    except (PdfError, SigningError, ValidationError, ValueError) as error:
        raise PdfNotSigned(reason=str(error)) from error
    return signed


class _PortSigner(signers.Signer):
    """A signer of ours as pyHanko sees one."""

    def __init__(self, signer: Signer) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([x509.Certificate.load(each) for each in signer.chain])
        super().__init__(signing_cert=x509.Certificate.load(signer.certificate), cert_registry=store)
        self._port = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the raw signature; only its room when it is a trial."""
        if dry_run:
            return bytes(LONGEST_SIGNATURE)
        return self._port.sign_digest(hashlib.sha256(data).digest())


class _PdfSigner(signers.PdfSigner):
    """Writes the time it was given into the signature, where pyHanko would write the system's."""

    def __init__(self, *arguments: Any, signed_at: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._signed_at = whole_second(signed_at)

    def init_signing_session(self, *arguments: Any, **options: Any) -> PdfSigningSession:
        """Return the session with the given time."""
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self._signed_at
        return session


class _Writer(IncrementalPdfFileWriter):
    """Adds to a PDF without noting the system's time as that of its change."""

    def _update_meta(self) -> None:
        return
