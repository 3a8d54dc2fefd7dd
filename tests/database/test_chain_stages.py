"""Signing in stages: side by side, n of m, under conditions; who has to act is told, all of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from agreed_chains import APPROVED, APRIL, LATER, MARCH, MINISTRY, agree, ask, need, resource, standing, told_of
from small_country import Country, make_country, on
from sqlalchemy import func, insert, select, update

from sekaps.database import transaction
from sekaps.models.documents import ChainSlot, Document, Signature
from sekaps.models.mail import OutboxMessage
from sekaps.models.registry import Mandate, Person
from sekaps.services.edition_work import open_work
from sekaps.services.gaps import find_gaps
from sekaps.services.registry import end_mandates
from sekaps.services.reminders import claim_digests
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import resubmit, send_back
from sekaps.services.signing import sign
from sekaps.services.trail import broken_links


@pytest.fixture
def parallel(country: Country) -> int:
    """A need form whose second stage is signed side by side by the unit's head and approver and a ministry officer."""
    chain_id = agree(country, "officer", f"head, approver, officer@{MINISTRY}", APPROVED)
    return country.document("IBC-1", "military", chain_id)


def test_a_parallel_stage_is_signed_in_any_order_and_left_when_all_have_signed(country: Country, parallel: int) -> None:
    assert "does not hold that post" in ask(country, parallel, "military head")
    for who, slot in (
        ("military officer", 2), ("ministry officer", 2), ("military head", 3), ("military approver", 5),
        ("ministry approver", 0),
    ):  # fmt: skip
        assert ask(country, parallel, who) == "signed"
        assert standing(country, parallel)[1] == slot
    assert standing(country, parallel)[0] == "complete"


def test_whoever_signed_a_stage_does_not_sign_it_again_nor_do_others_for_its_slots(
    country: Country, parallel: int
) -> None:
    ask(country, parallel, "military officer")
    ask(country, parallel, "military approver")
    assert "waits for signature 2 of 5, by head, officer" in ask(country, parallel, "military approver")
    assert "does not hold that post" in ask(country, parallel, "ministry approver")


def test_n_of_m_signatures_are_enough_and_the_others_come_too_late(country: Country) -> None:
    chain_id = agree(country, "officer", f"2 of head, approver, officer@{MINISTRY}", APPROVED)
    form = country.document("IBC-1", "military", chain_id)
    for who in ("military officer", "ministry officer", "military approver"):
        assert ask(country, form, who) == "signed"
    assert standing(country, form)[:2] == ("recorded", 5)
    assert "waits for signature 5 of 5, by approver" in ask(country, form, "military head")
    assert ask(country, form, "ministry approver") == "signed"
    assert country.session.scalar(select(func.count()).select_from(Signature)) == 4


CONDITIONAL = ("officer", "head if quantity >= 100", "approver if module = goods_services",
               f"officer@{MINISTRY} if scope = central", APPROVED)  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "scope", "signers"),
    [
        (99, "local", ("approver",)),
        (100, "local", ("head", "approver")),
        (99, "central", ("approver", "ministry")),
        (5_000_000_000, "central", ("head", "approver", "ministry")),
    ],
)
@pytest.mark.parametrize("what", ["need", "resource"])
def test_a_stage_is_signed_only_where_its_condition_holds(
    country: Country, what: str, quantity: int, scope: str, signers: tuple[str, ...]
) -> None:
    form = country.document("IBC-1", "military", agree(country, *CONDITIONAL))
    (need if what == "need" else resource)(country, form, quantity, scope)
    people = {"head": "military head", "approver": "military approver", "ministry": "ministry officer"}
    for who in ("military officer", *(people[signer] for signer in signers), "ministry approver"):
        assert ask(country, form, who) == "signed"
    assert standing(country, form)[:2] == ("complete", 0)


def test_a_stage_for_another_module_is_passed_over(country: Country) -> None:
    chain_id = agree(country, "officer", "head if module = goods_services", APPROVED)
    condition = {"field": "module", "value": "vehicles"}
    other = update(ChainSlot).where(ChainSlot.chain_id == chain_id, ChainSlot.slot == 2).values(condition=condition)
    country.session.execute(other)
    form = country.document("IBC-1", "military", chain_id)
    need(country, form, 1, "local")
    ask(country, form, "military officer")
    assert standing(country, form)[1] == 3


def test_a_document_that_says_nothing_of_itself_is_signed_at_every_stage(country: Country) -> None:
    form = country.document("IBC-1", "military", agree(country, *CONDITIONAL))
    for who in ("military officer", "military head", "military approver", "ministry officer", "ministry approver"):
        assert ask(country, form, who) == "signed"
    assert standing(country, form)[0] == "complete"


def acts_for(country: Country, who: str, post: tuple[str, str], **values: object) -> None:
    """Make somebody the deputy of a post."""
    row = {"post_id": country.posts[post], "person_id": country.people[who], "kind": "deputy", **values}
    country.session.execute(insert(Mandate).values({"from_at": on(2023, 2, 1), **row}))


def test_a_deputy_signs_a_slot_of_a_stage_while_the_mandate_lasts(country: Country, parallel: int) -> None:
    ask(country, parallel, "military officer")
    acts_for(country, "kaymakam head", ("military", "approver"), until_at=LATER)
    assert "does not hold that post" in ask(country, parallel, "kaymakam head", LATER)
    assert ask(country, parallel, "kaymakam head", MARCH) == "signed"
    query = select(Signature.slot, Mandate.kind).join(Mandate, Mandate.id == Signature.mandate_id)
    assert (3, "deputy") in [tuple(row) for row in country.session.execute(query)]


def test_nobody_signs_two_slots_of_one_stage_in_own_right_and_as_deputy(country: Country, parallel: int) -> None:
    ask(country, parallel, "military officer")
    acts_for(country, "military head", ("military", "approver"))
    assert ask(country, parallel, "military head") == "signed"
    assert "no one fills two slots" in ask(country, parallel, "military head")
    assert standing(country, parallel)[1] == 3


def test_a_parallel_stage_sent_back_is_signed_anew_by_all_of_it(country: Country, parallel: int) -> None:
    for who in ("military officer", "military head"):
        ask(country, parallel, who)
    back = DocumentRequest(parallel, country.people["ministry officer"], "yanlış")
    assert send_back(country.session, country.edition, [back], LATER)[0].done
    again = DocumentRequest(parallel, country.people["military officer"])
    assert resubmit(country.session, country.edition, [again], LATER)[0].done
    for who in ("military officer", "military approver", "ministry officer", "military head", "ministry approver"):
        assert ask(country, parallel, who, APRIL) == "signed"
    assert standing(country, parallel)[:3] == ("complete", 0, 2)


def test_of_two_signers_of_one_parallel_stage_at_once_both_sign_and_it_goes_on(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        chain_id = agree(country, "head, approver", APPROVED)
        forms = [country.document(f"IBC-{place}", "military", chain_id) for place in range(20)]

    def one_by_one(who: str) -> list[bool]:
        done = []
        for form in forms if who == "military head" else reversed(forms):
            with transaction() as session:
                request = SignRequest(form, country.people[who])
                done.append(sign(session, country.edition, [request], MARCH)[0].done)
        return done

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one_by_one, ("military head", "military approver")))
    assert results == [[True] * 20] * 2
    with transaction() as session:
        assert set(session.execute(select(Document.state, Document.next_slot)).tuples().all()) == {("recorded", 3)}
        assert session.scalar(select(func.count()).select_from(Signature)) == 40
        assert list(broken_links(session)) == []


def test_every_signer_of_the_current_stage_is_told_who_has_not_signed(country: Country, parallel: int) -> None:
    assert told_of(country) == {"military officer": 1}
    ask(country, parallel, "military officer")
    assert told_of(country) == {"military head": 1, "military approver": 1, "ministry officer": 1}
    ask(country, parallel, "military approver")
    assert told_of(country) == {"military head": 1, "ministry officer": 1}
    [gap] = find_gaps(country.session, country.edition, LATER)
    assert (gap.slot, gap.person) == (2, "military head")


def test_nobody_more_is_told_once_enough_of_a_stage_have_signed(country: Country) -> None:
    chain_id = agree(country, f"1 of officer, head, officer@{MINISTRY}", APPROVED)
    form = country.document("IBC-1", "military", chain_id)
    assert told_of(country) == {"military officer": 1, "military head": 1, "ministry officer": 1}
    ask(country, form, "military head")
    assert told_of(country) == {"ministry approver": 1}


def test_a_document_is_told_once_to_who_stands_in_for_two_slots_of_a_stage(country: Country, parallel: int) -> None:
    ask(country, parallel, "military officer")
    end_mandates(country.session, country.edition, [country.mandates["military approver"]], MARCH)
    country.document("IBC-2", "military", country.chains["need"], next_slot=2, state="recorded")
    work = [one for one in open_work(country.session, country.edition, LATER)
            if one.person_id == country.people["military head"]]  # fmt: skip
    assert [one.documents for one in work] == [1, 1]


def test_a_returned_document_waits_for_its_first_signer_alone(country: Country) -> None:
    form = country.document("IBC-1", "military", agree(country, "officer, head", APPROVED))
    ask(country, form, "military head")
    back = DocumentRequest(form, country.people["military officer"], "yanlış")
    assert send_back(country.session, country.edition, [back], MARCH)[0].done
    assert told_of(country) == {"military officer": 1}


def test_reminders_reach_every_signer_of_a_parallel_stage(country: Country, parallel: int) -> None:
    ask(country, parallel, "military officer")
    as_of = on(2023, 3, 16)
    counts = claim_digests(country.session, country.edition, open_work(country.session, country.edition, as_of), as_of)
    query = select(Person.name).join(OutboxMessage, OutboxMessage.person_id == Person.id).order_by(Person.name)
    assert (counts.people, counts.claims) == (3, 3)
    assert list(country.session.scalars(query)) == ["military approver", "military head", "ministry officer"]
