"""What a reading of the audit trail finds: acts that were changed, removed, re-ordered or added, each by name.

One stream is read in the order of its sequence, remembering the act before and nothing else but what does not fit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice

from sekaps.domain.trail import GENESIS, Entry, chain_hash
from sekaps.texts import Text, text

LISTED = 200
"""So many acts of a stream that do not fit their place are told one by one; more are counted."""


class Harm(StrEnum):
    """What was done to an act on the trail."""

    CHANGED = "changed"
    """A fact, hash or link of it is not the one it was written with."""
    REMOVED = "removed"
    """It is not there any more."""
    REORDERED = "reordered"
    """It stands at another place than the one it was written at."""
    ADDED = "added"
    """It was not appended by the engine."""

    @property
    def meaning(self) -> Text:
        """The harm as people read it."""
        return _MEANINGS[self]


_MEANINGS = {
    Harm.CHANGED: text("changed"),
    Harm.REMOVED: text("removed"),
    Harm.REORDERED: text("re-ordered"),
    Harm.ADDED: text("added"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a stream as its head row has it."""

    sequence: int
    hash: bytes


EMPTY = Head(0, GENESIS)
"""The head of a stream without acts."""


@dataclass(frozen=True, slots=True)
class Link:
    """One stored act: its place, id and hashes, and the entry; none where a column holds what no act holds."""

    stream: str
    sequence: int
    id: int
    previous_hash: bytes
    hash: bytes
    entry: Entry | None

    def hash_at(self, sequence: int, previous: bytes) -> bytes | None:
        """Return the hash the act would have at a place after another act."""
        return None if self.entry is None else chain_hash(previous, self.stream, sequence, self.entry)

    def fits(self, sequence: int, previous: bytes) -> bool:
        """Tell whether the act was hashed for that place after that act."""
        return self.hash_at(sequence, previous) == self.hash


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """One finding: the harm, the places it concerns (the head row has none), which act it is, and what is wrong."""

    harm: Harm
    stream: str
    first: int | None
    last: int | None
    problem: Text
    id: int | None = None
    at: datetime | None = None
    verb: str | None = None


@dataclass(slots=True)
class _Reading:
    """One pass over a stream: the act before, the hashes the next may follow, and what was found so far."""

    stream: str
    head: Head | None
    found: list[BrokenLink] = field(default_factory=list)
    misfits: list[Link] = field(default_factory=list)
    unlisted: int = 0
    holes: list[range] = field(default_factory=list)
    beyond: list[Link] = field(default_factory=list)
    last: Link | None = None
    expected: int = 1
    follows: frozenset[bytes | None] = frozenset((GENESIS,))
    doubted: bool = False
    """Whether the act before was found wrong, so that the next one's link to it says nothing new."""

    def take(self, link: Link) -> None:
        """Judge one act by the one before it."""
        computed = link.hash_at(link.sequence, link.previous_hash)
        if not self.is_within(link):
            self._take_beyond(link, fits=computed == link.hash)
            return
        gap = link.sequence != self.expected
        if gap and self.head is not None:
            self.holes.append(range(self.expected, link.sequence))
        self.doubted = self._judge(link, fits=computed == link.hash, gap=gap)
        self.last, self.expected = link, link.sequence + 1
        self.follows = frozenset((link.hash, computed))

    def is_within(self, link: Link) -> bool:
        """Tell whether the head row counts a place."""
        return link.sequence >= 1 and (self.head is None or link.sequence <= self.head.sequence)

    def _take_beyond(self, link: Link, *, fits: bool) -> None:
        """Keep the first and the last act beyond the head; those that do not fit anywhere there may be moved ones."""
        if fits and link.sequence >= 1:
            self.beyond[1:] = [link]
        else:
            self._keep(link)

    def _judge(self, link: Link, *, fits: bool, gap: bool) -> bool:
        """Return whether the act was found wrong; where one written anew hides it, the act before is the one."""
        if not fits:
            self._misfit(link)
            return True
        if link.previous_hash not in self.follows and not gap and not self.doubted:
            self._change(self.last or link, text("its content and its hash were written anew"))
        elif self.last is not None and link.id <= self.last.id and not self.doubted:
            self._change(link, text("its id is not above that of the act before"))
            return True
        return False

    def _misfit(self, link: Link) -> None:
        if any(before is not None and link.fits(link.sequence, before) for before in self.follows):
            self._change(link, text("its link to the act before is not the one it was written with"))
        else:
            self._keep(link)

    def _keep(self, link: Link) -> None:
        if len(self.misfits) < LISTED:
            self.misfits.append(link)
        else:
            self.unlisted += 1

    def _change(self, link: Link, problem: Text) -> None:
        self.found.append(_finding(Harm.CHANGED, link, problem))


def examine(stream: str, head: Head | None, links: Iterable[Link]) -> list[BrokenLink]:
    """Return what is wrong with one stream, its acts given in order of their sequence; nothing when it is whole.

    What is hashed anew from an act to the very end, head included, cannot be told from the acts alone: that takes a
    hash noted elsewhere.
    """
    reading = _Reading(stream, head)
    for link in links:
        reading.take(link)
    _end(reading)
    moved = _moved(reading)
    found = [*reading.found, *_misplaced(reading, moved), *_removed(reading, moved), *_uncounted(reading)]
    return sorted(found, key=lambda one: (one.first is None, one.first or 0))


def _end(reading: _Reading) -> None:
    """Compare the last act with the head row."""
    head, last = reading.head, reading.last
    final = reading.beyond[-1] if reading.beyond else None if reading.doubted else last
    if head is None:
        if last is not None:
            reading.found.append(_of_head(Harm.REMOVED, reading, text("the head row of the stream is gone")))
    elif final is not None and final.sequence != head.sequence and final.hash == head.hash:
        problem = text("the head row says {said}, the last act is {last}", said=head.sequence, last=final.sequence)
        reading.found.append(_of_head(Harm.CHANGED, reading, problem))
    elif reading.expected <= head.sequence:
        reading.holes.append(range(reading.expected, head.sequence + 1))
        reading.found.extend(_added(reading.beyond))
    else:
        if head.hash not in reading.follows and not reading.doubted:
            problem = text("the head row does not name the hash of act {last}: one of the two was changed",
                           last=head.sequence)  # fmt: skip
            reading.found.append(_of_head(Harm.CHANGED, reading, problem))
        reading.found.extend(_added(reading.beyond))


def _added(beyond: Sequence[Link]) -> Iterator[BrokenLink]:
    if beyond:
        problem = text("the head row of the stream does not know of it")
        first, last = beyond[0], beyond[-1]
        when = first.entry.at if first.entry else None
        verb = first.entry.verb if first.entry else None
        yield BrokenLink(Harm.ADDED, first.stream, first.sequence, last.sequence, problem, first.id, when, verb)


def _moved(reading: _Reading) -> dict[int, int]:
    """Return by its present place where each act that fits another place belongs.

    Places looked at are those that are empty or hold what does not fit; a whole run moved alike is found at once.
    """
    empty = (place for hole in reading.holes for place in hole)
    places = [*(link.sequence for link in reading.misfits), *islice(empty, LISTED)]
    moved: dict[int, int] = {}
    shift = 0
    for link in reading.misfits:
        near = (link.sequence + shift, link.sequence - 1, link.sequence + 1)
        place = next((place for place in (*near, *places) if link.fits(place, link.previous_hash)), None)
        if place is not None:
            moved[link.sequence], shift = place, place - link.sequence
    return moved


def _misplaced(reading: _Reading, moved: dict[int, int]) -> Iterator[BrokenLink]:
    claimed = set(moved.values())
    for link in reading.misfits:
        if link.sequence in moved:
            problem = text("it belongs at place {place}", place=moved[link.sequence])
            yield _finding(Harm.REORDERED, link, problem)
        elif link.sequence in claimed or not reading.is_within(link):
            yield _finding(Harm.ADDED, link, text("no act of this place was written like this"))
        else:
            yield _finding(Harm.CHANGED, link, text("its content is not what its hash was made of"))


def _removed(reading: _Reading, moved: dict[int, int]) -> Iterator[BrokenLink]:
    """Yield the places nobody holds and nobody belongs at: holes, and those a moved act has taken."""
    claimed = set(moved.values())
    holes = [part for hole in reading.holes for part in _without(hole, claimed)]
    left = (place for place in moved if place not in claimed and _is_known(place, reading.head))
    holes.extend(range(place, place + 1) for place in left if not reading.unlisted or place < min(claimed))
    for hole in holes:
        problem = text("nothing stands at this place")
        yield BrokenLink(Harm.REMOVED, reading.stream, hole.start, hole.stop - 1, problem)


def _is_known(place: int, head: Head | None) -> bool:
    return head is not None and 1 <= place <= head.sequence


def _without(hole: range, claimed: Iterable[int]) -> Iterator[range]:
    """Yield what is left of a run of places without those that a moved act belongs at."""
    start = hole.start
    for place in sorted(place for place in claimed if place in hole):
        if place > start:
            yield range(start, place)
        start = place + 1
    if start < hole.stop:
        yield range(start, hole.stop)


def _uncounted(reading: _Reading) -> Iterator[BrokenLink]:
    if reading.unlisted:
        problem = text("and {count} more acts that do not fit their place", count=reading.unlisted)
        yield _of_head(Harm.CHANGED, reading, problem)


def _finding(harm: Harm, link: Link, problem: Text) -> BrokenLink:
    at = link.entry.at if link.entry else None
    verb = link.entry.verb if link.entry else None
    return BrokenLink(harm, link.stream, link.sequence, link.sequence, problem, link.id, at, verb)


def _of_head(harm: Harm, reading: _Reading, problem: Text) -> BrokenLink:
    return BrokenLink(harm, reading.stream, None, None, problem)
