"""Terms of office in one post: who follows whom, and which terms cannot stand together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sekaps.texts import Text, text


@dataclass(frozen=True, slots=True)
class Term:
    """A person's time in a post, by the manager code; the end instant is excluded."""

    person: int
    from_at: datetime
    until_at: datetime | None = None

    def holds(self, instant: datetime) -> bool:
        """Tell whether the post is held at an instant."""
        return self.from_at <= instant and (self.until_at is None or instant < self.until_at)


@dataclass(frozen=True, slots=True)
class Placement:
    """What placing a term among those of a post does: which term ends when, and whether the term itself is new."""

    is_new: bool
    ends: Term | None = None
    ends_at: datetime | None = None


UNCHANGED = Placement(is_new=False)


def place(held: Sequence[Term], new: Term) -> Placement | Text:
    """Return what a term does to those held in the post, or why it cannot stand beside them.

    Who holds the post when another one begins leaves it at that instant. The same term again changes nothing,
    unless it now has an end.
    """
    if new.until_at is not None and new.until_at <= new.from_at:
        return text("the end is not after the beginning")
    same = next((term for term in held if (term.person, term.from_at) == (new.person, new.from_at)), None)
    others = [term for term in held if term is not same]
    later = next((term for term in others if _begins_within(term, new)), None)
    if same is not None and new.until_at in (None, same.until_at):
        return UNCHANGED
    if later is not None:
        return text(
            "{person} holds that post from {day} on; give an end before", person=later.person, day=later.from_at
        )
    if same is not None:
        return Placement(is_new=False, ends=same, ends_at=new.until_at)
    before = next((term for term in others if term.holds(new.from_at)), None)
    if before is None:
        return Placement(is_new=True)
    if before.person == new.person:
        return text("{person} holds that post since {day} already", person=new.person, day=before.from_at)
    return Placement(is_new=True, ends=before, ends_at=new.from_at)


def _begins_within(term: Term, new: Term) -> bool:
    return term.from_at >= new.from_at and (new.until_at is None or term.from_at < new.until_at)
