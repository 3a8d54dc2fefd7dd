"""Sending back, resubmitting, withdrawing: by right, with a reason, inside the window; signatures stay as history."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from small_country import Country, make_country, on
from sqlalchemy import func, select

from sekaps.database import transaction
from sekaps.domain.gaps import Cause
from sekaps.models.documents import Document, DocumentReturn, Signature
from sekaps.models.trail import Act
from sekaps.services.edition_work import open_work
from sekaps.services.gaps import find_gaps
from sekaps.services.requests import DocumentRequest, SignRequest
from sekaps.services.returning import resubmit, send_back, withdraw
from sekaps.services.signing import sign
from sekaps.services.trail import broken_links
from sekaps.services.waiting import waiting_for

MARCH, LATER, APRIL, AFTER = on(2023, 3, 1), on(2023, 3, 2), on(2023, 4, 3), on(2023, 5, 3)
REASON = "Miktar, birlik mevcudunu aşıyor."
DO = {"return": send_back, "resubmit": resubmit, "withdraw": withdraw}


@pytest.fixture
def form(country: Country) -> int:
    """A need form that its officer has signed, so that it waits for the head."""
    form = country.document("IBC-1", "military", country.chains["need"])
    assert ask_to_sign(country, form, "military officer") == "signed"
    return form


def ask_to_sign(country: Country, form: int, who: str, as_of: datetime = MARCH) -> str:
    [outcome] = sign(country.session, country.edition, [SignRequest(form, country.people[who])], as_of)
    return outcome.refusal.say("en") if outcome.refusal else "signed"


def ask(country: Country, verb: str, form: int, who: str, as_of: datetime = LATER, reason: str = REASON) -> str:
    request = DocumentRequest(form, country.people[who], reason)
    [outcome] = DO[verb](country.session, country.edition, [request], as_of)
    return outcome.refusal.say("en") if outcome.refusal else "done"


def standing(country: Country, form: int) -> tuple[str, int, int]:
    columns = select(Document.state, Document.next_slot, Document.round).where(Document.id == form)
    state, slot, round_ = country.session.execute(columns).one()
    return state, slot, round_


def test_who_may_sign_next_sends_back_and_it_waits_for_whoever_signs_first(country: Country, form: int) -> None:
    assert ask(country, "return", form, "military head") == "done"
    assert standing(country, form) == ("returned", 1, 1)
    [work] = open_work(country.session, country.edition, LATER)
    assert work.person_id == country.people["military officer"]
    row = country.session.execute(select(DocumentReturn.slot, DocumentReturn.reason)).one()
    assert tuple(row) == (2, REASON)


def test_a_returned_document_is_not_signed_before_it_is_resubmitted(country: Country, form: int) -> None:
    ask(country, "return", form, "military head")
    assert "resubmitted before it is signed" in ask_to_sign(country, form, "military officer", LATER)


def test_a_resubmitted_document_is_signed_anew_and_its_earlier_signatures_stay_as_history(
    country: Country, form: int
) -> None:
    ask(country, "return", form, "military head")
    assert ask(country, "resubmit", form, "military officer", reason="") == "done"
    assert standing(country, form) == ("recorded", 1, 2)
    for who in ("military officer", "military head", "ministry approver"):
        assert ask_to_sign(country, form, who, APRIL) == "signed"
    rounds = select(Signature.round, func.count()).group_by(Signature.round).order_by(Signature.round)
    assert [tuple(row) for row in country.session.execute(rounds)] == [(1, 1), (2, 3)]


def test_a_withdrawn_document_is_owed_by_nobody(country: Country, form: int) -> None:
    assert ask(country, "withdraw", form, "military officer") == "done"
    assert standing(country, form)[0] == "withdrawn"
    assert open_work(country.session, country.edition, LATER) == []
    assert find_gaps(country.session, country.edition, LATER) == []


@pytest.mark.parametrize(
    ("verb", "who", "reason", "says"),
    [
        ("return", "military officer", REASON, "who may sign it now sends it back"),
        ("return", "ministry approver", REASON, "who may sign it now sends it back"),
        ("return", "military head", "  ", "a reason must be given"),
        ("resubmit", "military officer", "", "is on its way"),
        ("withdraw", "military head", REASON, "who signs first withdraws it"),
        ("withdraw", "military officer", "", "a reason must be given"),
    ],
)
def test_what_may_not_be_is_refused_with_its_reason_and_changes_nothing(
    country: Country, form: int, verb: str, who: str, reason: str, says: str
) -> None:
    assert says in ask(country, verb, form, who, reason=reason)
    assert standing(country, form) == ("recorded", 2, 1)


@pytest.mark.parametrize("verb", ["return", "withdraw"])
def test_a_complete_document_is_neither_sent_back_nor_withdrawn(country: Country, form: int, verb: str) -> None:
    for who in ("military head", "ministry approver"):
        ask_to_sign(country, form, who)
    assert "is complete" in ask(country, verb, form, "military officer")


@pytest.mark.parametrize(("verb", "who"), [("return", "military head"), ("withdraw", "military officer")])
def test_nothing_is_done_after_the_window(country: Country, form: int, verb: str, who: str) -> None:
    assert "closed on 28 April 2023" in ask(country, verb, form, who, AFTER)


def test_every_act_and_refusal_is_on_the_trail_with_its_reason(country: Country, form: int) -> None:
    ask(country, "return", form, "ministry approver")
    ask(country, "return", form, "military head")
    acts = select(Act.outcome, Act.facts).where(Act.verb == "return_document").order_by(Act.id)
    [(refused, why), (done, facts)] = country.session.execute(acts).tuples()
    assert (refused, done, facts["reason"]) == ("refused", "done", REASON)
    assert "sends it back" in why["reason"]
    assert list(broken_links(country.session)) == []


def test_hundreds_are_sent_back_in_one_act_with_a_result_for_each(country: Country) -> None:
    forms = [country.document(f"IBC-{place}", "military", country.chains["need"]) for place in range(300)]
    signer, head = country.people["military officer"], country.people["military head"]
    sign(country.session, country.edition, [SignRequest(form, signer) for form in forms[:200]], MARCH)
    requests = [DocumentRequest(form, head, REASON) for form in forms]
    outcomes = send_back(country.session, country.edition, requests, LATER)
    assert [outcome.done for outcome in outcomes] == [True] * 200 + [False] * 100
    acts = select(func.count()).select_from(Act).where(Act.verb == "return_document", Act.outcome == "done")
    assert country.session.scalar(acts) == 1


def test_the_audit_tells_a_returned_document_now_and_what_it_waited_for_before(country: Country, form: int) -> None:
    ask(country, "return", form, "military head", APRIL)
    [now], [then] = (find_gaps(country.session, country.edition, when) for when in (APRIL, LATER))
    assert (now.cause, now.slot, now.person) == (Cause.RETURNED, 1, "military officer")
    assert (then.cause, then.slot, then.person) == (Cause.WAITING, 2, "military head")


def test_the_audit_of_the_time_before_a_resubmission_still_tells_it_was_returned(country: Country, form: int) -> None:
    ask(country, "return", form, "military head", LATER)
    ask(country, "resubmit", form, "military officer", APRIL)
    causes = [find_gaps(country.session, country.edition, when)[0].cause for when in (MARCH, LATER, APRIL)]
    assert causes == [Cause.WAITING, Cause.RETURNED, Cause.NOT_STARTED]


def test_what_waits_for_a_person_is_what_that_person_may_sign_now(country: Country, form: int) -> None:
    country.document("IBC-2", "military", country.chains["need"])
    country.document("IBC-3", "military", country.chains["need"], step="4.b")
    waits = {
        who: list(waiting_for(country.session, country.edition, country.people[who], LATER))
        for who in ("military officer", "military head", "ministry approver")
    }
    assert waits == {"military officer": ["IBC-2", "IBC-3"], "military head": ["IBC-1"], "ministry approver": []}
    officer = country.people["military officer"]
    assert list(waiting_for(country.session, country.edition, officer, LATER, step="4.b")) == ["IBC-3"]


def test_of_one_who_signs_and_one_who_sends_back_at_once_one_wins_and_the_other_is_told(database: object) -> None:
    with transaction() as session:
        country = make_country(session)
        form = country.document("IBC-1", "military", country.chains["need"])
        ask_to_sign(country, form, "military officer")
    head = country.people["military head"]

    def act(verb: str) -> bool:
        with transaction() as session:
            if verb == "sign":
                return sign(session, country.edition, [SignRequest(form, head)], LATER)[0].done
            return send_back(session, country.edition, [DocumentRequest(form, head, REASON)], LATER)[0].done

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(act, ["sign", "return"]))
    assert sorted(done) == [False, True]
