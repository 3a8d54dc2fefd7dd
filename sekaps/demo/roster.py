"""What acting needs to know of the stored country: documents, the people of their chains, and the units' posts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from sekaps.calendar.days import Place
from sekaps.models.allocation import Item
from sekaps.models.documents import ChainSlot, Document
from sekaps.models.registry import Mandate, Person, Post, Unit

Numbers: TypeAlias = NDArray[np.int32]
ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Seat:
    """A slot of a chain as it was filled at first: the post, its holder and the holder's mandate."""

    post_id: int
    person_id: int
    mandate_id: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A document somebody owes."""

    id: int
    number: str
    kind: str
    activity: str
    step: str
    unit_id: int
    chain_id: int


@dataclass(frozen=True, slots=True, eq=False)
class StoredDuties:
    """Every document of an edition in the order of their numbers, by columns: a whole country owes over a million."""

    ids: Numbers
    units: Numbers
    chains: Numbers
    tasks: Numbers
    """The places of its kind, activity and step among the names."""
    names: Sequence[tuple[str, str, str]]
    numbers: NDArray[Any]
    """As bytes, all of one length."""

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, place: int) -> Duty:
        columns = self.ids[place], self.numbers[place], self.tasks[place], self.units[place], self.chains[place]
        return self._duty(*(column.item() for column in columns))

    def __iter__(self) -> Iterator[Duty]:
        return chain.from_iterable(
            self._between(first, first + ROWS_AT_ONCE) for first in range(0, len(self), ROWS_AT_ONCE)
        )

    def places_of(self, kind: str) -> Numbers:
        """Return the places of the documents of one kind."""
        of_the_kind = [task for task, names in enumerate(self.names) if names[0] == kind]
        return np.flatnonzero(np.isin(self.tasks, of_the_kind)).astype(np.int32)

    def numbers_at(self, places: Numbers) -> Iterator[str]:
        """Yield the numbers of the documents at those places."""
        return (number.decode() for number in self.numbers[places].tolist())

    def _between(self, first: int, last: int) -> Iterator[Duty]:
        columns = (self.ids, self.numbers, self.tasks, self.units, self.chains)
        return map(self._duty, *(column[first:last].tolist() for column in columns))

    def _duty(self, key: int, number: bytes, task: int, unit_id: int, chain_id: int) -> Duty:
        kind, activity, step = self.names[task]
        return Duty(key, number.decode(), kind, activity, step, unit_id, chain_id)


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit's registry number, kind and place."""

    number: int
    kind: str
    place: Place


@dataclass(frozen=True, slots=True)
class Roster:
    """The units by id, who held each post at first by (unit, kind of post), and the ministry of the troops."""

    units: Mapping[int, UnitFact]
    holders: Mapping[tuple[int, str], Seat]
    defence_id: int

    def person(self, unit_id: int, post: str) -> int:
        """Return who was given a unit's post at first."""
        return self.holders[unit_id, post].person_id

    def units_of_kind(self, kind: str) -> list[int]:
        """Return the units of one kind, in the order of their registry numbers."""
        found = [unit_id for unit_id, unit in self.units.items() if unit.kind == kind]
        return sorted(found, key=lambda unit_id: self.units[unit_id].number)


def read_roster(session: Session) -> Roster:
    """Return the units and the first holders of their posts."""
    query = select(Unit.id, Unit.number, Unit.kind, Unit.province_code, Unit.district_code)
    units = {
        unit_id: UnitFact(number, kind, Place(province, district))
        for unit_id, number, kind, province, district in session.execute(query.order_by(Unit.id))
    }
    posts = select(Post.id, Post.unit_id, Post.kind)
    seats = _seats(session)
    holders = {(unit_id, kind): seats[post] for post, unit_id, kind in session.execute(posts) if post in seats}
    defence_id = session.scalars(select(Unit.ministry_id).where(Unit.kind == "military_unit").limit(1)).one()
    assert defence_id is not None
    return Roster(units, holders, defence_id)


def read_duties(session: Session, edition_id: int) -> StoredDuties:
    """Return every document of the edition, in the order of their numbers."""
    names = (Document.kind, Document.activity, Document.step)
    query = select(Document.id, Document.unit_id, Document.chain_id, Document.number, *names)
    rows = session.execute(
        query.where(Document.edition_id == edition_id)
        .order_by(Document.number)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    tasks: dict[tuple[str, str, str], int] = {}
    parts = [_columns(part, tasks) for part in rows.partitions()]
    ids, units, chains, places, numbers = (np.concatenate(column) for column in zip(*parts, strict=True))
    return StoredDuties(ids, units, chains, places, list(tasks), numbers)


def _columns(rows: Sequence[Row[Any]], tasks: dict[tuple[str, str, str], int]) -> list[NDArray[Any]]:
    """Return rows by columns; what is owed is told by its place among the tasks, which new ones join."""
    ids, units, chains, numbers, *names = zip(*rows, strict=True)
    places = [tasks.setdefault(task, len(tasks)) for task in zip(*names, strict=True)]
    whole = [np.array(column, dtype=np.int32) for column in (ids, units, chains, places)]
    return [*whole, np.array([number.encode() for number in numbers])]


def read_chains(session: Session) -> dict[int, Sequence[Seat]]:
    """Return the seats of every chain, in signing order."""
    seats = _seats(session)
    chains: dict[int, list[Seat]] = defaultdict(list)
    query = select(ChainSlot.chain_id, ChainSlot.post_id).order_by(ChainSlot.chain_id, ChainSlot.slot)
    for chain_id, post_id in session.execute(query):
        chains[chain_id].append(seats[post_id])
    return dict(chains)


def newest_rows(session: Session) -> tuple[int | None, int | None]:
    """Return the highest ids of documents and people: by them two databases at one address are told apart."""
    return session.scalar(select(func.max(Document.id))), session.scalar(select(func.max(Person.id)))


def resource_ministries(session: Session) -> list[int]:
    """Return the ministries that own resources."""
    return list(session.scalars(select(Item.ministry_id).distinct().order_by(Item.ministry_id)))


def _seats(session: Session) -> dict[int, Seat]:
    """Return the first holder of each post in its own right, whether or not still in office."""
    query = select(Mandate.post_id, Mandate.person_id, Mandate.id).where(Mandate.kind == "own")
    seats: dict[int, Seat] = {}
    for post_id, person_id, mandate_id in session.execute(query.order_by(Mandate.from_at, Mandate.id)):
        seats.setdefault(post_id, Seat(post_id, person_id, mandate_id))
    return seats
