"""The audit of evidence: signatures of an edition verified again over their documents as they stand now.

Signatures belong to an edition by their acts on the audit trail, and are verified for all of its acts, for some, or one
by one. They are read some hundred documents at a time; a second reading compares what each act sealed with the rows
that are there, so that a removed signature is missed too.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from sekaps.domain.evidence import Doubts, EvidenceCount, Flaw, SignatureKey
from sekaps.domain.gaps import Cause
from sekaps.errors.evidence import EvidenceError, ValueNotCanonical
from sekaps.evidence.canonical import canonical_bytes, digest
from sekaps.evidence.certificates import whole_second
from sekaps.evidence.kept import KeptSignature, verify_digest
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import Verdict
from sekaps.models.documents import Document, DocumentReturn, Signature
from sekaps.models.evidence import Certificate
from sekaps.models.registry import Person
from sekaps.models.trail import Act
from sekaps.services.document_acts import SEALED
from sekaps.services.document_contents import document_fields
from sekaps.services.sealed_acts import off_the_trail
from sekaps.services.signing import VERB
from sekaps.services.signing_order import out_of_order
from sekaps.services.writing import Query, chunked

CAUSES = {
    Verdict.BYTES_CHANGED: Cause.BYTES_CHANGED,
    Verdict.SIGNATURE_BROKEN: Cause.SIGNATURE_BROKEN,
    Verdict.CERTIFICATE_UNFIT: Cause.CERTIFICATE_UNFIT,
    Verdict.CERTIFICATE_EXPIRED: Cause.CERTIFICATE_EXPIRED,
    Verdict.CERTIFICATE_NOT_YET_VALID: Cause.CERTIFICATE_EXPIRED,
    Verdict.REVOKED: Cause.CERTIFICATE_REVOKED,
    Verdict.ISSUER_UNKNOWN: Cause.ISSUER_UNKNOWN,
}
"""What the checks of a kept signature can find, as the audit words it."""
UNREADABLE = b""
"""The digest of a document that holds a value the engine never writes; it is nobody's."""


def audit_evidence(session: Session, edition_id: int, trust: Trust, *, since: datetime | None = None) -> EvidenceCount:
    """Verify the signatures of an edition, or those made after an instant, and return what was found."""
    done = signed_acts(edition_id)
    return audit_acts(session, done if since is None else and_(done, Act.at > since), trust)


def signed_acts(edition_id: int) -> ColumnElement[bool]:
    """Return the condition that an act is one of signing in an edition."""
    return and_(Act.edition_id == edition_id, Act.verb == VERB, Act.outcome == "done")


def audit_acts(session: Session, acts: ColumnElement[bool], trust: Trust) -> EvidenceCount:
    """Verify the signatures of some acts of signing, and compare the acts with what they sealed."""
    mine = frozenset(session.scalars(select(Act.id).where(acts)))
    found = _verified(session, _documents(session, acts), lambda row: row.act_id in mine, trust)
    flaws = (*found.flaws, *out_of_order(session, acts), *off_the_trail(session, acts))
    return replace(found, flaws=flaws)


def audit_doubts(session: Session, doubts: Doubts, trust: Trust) -> EvidenceCount:
    """Verify doubtful signatures and no others of their acts, and compare doubtful acts with what they sealed."""
    keys = doubts.signatures
    documents = sorted({key.document_id for key in keys})
    found = _verified(session, documents, lambda row: (row.document_id, row.act_id) in keys, trust)
    flaws = list(found.flaws)
    for part in chunked(documents):
        early = out_of_order(session, Signature.document_id.in_(part))
        flaws += [flaw for flaw in early if flaw.signature in keys]
    for acts in chunked(sorted(doubts.acts)):
        flaws += off_the_trail(session, Act.id.in_(acts))
    return replace(found, flaws=tuple(flaws))


def _verified(
    session: Session, documents: Sequence[int], is_meant: Callable[[Any], bool], trust: Trust
) -> EvidenceCount:
    """Verify those signatures of some documents that are meant, each over its document as it stands now."""
    checked = without = 0
    flaws: list[Flaw] = []
    for part in chunked(documents):
        rows = [row for row in session.execute(_signatures(part)) if is_meant(row)]
        known = _Known(trust, _digests(session, part), _certificates(session, rows), _sealed(session, rows))
        causes = [(row, known.cause(row)) for row in rows]
        checked, without = checked + len(rows), without + sum(row.signature is None for row in rows)
        flaws.extend(_flaw(row, cause) for row, cause in causes if cause is not None)
    return EvidenceCount(checked, without, tuple(flaws))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the signatures of some documents are judged by."""

    trust: Trust
    digests: Mapping[int, bytes]
    """Of each document's bytes as they are now."""
    certificates: Mapping[int, Any]
    sealed: Collection[int]
    """The acts, of those whose signatures have no evidence, that were made with it."""

    def cause(self, row: Any) -> Cause | None:
        """Return what is wrong with a signature, or None."""
        if row.signature is None:
            return Cause.EVIDENCE_MISSING if row.act_id in self.sealed else None
        certificate = self.certificates[row.certificate_id]
        if hashlib.sha256(certificate.encoded).digest() != certificate.digest:
            return Cause.CERTIFICATE_CHANGED
        if certificate.person_id != row.person_id:
            return Cause.CERTIFICATE_CHANGED
        kept = KeptSignature(certificate.encoded, row.content_digest, whole_second(row.at), row.signature)
        try:
            return self._judged(row, kept)
        except EvidenceError:
            return Cause.CERTIFICATE_CHANGED

    def _judged(self, row: Any, kept: KeptSignature) -> Cause | None:
        """Return what is wrong with what was kept; a round that was sent back is judged by its digest alone."""
        verdict = verify_digest(kept, self.trust, row.at)
        now = self.digests.get(row.document_id, UNREADABLE)
        if row.is_history or now == kept.content_digest:
            return CAUSES.get(verdict)
        if verdict is not Verdict.SIGNATURE_BROKEN:
            return Cause.BYTES_CHANGED
        as_it_is = verify_digest(replace(kept, content_digest=now), self.trust, row.at)
        return Cause.SIGNATURE_BROKEN if as_it_is is Verdict.SIGNATURE_BROKEN else Cause.DIGEST_CHANGED


def _flaw(row: Any, cause: Cause) -> Flaw:
    key = SignatureKey(row.document_id, row.act_id)
    return Flaw(row.number, row.round, row.slot, row.person, row.at, row.sequence, cause, key)


def _documents(session: Session, acts: ColumnElement[bool]) -> Sequence[int]:
    """Return the ids of the documents that were signed in those acts, in order."""
    signed = select(Signature.document_id).join(Act, Act.id == Signature.act_id).where(acts)
    return session.scalars(signed.distinct().order_by(Signature.document_id)).all()


def _signatures(ids: Sequence[int]) -> Query:
    """Return all signatures of some documents: told apart by their acts later, they are read by their documents."""
    ended = and_(DocumentReturn.document_id == Signature.document_id, DocumentReturn.round == Signature.round)
    return (
        select(
            Signature.document_id,
            Signature.round,
            Signature.slot,
            Signature.person_id,
            Signature.act_id,
            Signature.at,
            Signature.certificate_id,
            Signature.content_digest,
            Signature.signature,
            Document.number,
            Person.name.label("person"),
            Act.sequence,
            DocumentReturn.document_id.is_not(None).label("is_history"),
        )
        .join(Act, Act.id == Signature.act_id)
        .join(Document, Document.id == Signature.document_id)
        .join(Person, Person.id == Signature.person_id)
        .outerjoin(DocumentReturn, ended)
        .where(Signature.document_id.in_(ids))
        .order_by(Signature.document_id, Signature.round, Signature.slot)
    )


def _digests(session: Session, ids: Sequence[int]) -> dict[int, bytes]:
    """Return the digest of each document's canonical bytes as they are now."""
    found: dict[int, bytes] = {}
    for document_id, fields in document_fields(session, ids):
        try:
            found[document_id] = digest(canonical_bytes(fields))
        except ValueNotCanonical:
            found[document_id] = UNREADABLE
    return found


def _certificates(session: Session, rows: Sequence[Any]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for part in chunked(sorted({row.certificate_id for row in rows if row.certificate_id is not None})):
        query = select(Certificate.id, Certificate.person_id, Certificate.digest, Certificate.encoded)
        found |= {row.id: row for row in session.execute(query.where(Certificate.id.in_(part)))}
    return found


def _sealed(session: Session, rows: Sequence[Any]) -> set[int]:
    """Return which acts of signatures without evidence were made with it."""
    found: set[int] = set()
    for part in chunked(sorted({row.act_id for row in rows if row.signature is None})):
        query = select(Act.id, Act.facts).where(Act.id.in_(part))
        found |= {act_id for act_id, facts in session.execute(query) if SEALED in facts}
    return found
