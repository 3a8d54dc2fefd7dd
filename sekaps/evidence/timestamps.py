"""Time-stamp tokens (RFC 3161): given by the local test authority or by one outside, and read back."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from asn1crypto import algos, cms, core, tsp, x509
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from sekaps.errors.evidence import SignatureUnreadable, TimestampUnavailable
from sekaps.evidence.certificates import TEST_POLICY, whole_second
from sekaps.evidence.keys import Signer
from sekaps.texts import text

SHA256 = "sha256"
SECONDS_TO_WAIT = 10


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a token says: this digest existed at that instant."""

    at: datetime
    digest: bytes
    serial: int
    policy: str


class LocalTimestamper(TimeStamper):
    """The local test authority's service: stamps everything it is asked, with the one instant it was given."""

    def __init__(self, signer: Signer, at: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.signer, self.at = signer, whole_second(at)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the answer to a request, in the same breath."""
        token = _token(self.signer, _statement(req, self.signer, self.at))
        return tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token})


def outside_timestamper(url: str, *, headers: Mapping[str, str] | None = None) -> TimeStamper:
    """Return the client of a time-stamp authority outside; plain http will do, since the token is signed itself."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise TimestampUnavailable(source=url, reason=text("its address is neither http nor https"))
    client: TimeStamper = RequestsHTTPTimeStamper(  # type: ignore[no-untyped-call]
        url, timeout=SECONDS_TO_WAIT, headers=dict(headers or {})
    )
    return client


def stamp(digest: bytes, timestamper: TimeStamper, *, source: str = "TSA") -> bytes:
    """Return a token (DER) that says a SHA-256 digest existed at the authority's instant."""
    try:
        token = asyncio.run(timestamper.async_timestamp(digest, SHA256))
        encoded: bytes = token.dump()
        told = read_timestamp(encoded)
    except (TimestampRequestError, SignatureUnreadable, ValueError, TypeError, AttributeError) as error:
        raise TimestampUnavailable(source=source, reason=str(error)) from error
    if told.digest != digest:
        raise TimestampUnavailable(source=source, reason=text("it stamped something else"))
    return encoded


def read_timestamp(token: bytes) -> Timestamp:
    """Return what a token says; whether it is to be believed is another question."""
    try:
        told = cms.ContentInfo.load(token, strict=True)["content"]["encap_content_info"]["content"].parsed
        imprint = told["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != SHA256:
            raise ValueError("the digest is not SHA-256")
        return Timestamp(
            at=told["gen_time"].native.astimezone(UTC),
            digest=imprint["hashed_message"].native,
            serial=told["serial_number"].native,
            policy=told["policy"].dotted,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignatureUnreadable(reason=text("no time stamp: {detail}", detail=str(error))) from error


def _statement(request: tsp.TimeStampReq, signer: Signer, at: datetime) -> tsp.TSTInfo:
    asked = request.dump()
    told = {
        "version": "v1",
        "policy": TEST_POLICY.dotted_string,
        "message_imprint": request["message_imprint"],
        "serial_number": int.from_bytes(hashlib.sha256(asked + at.isoformat().encode()).digest()[:8]) >> 1,
        "gen_time": at,
        "tsa": x509.GeneralName(name="directory_name", value=x509.Certificate.load(signer.certificate).subject),
    }
    if request["nonce"].native is not None:
        told["nonce"] = request["nonce"]
    return tsp.TSTInfo(told)


def _token(signer: Signer, statement: tsp.TSTInfo) -> cms.ContentInfo:
    """Return the statement signed: CMS with the statement inside, naming the service's certificate (RFC 5816)."""
    certificate = x509.Certificate.load(signer.certificate)
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("message_digest", hashlib.sha256(statement.dump()).digest()),
            _attribute("signing_certificate_v2", as_signing_certificate_v2(certificate)),
        ]
    )
    identity = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    digest_algorithm = algos.DigestAlgorithm({"algorithm": SHA256})
    signed = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(name="issuer_and_serial_number", value=cms.IssuerAndSerialNumber(identity)),
            "digest_algorithm": digest_algorithm,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": signer.sign_digest(hashlib.sha256(attributes.dump()).digest()),
        }
    )
    data = {
        "version": "v3",
        "digest_algorithms": [digest_algorithm],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(statement.dump())},
        "certificates": [certificate],
        "signer_infos": [signed],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": (value,)})
