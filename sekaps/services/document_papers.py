"""One document as it leaves the house: its canonical bytes, the signatures over them, and what holds of each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from sqlalchemy.orm import Session

from sekaps.errors.editions import DocumentUnknown
from sekaps.errors.evidence import EvidenceError
from sekaps.evidence.canonical import digest
from sekaps.evidence.certificates import whole_second
from sekaps.evidence.kept import KeptSignature, message_of, verify_digest, verify_kept
from sekaps.evidence.keys import read_certificate
from sekaps.evidence.trust import Trust
from sekaps.evidence.verdicts import Verdict
from sekaps.models.allocation import Item
from sekaps.models.documents import Document, Signature
from sekaps.models.evidence import Certificate
from sekaps.models.registry import District, Mandate, Person, Post, Province, Unit
from sekaps.services.document_contents import document_contents
from sekaps.services.editions import EditionView
from sekaps.texts import Bilingual, Sayable

CONTENT, ROOTS = "belge.json", "kok.pem"
"""The files of an export: the signed bytes, and the certificates to trust."""


@dataclass(frozen=True, slots=True)
class PaperSignature:
    """One signature of a document; ``kept`` is missing where it is older than evidence."""

    round: int
    slot: int
    post: str
    person: str
    number: int
    mandate: str
    at: datetime
    kept: KeptSignature | None
    is_test: bool

    @property
    def serial(self) -> str:
        """The serial number of its certificate; empty where there is none to read."""
        try:
            return "" if self.kept is None else f"{read_certificate(self.kept.certificate).serial_number:x}"
        except EvidenceError:
            return ""


@dataclass(frozen=True, slots=True)
class DocumentPaper:
    """A document with its signatures, those of earlier rounds too, and the names its codes have today."""

    number: str
    kind: str
    unit: str
    unit_number: int
    state: str
    round: int
    content: bytes
    names: Mapping[str, Sayable]
    signatures: Sequence[PaperSignature]

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the signed bytes."""
        return digest(self.content)

    @property
    def fields(self) -> dict[str, Any]:
        """What stands in the signed bytes."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def present(self) -> list[PaperSignature]:
        """The signatures of the present round, over these very bytes."""
        return [each for each in self.signatures if each.round == self.round]


def document_paper(session: Session, edition: EditionView, number: str) -> DocumentPaper:
    """Return a document of an edition with its evidence; raise DocumentUnknown."""
    query = select(Document, Unit.name, Unit.number).join(Unit, Unit.id == Document.unit_id)
    row = session.execute(query.where(Document.edition_id == edition.id, Document.number == number)).one_or_none()
    if row is None:
        raise DocumentUnknown(number=number)
    document, unit, unit_number = row
    content = document_contents(session, [document.id])[document.id]
    return DocumentPaper(
        number=document.number,
        kind=document.kind,
        unit=unit,
        unit_number=unit_number,
        state=document.state,
        round=document.round,
        content=content,
        names=_names(session, json.loads(content)),
        signatures=tuple(_signatures(session, document)),
    )


def _signatures(session: Session, document: Document) -> Iterator[PaperSignature]:
    query = (
        select(Signature, Post.title, Person.name, Person.number, Mandate.kind, Certificate.encoded)
        .add_columns(Certificate.is_test)
        .join(Person, Person.id == Signature.person_id)
        .join(Mandate, Mandate.id == Signature.mandate_id)
        .join(Post, Post.id == Mandate.post_id)
        .outerjoin(Certificate, Certificate.id == Signature.certificate_id)
        .where(Signature.document_id == document.id)
        .order_by(Signature.round, Signature.slot)
    )
    for row, post, person, number, mandate, encoded, is_test in session.execute(query):
        kept = None
        if encoded is not None and row.content_digest is not None and row.signature is not None:
            kept = KeptSignature(encoded, row.content_digest, whole_second(row.at), row.signature)
        yield PaperSignature(row.round, row.slot, post, person, number, mandate, row.at, kept, bool(is_test))


def _names(session: Session, fields: Mapping[str, Any]) -> dict[str, Sayable]:
    """Return what the item and places of a form are called, by the field of their code; units by their number."""
    form = fields.get("need") or fields.get("resource") or {}
    found: dict[str, Sayable] = {}
    item = session.get(Item, form.get("item", ""))
    if item is not None:
        found["item"] = Bilingual(item.name_tr, item.name_en)
    for name, place in (
        ("province", session.get(Province, form.get("province", ""))),
        ("district", session.get(District, form.get("district", ""))),
    ):
        if place is not None:
            found[name] = Bilingual(place.name, place.name)
    parties = {each[side] for each in fields.get("protocols", []) for side in ("need_side", "resource_side")}
    for number, name in session.execute(select(Unit.number, Unit.name).where(Unit.number.in_(parties))):
        found[str(number)] = Bilingual(name, name)
    return found


def verdict_of(paper: DocumentPaper, signature: PaperSignature, trust: Trust) -> Verdict | None:
    """Return what holds of a signature: over the bytes as they are, or over its digest if its round was sent back."""
    if signature.kept is None:
        return None
    try:
        if signature.round != paper.round:
            return verify_digest(signature.kept, trust, signature.at)
        return verify_kept(paper.content, signature.kept, trust, signature.at)
    except EvidenceError:
        return Verdict.MALFORMED


def files_of(paper: DocumentPaper, trust: Trust) -> dict[str, bytes]:
    """Return the files anybody can check the document with: its bytes, a message for each signature, the roots."""
    messages = {
        f"imza-{each.slot}.p7s": message_of(each.kept, trust.authorities)
        for each in paper.present
        if each.kept is not None
    }
    return {CONTENT: paper.content, **messages, ROOTS: _pem(trust.roots)}


def _pem(certificates: Iterable[bytes]) -> bytes:
    return b"".join(read_certificate(each).public_bytes(Encoding.PEM) for each in certificates)
