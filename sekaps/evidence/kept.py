"""The least that must be kept of a signature; its message is put together from it again, byte for byte."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sekaps.errors.evidence import SignatureUnreadable
from sekaps.evidence.certificates import whole_second
from sekaps.evidence.cms import verdict_at_the_time
from sekaps.evidence.der import Malformed
from sekaps.evidence.frames import digest_to_sign, frame_for, frame_of
from sekaps.evidence.keys import Signer, algorithm_of, holds, public_key_of
from sekaps.evidence.reading import read_message
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import Verdict
from sekaps.texts import text


@dataclass(frozen=True, slots=True)
class KeptSignature:
    """One signature as about 110 bytes and the certificate, which is kept once for all of a person's signatures."""

    certificate: bytes
    content_digest: bytes
    signed_at: datetime
    """The time in the signature, a whole second."""
    signature: bytes


def sign_kept(content: bytes, signer: Signer, signed_at: datetime) -> KeptSignature:
    """Return the signature ``sign_detached`` would make over the content, in the form that is kept."""
    return sign_digest_kept(hashlib.sha256(content).digest(), signer, signed_at)


def sign_digest_kept(digest: bytes, signer: Signer, signed_at: datetime) -> KeptSignature:
    """Return the signature over content of that SHA-256 digest, where the bytes themselves are not there."""
    attributes = frame_of(signer).attributes(digest, signed_at)
    signature = signer.sign_digest(digest_to_sign(attributes))
    return KeptSignature(signer.certificate, digest, whole_second(signed_at), signature)


def message_of(kept: KeptSignature, chain: tuple[bytes, ...] = ()) -> bytes:
    """Return the complete detached message, with the certificates above the signer's where there are any."""
    frame = frame_for(kept.certificate, chain, algorithm_of(public_key_of(kept.certificate)))
    return frame.assemble(frame.attributes(kept.content_digest, kept.signed_at), kept.signature)


def keep(cms: bytes, certificates: Iterable[bytes] = ()) -> KeptSignature:
    """Return what must be kept of a message made here; refuse one that could not be put together again."""
    try:
        message = read_message(cms)
    except Malformed as error:
        raise SignatureUnreadable(reason=str(error)) from error
    signer, given = message.signer, (*message.certificates, *certificates)
    by_digest = {hashlib.sha256(each).digest(): each for each in given}
    certificate = by_digest.get(signer.certificate_digest)
    if certificate is None:
        raise SignatureUnreadable(reason=text("its certificate is missing"))
    kept = KeptSignature(certificate, signer.message_digest, signer.signed_at, signer.signature)
    if read_message(message_of(kept)).signers != message.signers:
        raise SignatureUnreadable(reason=text("it holds more than is kept"))
    return kept


def verify_kept(content: bytes, kept: KeptSignature, trust: Trust, received_at: datetime) -> Verdict:
    """Return what ``verify_detached`` would say of the message, without putting it together."""
    if hashlib.sha256(content).digest() != kept.content_digest:
        return Verdict.BYTES_CHANGED
    return verify_digest(kept, trust, received_at)


def verify_digest(kept: KeptSignature, trust: Trust, received_at: datetime) -> Verdict:
    """Return what holds of a signature over the digest kept with it, where the bytes themselves are not there."""
    standing = trust.standing(kept.certificate)
    frame = frame_for(kept.certificate, (), algorithm_of(standing.key))
    signed = digest_to_sign(frame.attributes(kept.content_digest, kept.signed_at))
    if not holds(standing.key, kept.signature, signed):
        return Verdict.SIGNATURE_BROKEN
    return verdict_at_the_time(standing, kept.signed_at, received_at)
