"""Sealing what people sign: a signature over each document's canonical bytes, verified at once; certificates kept."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.errors.evidence import AgentAnswerRefused, EvidenceError
from sekaps.evidence.certificates import is_test_certificate, whole_second
from sekaps.evidence.kept import KeptSignature, verify_kept
from sekaps.evidence.keys import read_certificate
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import SENTENCES, Verdict
from sekaps.models.evidence import Certificate
from sekaps.models.registry import Person
from sekaps.services.document_acts import DocumentAct, Sealed, refuse
from sekaps.services.document_contents import document_contents
from sekaps.services.prepared import Prepared, among
from sekaps.services.writing import chunked, insert_new
from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever signs: their lasting manager code (yönetici kodu) and their name."""

    number: int
    name: str


class Seals(Protocol):
    """Whoever can sign for the people of the house: a test authority, an agent, cards."""

    def seal(self, holder: Holder, contents: Sequence[bytes], at: datetime) -> Sequence[KeptSignature]:
        """Return the person's signature over each of the contents, in order; raise where their key is not to be had."""
        ...

    def trust(self, at: datetime) -> Trust:
        """Return whom a signature received at that instant may come from, with all that was revoked by then."""
        ...


def seal_acts(
    session: Session, acts: Sequence[DocumentAct], seals: Seals | None, as_of: datetime
) -> tuple[list[DocumentAct], dict[int, KeptSignature]]:
    """Return the acts and the signature of each that is done; whose signature does not hold is refused.

    Without seals nothing is sealed. A document is written as bytes once, and a person's key is looked up once.
    """
    done = [act for act in acts if act.done]
    if seals is None or not done:
        return list(acts), {}
    contents = document_contents(session, (key for act in done for key in act.ids))
    made, refusals = _seal_all(session, done, contents, seals, as_of)
    trust = seals.trust(as_of)
    verdicts = {key: _verdict(contents[key], kept, trust, as_of) for key, kept in made.items()}
    verdicts |= dict.fromkeys(_signed_with_others(session, done, made), Verdict.CERTIFICATE_OF_ANOTHER)
    refusals |= {key: SENTENCES[verdict] for key, verdict in verdicts.items() if verdict is not Verdict.VALID}
    good = {key: kept for key, kept in made.items() if key not in refusals}
    return refuse(acts, refusals), good


def _verdict(content: bytes, kept: KeptSignature, trust: Trust, as_of: datetime) -> Verdict:
    """Return what holds of a signature just made; its time is kept as its act's alone, so it must be the same."""
    if kept.signed_at != whole_second(as_of):
        return Verdict.CLOCKS_DIFFER
    try:
        return verify_kept(content, kept, trust, as_of)
    except EvidenceError:
        return Verdict.MALFORMED


def _signed_with_others(
    session: Session, done: Sequence[DocumentAct], made: Mapping[int, KeptSignature]
) -> Iterator[int]:
    """Yield the documents signed with a certificate somebody else has signed with before."""
    digests = {key: hashlib.sha256(kept.certificate).digest() for key, kept in made.items()}
    owners = _owners(session, set(digests.values()))
    for key, person_id in ((key, act.person_id) for act in done for key in act.ids):
        if key in digests and owners.setdefault(digests[key], person_id) != person_id:
            yield key


def _owners(session: Session, digests: Iterable[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for part in chunked(sorted(digests)):
        query = select(Certificate.digest, Certificate.person_id).where(Certificate.digest.in_(part))
        found |= {digest: person_id for digest, person_id in session.execute(query)}
    return found


def _seal_all(
    session: Session, done: Sequence[DocumentAct], contents: Mapping[int, bytes], seals: Seals, as_of: datetime
) -> tuple[dict[int, KeptSignature], dict[int, Text]]:
    """Return the signature of each document, or why its signer's agent gave none that fits."""
    by_person: dict[int, list[int]] = defaultdict(list)
    for act in done:
        by_person[act.person_id] += act.ids
    holders = _holders(session, by_person)
    made: dict[int, KeptSignature] = {}
    refusals: dict[int, Text] = {}
    for person_id, ids in by_person.items():
        try:
            sealed = seals.seal(holders[person_id], [contents[key] for key in ids], as_of)
        except AgentAnswerRefused as refused:
            told = text("the signing agent's answer does not hold: {problem}", problem=refused.problem)
            refusals |= dict.fromkeys(ids, told)
        else:
            made.update(zip(ids, sealed, strict=True))
    return made, refusals


def _holders(session: Session, people: Iterable[int]) -> dict[int, Holder]:
    rows = _PEOPLE.rows(session, people=sorted(people))
    return {person_id: Holder(number, name) for person_id, number, name in rows}


_PEOPLE = Prepared(select(Person.id, Person.number, Person.name).where(among(Person.id, "people")))


def evidence_columns(session: Session, acts: Iterable[DocumentAct], sealed: Sealed) -> dict[int, dict[str, Any]]:
    """Return the columns of evidence by document for the rows about to be written, certificates kept first."""
    owners = {sealed[key].certificate: act.person_id for act in acts for key in act.ids}
    ids = _keep_certificates(session, owners)
    return {
        key: {
            "certificate_id": ids[kept.certificate],
            "content_digest": kept.content_digest,
            "signature": kept.signature,
        }
        for key, kept in sealed.items()
    }


NO_EVIDENCE: dict[str, Any] = dict.fromkeys(("certificate_id", "content_digest", "signature"))
"""The columns of evidence where nothing was sealed."""


def _keep_certificates(session: Session, owners: Mapping[bytes, int]) -> dict[bytes, int]:
    """Return the id of each certificate; those never signed with before are kept from now on."""
    digests = {hashlib.sha256(encoded).digest(): encoded for encoded in owners}
    held = _certificate_ids(session, digests)
    new = sorted(digest for digest in digests if digest not in held)  # in one order, so that two never block each other
    insert_new(session, Certificate, [_row(digest, digests[digest], owners[digests[digest]]) for digest in new])
    held |= _certificate_ids(session, new)
    return {digests[digest]: certificate_id for digest, certificate_id in held.items()}


def _certificate_ids(session: Session, digests: Iterable[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for part in chunked(sorted(digests)):
        query = select(Certificate.digest, Certificate.id).where(Certificate.digest.in_(part))
        found |= {digest: certificate_id for digest, certificate_id in session.execute(query)}
    return found


def _row(digest: bytes, encoded: bytes, person_id: int) -> dict[str, Any]:
    read = read_certificate(encoded)
    return {
        "person_id": person_id,
        "digest": digest,
        "encoded": encoded,
        "valid_from": read.not_valid_before_utc,
        "valid_until": read.not_valid_after_utc,
        "is_test": is_test_certificate(encoded),
    }
