"""The forms of the demo country's year in columns, in the order of their numbers: offices', needs, resources."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import polars as pl

from sekaps.demo.forms import ACTIVITIES, PREFIXES, FormSize, office_forms
from sekaps.demo.needs import need_forms
from sekaps.demo.population import Population
from sekaps.demo.resources import resource_forms
from sekaps.models.allocation import Need, Resource
from sekaps.models.base import Base

LINES: dict[str, type[Base]] = {"need_form": Need, "resource_form": Resource}
"""The table of what forms of a kind state."""
OWN = ("unit", "step", "number", "unit_id", "chain_id")
"""The columns of every form; whatever else a frame holds is what the forms state."""


@dataclass(frozen=True, slots=True)
class FormPart:
    """Some forms of one kind; ``unit`` is the place of a form's unit among the country's units."""

    kind: str
    activity: str
    frame: pl.DataFrame

    @property
    def lines(self) -> pl.DataFrame:
        """What the forms state, named as the table's columns."""
        return self.frame.drop(OWN)


class Paperwork:
    """Every form of the year, made anew whenever it is asked for."""

    def __init__(self, people: Population, year: int, *, size: FormSize, seed: int) -> None:
        self._people, self._year, self._size, self._seed = people, year, size, seed
        self._unit_ids = np.array([people.unit_ids[unit.key] for unit in people.specs])

    def parts(self) -> Iterator[FormPart]:
        """Yield the forms, some at a time."""
        serials: Counter[str] = Counter()
        for kind, activity, frame in self._frames():
            first = serials[kind] + 1
            serials[kind] += frame.height
            yield FormPart(kind, activity, frame.with_columns(number=_numbers(kind, self._year, first, frame.height)))

    def _frames(self) -> Iterator[tuple[str, str, pl.DataFrame]]:
        yield from self._office_frames()
        for kind, forms in (("need_form", need_forms), ("resource_form", resource_forms)):
            chains = self._chains(kind)
            for frame in forms(self._people.specs, self._people.places, size=self._size, seed=self._seed):
                ids = pl.Series(self._unit_ids).gather(frame["unit"])
                chain_ids = pl.Series(chains).gather(frame["unit"])
                yield kind, ACTIVITIES[kind], frame.with_columns(unit_id=ids, chain_id=chain_ids)

    def _chains(self, kind: str) -> np.ndarray:
        """Return by the place of a unit the chain of its forms of a kind; 0 where it owes none."""
        return np.array([self._people.chain_ids.get((unit.key, kind, ""), 0) for unit in self._people.specs])

    def _office_frames(self) -> Iterator[tuple[str, str, pl.DataFrame]]:
        place_of = {unit.key: place for place, unit in enumerate(self._people.specs)}
        forms = office_forms(self._people.places, self._people.numbers)
        for (kind, activity), group in groupby(forms, key=lambda form: (form.kind, form.activity)):
            rows = [
                (place_of[form.unit], form.step, self._people.unit_ids[form.unit], self._people.chain_ids[form.chain])
                for form in group
            ]
            yield kind, activity, pl.DataFrame(rows, schema=["unit", "step", "unit_id", "chain_id"], orient="row")


def _numbers(kind: str, year: int, first: int, count: int) -> pl.Series:
    """Return the numbers people know the documents by (IBC-2023-000123)."""
    serials = pl.int_range(first, first + count, eager=True).cast(pl.String).str.zfill(6)
    return f"{PREFIXES[kind]}-{year}-" + serials
