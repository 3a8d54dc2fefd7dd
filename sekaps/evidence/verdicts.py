"""What is said of a signature after it was checked: a closed list, each with its sentence."""

from enum import StrEnum

from sekaps.texts import Text, text


class Verdict(StrEnum):
    """The outcome of checking one signature."""

    VALID = "valid"
    """The bytes are those signed, by a certificate of a trusted root that held when it was received."""
    BYTES_CHANGED = "bytes_changed"
    """The document is not the one that was signed."""
    SIGNATURE_BROKEN = "signature_broken"
    """The signature does not come from the certificate's key."""
    CERTIFICATE_MISSING = "certificate_missing"
    """The certificate the signature names was not given."""
    CERTIFICATE_UNFIT = "certificate_unfit"
    """The certificate is not one for signing documents."""
    CERTIFICATE_OF_ANOTHER = "certificate_of_another"
    """The certificate is one somebody else has signed with."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    """The certificate had expired."""
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    """The certificate was not valid yet."""
    REVOKED = "revoked"
    """The certificate, or one above it, was revoked before the signature was received."""
    ISSUER_UNKNOWN = "issuer_unknown"
    """No trusted root stands behind the certificate."""
    SIGNED_LATER = "signed_later"
    """The signer claims a time later than the one it was received at."""
    CLOCKS_DIFFER = "clocks_differ"
    """The signature claims another time than that of the act it belongs to."""
    TIMESTAMP_BROKEN = "timestamp_broken"
    """The time stamp over the signature does not hold."""
    REVOCATION_UNKNOWN = "revocation_unknown"
    """Full validation found no fresh word about revocation."""
    MALFORMED = "malformed"
    """It is not a signature of the accepted profile."""


SENTENCES: dict[Verdict, Text] = {
    Verdict.VALID: text("the signature is valid"),
    Verdict.BYTES_CHANGED: text("the document was changed after it was signed"),
    Verdict.SIGNATURE_BROKEN: text("the signature was not made with the certificate's key"),
    Verdict.CERTIFICATE_MISSING: text("the certificate of the signature is missing"),
    Verdict.CERTIFICATE_UNFIT: text("the certificate is not for signing documents"),
    Verdict.CERTIFICATE_OF_ANOTHER: text("the certificate is another person's"),
    Verdict.CERTIFICATE_EXPIRED: text("the certificate had expired when the document was signed"),
    Verdict.CERTIFICATE_NOT_YET_VALID: text("the certificate was not valid yet when the document was signed"),
    Verdict.REVOKED: text("the certificate was revoked before the signature was received"),
    Verdict.ISSUER_UNKNOWN: text("no trusted authority stands behind the certificate"),
    Verdict.SIGNED_LATER: text("the signature claims a time later than it was received"),
    Verdict.CLOCKS_DIFFER: text("the signature claims another time than that of the act; set the signer's clock right"),
    Verdict.TIMESTAMP_BROKEN: text("the time stamp of the signature does not hold"),
    Verdict.REVOCATION_UNKNOWN: text("nothing fresh is known about the revocation of the certificate"),
    Verdict.MALFORMED: text("it is not a signature of the accepted kind"),
}
"""Each verdict as a sentence for people."""
