"""Signature gaps: why a document's chain is incomplete, in one table of causes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sekaps.domain.signatures import DocumentState
from sekaps.texts import Text, text


class Cause(StrEnum):
    """Why a document's chain is not good: it waits for a signature, or the evidence of one does not hold."""

    RETURNED = "returned"
    """It was sent back and not resubmitted."""
    POST_VACANT = "post_vacant"
    """Nobody holds the post whose signature is next: its holder left, or none was ever recorded."""
    MANDATE_EXPIRED = "mandate_expired"
    """Nobody holds the post whose signature is next: the last mandate for it ran out and was not renewed."""
    NOT_STARTED = "not_started"
    """Nobody has signed it yet."""
    WAITING = "waiting"
    """It waits for the next slot's holder, who could sign."""
    BYTES_CHANGED = "bytes_changed"
    """The document is not the one that was signed."""
    DIGEST_CHANGED = "digest_changed"
    """The digest kept with the signature is not the one that was signed; the document is."""
    SIGNATURE_BROKEN = "signature_broken"
    """The signature or its time is not the one that was made."""
    CERTIFICATE_CHANGED = "certificate_changed"
    """The certificate kept with the signature was changed, or belongs to somebody else."""
    CERTIFICATE_UNFIT = "certificate_unfit"
    """The certificate is not one for signing documents."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    """The certificate was not in force when it signed."""
    CERTIFICATE_REVOKED = "certificate_revoked"
    """The certificate had been revoked before it signed."""
    ISSUER_UNKNOWN = "issuer_unknown"
    """No trusted authority stands behind the certificate."""
    EVIDENCE_MISSING = "evidence_missing"
    """The signature was made with evidence and has none any more."""
    OUT_OF_ORDER = "out_of_order"
    """It was signed before somebody whose signature comes first."""
    OFF_THE_TRAIL = "off_the_trail"
    """The signatures of an act are not those the audit trail tells of."""

    @property
    def meaning(self) -> Text:
        """The cause as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    Cause.RETURNED: text("returned and not resubmitted"),
    Cause.POST_VACANT: text("the post is vacant"),
    Cause.MANDATE_EXPIRED: text("the mandate for the post has expired"),
    Cause.NOT_STARTED: text("not started"),
    Cause.WAITING: text("waits for a signature"),
    Cause.BYTES_CHANGED: text("bytes changed after signing"),
    Cause.DIGEST_CHANGED: text("the digest kept with the signature was changed"),
    Cause.SIGNATURE_BROKEN: text("the signature or its time was changed"),
    Cause.CERTIFICATE_CHANGED: text("the certificate was changed or belongs to somebody else"),
    Cause.CERTIFICATE_UNFIT: text("the certificate is not for signing documents"),
    Cause.CERTIFICATE_EXPIRED: text("the certificate was not in force at signing"),
    Cause.CERTIFICATE_REVOKED: text("the certificate was revoked before signing"),
    Cause.ISSUER_UNKNOWN: text("no trusted authority stands behind the certificate"),
    Cause.EVIDENCE_MISSING: text("the evidence of the signature was removed"),
    Cause.OUT_OF_ORDER: text("signed out of order"),
    Cause.OFF_THE_TRAIL: text("the signatures are not those the audit trail tells of"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One incomplete chain: the document, the slot it waits for, where, since when and why."""

    document: str
    kind: str
    activity: str
    step: str
    unit: int
    unit_name: str
    slot: int
    slots: int
    waits_at: int
    waits_at_name: str
    post: str
    person: str | None
    since: datetime
    closes: date
    overdue: bool
    cause: Cause
    ministry: str | None
    province: str | None


def cause_of(*, state: str, slot: int, held: bool, ran_out: bool = False) -> Cause:
    """Return why a document waits, the cause someone must act on first; ``ran_out`` is of the post's last mandate."""
    if state == DocumentState.RETURNED:
        return Cause.RETURNED
    if not held:
        return Cause.MANDATE_EXPIRED if ran_out else Cause.POST_VACANT
    return Cause.NOT_STARTED if slot == 1 else Cause.WAITING


def totals(gaps: Iterable[Gap]) -> dict[str, dict[str, int]]:
    """Return how many gaps there are by activity, kind, cause, ministry and province; '-' where there is none."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("activity", "kind", "cause", "ministry", "province")}
    for gap in gaps:
        for name, counter in found.items():
            counter[_label(gap, name)] += 1
    return {f"by_{name}": dict(sorted(counter.items())) for name, counter in found.items()}


def _label(gap: Gap, name: str) -> str:
    return str(getattr(gap, name) or "-")
