"""The commission that decides by vote (law 3634, article 8): who takes which seat, and what those present decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sekaps.texts import Text, text


class Vote(StrEnum):
    """How a member votes."""

    FOR = "for"
    """For what lies before the commission."""
    AGAINST = "against"
    """Against it."""
    ABSTAINED = "abstained"
    """Neither; the member is present all the same."""

    @property
    def meaning(self) -> Text:
        """The vote as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    Vote.FOR: text("in favour"),
    Vote.AGAINST: text("against"),
    Vote.ABSTAINED: text("abstained"),
}


@dataclass(frozen=True, slots=True)
class Right:
    """A mandate by which a person may take a seat, in one's own right or as deputy of its holder."""

    seat: str
    post_id: int
    mandate_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote cast from a seat."""

    right: Right
    vote: Vote


@dataclass(frozen=True, slots=True)
class Sitting:
    """A commission as it sat: its full number of seats, and the votes of those present, the chair's first."""

    seats: int
    ballots: tuple[Ballot, ...]

    @property
    def present(self) -> int:
        """How many members are present; whoever abstains is."""
        return len(self.ballots)

    @property
    def in_favour(self) -> int:
        """How many vote for it."""
        return self._count(Vote.FOR)

    @property
    def against(self) -> int:
        """How many vote against it."""
        return self._count(Vote.AGAINST)

    @property
    def has_quorum(self) -> bool:
        """Whether more than half of the full number is present."""
        return 2 * self.present > self.seats

    @property
    def by_chair(self) -> bool:
        """Whether the chair's side carries it: as many of those present are in favour as not, the chair among them."""
        return 2 * self.in_favour == self.present and self.ballots[0].vote is Vote.FOR

    @property
    def carried(self) -> bool:
        """Whether the majority of those present, or in a tie the chair's side, is in favour."""
        return 2 * self.in_favour > self.present or self.by_chair

    @property
    def refusal(self) -> Text | None:
        """Why nothing is decided: no quorum, or no majority; None when it is carried."""
        if not self.has_quorum:
            return text(
                "{present} of {seats} members are present; the commission decides when more than half are"
                " (law 3634, article 8)",
                present=self.present,
                seats=self.seats,
            )
        return None if self.carried else text(
            "not carried: {in_favour} of the {present} present in favour, {against} against, {abstained} abstained;"
            " the majority of those present decides, in a tie the chair's side (law 3634, article 8)",
            in_favour=self.in_favour,
            present=self.present,
            against=self.against,
            abstained=self.present - self.in_favour - self.against,
        )  # fmt: skip

    def _count(self, vote: Vote) -> int:
        return sum(ballot.vote is vote for ballot in self.ballots)


def take_seats(
    seats: Sequence[str], rights: Iterable[Right], votes: Mapping[int, Vote], chair: Right, names: Mapping[int, str]
) -> Sitting | Text:
    """Return the sitting of those who vote, or why somebody cannot: every seat has one vote, every person one seat.

    The first seat is the chair's, whose right is given; of several rights to a seat a person's first counts.
    """
    if chair.person_id not in votes:
        return text(
            "{person} chairs the commission and must be present: give that vote, too", person=names[chair.person_id]
        )
    rights = list(rights)
    others = [right for right in rights if right.seat in seats[1:]]
    taken = {chair.seat: chair}
    for person in sorted(votes.keys() - {chair.person_id}):
        if not any(right.person_id == person for right in rights):
            return text("{person} holds no seat of the commission", person=names[person])
        if not _take(person, others, taken, set()):
            return text(
                "{person}'s seat is taken: every seat has one vote, every person one seat", person=names[person]
            )
    in_order = (taken[seat] for seat in seats if seat in taken)
    return Sitting(len(seats), tuple(Ballot(right, votes[right.person_id]) for right in in_order))


def _take(person: int, rights: Sequence[Right], taken: dict[str, Right], asked: set[str]) -> bool:
    """Give a person one of the seats held, moving whoever sits there to another of theirs; tell whether it could."""
    for right in rights:
        if right.person_id != person or right.seat in asked:
            continue
        asked.add(right.seat)
        sitting = taken.get(right.seat)
        if sitting is None or _take(sitting.person_id, rights, taken, asked):
            taken[right.seat] = right
            return True
    return False
