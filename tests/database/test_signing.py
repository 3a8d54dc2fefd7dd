"""Signing: in order, by right, inside the window; what is refused is on the trail and changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from small_country import Country, make_country, on
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sekaps.database import transaction
from sekaps.errors.editions import ExtensionRefused
from sekaps.models.documents import Document, Signature
from sekaps.models.trail import Act
from sekaps.services.extensions import extend, list_extensions, revoke
from sekaps.services.registry import end_mandates
from sekaps.services.requests import ExtensionOrder, SignRequest
from sekaps.services.signing import sign
from sekaps.services.trail import broken_links

MARCH = on(2023, 3, 1)
MAY = on(2023, 5, 3)


@pytest.fixture
def form(country: Country) -> int:
    return country.document("IBC-1", "military", country.chains["need"])


def ask(country: Country, form: int, who: str, as_of: object = MARCH) -> str:
    [outcome] = sign(country.session, country.edition, [SignRequest(form, country.people[who])], as_of)  # type: ignore[arg-type]
    return outcome.refusal.say("en") if outcome.refusal else "signed"


def state_of(session: Session, form: int) -> tuple[str, int]:
    state, slot = session.execute(select(Document.state, Document.next_slot).where(Document.id == form)).one()
    return state, slot


def test_a_chain_is_complete_after_its_last_signature(country: Country, form: int) -> None:
    for who in ("military officer", "military head", "ministry approver"):
        assert ask(country, form, who) == "signed"
    assert state_of(country.session, form) == ("complete", 0)
    assert country.session.scalar(select(func.count()).select_from(Signature)) == 3


def test_nobody_signs_out_of_turn(country: Country, form: int) -> None:
    assert "does not hold that post" in ask(country, form, "military head")
    assert state_of(country.session, form) == ("expected", 1)


def test_nobody_signs_the_same_slot_again(country: Country, form: int) -> None:
    ask(country, form, "military officer")
    assert "does not hold that post" in ask(country, form, "military officer")


def test_the_right_to_sign_ends_with_the_instant_the_mandate_ends(country: Country, form: int) -> None:
    mandate = country.mandates["military officer"]
    assert end_mandates(country.session, country.edition, [mandate], MARCH) == 1
    assert "does not hold that post" in ask(country, form, "military officer", MARCH)


def test_a_signature_after_the_window_is_refused_and_the_refusal_is_on_the_trail(country: Country, form: int) -> None:
    assert "closed on 28 April 2023" in ask(country, form, "military officer", MAY)
    refused = country.session.scalars(select(Act).where(Act.verb == "sign", Act.outcome == "refused")).one()
    assert refused.facts["documents"] == [form]
    assert state_of(country.session, form) == ("expected", 1)


def test_an_extension_lets_exactly_its_unit_sign_and_closes_by_itself(country: Country, form: int) -> None:
    other_chain = country.chain("institution", "need_form", [("institution", "officer")])
    other = country.document("IBC-2", "institution", other_chain)
    order = ExtensionOrder("needs_entry", "4.a", "unit", "20000009", date(2023, 5, 4), "coordinator", "flood", "E-1")
    first = extend(country.session, country.edition, order, on(2023, 5, 2))
    assert extend(country.session, country.edition, order, on(2023, 5, 2)) == first
    assert "closed on 28 April" in ask(country, other, "institution officer", MAY)
    assert ask(country, form, "military officer", MAY) == "signed"
    assert "closed on 28 April" in ask(country, form, "military head", on(2023, 5, 5))


def test_a_revoked_extension_opens_nothing_any_more(country: Country, form: int) -> None:
    order = ExtensionOrder("needs_entry", "4.a", "nation", "", date(2023, 5, 12), "coordinator", "flood", "E-1")
    number = extend(country.session, country.edition, order, on(2023, 5, 2))
    assert ask(country, form, "military officer", MAY) == "signed"
    revoke(country.session, country.edition, number, "coordinator", on(2023, 5, 4))
    assert "closed on 28 April" in ask(country, form, "military head", on(2023, 5, 5))
    assert [one.revoked_at for one in list_extensions(country.session, country.edition)] == [on(2023, 5, 4)]
    with pytest.raises(ExtensionRefused, match="is not in force"):
        revoke(country.session, country.edition, number, "coordinator", on(2023, 5, 4))


def test_an_extension_by_somebody_without_authority_is_refused_with_those_who_have_it(country: Country) -> None:
    order = ExtensionOrder("needs_entry", "4.a", "nation", "", date(2023, 5, 8), "Valilik", "sertifika", "E-1")
    with pytest.raises(ExtensionRefused, match="Valilik may not extend windows; who may: .*coordinator"):
        extend(country.session, country.edition, order, on(2023, 4, 28))
    assert list_extensions(country.session, country.edition) == []


def test_hundreds_are_signed_in_one_act_with_a_result_for_each(country: Country) -> None:
    forms = [country.document(f"IBC-{place}", "military", country.chains["need"]) for place in range(300)]
    person = country.people["military officer"]
    outcomes = sign(country.session, country.edition, [SignRequest(form, person) for form in [*forms, 999_999]], MARCH)
    assert [outcome.done for outcome in outcomes] == [True] * 300 + [False]
    assert country.session.scalar(select(func.count()).select_from(Act).where(Act.verb == "sign")) == 1


def test_the_schema_itself_lets_nobody_fill_two_slots(country: Country, form: int) -> None:
    ask(country, form, "military officer")
    signature = country.session.scalars(select(Signature)).one()
    again = Signature(document_id=form, round=1, slot=2, person_id=signature.person_id,
                      mandate_id=signature.mandate_id, act_id=signature.act_id, at=MARCH)  # fmt: skip
    country.session.add(again)
    with pytest.raises(IntegrityError):
        country.session.flush()
    country.session.rollback()


def test_every_signature_and_refusal_keeps_the_trail_whole(country: Country, form: int) -> None:
    for who in ("military officer", "military officer", "military head"):
        ask(country, form, who)
    assert list(broken_links(country.session)) == []


def test_of_two_people_at_one_slot_at_once_one_signs_and_the_other_is_told(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        forms = [country.document(f"IBC-{place}", "military", country.chains["need"]) for place in range(20)]
        edition, person = country.edition, country.people["military officer"]

    def one_by_one(order: int) -> list[bool]:
        done = []
        for form in forms[::order]:
            with transaction() as session:
                done.append(sign(session, edition, [SignRequest(form, person)], MARCH)[0].done)
        return done

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one_by_one, (1, -1)))
    assert sum(map(sum, results)) == len(forms)
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Signature)) == len(forms)
        assert list(broken_links(session)) == []
