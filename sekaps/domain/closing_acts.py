"""What closes a signature gap: for each cause the act, who can do it, and the command it is done with."""

from dataclasses import dataclass

from sekaps.domain.gaps import Cause
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class ClosingAct:
    """The act that closes the gaps of a cause: what is done, by whom, and how it is typed."""

    does: Text
    by: Text
    command: str


SIGN = "sekaps sign DOCUMENT --as CODE --year YEAR"
FIND = "sekaps audit evidence verify --year YEAR"
PUT_BACK = ClosingAct(
    does=text("Put back from a backup what was changed after signing; the audit trail tells when it was still whole."),
    by=text("the operations team, with the unit that owes the document"),
    command=FIND,
)
CERTIFY = ClosingAct(
    does=text("Have the signer obtain a fit certificate; the unit draws the document up anew and signs it with that."),
    by=text("the signer, with the unit that owes the document"),
    command=FIND,
)

CLOSING_ACTS = {
    Cause.RETURNED: ClosingAct(
        does=text("Correct the document by the reason it was returned for, resubmit it, then sign it anew."),
        by=text("its preparer: the holder of the chain's first post"),
        command="sekaps resubmit DOCUMENT --as CODE --year YEAR",
    ),
    Cause.POST_VACANT: ClosingAct(
        does=text("Have the holder of the post recorded; while the holder is away, a deputy."),
        by=text("the head of the unit; where that is vacant too, the head of the unit above"),
        command="sekaps signatory record UNIT CODE --from INSTANT --by CODE --post POST",
    ),
    Cause.MANDATE_EXPIRED: ClosingAct(
        does=text("Have a new mandate recorded for the post: of the same holder, or of the next one."),
        by=text("the head of the unit; where that is vacant too, the head of the unit above"),
        command="sekaps signatory record UNIT CODE --from INSTANT --by CODE --post POST",
    ),
    Cause.NOT_STARTED: ClosingAct(
        does=text("Record the document and sign it first."),
        by=text("the holder of the chain's first post"),
        command=SIGN,
    ),
    Cause.WAITING: ClosingAct(
        does=text("Sign the document, or send it back with a reason."),
        by=text("the holder of the post whose turn it is"),
        command=SIGN,
    ),
    Cause.BYTES_CHANGED: PUT_BACK,
    Cause.DIGEST_CHANGED: PUT_BACK,
    Cause.SIGNATURE_BROKEN: PUT_BACK,
    Cause.CERTIFICATE_CHANGED: PUT_BACK,
    Cause.EVIDENCE_MISSING: PUT_BACK,
    Cause.OUT_OF_ORDER: PUT_BACK,
    Cause.OFF_THE_TRAIL: PUT_BACK,
    Cause.CERTIFICATE_UNFIT: CERTIFY,
    Cause.CERTIFICATE_EXPIRED: CERTIFY,
    Cause.CERTIFICATE_REVOKED: CERTIFY,
    Cause.ISSUER_UNKNOWN: CERTIFY,
}
"""One row for each cause."""
PENDING = (Cause.RETURNED, Cause.POST_VACANT, Cause.MANDATE_EXPIRED, Cause.NOT_STARTED, Cause.WAITING)
"""The causes with somebody whose act is waited for; the others are found in what was signed already."""


def sending_command(cause: Cause, programme: str, year: int) -> str:
    """Return the command that writes to everyone who can close the gaps of a cause."""
    return f"sekaps observatory send {cause.value} --programme {programme} --year {year}"
