"""Which acts of signing are doubtful by their rows alone: found wrong before, miscounted, by a bad certificate."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Select, and_, case, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from sekaps.domain.evidence import Flaw
from sekaps.errors.evidence import EvidenceError
from sekaps.evidence.trust import NEVER, Trust
from sekaps.models.documents import Signature
from sekaps.models.evidence import Certificate, EvidenceSuspect
from sekaps.models.trail import Act
from sekaps.services.evidence_audit import signed_acts
from sekaps.services.signing import VERB
from sekaps.services.trail import STREAM
from sekaps.services.writing import chunked, insert_new

EVER = datetime.min.replace(tzinfo=UTC)


def doubtful_acts(session: Session, edition_id: int, trust: Trust) -> set[int]:
    """Return the ids of an edition's acts that are to be verified tonight, whosever turn it is."""
    certificates = _doubtful_certificates(session, trust)
    miscounted = set(session.scalars(_miscounted(Act.id).where(signed_acts(edition_id))))
    return suspects(session, edition_id) | miscounted | _signed_with(session, certificates)


def suspects(session: Session, edition_id: int) -> set[int]:
    """Return the acts whose signatures did not hold when they were last verified."""
    mine = (EvidenceSuspect.edition_id == edition_id, EvidenceSuspect.cleared_at.is_(None))
    return set(session.scalars(select(EvidenceSuspect.act_id).where(*mine)))


def note_suspects(session: Session, edition_id: int, flaws: Iterable[Flaw], cleared: set[int], as_of: datetime) -> None:
    """Keep the acts that flaws were found in, and note those that were suspects and hold again."""
    found = _acts_at(session, {flaw.act for flaw in flaws})
    rows = [{"act_id": act_id, "edition_id": edition_id, "found_at": as_of} for act_id in sorted(found)]
    insert_new(session, EvidenceSuspect, rows)
    for ids, cleared_at in ((found, None), (cleared - found, as_of)):
        for part in chunked(sorted(ids)):
            mine = EvidenceSuspect.act_id.in_(part)
            session.execute(update(EvidenceSuspect).where(mine).values(cleared_at=cleared_at))


def _acts_at(session: Session, places: set[int]) -> set[int]:
    found: set[int] = set()
    for part in chunked(sorted(places)):
        found |= set(session.scalars(select(Act.id).where(Act.stream == STREAM, Act.sequence.in_(part))))
    return found


def miscounted_acts(session: Session) -> list[int]:
    """Return the places of the acts that have more or fewer signatures than the trail says, whatever they did."""
    return list(session.scalars(_miscounted(Act.sequence).order_by(Act.sequence)))


def _miscounted(column: InstrumentedAttribute[int]) -> Select[tuple[int]]:
    held = select(Signature.act_id, func.count().label("signatures")).group_by(Signature.act_id).subquery()
    is_signing = and_(Act.verb == VERB, Act.outcome == "done")
    told = case((is_signing, Act.documents), else_=0)
    return select(column).outerjoin(held, held.c.act_id == Act.id).where(told != func.coalesce(held.c.signatures, 0))


def _doubtful_certificates(session: Session, trust: Trust) -> dict[int, datetime]:
    """Return the certificates that were revoked, and since when, or changed, which makes them doubtful from ever."""
    found: dict[int, datetime] = {}
    for row in session.execute(select(Certificate.id, Certificate.digest, Certificate.encoded)):
        since = _doubtful_since(row.digest, row.encoded, trust)
        if since < NEVER:
            found[row.id] = since
    return found


def _doubtful_since(digest: bytes, encoded: bytes, trust: Trust) -> datetime:
    if hashlib.sha256(encoded).digest() != digest:
        return EVER
    try:
        return trust.revoked_at(encoded)
    except EvidenceError:
        return EVER


def _signed_with(session: Session, certificates: Mapping[int, datetime]) -> set[int]:
    """Return the acts in which one of these certificates signed since it is doubtful."""
    latest = (Signature.act_id, Signature.certificate_id, func.max(Signature.at))
    query = select(*latest).group_by(Signature.act_id, Signature.certificate_id)
    return {
        act_id
        for part in chunked(sorted(certificates))
        for act_id, certificate_id, at in session.execute(query.where(Signature.certificate_id.in_(part)))
        if at >= certificates[certificate_id]
    }
