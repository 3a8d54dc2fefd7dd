"""How commissions of the demo country sit: always with quorum, mostly of one mind, and the chair's side carries."""

from collections import Counter

from sekaps.calendar.days import NATION
from sekaps.demo.commissions import votes_of
from sekaps.demo.roster import Roster, Seat, UnitFact
from sekaps.domain.commissions import Ballot, Right, Sitting, Vote

SEATS = ("head", "finance_officer", "recruiting_officer", "municipality_member", "chamber_member")
BODIES = range(1, 401)
HOLDERS = {(body, seat): Seat(0, body * 10 + place, 0) for body in BODIES for place, seat in enumerate(SEATS)}
ROSTER = Roster({body: UnitFact(20_000_000 + body, "mmm_district", NATION) for body in BODIES}, HOLDERS, 0)


def sittings() -> list[Sitting]:
    return [
        Sitting(len(SEATS), tuple(Ballot(Right("", 0, 0, person), vote) for person, vote in votes.items()))
        for body in BODIES
        for votes in [votes_of(ROSTER, body, SEATS, 7, "5.1")]
    ]


def test_every_sitting_carries_its_decision_and_the_chair_sits_first() -> None:
    held = sittings()
    assert [each for each in held if each.refusal is not None] == []
    assert {each.ballots[0].vote for each in held} == {Vote.FOR}
    assert all(each.ballots[0].right.person_id % 10 == 0 for each in held)


def test_attendance_varies_somebody_is_against_now_and_then_and_a_tie_is_rare() -> None:
    held = sittings()
    assert {each.present for each in held} == {3, 4, 5}
    ties, dissents = sum(each.by_chair for each in held), Counter(each.against for each in held)
    assert 0 < ties < 12
    assert 20 < dissents[1] < 80


def test_the_same_seed_gives_the_same_votes() -> None:
    assert sittings() == sittings()
