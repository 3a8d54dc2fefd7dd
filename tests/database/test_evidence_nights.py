"""What a night verifies, what it leaves to its turn, and that nothing found once is forgotten before it is mended."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from small_country import Country, make_country, on
from sqlalchemy import ColumnElement, and_, delete, select, update

from sekaps.database import reading, transaction
from sekaps.domain.evidence import EvidenceCount
from sekaps.domain.gaps import Cause
from sekaps.evidence.revocations import Reason
from sekaps.keyring import keyring, revoker
from sekaps.models.allocation import Need
from sekaps.models.documents import Document, Signature
from sekaps.models.evidence import Certificate, EvidenceCheck, SuspectAct, SuspectSignature
from sekaps.services.editions import load_edition
from sekaps.services.evidence_audit import audit_evidence
from sekaps.services.evidence_doubts import doubts_of, suspects
from sekaps.services.evidence_nights import check_night, keep_night, plan_night
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign

FIRST = on(2023, 3, 1, 23)
FORMS = ("IBC-1", "IBC-2", "IBC-3")


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    """Three needs, each signed by the officer in an act of its own, verified by the first night."""
    with transaction() as session:
        country = make_country(session)
        for number in FORMS:
            form = country.signed_need(number, 500)
            waiting = {"state": "expected", "next_slot": 1, "recorded_at": None}
            session.execute(update(Document).where(Document.id == form).values(waiting))
            sign_as(country, form, "military officer", on(2023, 3, 1))
        yield country


def sign_as(country: Country, form: int, who: str, at: datetime) -> None:
    request = SignRequest(form, country.people[who])
    assert sign(country.session, country.edition, [request], at, seals=keyring())[0].done


def night(country: Country, nights: int = 0, least_share: int = 1) -> EvidenceCount:
    """Run a night, so many after the first one, that verifies at least so many signatures again."""
    session, edition_id, as_of = country.session, country.edition.id, FIRST + timedelta(days=nights)
    session.expire_all()
    trust = keyring().trust(as_of)
    planned = plan_night(session, edition_id, trust, as_of.date(), least_share=least_share)
    found = check_night(session, edition_id, trust, planned)
    oldest = keep_night(session, edition_id, planned, found, as_of)
    return EvidenceCount(found.checked, found.without, found.flaws, found.again, oldest, found.miscounted)


def told(found: EvidenceCount) -> list[tuple[str | None, Cause]]:
    return [(flaw.document, flaw.cause) for flaw in found.flaws]


def day(nights: int) -> date:
    return FIRST.date() + timedelta(days=nights)


def id_of(country: Country, number: str) -> int:
    return country.session.scalars(select(Document.id).where(Document.number == number)).one()


def change(country: Country, number: str, quantity: int = 400) -> None:
    form = select(Document.id).where(Document.number == number).scalar_subquery()
    country.session.execute(update(Need).where(Need.document_id == form).values(quantity=quantity))


def full_pass(country: Country) -> list[tuple[str | None, Cause]]:
    country.session.expire_all()
    return told(audit_evidence(country.session, country.edition.id, keyring().trust(FIRST)))


def test_the_first_night_verifies_everything_and_the_next_ones_what_is_new_and_a_share(country: Country) -> None:
    assert night(country) == EvidenceCount(3, oldest=day(0))
    sign_as(country, id_of(country, "IBC-1"), "military head", on(2023, 3, 2))
    assert night(country, 1) == EvidenceCount(2, again=1, oldest=day(0))
    assert night(country, 2) == EvidenceCount(1, again=1, oldest=day(0))
    assert night(country, 3) == EvidenceCount(1, again=1, oldest=day(1))
    assert night(country, 4) == EvidenceCount(1, again=1, oldest=day(1))


def test_a_second_run_of_a_night_verifies_only_what_came_since(country: Country) -> None:
    assert night(country).checked == 3
    assert night(country).checked == 0
    sign_as(country, id_of(country, "IBC-1"), "military head", on(2023, 3, 2))
    assert night(country).checked == 1
    [kept] = country.session.scalars(select(EvidenceCheck))
    assert (kept.day, kept.again_first, kept.again_through) == (day(0), 1, 0)
    assert night(country, 1, least_share=99) == EvidenceCount(4, again=4, oldest=day(1))


def test_a_form_changed_after_a_night_is_found_by_a_full_pass_at_once_and_by_the_night_of_its_turn(
    country: Country,
) -> None:
    night(country)
    change(country, "IBC-2")
    assert full_pass(country) == [("IBC-2", Cause.BYTES_CHANGED)]
    assert [told(night(country, nights)) for nights in (1, 2)] == [[], [("IBC-2", Cause.BYTES_CHANGED)]]


def test_a_form_changed_before_its_first_night_is_found_by_it(country: Country) -> None:
    change(country, "IBC-3")
    assert told(night(country)) == [("IBC-3", Cause.BYTES_CHANGED)]


def test_what_was_found_is_told_every_night_until_it_holds_again(country: Country) -> None:
    change(country, "IBC-1")
    assert [told(night(country, nights)) for nights in range(3)] == [[("IBC-1", Cause.BYTES_CHANGED)]] * 3
    change(country, "IBC-1", 500)
    assert [told(night(country, nights)) for nights in (3, 4)] == [[], []]
    change(country, "IBC-1")
    found = [told(night(country, nights)) for nights in (5, 6, 7, 8)]
    assert [] not in found[found.index([("IBC-1", Cause.BYTES_CHANGED)]) :]


@pytest.mark.parametrize("number", FORMS)
def test_a_removed_signature_is_missed_the_next_night(country: Country, number: str) -> None:
    night(country)
    form = select(Document.id).where(Document.number == number).scalar_subquery()
    country.session.execute(delete(Signature).where(Signature.document_id == form))
    found = night(country, 1)
    assert (told(found), found.miscounted) == ([(number, Cause.OFF_THE_TRAIL)], (number,))


# One act over three documents: what is doubtful is looked at again, and nothing else of the act


@pytest.fixture
def together(country: Country) -> Country:
    """The country with all three needs signed by the head, too, in one act."""
    forms = [id_of(country, number) for number in FORMS]
    requests = [SignRequest(form, country.people["military head"]) for form in forms]
    done = sign(country.session, country.edition, requests, on(2023, 3, 1, 11), seals=keyring())
    assert [one.done for one in done] == [True] * 3
    return country


def in_the_act(number: str) -> ColumnElement[bool]:
    """Return the condition that a signature is the head's of a form."""
    form = select(Document.id).where(Document.number == number).scalar_subquery()
    return and_(Signature.document_id == form, Signature.slot == 2)


def tamper(country: Country, number: str, **values: Any) -> None:
    country.session.execute(update(Signature).where(in_the_act(number)).values(values))


def doubts(country: Country, nights: int) -> tuple[int, int]:
    """Return how many signatures and acts are doubtful in a night."""
    found = doubts_of(country.session, country.edition.id, keyring().trust(FIRST + timedelta(days=nights)))
    return len(found.signatures), len(found.acts)


def standing(country: Country) -> tuple[int, int]:
    """Return how many signatures and acts are kept as suspects that hold or match nothing yet."""
    found = suspects(country.session, country.edition.id)
    return len(found.signatures), len(found.acts)


def test_a_signature_that_does_not_hold_makes_nothing_else_of_its_act_doubtful(together: Country) -> None:
    tamper(together, "IBC-2", signature=b"\7" * 71)
    assert told(night(together)) == [("IBC-2", Cause.SIGNATURE_BROKEN)]
    assert (standing(together), doubts(together, 1)) == ((1, 0), (1, 0))
    found = night(together, 1)
    assert (told(found), found.again) == ([("IBC-2", Cause.SIGNATURE_BROKEN)], 2)


def test_an_act_that_does_not_match_is_compared_again_and_its_signatures_are_not_verified(together: Country) -> None:
    tamper(together, "IBC-2", mandate_id=together.mandates["military officer"])
    assert told(night(together)) == [(None, Cause.OFF_THE_TRAIL)]
    assert standing(together) == (0, 1)
    found = night(together, 1)
    assert (told(found), found.again) == ([(None, Cause.OFF_THE_TRAIL)], 1)


def test_a_signature_out_of_order_is_told_every_night(together: Country) -> None:
    tamper(together, "IBC-2", at=on(2023, 2, 27))
    causes = {Cause.SIGNATURE_BROKEN, Cause.OUT_OF_ORDER, Cause.OFF_THE_TRAIL}
    assert [{cause for _, cause in told(night(together, nights))} for nights in range(4)] == [causes] * 4
    assert standing(together) == (1, 1)


def test_a_suspect_signature_stays_found_wherever_it_is_moved(together: Country) -> None:
    tamper(together, "IBC-2", signature=b"\7" * 71)
    night(together)
    tamper(together, "IBC-2", slot=3)
    assert [told(night(together, nights)) for nights in (1, 2)] == [[("IBC-2", Cause.SIGNATURE_BROKEN)]] * 2
    other = together.document("IBC-4", "military", together.chains["need"])
    move(together, id_of(together, "IBC-2"), other)
    assert doubts(together, 3) == (1, 1)
    assert [("IBC-2", Cause.OFF_THE_TRAIL) in told(night(together, nights)) for nights in (3, 4)] == [True, True]
    move(together, other, id_of(together, "IBC-2"))
    found = [told(night(together, nights)) for nights in (5, 6)]
    assert [("IBC-2", Cause.SIGNATURE_BROKEN) in each for each in found] == [True, True]


def move(country: Country, form: int, other: int) -> None:
    """Move the signature of the third slot from a document to another."""
    mine = and_(Signature.document_id == form, Signature.slot == 3)
    country.session.execute(update(Signature).where(mine).values(document_id=other))


def test_what_holds_again_is_noted_and_what_fails_again_is_a_suspect_anew(together: Country) -> None:
    kept = together.session.execute(select(Signature.signature, Signature.mandate_id).where(in_the_act("IBC-2"))).one()
    harm = {"signature": b"\7" * 71, "mandate_id": together.mandates["military officer"]}
    tamper(together, "IBC-2", **harm)
    night(together)
    tamper(together, "IBC-2", **kept._mapping)
    assert told(night(together, 1)) == []
    assert standing(together) == (0, 0)
    cleared = [together.session.scalar(select(table.cleared_at)) for table in (SuspectSignature, SuspectAct)]
    assert cleared == [FIRST + timedelta(days=1)] * 2
    tamper(together, "IBC-2", **harm)
    for nights in range(2, 2 + 28):
        night(together, nights)
    assert standing(together) == (1, 1)


def test_a_bad_certificate_makes_only_what_it_signed_since_doubtful(together: Country) -> None:
    form = together.document("IBC-4", "military", together.chains["need"])
    sign_as(together, form, "military officer", on(2023, 3, 1, 12))
    night(together)
    mine = Certificate.person_id == together.people["military officer"]
    encoded = together.session.scalars(select(Certificate.encoded).where(mine)).one()
    revoker().revoke(encoded, on(2023, 3, 1, 11), Reason.UNSPECIFIED)
    assert doubts(together, 1) == (1, 0)
    assert told(night(together, 1)) == [("IBC-4", Cause.CERTIFICATE_REVOKED)]
    together.session.execute(update(Certificate).where(mine).values(digest=bytes(32)))
    assert doubts(together, 2) == (4, 0)


def test_a_document_moved_on_without_a_signature_is_counted_the_next_night(country: Country) -> None:
    night(country)
    country.session.execute(update(Document).where(Document.number == "IBC-3").values(next_slot=3))
    found = night(country, 1)
    assert (told(found), found.miscounted) == ([], ("IBC-3",))


def test_evidence_put_under_an_act_older_than_evidence_is_found_the_next_night(country: Country) -> None:
    form = country.document("IBC-4", "military", country.chains["need"])
    request = SignRequest(form, country.people["military officer"])
    assert sign(country.session, country.edition, [request], on(2023, 3, 1, 11))[0].done
    assert told(night(country)) == []
    old = select(Signature.act_id).where(Signature.document_id == form).scalar_subquery()
    mine = Signature.document_id == id_of(country, "IBC-1")
    country.session.execute(update(Signature).where(mine).values(act_id=old))
    found = {("IBC-1", Cause.OFF_THE_TRAIL), ("IBC-4", Cause.OFF_THE_TRAIL)}
    assert [found <= set(told(night(country, nights))) for nights in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize("column", ["encoded", "digest"])
def test_a_changed_certificate_is_found_the_next_night(country: Country, column: str) -> None:
    night(country)
    country.session.execute(update(Certificate).values({column: bytes(32)}))
    assert sorted(told(night(country, 1))) == [(number, Cause.CERTIFICATE_CHANGED) for number in FORMS]


def test_a_certificate_revoked_as_of_before_the_signature_is_found_the_next_night(country: Country) -> None:
    night(country)
    encoded = country.session.scalars(select(Certificate.encoded)).one()
    revoker().revoke(encoded, on(2023, 2, 27), Reason.UNSPECIFIED)
    assert sorted(told(night(country, 1))) == [(number, Cause.CERTIFICATE_REVOKED) for number in FORMS]


def test_a_certificate_revoked_later_than_its_signatures_costs_a_night_nothing(country: Country) -> None:
    night(country)
    encoded = country.session.scalars(select(Certificate.encoded)).one()
    revoker().revoke(encoded, on(2023, 3, 1, 20), Reason.UNSPECIFIED)
    assert night(country, 1) == EvidenceCount(1, again=1, oldest=day(0))


def test_two_workers_in_one_night_keep_it_once(country: Country) -> None:
    country.session.commit()

    def work(_: int) -> int:
        trust = keyring().trust(FIRST)
        with reading() as session:
            edition = load_edition(session, "sekaps", 2023)
            planned = plan_night(session, edition.id, trust, FIRST.date())
            found = check_night(session, edition.id, trust, planned)
        with transaction() as session:
            keep_night(session, edition.id, planned, found, FIRST)
        return found.checked

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(work, range(2))) <= {0, 3}
    with reading() as session:
        kept = [(row.day, row.first, row.again_through) for row in session.scalars(select(EvidenceCheck))]
    assert kept == [(day(0), 1, 0)]


def test_an_edition_nobody_signed_in_has_nothing_old(database: object) -> None:
    with transaction() as session:
        assert night(make_country(session)) == EvidenceCount()
