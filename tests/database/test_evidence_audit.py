"""Evidence: every signature is verified at once, and whoever changes what was signed is found and named."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from small_country import Country, make_country, on
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from sekaps.database import transaction
from sekaps.domain.gaps import Cause
from sekaps.errors.evidence import AgentUnreachable
from sekaps.evidence.kept import sign_kept
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.keyring import AUTHORITY_FROM, AuthorityKeys, keyring
from sekaps.models.allocation import Item, Need, Resource
from sekaps.models.contracts import Protocol
from sekaps.models.documents import Document, Signature
from sekaps.models.evidence import Certificate
from sekaps.models.registry import Unit
from sekaps.services.document_contents import document_contents
from sekaps.services.evidence_audit import audit_evidence
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import resubmit, send_back
from sekaps.services.signing import sign
from sekaps.settings import settings

MARCH, LATER, JUNE = on(2023, 3, 1), on(2023, 3, 2), on(2023, 6, 1)
WAITING = {"state": "expected", "next_slot": 1, "recorded_at": None}
Found = list[tuple[str | None, Cause]]
THE_ACT = (None, Cause.OFF_THE_TRAIL)
"""The act as a whole does not match its rows: it is over two documents, so neither is named."""


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """Three documents whose officers have signed: a need, a resource and a framework protocol."""
    with transaction() as session:
        country = make_country(session)
        need = country.signed_need("IBC-1", 500)
        resource = country.signed_resource("KSC-1", 900)
        session.execute(update(Document).where(Document.id.in_([need, resource])).values(WAITING))
        protocol = country.document("CPR-1", "military", country.chains["need"], kind="framework_protocol")
        sides = {"need_side_id": country.units["ministry"], "resource_side_id": country.units["energy"]}
        row = {"edition_id": country.edition.id, "kind": "framework", "number": "CPR-1", "document_id": protocol}
        session.execute(insert(Protocol).values(**row, **sides, state="open", prepared_at=MARCH))
        ask(country, "military officer", need, protocol)
        ask(country, "industry officer", resource, at=on(2023, 2, 1))
        yield country


def ask(country: Country, who: str, *forms: int, at: Any = MARCH, seals: Any = None) -> list[str]:
    requests = [SignRequest(form, country.people[who]) for form in forms]
    told = sign(country.session, country.edition, requests, at, seals=seals or keyring())
    return [one.refusal.say("en") if one.refusal else "signed" for one in told]


def found(country: Country) -> Found:
    country.session.expire_all()
    count = audit_evidence(country.session, country.edition.id, keyring().trust(JUNE))
    return [(flaw.document, flaw.cause) for flaw in count.flaws]


def id_of(session: Session, number: str) -> int:
    return session.scalars(select(Document.id).where(Document.number == number)).one()


def test_every_signature_carries_evidence_that_holds(country: Country) -> None:
    count = audit_evidence(country.session, country.edition.id, keyring().trust(JUNE))
    assert (count.checked, count.without, count.flaws) == (3, 0, ())


def test_signatures_older_than_evidence_stay_valid_and_are_counted(country: Country) -> None:
    old = country.document("IBC-2", "military", country.chains["need"])
    sign(country.session, country.edition, [SignRequest(old, country.people["military officer"])], MARCH)
    count = audit_evidence(country.session, country.edition.id, keyring().trust(JUNE))
    assert (count.checked, count.without, count.flaws) == (4, 1, ())


def test_a_person_s_certificate_is_kept_once_and_says_that_it_is_a_test(country: Country) -> None:
    ask(country, "military officer", country.document("IBC-3", "military", country.chains["need"]))
    kept = country.session.execute(select(Certificate.person_id, Certificate.is_test)).all()
    assert sorted(kept) == sorted((country.people[f"{unit} officer"], True) for unit in ("military", "industry"))


def test_bytes_are_the_same_on_both_databases(country: Country) -> None:
    contents = document_contents(country.session, [id_of(country.session, "IBC-1")])
    [content] = contents.values()
    assert content.decode() == (
        '{"activity":"needs_entry","chain":{"kind":"need_form","unit":20000009,"variant":""},'
        '"format":"sekaps-document-1","kind":"need_form","need":{"age_group":null,"beneficiary":"military",'
        '"district":"1104","item":"diesel","measure":"litre","priority":1,"province":"01","quantity":500,'
        '"scope":"local"},"number":"IBC-1","previous":null,"programme":"sekaps","round":1,"step":"4.a",'
        '"unit":20000009,"year":2023}'
    )


def test_later_acts_change_no_bytes(country: Country) -> None:
    before = document_contents(country.session, range(1, 9))
    ask(country, "military head", id_of(country.session, "IBC-1"), at=LATER)
    country.session.execute(update(Resource).values(allocated=7, scope="central"))
    country.session.execute(update(Protocol).values(state="concluded"))
    country.session.execute(update(Unit).values(name="another name"))
    assert document_contents(country.session, range(1, 9)) == before
    assert found(country) == []


OTHER: dict[Any, dict[str, Any]] = {
    Need: {
        "quantity": 501,
        "priority": 2,
        "scope": "central",
        "beneficiary": "institution",
        "province_code": "02",
        "district_code": "9999",
    },
    Resource: {
        "capacity": 901,
        "recorded_scope": "central",
        "origin": "web_service",
        "holder": "Başka A.Ş.",
        "province_code": "02",
        "district_code": "9999",
    },
    Document: {"kind": "other", "number": "IBC-9", "activity": "preparations", "step": "4.b", "round": 2},
}
"""Another value for each column a signer answers for; those that refer to rows have tests of their own."""


@pytest.mark.parametrize(
    ("model", "column"), [(model, column) for model in (Need, Resource) for column in OTHER[model]]
)
def test_a_form_changed_after_it_was_signed_is_found(country: Country, model: Any, column: str) -> None:
    country.session.execute(update(model).values({column: OTHER[model][column]}))
    assert found(country) == [("IBC-1" if model is Need else "KSC-1", Cause.BYTES_CHANGED)]


@pytest.mark.parametrize("column", OTHER[Document])
def test_a_document_changed_after_it_was_signed_is_found(country: Country, column: str) -> None:
    mine = Document.number == "IBC-1"
    country.session.execute(update(Document).where(mine).values({column: OTHER[Document][column]}))
    assert found(country) == [("IBC-9" if column == "number" else "IBC-1", Cause.BYTES_CHANGED)]


@pytest.mark.parametrize("column", ["unit_id", "chain_id", "previous_id"])
def test_a_document_that_refers_to_something_else_is_found(country: Country, column: str) -> None:
    other = {
        "unit_id": country.units["institution"],
        "chain_id": country.chain("institution", "need_form", [("institution", "officer")]),
        "previous_id": id_of(country.session, "KSC-1"),
    }
    country.session.execute(update(Document).where(Document.number == "IBC-1").values({column: other[column]}))
    assert found(country) == [("IBC-1", Cause.BYTES_CHANGED)]


def test_another_item_or_beneficiary_is_found(country: Country) -> None:
    ministry = {"measure": "litre", "module": "goods_services", "sector": "energy", "ministry_id": 1}
    country.session.execute(insert(Item).values(code="petrol", name_tr="Benzin", name_en="Petrol", **ministry))
    country.session.execute(update(Need).values(item_code="petrol"))
    country.session.execute(update(Resource).values(item_code="petrol"))
    assert found(country) == [("IBC-1", Cause.BYTES_CHANGED), ("KSC-1", Cause.BYTES_CHANGED)]
    country.session.execute(update(Need).values(item_code="diesel", beneficiary="public", age_group="0-6"))
    country.session.execute(update(Resource).values(item_code="diesel"))
    assert found(country) == [("IBC-1", Cause.BYTES_CHANGED)]


@pytest.mark.parametrize("side", ["need_side_id", "resource_side_id"])
def test_the_parties_of_a_signed_protocol_are_part_of_it(country: Country, side: str) -> None:
    country.session.execute(update(Protocol).values({side: country.units["afad"]}))
    assert found(country) == [("CPR-1", Cause.BYTES_CHANGED)]


def test_the_measure_and_the_item_are_part_of_the_form(country: Country) -> None:
    country.session.execute(update(Item).values(measure="tonne"))
    assert found(country) == [("IBC-1", Cause.BYTES_CHANGED), ("KSC-1", Cause.BYTES_CHANGED)]


def change(country: Country, values: dict[str, Any]) -> None:
    mine = Signature.document_id == id_of(country.session, "IBC-1")
    country.session.execute(update(Signature).where(mine).values(values))


@pytest.mark.parametrize(
    ("column", "value", "flaws"),
    [
        ("signature", b"\7" * 71, [("IBC-1", Cause.SIGNATURE_BROKEN)]),
        ("content_digest", bytes(32), [("IBC-1", Cause.DIGEST_CHANGED), THE_ACT]),
        ("at", LATER, [("IBC-1", Cause.SIGNATURE_BROKEN), THE_ACT]),
    ],
)
def test_a_changed_signature_is_found(country: Country, column: str, value: Any, flaws: Found) -> None:
    change(country, {column: value})
    assert found(country) == flaws


def test_a_signature_given_to_somebody_else_is_found(country: Country) -> None:
    change(country, {"person_id": country.people["military head"]})
    assert found(country) == [("IBC-1", Cause.CERTIFICATE_CHANGED), THE_ACT]
    country.session.execute(update(Certificate).values(person_id=country.people["military head"]))
    assert found(country) == [("KSC-1", Cause.CERTIFICATE_CHANGED), ("CPR-1", Cause.CERTIFICATE_CHANGED), THE_ACT]


@pytest.mark.parametrize(
    ("column", "value"),
    [("slot", 2), ("round", 2), ("mandate_id", None)],
)
def test_a_signature_moved_to_another_place_is_found(country: Country, column: str, value: int | None) -> None:
    change(country, {column: value or country.mandates["military head"]})
    assert found(country) == [THE_ACT]


def test_evidence_taken_away_is_found(country: Country) -> None:
    change(country, {"signature": None, "content_digest": None, "certificate_id": None})
    assert found(country) == [("IBC-1", Cause.EVIDENCE_MISSING), THE_ACT]


def test_a_removed_signature_is_missed(country: Country) -> None:
    country.session.execute(delete(Signature).where(Signature.document_id == id_of(country.session, "CPR-1")))
    assert found(country) == [("CPR-1", Cause.OFF_THE_TRAIL)]


@pytest.mark.parametrize("column", ["encoded", "digest"])
def test_a_changed_certificate_is_found(country: Country, column: str) -> None:
    mine = Certificate.person_id == country.people["industry officer"]
    country.session.execute(update(Certificate).where(mine).values({column: bytes(32)}))
    assert found(country) == [("KSC-1", Cause.CERTIFICATE_CHANGED)]
    country.session.execute(
        update(Certificate).where(mine).values(encoded=b"\7" * 9, digest=hashlib.sha256(b"\7" * 9).digest())
    )
    assert found(country) == [("KSC-1", Cause.CERTIFICATE_CHANGED)]


def test_another_certificate_of_the_same_person_is_not_the_one_that_signed(country: Country) -> None:
    signer = keyring().signer_of("another name", "1", 2021)  # type: ignore[attr-defined]
    row = {"digest": hashlib.sha256(signer.certificate).digest(), "encoded": signer.certificate}
    mine = Certificate.person_id == country.people["industry officer"]
    country.session.execute(update(Certificate).where(mine).values(row))
    assert found(country) == [("KSC-1", Cause.SIGNATURE_BROKEN)]


def test_a_certificate_revoked_before_the_signature_is_found_and_one_revoked_later_is_no_harm(
    country: Country,
) -> None:
    keys = keyring()
    assert isinstance(keys, AuthorityKeys)
    encoded = {row.person_id: row.encoded for row in country.session.scalars(select(Certificate))}
    keys.authority.revoke(encoded[country.people["military officer"]], MARCH - timedelta(days=1))
    keys.authority.revoke(encoded[country.people["industry officer"]], LATER)
    causes = [("IBC-1", Cause.CERTIFICATE_REVOKED), ("CPR-1", Cause.CERTIFICATE_REVOKED)]
    assert sorted(found(country)) == sorted(causes)


def test_whoever_s_certificate_is_revoked_is_refused_at_once(country: Country) -> None:
    keys = keyring()
    assert isinstance(keys, AuthorityKeys)
    [encoded] = country.session.scalars(
        select(Certificate.encoded).where(Certificate.person_id == country.people["military officer"])
    )
    keys.authority.revoke(encoded, MARCH)
    form = country.document("IBC-4", "military", country.chains["need"])
    told = ask(country, "military officer", form, at=LATER)
    assert told == ["the certificate was revoked before the signature was received"]
    assert country.session.scalars(select(Signature).where(Signature.document_id == form)).all() == []
    assert country.session.scalar(select(Document.state).where(Document.id == form)) == "expected"


def test_an_authority_nobody_trusts_is_found(country: Country, tmp_path: Any) -> None:
    other = AuthorityKeys(LocalAuthority.open(tmp_path / "other", AUTHORITY_FROM))
    flaws = audit_evidence(country.session, country.edition.id, other.trust(JUNE)).flaws
    assert {flaw.cause for flaw in flaws} == {Cause.ISSUER_UNKNOWN}


class Late:
    """Signs with certificates that are over."""

    def seal(self, holder: Any, contents: Any, at: Any) -> Any:
        signer = keyring().signer_of(holder.name, str(holder.number), 2018)  # type: ignore[attr-defined]
        return [sign_kept(content, signer, at) for content in contents]

    def trust(self, at: Any) -> Any:
        return keyring().trust(at)


def test_a_certificate_that_is_over_signs_nothing(country: Country) -> None:
    form = country.document("IBC-5", "military", country.chains["need"])
    [told] = ask(country, "military officer", form, seals=Late())
    assert told == "the certificate had expired when the document was signed"


def test_a_round_that_was_sent_back_keeps_its_evidence_although_the_form_was_corrected(country: Country) -> None:
    form = id_of(country.session, "IBC-1")
    for do, who in ((send_back, "military head"), (resubmit, "military officer")):
        request = DocumentRequest(form, country.people[who], "Miktar fazla.")
        assert do(country.session, country.edition, [request], LATER)[0].done
    country.session.execute(update(Need).values(quantity=400))
    assert ask(country, "military officer", form, at=on(2023, 3, 3)) == ["signed"]
    assert found(country) == []
    first = (Signature.document_id == form, Signature.round == 1)
    country.session.execute(update(Signature).where(*first).values(content_digest=bytes(32)))
    assert found(country) == [("IBC-1", Cause.SIGNATURE_BROKEN), THE_ACT]


def test_only_signatures_made_since_are_looked_at(country: Country) -> None:
    ask(country, "military head", id_of(country.session, "IBC-1"), at=LATER)
    count = audit_evidence(country.session, country.edition.id, keyring().trust(JUNE), since=MARCH)
    assert (count.checked, count.flaws) == (1, ())


def test_a_value_no_engine_writes_is_found_and_stops_nothing(sqlite_database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        form = country.signed_need("IBC-1", 500)
        session.execute(update(Document).where(Document.id == form).values(WAITING))
        ask(country, "military officer", form)
        session.execute(text("UPDATE needs SET scope = 'local', item_code = 'diesel', priority = 1, age_group = NULL"))
        session.execute(text("UPDATE documents SET step = x'00ff'"))
        assert found(country) == [("IBC-1", Cause.BYTES_CHANGED)]
        session.rollback()


def test_an_agent_that_is_away_signs_nothing(country: Country, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("SEKAPS_SIGNING", "agent")
    monkeypatch.setenv("SEKAPS_SIGNING_AGENT", "http://127.0.0.1:9")
    monkeypatch.setenv("SEKAPS_SIGNING_TRUST", str(tmp_path))
    settings.cache_clear()
    form = country.document("IBC-6", "military", country.chains["need"])
    with pytest.raises(AgentUnreachable):
        ask(country, "military officer", form)
    assert country.session.scalars(select(Signature).where(Signature.document_id == form)).all() == []
