"""Bodies decide: commissions by vote, others by their head; numbered, within needs and resources, or not at all."""

from threading import Barrier, Thread
from typing import Any

import pytest
from decided_country import AUGUST, JULY, MAY, add_item, balance, decided, lay, lines, reserved
from small_country import CEYHAN, Country, make_country, on
from sqlalchemy import func, insert, select, update

from sekaps.database import transaction
from sekaps.domain.allocation import Stage
from sekaps.domain.commissions import Vote
from sekaps.domain.decision_numbers import DecisionNumber
from sekaps.domain.line_decisions import LineChange
from sekaps.models.allocation import Allocation, Decision, DecisionVote, ItemSubstitute, Resource
from sekaps.models.documents import Document
from sekaps.models.registry import Mandate
from sekaps.models.trail import Act
from sekaps.services.decisions import approve, decide
from sekaps.services.editions import load_edition
from sekaps.services.registry import end_mandates
from sekaps.services.requests import ApproveRequest, DecideRequest

COMMISSION = "district_commission"


@pytest.fixture
def line(country: Country) -> int:
    """A line of 10 out of a resource of 30 for a need that lacks 25."""
    return lay(country, country.signed_need("IBC-1", 25), country.signed_resource("KSC-1", 30), 10, lacks=25)


def ids(country: Country) -> tuple[int, int]:
    """Return the first line's need and resource."""
    need, resource = country.session.execute(select(Allocation.need_id, Allocation.resource_id)).first() or (0, 0)
    return need, resource


def votes(country: Country, letters: str, body: str = COMMISSION) -> dict[int, Vote]:
    """Return votes by seat, the chair's first: f for, a against, - abstained, a space for whoever is absent."""
    kinds = {"f": Vote.FOR, "a": Vote.AGAINST, "-": Vote.ABSTAINED}
    seats = country.votes(body)
    return {person: kinds[letter] for person, letter in zip(seats, letters, strict=False) if letter != " "}


def trail(country: Country, verb: str = "decide") -> list[tuple[str, dict[str, Any]]]:
    query = select(Act.outcome, Act.facts).where(Act.verb == verb).order_by(Act.sequence)
    return [(outcome, facts) for outcome, facts in country.session.execute(query)]


def test_a_commissions_decision_tells_its_seats_and_votes(country: Country, line: int) -> None:
    assert decided(country, votes=votes(country, "ff a-"), text="Tahsis uygun görülmüştür.") == "decided"
    made = country.session.scalars(select(Decision)).one()
    assert (made.year, made.sequence, made.stage, made.text) == (2023, 1, "district", "Tahsis uygun görülmüştür.")
    assert (made.seats, made.present, made.in_favour, made.against, made.by_chair) == (5, 4, 2, 1, True)
    query = select(DecisionVote.person_id, DecisionVote.vote).order_by(DecisionVote.post_id)
    cast = dict(tuple(row) for row in country.session.execute(query))
    assert cast == {person: vote.value for person, vote in votes(country, "ff a-").items()}
    sitting = {"seats": 5, "present": 4, "in_favour": 2, "against": 1, "by_chair": True}
    counts = {"number": "2023/1", "accepted": 1, "changed": 0, "refused": 0}
    assert trail(country) == [("done", {"body": country.units[COMMISSION], "sitting": sitting, **counts})]


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ("ff", "2 of 5 members are present"),
        ("faa", "not carried: 1 of the 3 present in favour, 2 against"),
        ("affa", "not carried: 2 of the 4 present in favour, 2 against"),
        (" ffff", "district_commission head (1022) chairs the commission and must be present"),
        ("", "district_commission decides by vote: give how each member present votes"),
    ],
)
def test_what_is_not_carried_stands_on_the_trail_and_leaves_the_proposals_open(
    country: Country, line: int, letters: str, told: str
) -> None:
    assert decided(country, votes=votes(country, letters)).startswith(told)
    assert lines(country) == [(10, "proposed", None)]
    [(outcome, facts)] = trail(country)
    assert (outcome, facts["reason"].startswith(told)) == ("refused", True)
    assert decided(country, votes=votes(country, "fff")) == "decided"


def test_somebody_without_a_seat_has_no_vote_and_nobody_but_a_deputy_with_a_mandate_chairs(
    country: Country, line: int
) -> None:
    stranger, deputy = country.people["afad head"], country.people["kaymakam officer"]
    assert "holds no seat" in decided(country, votes={**votes(country, "fff"), stranger: Vote.FOR})
    assert "head's post" in decided(country, person_id=deputy, votes={**votes(country, " fff"), deputy: Vote.FOR})
    mandate = {"post_id": country.posts[COMMISSION, "head"], "person_id": deputy, "kind": "deputy", "from_at": MAY}
    country.session.execute(insert(Mandate).values(mandate))
    assert decided(country, person_id=deputy, votes={**votes(country, " ff"), deputy: Vote.FOR}) == "decided"


def test_a_seat_is_lost_with_its_mandate_and_the_full_number_stays(country: Country, line: int) -> None:
    end_mandates(country.session, country.edition, [country.mandates[f"{COMMISSION} chamber_member"]], on(2023, 4, 1))
    assert "holds no seat" in decided(country, votes=votes(country, "fffff"))
    assert decided(country, votes=votes(country, "fff")) == "decided"
    assert country.session.scalars(select(Decision.seats)).one() == 5


def test_a_body_that_does_not_vote_decides_by_its_head(country: Country) -> None:
    need = country.signed_need("IBC-1", 10, beneficiary="institution")
    lay(country, need, country.signed_resource("KSC-1", 30), 10, Stage.GOVERNOR)
    asked = {country.people["governorate head"]: Vote.FOR}
    assert "takes no vote" in decided(country, Stage.GOVERNOR, JULY, votes=asked)
    assert decided(country, Stage.GOVERNOR, JULY) == "decided"
    assert country.session.scalars(select(Decision.seats)).one() is None


def test_lines_are_accepted_changed_and_refused_in_one_decision(country: Country, line: int) -> None:
    need, resource = ids(country)
    other = country.signed_resource("KSC-2", 40)
    less = lay(country, country.signed_need("IBC-2", 9), other, 9)
    ended = lay(country, country.signed_need("IBC-3", 5), other, 5)
    changed = {line: LineChange("fazlası var", 20), less: LineChange("azı yeter", 4)}
    assert decided(country, changed=changed, refused={ended: "uygun değil"}) == "decided"
    assert lines(country) == [(20, "decided", 10), (4, "decided", 9), (5, "refused", None)]
    assert [reserved(country, each) for each in (resource, other)] == [20, 4]
    assert balance(country, need) == (20, 5)
    reasons = list(country.session.scalars(select(Allocation.reason).order_by(Allocation.id)))
    assert reasons == ["fazlası var", "azı yeter", "uygun değil"]
    assert set(country.session.scalars(select(Allocation.decision_id))) == {1}


def test_a_line_of_another_resource_is_a_line_of_its_own(country: Country, line: int) -> None:
    need, resource = ids(country)
    other = country.signed_resource("KSC-2", 40)
    assert decided(country, changed={line: LineChange("daha yakın", 25, "KSC-2")}) == "decided"
    assert lines(country) == [(10, "refused", None), (25, "decided", 10)]
    assert (reserved(country, resource), reserved(country, other), balance(country, need)) == (0, 25, (25, 0))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"district_code": CEYHAN}, "the resource KSC-2 is outside this body's place"),
        ({"scope": "central"}, "the resource KSC-2 is not in the planning of this stage"),
        ({"item_code": "wheat"}, "the resource KSC-2 is not in the planning of this stage"),
        ({"item_code": "coal"}, "KSC-2 is of another item than its need"),
        ({"allocated": 35}, "5 is left of KSC-2, and 10 more was asked"),
    ],
)
def test_another_resource_is_of_the_item_the_place_and_the_planning_and_has_room(
    country: Country, line: int, values: dict[str, Any], told: str
) -> None:
    add_item(country, "wheat", "agriculture")
    add_item(country, "coal", "energy")
    country.signed_resource("KSC-2", 40, **values)
    assert decided(country, changed={line: LineChange("neden", resource="KSC-2")}) == f"line {line}: {told}"
    assert lines(country) == [(10, "proposed", None)]


def test_an_item_that_stands_in_for_another_may_be_chosen_and_an_unsigned_resource_may_not(
    country: Country, line: int
) -> None:
    add_item(country, "coal", "energy")
    country.session.execute(insert(ItemSubstitute).values(item_code="diesel", served_by_code="coal"))
    other = country.signed_resource("KSC-2", 40, item_code="coal")
    unsigned = update(Document).where(Document.id == other)
    country.session.execute(unsigned.values(state="recorded", next_slot=1))
    change = {line: LineChange("neden", resource="KSC-2")}
    assert "is not signed" in decided(country, changed=change)
    country.session.execute(unsigned.values(state="complete", next_slot=0))
    assert decided(country, changed=change) == "decided"


@pytest.mark.parametrize("quantity", [-1, 0, 10**30, 26, 31])
def test_an_impossible_quantity_leaves_everything_as_it_was(country: Country, line: int, quantity: int) -> None:
    before = lines(country), reserved(country, ids(country)[1])
    assert f"line {line}: " in decided(country, changed={line: LineChange("neden", quantity)})
    assert (lines(country), reserved(country, ids(country)[1])) == before
    assert country.session.scalars(select(func.count(Decision.id))).one() == 0


def test_a_need_gets_no_more_than_no_other_stage_has_promised_it(country: Country) -> None:
    need = country.signed_need("IBC-1", 25)
    elsewhere = country.signed_resource("KSC-2", 40)
    lay(country, need, elsewhere, 20, Stage.PROVINCE)
    line = lay(country, need, country.signed_resource("KSC-1", 30), 5, lacks=25)
    assert "its need lacks 5" in decided(country, changed={line: LineChange("neden", 6)})


def test_a_stated_number_is_of_the_year_and_used_once(country: Country, line: int) -> None:
    assert "is no number of 2023" in decided(country, number=DecisionNumber(2022, 7))
    assert "no possible number" in decided(country, number=DecisionNumber(2023, 0))
    assert decided(country, number=DecisionNumber(2023, 7)) == "decided"
    lay(country, country.signed_need("IBC-2", 5), ids(country)[1], 5)
    assert "used the number 2023/7 before, on 2 May 2023" in decided(country, number=DecisionNumber(2023, 7))
    assert decided(country) == "decided"
    assert list(country.session.scalars(select(Decision.sequence).order_by(Decision.id))) == [7, 8]


def test_nothing_is_decided_outside_the_window_or_by_a_body_that_is_not_competent(country: Country, line: int) -> None:
    assert "closed on 30 June 2023" in decided(country, as_of=JULY)
    body, chair = country.units["province_commission"], country.people["province_commission head"]
    request = DecideRequest(body, chair, votes=country.votes("province_commission"))
    nobody = DecideRequest(10**6, chair)
    outcomes = decide(country.session, country.edition, "5.1", [request, nobody], MAY)
    assert [o.refusal.say("en") if o.refusal else "" for o in outcomes] == [
        "only the competent body of the place decides at this stage"
    ] * 2
    assert [outcome for outcome, _ in trail(country)] == ["refused"] * 3


def test_a_text_has_an_end(country: Country, line: int) -> None:
    assert "at most 2000 letters" in decided(country, text="x" * 2001)


def test_a_decision_made_twice_is_made_once(country: Country, line: int) -> None:
    assert [decided(country), decided(country)][0] == "decided"
    assert lines(country) == [(10, "decided", None)]
    assert country.session.scalars(select(func.count(Decision.id))).one() == 1


def at_once(asked: list[tuple[str, DecideRequest]]) -> list[str]:
    """Let each request be decided in a transaction of its own, all begun at once, and return what came of them."""
    start, told = Barrier(len(asked)), []

    def act(step: str, request: DecideRequest) -> None:
        start.wait()
        with transaction() as session:
            [outcome] = decide(session, load_edition(session, "sekaps", 2023), step, [request], JULY)
            told.append(outcome.refusal.say("en") if outcome.refusal else "decided")

    threads = [Thread(target=act, args=each) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.usefixtures("database")
def test_of_two_bodies_deciding_at_once_on_one_resource_one_wins_and_the_other_is_told_the_remainder() -> None:
    asked = []
    with transaction() as session:
        country = make_country(session)
        resource = country.signed_resource("KSC-1", 40)
        for step, stage, body, whose in (
            ("5.2", Stage.PROVINCE, "province_commission", "military"),
            ("5.3", Stage.GOVERNOR, "governorate", "institution"),
        ):
            need = country.signed_need(f"IBC-{whose}", 25, beneficiary=whose)
            changed = {lay(country, need, resource, 10, stage, lacks=25): LineChange("fazlası var", 25)}
            chair, members = country.people[f"{body} head"], country.votes(body)
            asked.append((step, DecideRequest(country.units[body], chair, changed=changed, votes=members)))
    [lost] = [told for told in at_once(asked) if told != "decided"]
    assert lost.endswith(": 5 is left of KSC-1, and 15 more was asked")
    with transaction() as session:
        assert session.scalars(select(Resource.allocated)).one() == 35
        assert sorted(session.scalars(select(Allocation.state))) == ["decided", "proposed"]


@pytest.mark.usefixtures("database")
def test_of_one_body_asked_twice_at_once_the_second_finds_nothing_open() -> None:
    with transaction() as session:
        country = make_country(session)
        need = country.signed_need("IBC-1", 25)
        lay(country, need, country.signed_resource("KSC-1", 40), 10, Stage.PROVINCE)
        body = "province_commission"
        request = DecideRequest(country.units[body], country.people[f"{body} head"], votes=country.votes(body))
    assert sorted(at_once([("5.2", request)] * 2)) == [
        "decided",
        "province_commission has no open proposal at this stage",
    ]


def awaiting(country: Country) -> int:
    """Return an allocation to a military unit that its ministry has decided."""
    need = country.signed_need("IBC-1", 10, scope="central")
    line = lay(country, need, country.signed_resource("KSC-1", 30, scope="central"), 10, Stage.CENTRAL)
    assert decided(country, Stage.CENTRAL) == "decided"
    return line


def approved(country: Country, *requests: ApproveRequest) -> list[str]:
    outcomes = approve(country.session, country.edition, requests, AUGUST)
    return [outcome.refusal.say("en") if outcome.refusal else "done" for outcome in outcomes]


def test_a_refused_approval_frees_the_line_and_leaves_its_need_to_be_decided_again(country: Country) -> None:
    line, approver = awaiting(country), country.people["ministry approver"]
    need, resource = ids(country)
    assert (lines(country), balance(country, need)) == ([(10, "awaiting_approval", None)], (10, 0))
    assert approved(country, ApproveRequest(line, approver, "uzak")) == ["done"]
    assert (lines(country), balance(country, need), reserved(country, resource)) == (
        [(10, "refused", None)],
        (0, 10),
        0,
    )
    lay(country, need, resource, 10, Stage.CENTRAL)
    assert decided(country, Stage.CENTRAL, AUGUST) == "decided"
    assert balance(country, need) == (10, 0)


def test_an_approval_is_given_once_by_the_approver_and_refused_with_a_reason_only(country: Country) -> None:
    line, approver = awaiting(country), country.people["ministry approver"]
    outcomes = approved(
        country,
        ApproveRequest(line, country.people["military head"]),
        ApproveRequest(line, approver, " "),
        ApproveRequest(line, approver),
        ApproveRequest(line, approver),
        ApproveRequest(10**30, approver),
    )
    assert outcomes == [
        "only the ministry of defence's approver approves it",
        "it is refused with a reason of at most 300 letters",
        "done",
        "the allocation does not await approval",
        "the allocation does not await approval",
    ]
    assert sorted(outcome for outcome, _ in trail(country, "approve")) == ["done", "refused", "refused", "refused"]
    assert lines(country) == [(10, "approved", None)]
