"""A form shrunk, withdrawn or destroyed after allocation: what is taken back, who decides again, what stays proved."""

from datetime import datetime

import pytest
from cascade_play import (
    AUGUST,
    JULY,
    MAY,
    OCTOBER,
    SEPTEMBER,
    approve_all,
    decide_stage,
    play_year,
    propose_stages,
    settle_stages,
    wrong,
)
from small_country import CEYHAN, Country, on
from sqlalchemy import func, select, update

from sekaps.domain.allocation import Stage
from sekaps.domain.form_revisions import RevisionKind
from sekaps.errors.editions import DocumentUnknown
from sekaps.keyring import keyring
from sekaps.models.allocation import Allocation, FormRevision, Need, Resource, StageBalance
from sekaps.models.contracts import Notice, Protocol
from sekaps.models.documents import Document
from sekaps.models.mail import OutboxLetter, OutboxMessage
from sekaps.models.registry import Mandate
from sekaps.models.trail import Act
from sekaps.services.counting_proof import prove_slots
from sekaps.services.document_contents import document_contents
from sekaps.services.evidence_audit import audit_evidence
from sekaps.services.form_revisions import Revised, RevisionRequest, revise
from sekaps.services.gaps import find_gaps
from sekaps.services.notices import prepare_notices
from sekaps.services.protocols import prepare_protocols
from sekaps.services.requests import SignRequest
from sekaps.services.signing import sign

SHRUNK, WITHDRAWN, DESTROYED = RevisionKind
SIGNERS = (("military officer", "military head", "ministry approver"), ("industry officer", "industry head"))
MARCH = on(2023, 3, 1)
REASON = "Depo yandı, tutanak eklidir."


def ask(
    country: Country, number: str, kind: RevisionKind, as_of: datetime, after: int = 0, who: str = "", letter: str = ""
) -> Revised:
    owner = "military" if number.startswith("IBC") else "industry"
    person = None if who == "coordinator" else country.people[who or f"{owner} officer"]
    request = RevisionRequest(number, kind, REASON, after, letter, person)
    return revise(country.session, country.edition, request, as_of)


def lines(country: Country) -> list[tuple[str, int, str]]:
    query = select(Allocation.stage, Allocation.quantity, Allocation.state).order_by(Allocation.id)
    return [(stage, quantity, state) for stage, quantity, state in country.session.execute(query)]


def balances(country: Country) -> list[tuple[str, int, int, int, int]]:
    columns = (StageBalance.stage, StageBalance.needed, StageBalance.allocated, StageBalance.transferred)
    query = select(*columns, StageBalance.unmet).order_by(StageBalance.need_id, StageBalance.stage)
    return [tuple(row) for row in country.session.execute(query)]


def allocated(country: Country) -> list[tuple[int, int]]:
    query = select(Resource.capacity, Resource.allocated).order_by(Resource.document_id)
    return [tuple(row) for row in country.session.execute(query)]


def decided_in_the_district(country: Country) -> None:
    """Two needs served from one resource, the second with less priority."""
    country.signed_need("IBC-1", 10)
    country.signed_need("IBC-2", 10, priority=2)
    country.signed_resource("KSC-1", 20)
    propose_stages(country, MAY, Stage.DISTRICT)
    assert decide_stage(country, Stage.DISTRICT, MAY) == []


def test_a_shrunk_resource_takes_back_from_the_last_in_the_declared_order(country: Country) -> None:
    decided_in_the_district(country)
    done = ask(country, "KSC-1", SHRUNK, MAY, 14)
    assert lines(country) == [("district", 10, "decided"), ("district", 4, "decided")]
    assert [(line.need, line.before, line.after, line.again) for line in done.followed.lines] == [
        ("IBC-2", 10, 4, Stage.DISTRICT)
    ]
    assert balances(country) == [("district", 10, 10, 0, 0), ("district", 10, 4, 0, 6)]
    assert allocated(country) == [(14, 14)]
    assert wrong(country, MAY) == []


def test_what_an_open_stage_lost_is_proposed_anew_from_what_is_left(country: Country) -> None:
    decided_in_the_district(country)
    country.signed_resource("KSC-2", 3)
    assert ask(country, "KSC-1", DESTROYED, MAY, who="coordinator", letter="E-1").followed.proposed == 3
    assert lines(country) == [("district", 10, "revoked"), ("district", 10, "revoked"), ("district", 3, "proposed")]
    assert allocated(country) == [(20, 0), (3, 3)]
    assert wrong(country, MAY) == []


def test_what_a_stage_that_is_over_lost_goes_on_to_the_next_that_can_decide(country: Country) -> None:
    decided_in_the_district(country)
    settle_stages(country, JULY, Stage.DISTRICT)
    country.signed_resource("KSC-2", 4, district_code=CEYHAN)
    done = ask(country, "KSC-1", SHRUNK, JULY, 13)
    assert [line.again for line in done.followed.lines] == [Stage.PROVINCE]
    assert balances(country)[:2] == [("district", 10, 10, 0, 0), ("district", 10, 3, 7, 0)]
    propose_stages(country, JULY, Stage.PROVINCE)
    assert balances(country)[2] == ("province", 7, 0, 0, 7)
    assert lines(country)[-1] == ("province", 4, "proposed")
    assert wrong(country, JULY) == []


def test_when_every_stage_is_over_what_was_lost_stands_as_unmet_where_it_was_taken_away(country: Country) -> None:
    decided_in_the_district(country)
    settle_stages(country, JULY, Stage.DISTRICT)
    settle_stages(country, SEPTEMBER, Stage.PROVINCE)
    settle_stages(country, OCTOBER, Stage.TRANSFERRED)
    done = ask(country, "KSC-1", SHRUNK, OCTOBER, 13)
    assert (done.followed.unmet, done.followed.proposed) == (7, 0)
    assert balances(country) == [("district", 10, 10, 0, 0), ("district", 10, 3, 0, 7)]
    assert wrong(country, OCTOBER) == []


def test_a_shrunk_need_gives_up_what_it_lacks_before_what_it_has(country: Country) -> None:
    country.signed_need("IBC-1", 100)
    for number, capacity, district in (("KSC-1", 30, "1104"), ("KSC-2", 20, CEYHAN)):
        country.signed_resource(number, capacity, district_code=district)
    country.signed_resource("KSC-3", 40, scope="central")
    play_year(country)
    assert ask(country, "IBC-1", SHRUNK, OCTOBER, 95).followed.lines == ()
    assert balances(country)[2] == ("transferred", 45, 40, 0, 5)
    assert [line.after for line in ask(country, "IBC-1", SHRUNK, OCTOBER, 60).followed.lines] == [10]
    assert ask(country, "IBC-1", SHRUNK, OCTOBER, 50).followed.lines[0].after == 0
    assert balances(country) == [("district", 50, 30, 20, 0), ("province", 20, 20, 0, 0)]
    assert allocated(country) == [(30, 30), (20, 20), (40, 0)]
    assert wrong(country, OCTOBER) == []


def test_a_withdrawn_need_asks_for_nothing_and_frees_its_resource_for_others(country: Country) -> None:
    country.signed_need("IBC-1", 10)
    country.signed_need("IBC-2", 10, priority=2)
    country.signed_resource("KSC-1", 10)
    propose_stages(country, MAY, Stage.DISTRICT)
    decide_stage(country, Stage.DISTRICT, MAY)
    assert ask(country, "IBC-1", WITHDRAWN, MAY).followed.proposed == 10
    assert lines(country) == [("district", 10, "revoked"), ("district", 10, "proposed")]
    assert balances(country) == [("district", 10, 0, 0, 10)]
    assert country.session.scalars(select(Document.state).where(Document.number == "IBC-1")).one() == "withdrawn"
    assert wrong(country, MAY) == []


@pytest.mark.parametrize("number", ["IBC-1", "KSC-1"])
def test_the_signed_bytes_stay_the_same_whatever_a_form_loses(country: Country, number: str) -> None:
    decided_in_the_district(country)
    form = country.session.scalars(select(Document.id).where(Document.number == number)).one()
    signed = document_contents(country.session, [form])
    for after in (8, 5):
        ask(country, number, SHRUNK, MAY, after)
    ask(country, number, WITHDRAWN, MAY)
    assert document_contents(country.session, [form]) == signed
    held = select(FormRevision.quantity_before, FormRevision.quantity_after).order_by(FormRevision.id)
    first = 10 if number == "IBC-1" else 20
    assert [tuple(row) for row in country.session.execute(held)] == [(first, 8), (8, 5), (5, 0)]


def test_signatures_and_their_count_still_hold_after_every_revision(country: Country) -> None:
    waiting = {"state": "expected", "next_slot": 1, "recorded_at": None}
    forms = [country.signed_need("IBC-1", 10), country.signed_resource("KSC-1", 20)]
    country.session.execute(update(Document).where(Document.id.in_(forms)).values(waiting))
    for form, signers in zip(forms, SIGNERS, strict=True):
        for who in signers:
            request = SignRequest(form, country.people[who])
            [outcome] = sign(country.session, country.edition, [request], MARCH, seals=keyring())
            assert outcome.done
    for number, after in (("IBC-1", 6), ("KSC-1", 15)):
        ask(country, number, SHRUNK, MAY, after)
        ask(country, number, WITHDRAWN, MAY)
    audit = audit_evidence(country.session, country.edition.id, keyring().trust(MAY))
    assert (audit.checked, audit.flaws) == (5, ())
    assert prove_slots(country.session).disagreeing == ()
    assert find_gaps(country.session, country.edition, MAY) == []


def test_the_same_asked_twice_changes_nothing_more(country: Country) -> None:
    decided_in_the_district(country)
    for kind, after in ((SHRUNK, 12), (WITHDRAWN, 0)):
        assert ask(country, "KSC-1", kind, MAY, after).revision_id is not None
        acts = country.session.scalar(select(func.count(Act.id)))
        again = ask(country, "KSC-1", kind, MAY, after)
        assert (again.refusal, again.revision_id, again.followed.lines) == (None, None, ())
        assert country.session.scalar(select(func.count(Act.id))) == acts


@pytest.mark.parametrize(
    ("number", "kind", "after", "who", "says"),
    [
        ("KSC-1", SHRUNK, 21, "", "a revision only takes back"),
        ("KSC-1", SHRUNK, 0, "", "withdraw it"),
        ("KSC-1", SHRUNK, 10, "military officer", "holds neither post"),
        ("KSC-1", SHRUNK, 10, "industry approver", "holds neither post"),
        ("KSC-1", SHRUNK, 10, "coordinator", "of its own unit revises it"),
        ("KSC-1", DESTROYED, 0, "coordinator", "by a letter"),
        ("IBC-1", DESTROYED, 0, "", "only a resource is destroyed"),
        ("IBC-3", WITHDRAWN, 0, "", "is not signed yet"),
    ],
)
def test_what_may_not_be_is_refused_with_its_reason_and_stands_on_the_trail(
    country: Country, number: str, kind: RevisionKind, after: int, who: str, says: str
) -> None:
    decided_in_the_district(country)
    draft = country.document("IBC-3", "military", country.chains["need"])
    row = {"document_id": draft, "item_code": "diesel", "quantity": 4, "priority": 1, "scope": "local"}
    place = {"beneficiary": "military", "province_code": "01", "district_code": CEYHAN}
    country.session.add(Need(**row, **place))
    country.session.flush()
    refused = ask(country, number, kind, MAY, after, who)
    assert refused.refusal is not None
    assert says in refused.refusal.say("en")
    act = country.session.execute(select(Act.verb, Act.outcome).order_by(Act.id.desc()).limit(1)).one()
    assert tuple(act) == ("revise_form", "refused")
    assert lines(country) == [("district", 10, "decided"), ("district", 10, "decided")]


def test_a_person_whose_mandate_has_ended_revises_nothing(country: Country) -> None:
    decided_in_the_district(country)
    ended = update(Mandate).where(Mandate.id == country.mandates["industry officer"])
    country.session.execute(ended.values(until_at=MAY))
    assert ask(country, "KSC-1", SHRUNK, MAY, 10).refusal is not None
    assert ask(country, "KSC-1", SHRUNK, MAY, 10, "industry head").refusal is None


def test_only_needs_and_resources_are_revised(country: Country) -> None:
    decided_in_the_district(country)
    country.document("KAT-1", "industry", country.chains["resource"])
    for number in ("KAT-1", "IBC-9"):
        with pytest.raises(DocumentUnknown):
            ask(country, number, WITHDRAWN, MAY)


def test_notices_are_annulled_or_corrected_and_contracts_void_or_concluded_anew(country: Country) -> None:
    session, edition = country.session, country.edition
    decided_in_the_district(country)
    country.signed_need("IBC-3", 9, beneficiary="institution")
    country.signed_resource("KSC-3", 9)
    propose_stages(country, JULY, Stage.GOVERNOR)
    decide_stage(country, Stage.GOVERNOR, JULY)
    assert (prepare_notices(session, edition, OCTOBER), prepare_protocols(session, edition, OCTOBER)) == (2, 1)
    session.execute(update(Protocol).values(state="concluded"))
    shrunk = ask(country, "KSC-3", SHRUNK, OCTOBER, 5).papers
    assert (shrunk.protocols_reopened, shrunk.protocols_ended) == (1, 0)
    assert session.execute(select(Protocol.state, Protocol.reason)).one() == ("open", REASON)
    assert ask(country, "KSC-3", WITHDRAWN, OCTOBER).papers.protocols_ended == 1
    assert session.scalars(select(Protocol.state)).one() == "void"
    lost = ask(country, "KSC-1", SHRUNK, OCTOBER, 4).papers
    assert (lost.notices_void, lost.notices_to_serve) == (2, 1)
    kinds = select(Notice.kind, Notice.state).order_by(Notice.id)
    assert [tuple(row) for row in session.execute(kinds)] == [
        ("obligation", "void"),
        ("obligation", "void"),
        ("correction", "prepared"),
    ]
    assert wrong(country, OCTOBER) == []


def test_each_unit_concerned_is_told_once_of_its_own_lines(country: Country) -> None:
    decided_in_the_district(country)
    country.signed_need("IBC-3", 10, priority=3)
    assert ask(country, "KSC-1", SHRUNK, MAY, 15).letters == 3
    told = (
        select(OutboxMessage.person_id, OutboxLetter.plain)
        .join(OutboxLetter)
        .where(OutboxMessage.key.startswith("revision:"))
    )
    letters = {person: plain for person, plain in country.session.execute(told)}
    heads = ("district_commission head", "military head", "industry head")
    assert set(letters) == {country.people[head] for head in heads}
    for plain in letters.values():
        assert "IBC-2" in plain
        assert "IBC-1" not in plain
        assert "10 → 5" in plain


def test_a_refused_approval_frees_the_line_and_the_need_is_decided_again_from_another_resource(
    country: Country,
) -> None:
    country.signed_need("IBC-1", 10, scope="central")
    country.signed_resource("KSC-1", 30, scope="central")
    country.signed_resource("KSC-2", 20, scope="central")
    propose_stages(country, MAY, Stage.CENTRAL)
    assert decide_stage(country, Stage.CENTRAL, MAY) == []
    [line] = country.session.scalars(select(Allocation.id))
    assert approve_all(country, AUGUST, refused=[line]) == [True]
    assert balances(country) == [("central", 10, 0, 0, 10)]
    assert wrong(country, AUGUST) == []
    assert lines(country) == [("central", 10, "refused"), ("central", 10, "proposed")]
    assert decide_stage(country, Stage.CENTRAL, AUGUST) == []
    assert approve_all(country, AUGUST) == [True]
    assert allocated(country) == [(30, 0), (20, 10)]
    assert wrong(country, AUGUST) == []


def test_the_reason_and_revision_stand_on_every_line_that_lost_something(country: Country) -> None:
    decided_in_the_district(country)
    done = ask(country, "KSC-1", SHRUNK, MAY, 4)
    columns = select(Allocation.quantity, Allocation.reason, Allocation.form_revision_id).order_by(Allocation.id)
    expected = [(4, REASON, done.revision_id), (10, REASON, done.revision_id)]
    assert [tuple(row) for row in country.session.execute(columns)] == expected
    facts = country.session.scalars(select(Act.facts).where(Act.verb == "revise_form")).one()
    assert {"kind": "shrunk", "before": 20, "after": 4, "reason": REASON}.items() <= facts.items()
    assert [left for _, _, left in facts["lines"]] == [4, 0]
