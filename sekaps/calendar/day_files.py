"""Reads a table of leaves, closures and suspensions from YAML text into day facts."""

from collections.abc import Iterator
from datetime import date, time

from pydantic import model_validator
from ruamel.yaml import YAML

from sekaps.calendar.days import DayFact, Layer, each_day
from sekaps.calendar.programme_values import Frozen, Name
from sekaps.texts import Bilingual


class Entry(Frozen):
    """One decision: the days it takes, where it holds, and where it was published."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None
    provinces: tuple[str, ...] = ()
    name: Name
    source: str

    @model_validator(mode="before")
    @classmethod
    def _one_day_is_first_and_last(cls, value: dict[str, object]) -> dict[str, object]:
        stated = dict(value)
        day = stated.pop("day", None)
        return stated if day is None else {"first": day, "last": day, **stated}

    def facts(self, layer: Layer) -> Iterator[DayFact]:
        """Yield one fact for each of its days and provinces."""
        name = Bilingual(tr=self.name.tr, en=self.name.en)
        for day in each_day(self.first, self.last):
            for province in self.provinces or (None,):
                yield DayFact(day, layer, name, self.starts, self.ends, province, source=self.source)


class DayFile(Frozen):
    """The decisions of a file, by layer."""

    leave: tuple[Entry, ...] = ()
    closure: tuple[Entry, ...] = ()
    suspension: tuple[Entry, ...] = ()


def read_day_facts(written: str) -> tuple[DayFact, ...]:
    """Return the facts of a table of days, in order of date."""
    stated = DayFile.model_validate(YAML(typ="safe", pure=True).load(written) or {})
    by_layer = ((Layer.LEAVE, stated.leave), (Layer.CLOSURE, stated.closure), (Layer.SUSPENSION, stated.suspension))
    facts = [fact for layer, entries in by_layer for entry in entries for fact in entry.facts(layer)]
    return tuple(sorted(facts, key=lambda fact: fact.day))
