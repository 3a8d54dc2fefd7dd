"""Gaps and flaws planted in the small country, each on documents of its own, with what the audits must say of them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from small_country import Country, on
from sqlalchemy import insert, select, update

from sekaps.domain.gaps import Cause
from sekaps.evidence.certificates import Subject
from sekaps.evidence.kept import sign_kept
from sekaps.evidence.keys import Signer
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.evidence.trust import Trust
from sekaps.keyring import AuthorityKeys, keyring
from sekaps.models.allocation import Need
from sekaps.models.documents import Document, Signature
from sekaps.models.evidence import Certificate
from sekaps.models.registry import Mandate
from sekaps.services import signing
from sekaps.services.document_contents import document_contents
from sekaps.services.registry import end_mandates
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import send_back
from sekaps.services.signing import sign

OPENED, FEBRUARY, MARCH, LATER, JUNE = (
    on(2023, 2, 1, 0),
    on(2023, 2, 20),
    on(2023, 3, 1),
    on(2023, 3, 2),
    on(2023, 6, 1),
)
CHAIN = ("military officer", "military head", "ministry approver")
MILITARY, MINISTRY, ENERGY, INSTITUTION, INDUSTRY = 20000009, 20000002, 20000003, 20000010, 20000011
Gaps = dict[str, tuple[Cause, int, int, datetime]]
"""By document: the cause, the slot, the unit whose post is waited for, and since when."""
Flaws = set[tuple[str | None, int | None, Cause]]
"""Document, slot and cause."""


@dataclass
class Ground:
    """The country, the trusts before and after a revocation, and what was planted so far."""

    country: Country
    trusted: Trust
    after_revocation: Trust
    gaps: Gaps = field(default_factory=dict)
    flaws: Flaws = field(default_factory=set)
    revoked: bool = False

    @property
    def trust(self) -> Trust:
        """Whom the audit of evidence trusts now."""
        return self.after_revocation if self.revoked else self.trusted

    def need(self, number: str, *people: str, at: datetime = MARCH) -> int:
        """Make a need form of the military unit, signed by those people."""
        form = self.country.signed_need(number, 500)
        fresh = {"state": "expected", "next_slot": 1, "recorded_at": None, "waiting_since": OPENED}
        self.country.session.execute(update(Document).where(Document.id == form).values(fresh))
        self.sign(form, *people, at=at)
        return form

    def alone(self, number: str, unit: str, *people: str, at: datetime = MARCH) -> int:
        """Make a form that one officer of a unit signs alone."""
        chain = self.country.chain(unit, f"form {number}", [(unit, "officer")])
        form = self.country.document(number, unit, chain)
        self.sign(form, *people, at=at)
        return form

    def sign(self, form: int, *people: str, at: datetime) -> None:
        for who in people:
            request = SignRequest(form, self.country.people[who])
            [outcome] = sign(self.country.session, self.country.edition, [request], at, seals=keyring())
            assert outcome.done, outcome.refusal

    def tamper(self, form: int, slot: int, **values: object) -> None:
        """Change a signature's row."""
        mine = (Signature.document_id == form, Signature.slot == slot)
        self.country.session.execute(update(Signature).where(*mine).values(values))

    def sign_anew(self, form: int, slot: int, signer: Signer) -> None:
        """Put another certificate's signature over the same bytes in a signature's place."""
        session, mine = self.country.session, (Signature.document_id == form, Signature.slot == slot)
        person, at = session.execute(select(Signature.person_id, Signature.at).where(*mine)).one()
        kept = sign_kept(document_contents(session, [form])[form], signer, at)
        row = {"person_id": person, "digest": hashlib.sha256(kept.certificate).digest(), "encoded": kept.certificate}
        span = {"valid_from": OPENED, "valid_until": JUNE, "is_test": True}
        certificate = session.scalar(insert(Certificate).values(**row, **span).returning(Certificate.id))
        self.tamper(form, slot, signature=kept.signature, certificate_id=certificate)

    def certificate_of(self, who: str) -> int:
        """Return the certificate somebody signs with."""
        mine = Certificate.person_id == self.country.people[who]
        return self.country.session.scalars(select(Certificate.id).where(mine)).one()

    def revoke(self) -> None:
        """Revoke the energy officer's certificate in March, as the authority of this home keeps it."""
        mine = Certificate.id == self.certificate_of("energy officer")
        encoded = self.country.session.scalars(select(Certificate.encoded).where(mine)).one()
        authority_of(keyring()).revoke(encoded, MARCH)


def authority_of(keys: object) -> LocalAuthority:
    assert isinstance(keys, AuthorityKeys)
    return keys.authority


def prepare(country: Country) -> Ground:
    """Return the ground with complete, whole documents only: whatever else is found was planted."""
    authority, trusted = authority_of(keyring()), keyring().trust(JUNE)
    ground = Ground(country, trusted, trusted)
    ground.need("IBC-whole", *CHAIN)
    ground.alone("IBC-before", "energy", "energy officer", at=FEBRUARY)
    ground.revoke()
    ground.after_revocation = authority.trust(JUNE)
    for path in (authority.folder / "revoked").glob("*.json"):
        path.unlink()  # the authority itself is as it was; which trust an audit is given is up to the test
    return ground


def not_started(ground: Ground) -> None:
    ground.need("IBC-not-started")
    ground.gaps["IBC-not-started"] = (Cause.NOT_STARTED, 1, MILITARY, OPENED)


def waiting(ground: Ground) -> None:
    ground.need("IBC-waiting", *CHAIN[:2])
    ground.gaps["IBC-waiting"] = (Cause.WAITING, 3, MINISTRY, MARCH)


def returned(ground: Ground, number: str = "IBC-returned") -> int:
    form = ground.need(number, CHAIN[0])
    request = DocumentRequest(form, ground.country.people[CHAIN[1]], "Miktar yanlış.")
    assert send_back(ground.country.session, ground.country.edition, [request], LATER)[0].done
    ground.gaps[number] = (Cause.RETURNED, 1, MILITARY, LATER)
    return form


def post_vacant(ground: Ground) -> None:
    ground.alone("IBC-vacant", "institution")
    mandates = [ground.country.mandates["institution officer"]]
    assert end_mandates(ground.country.session, ground.country.edition, mandates, LATER) == 1
    ground.gaps["IBC-vacant"] = (Cause.POST_VACANT, 1, INSTITUTION, OPENED)


def mandate_expired(ground: Ground) -> None:
    ground.alone("IBC-expired-mandate", "industry")
    mine = Mandate.id == ground.country.mandates["industry officer"]
    ground.country.session.execute(update(Mandate).where(mine).values(until_at=LATER))
    ground.gaps["IBC-expired-mandate"] = (Cause.MANDATE_EXPIRED, 1, INDUSTRY, OPENED)


def out_of_order(ground: Ground) -> None:
    """Let the officer sign a day after the head, by an engine that has lost its guard against it."""
    form = ground.need("IBC-order", CHAIN[0], at=LATER)
    with pytest.MonkeyPatch.context() as engine:
        engine.setattr(signing, "refusal_before_turn", lambda *_: None)
        ground.sign(form, *CHAIN[1:], at=MARCH)
    ground.flaws |= {("IBC-order", 2, Cause.OUT_OF_ORDER), ("IBC-order", 3, Cause.OUT_OF_ORDER)}


def bytes_changed(ground: Ground) -> None:
    form = ground.need("IBC-bytes", *CHAIN)
    ground.country.session.execute(update(Need).where(Need.document_id == form).values(quantity=501))
    ground.flaws |= {("IBC-bytes", slot, Cause.BYTES_CHANGED) for slot in (1, 2, 3)}


def certificate_revoked(ground: Ground) -> None:
    ground.alone("IBC-revoked", "energy", "energy officer", at=LATER)
    ground.revoked = True
    ground.flaws.add(("IBC-revoked", 1, Cause.CERTIFICATE_REVOKED))


def certificate_expired(ground: Ground, number: str = "IBC-expired", slot: int = 2) -> int:
    form = ground.need(number, *CHAIN)
    ground.sign_anew(form, slot, signer(keyring(), 2018))
    ground.flaws.add((number, slot, Cause.CERTIFICATE_EXPIRED))
    return form


def signer(keys: object, year: int = 2022) -> Signer:
    """Return a signer whose certificate holds for three years."""
    years = [datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 3)]
    return authority_of(keys).signer_for(Subject("Deneme Kişisi", "77", "T.C."), years[0], years[1])


CAUSES: dict[Cause, Callable[[Ground], object]] = {
    Cause.CERTIFICATE_EXPIRED: certificate_expired,
    Cause.BYTES_CHANGED: bytes_changed,
    Cause.OUT_OF_ORDER: out_of_order,
    Cause.RETURNED: returned,
    Cause.WAITING: waiting,
    Cause.CERTIFICATE_REVOKED: certificate_revoked,
    Cause.MANDATE_EXPIRED: mandate_expired,
    Cause.POST_VACANT: post_vacant,
    Cause.NOT_STARTED: not_started,
}
"""Each cause the audits promise to find, with how it is planted; the costly ones first, which are planted least."""
