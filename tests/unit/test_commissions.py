"""Law 3634, article 8: more than half of the full number sit, the majority of those present decides, then the chair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.domain.commissions import Ballot, Right, Sitting, Vote, take_seats
from sekaps.texts import Text

SEATS = ("head", "finance", "recruiting", "municipality", "chamber")
FOR, AGAINST, ABSTAINED = Vote.FOR, Vote.AGAINST, Vote.ABSTAINED
LETTERS = {"f": FOR, "a": AGAINST, "-": ABSTAINED}
NAMES = {person: f"P{person}" for person in range(1, 10)}


def right(seat: str, person: int, mandate: int = 0) -> Right:
    return Right(seat, post_id=SEATS.index(seat) + 100, mandate_id=mandate or person + 200, person_id=person)


OWN = [right(seat, person) for person, seat in enumerate(SEATS, start=1)]
CHAIR = OWN[0]


def sitting(votes: str, seats: int = 5) -> Sitting:
    """Return a sitting from letters, the chair's first: f for, a against, - abstained."""
    ballots = (Ballot(right(SEATS[place], place + 1), LETTERS[letter]) for place, letter in enumerate(votes))
    return Sitting(seats, tuple(ballots))


@pytest.mark.parametrize(
    ("votes", "seats", "carried", "by_chair"),
    [
        ("fff", 5, True, False),
        ("ff", 5, False, False),  # no quorum: two of five
        ("fff", 6, False, False),  # no quorum: half is not more than half
        ("ffff", 6, True, False),
        ("ffaaa", 5, False, False),
        ("affff", 5, True, False),  # the chair has one vote
        ("ffaa", 5, True, True),
        ("aaff", 5, False, False),  # a tie: the chair's side is against
        ("-aff", 5, False, False),  # half in favour, and the chair on neither side
        ("ff--", 5, True, True),  # who abstains is present: half of four is a tie
        ("ff---", 5, False, False),
        ("ffa--", 5, False, False),  # two of the five present are no majority
        ("fffa-", 5, True, False),
    ],
)
def test_a_proposal_is_carried_by_the_majority_of_those_present_or_the_chairs_side(
    votes: str, seats: int, *, carried: bool, by_chair: bool
) -> None:
    held = sitting(votes, seats)
    assert (held.refusal is None, held.has_quorum and held.by_chair) == (carried, by_chair)


@pytest.mark.parametrize(
    ("votes", "told"),
    [
        ("ff", "2 of 5 members are present; the commission decides when more than half are (law 3634, article 8)"),
        (
            "ffaa-",
            "not carried: 2 of the 5 present in favour, 2 against, 1 abstained; the majority of those present decides,"
            " in a tie the chair's side (law 3634, article 8)",
        ),
    ],
)
def test_why_nothing_was_decided_is_told_with_the_figures(votes: str, told: str) -> None:
    refusal = sitting(votes).refusal
    assert refusal is not None
    assert refusal.say("en") == told


@given(st.text("fa-", min_size=3, max_size=5), st.integers(0, 4))
def test_another_vote_in_favour_never_loses_a_carried_proposal(votes: str, place: int) -> None:
    if place < len(votes) and sitting(votes).carried:
        assert sitting(votes[:place] + "f" + votes[place + 1 :]).carried


@given(st.text("fa-", min_size=3, max_size=5))
def test_what_is_carried_has_more_in_favour_than_against_or_the_chair_with_it(votes: str) -> None:
    held = sitting(votes)
    if held.carried:
        assert held.in_favour > held.against or (held.in_favour == held.against and held.by_chair)


def seat(votes: dict[int, Vote], rights: list[Right] = OWN, chair: Right = CHAIR) -> str | list[tuple[str, int, Vote]]:
    held = take_seats(SEATS, rights, votes, chair, NAMES)
    if isinstance(held, Text):
        return held.say("en")
    return [(ballot.right.seat, ballot.right.person_id, ballot.vote) for ballot in held.ballots]


def test_members_sit_in_the_order_of_the_seats_the_chair_first() -> None:
    assert seat({4: AGAINST, 2: FOR, 1: ABSTAINED}) == [
        ("head", 1, ABSTAINED),
        ("finance", 2, FOR),
        ("municipality", 4, AGAINST),
    ]


@pytest.mark.parametrize(
    ("votes", "rights", "told"),
    [
        ({2: FOR, 3: FOR, 4: FOR}, OWN, "P1 chairs the commission and must be present: give that vote, too"),
        ({1: FOR, 2: FOR, 9: FOR}, OWN, "P9 holds no seat of the commission"),
        (
            {1: FOR, 2: FOR, 6: FOR},
            [*OWN, right("finance", 6)],
            "P6's seat is taken: every seat has one vote, every person one seat",
        ),
        (
            {1: FOR, 7: FOR},
            [*OWN, right("head", 7)],
            "P7's seat is taken: every seat has one vote, every person one seat",
        ),
    ],
)
def test_nobody_votes_without_a_seat_or_from_one_that_is_taken(
    votes: dict[int, Vote], rights: list[Right], told: str
) -> None:
    assert seat(votes, rights) == told


def test_the_chair_is_absent_only_behind_a_deputy_with_a_mandate() -> None:
    deputy = right("head", 6)
    assert seat({6: FOR, 2: FOR, 3: FOR}, [*OWN, deputy], deputy) == [
        ("head", 6, FOR),
        ("finance", 2, FOR),
        ("recruiting", 3, FOR),
    ]


def test_whoever_holds_two_seats_takes_one_and_leaves_the_other_to_whom_it_is_the_only_one() -> None:
    rights = [*OWN, right("recruiting", 2), right("finance", 6)]
    assert seat({1: FOR, 2: FOR, 6: AGAINST}, rights) == [
        ("head", 1, FOR),
        ("finance", 6, AGAINST),
        ("recruiting", 2, FOR),
    ]


def test_the_chair_takes_no_second_seat() -> None:
    assert seat({1: FOR, 2: FOR}, [*OWN, right("chamber", 1)]) == [("head", 1, FOR), ("finance", 2, FOR)]


@given(
    st.sets(st.tuples(st.sampled_from(SEATS[1:]), st.integers(2, 7)), max_size=12),
    st.dictionaries(st.integers(2, 7), st.sampled_from(Vote), max_size=5),
)
def test_in_any_commission_every_seat_has_one_vote_and_every_person_one_seat(
    held: set[tuple[str, int]], votes: dict[int, Vote]
) -> None:
    rights = [CHAIR, *(right(seat, person) for seat, person in sorted(held))]
    told = take_seats(SEATS, rights, {1: FOR, **votes}, CHAIR, NAMES)
    if isinstance(told, Sitting):
        seats, people = ([getattr(b.right, name) for b in told.ballots] for name in ("seat", "person_id"))
        assert len(set(seats)) == len(seats)
        assert sorted(people) == sorted({1, *votes})
        assert {b.right for b in told.ballots} <= set(rights)


@pytest.mark.parametrize(("vote", "told"), [(FOR, "in favour"), (AGAINST, "against"), (ABSTAINED, "abstained")])
def test_a_vote_is_told_in_words(vote: Vote, told: str) -> None:
    assert vote.meaning.say("en") == told
