"""Who owes which document, in columns: what a country of millions of documents can be planned by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sekaps.demo.chance import Flags, Places
from sekaps.demo.forms import document_number
from sekaps.demo.paperwork import FormPart
from sekaps.demo.population import Population

Small = NDArray[np.int32]


@dataclass(frozen=True)
class Duties:
    """Every document in the order of its id: its kind, step, unit and chain by their places among what is known."""

    year: int
    kinds: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    """Activity and step."""
    kind: Small
    step: Small
    unit: Small
    """The place of its unit among the country's units."""
    chain: Small
    """The id of its chain."""

    @classmethod
    def of(cls, parts: Iterable[FormPart], year: int) -> "Duties":
        """Return the duties of some forms."""
        kinds: dict[str, int] = {}
        steps: dict[tuple[str, str], int] = {}
        columns: list[list[Small]] = []
        for part in parts:
            kind = kinds.setdefault(part.kind, len(kinds))
            known = {
                step: steps.setdefault((part.activity, step), len(steps)) for step in part.frame["step"].unique().sort()
            }
            step = part.frame["step"].replace_strict(known, return_dtype=pl.Int64)
            numbers = (np.full(part.frame.height, kind), step, part.frame["unit"], part.frame["chain_id"])
            columns.append([np.asarray(column, dtype=np.int32) for column in numbers])
        return cls(year, tuple(kinds), tuple(steps), *map(np.concatenate, zip(*columns, strict=True)))

    def __len__(self) -> int:
        """Return how many documents there are."""
        return len(self.kind)

    def of_kind(self, kind: str) -> Flags:
        """Tell of each document whether it is of a kind."""
        mine: Flags = self.kind == (self.kinds.index(kind) if kind in self.kinds else -1)
        return mine

    def number(self, place: int) -> str:
        """Return the number of the document at a place."""
        return document_number(self.kinds[self.kind[place]], self.year, int(self._serial[place]))

    @cached_property
    def _serial(self) -> Small:
        """The serial of each document among those of its kind."""
        serial = np.zeros(len(self), dtype=np.int32)
        for kind in range(len(self.kinds)):
            mine = np.flatnonzero(self.kind == kind)
            serial[mine] = np.arange(1, len(mine) + 1)
        return serial


@dataclass(frozen=True)
class Seats:
    """Who signs each chain, in columns by the chain's id: the post, its holder and mandate in each slot; 0 for none."""

    post: Small
    person: Small
    mandate: Small

    @classmethod
    def of(cls, people: Population) -> "Seats":
        """Return the seats of a country's chains, everybody in office."""
        holder = {post.key: people.person_ids[post.person] for post in people.posts}
        slots = max(len(spec.posts) for spec in people.chains)
        post, person = np.zeros((2, len(people.chains) + 1, slots), dtype=np.int32)
        for spec in people.chains:
            for slot, key in enumerate(spec.posts):
                place = people.chain_ids[spec.key], slot
                post[place], person[place] = people.post_ids[key], holder[key]
        return cls(post, person, mandate=post)

    def lengths(self, chain: Small) -> Small:
        """Return how many slots the chain of each document has."""
        lengths: Small = (self.post != 0).sum(axis=1, dtype=np.int32)
        return lengths[chain]


def runs(keys: Places) -> Iterator[tuple[int, int]]:
    """Yield where each run of equal keys begins and ends."""
    edges = np.flatnonzero(np.diff(keys)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), len(keys)], strict=True)
