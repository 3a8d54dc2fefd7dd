"""What is doubtful by its rows alone: signatures found wrong before or by a bad certificate, acts that are miscounted.

Doubt is no wider than its reason. A signature that did not hold says nothing of the thousands given in the same act;
an act that lost one says nothing of the others, and is only compared with what it sealed.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import Select, and_, case, func, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from sekaps.domain.evidence import Doubts, Flaw, SignatureKey
from sekaps.errors.evidence import EvidenceError
from sekaps.evidence.trust import NEVER, Trust
from sekaps.models.documents import Signature
from sekaps.models.evidence import Certificate, SuspectAct, SuspectSignature
from sekaps.models.trail import Act
from sekaps.services.evidence_audit import signed_acts
from sekaps.services.signing import VERB
from sekaps.services.trail import STREAM
from sekaps.services.writing import Query, chunked, insert_new, table_of

Suspects = type[SuspectSignature] | type[SuspectAct]
EVER = datetime.min.replace(tzinfo=UTC)


def doubts_of(session: Session, edition_id: int, trust: Trust) -> Doubts:
    """Return what of an edition is to be looked at again tonight, whosever turn it is."""
    signatures = frozenset(_signed_with(session, _doubtful_certificates(session, trust)))
    miscounted = session.scalars(_miscounted(Act.id).where(signed_acts(edition_id)))
    gone = session.scalars(_gone(edition_id))
    return suspects(session, edition_id) | Doubts(signatures, frozenset(miscounted) | frozenset(gone))


def suspects(session: Session, edition_id: int) -> Doubts:
    """Return the signatures that did not hold when they were last verified, and the acts that did not match theirs."""
    signatures = session.execute(_standing(SuspectSignature, edition_id))
    acts = session.execute(_standing(SuspectAct, edition_id))
    return Doubts(frozenset(SignatureKey(*row) for row in signatures), frozenset(row.act_id for row in acts))


def _standing(model: Suspects, edition_id: int) -> Query:
    """Return the keys of the suspects that were not cleared."""
    keys = table_of(model).primary_key.columns
    return select(*keys).where(model.edition_id == edition_id, model.cleared_at.is_(None))


def _gone(edition_id: int) -> Query:
    """Return the acts of suspect signatures that are no longer there: what they sealed will miss them."""
    one = and_(Signature.document_id == SuspectSignature.document_id, Signature.act_id == SuspectSignature.act_id)
    kept = _standing(SuspectSignature, edition_id).with_only_columns(SuspectSignature.act_id)
    return kept.outerjoin(Signature, one).where(Signature.document_id.is_(None))


def note_suspects(session: Session, edition_id: int, flaws: Iterable[Flaw], cleared: Doubts, as_of: datetime) -> None:
    """Keep what flaws were found in, and note the suspects that hold again.

    Nothing of an act that does not match is cleared: a signature missing from it could come back as it was.
    """
    found = _found(session, flaws)
    cleared -= found | cleared.of_acts(found.acts)
    for model, here, there in (
        (SuspectSignature, found.signatures, cleared.signatures),
        (SuspectAct, [(act_id,) for act_id in found.acts], [(act_id,) for act_id in cleared.acts]),
    ):
        keys = table_of(model).primary_key.columns
        kept = {"edition_id": edition_id, "found_at": as_of}
        insert_new(session, model, [dict(zip(keys.keys(), key, strict=True)) | kept for key in sorted(here)])
        for some, cleared_at in ((here, None), (there, as_of)):
            for part in chunked(sorted(some)):
                session.execute(update(model).where(tuple_(*keys).in_(part)).values(cleared_at=cleared_at))


def _found(session: Session, flaws: Iterable[Flaw]) -> Doubts:
    """Return what is wrong: a signature, or an act where no one signature is."""
    keys = {flaw.act if flaw.signature is None else flaw.signature for flaw in flaws}
    signatures = frozenset(key for key in keys if isinstance(key, SignatureKey))
    places = sorted(key for key in keys if isinstance(key, int))
    at = (select(Act.id).where(Act.stream == STREAM, Act.sequence.in_(part)) for part in chunked(places))
    return Doubts(signatures, frozenset(act_id for query in at for act_id in session.scalars(query)))


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


def _signed_with(session: Session, certificates: Mapping[int, datetime]) -> Iterator[SignatureKey]:
    """Yield the signatures made with one of these certificates since it is doubtful."""
    in_time = sorted(certificates, key=lambda certificate_id: certificates[certificate_id])
    for part in chunked(in_time):
        made = (Signature.certificate_id.in_(part), Signature.at >= certificates[part[0]])
        query = select(Signature.document_id, Signature.act_id, Signature.certificate_id, Signature.at).where(*made)
        for document_id, act_id, certificate_id, at in session.execute(query):
            if at >= certificates[certificate_id]:
                yield SignatureKey(document_id, act_id)
