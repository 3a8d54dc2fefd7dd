"""The documents a year asks of the demo country, as specifications: who owes which form in which step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sekaps.demo import chance
from sekaps.demo.chains import partners_of
from sekaps.demo.items import RESOURCE_MINISTRIES
from sekaps.demo.places import Places
from sekaps.demo.units import MINISTRY_NAMES

PREFIXES = {
    "need_form": "IBC",
    "resource_form": "KSC",
    "resource_catalog": "KKT",
    "resource_determination_form": "KSF",
    "merged_resource_ledger": "BKC",
    "framework_protocol": "CPR",
    "preparation_record": "OHK",
}
"""The letters a document's number begins with: İBÇ, KSÇ and so on, in plain capitals."""
ACTIVITIES = {"need_form": "needs_entry", "resource_form": "resource_determination"}
"""The activities in which needs and resources are stated."""
ROWS_AT_ONCE = 50_000
"""Forms made at a time."""


@dataclass(frozen=True, slots=True)
class FormSize:
    """How many forms there are: the country's scale, and a factor besides that changes nothing of who owes them."""

    scale: float
    complete: float = 1.0

    @property
    def factor(self) -> float:
        """What the running system's counts are multiplied by."""
        return self.scale * self.complete


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A document of an office before it is stored."""

    kind: str
    activity: str
    step: str
    unit: str
    variant: str = ""

    @property
    def chain(self) -> tuple[str, str, str]:
        """The key of its chain."""
        return self.unit, self.kind, self.variant


def document_number(kind: str, year: int, serial: int) -> str:
    """Return the number people know a document by (IBC-2023-000123)."""
    return f"{PREFIXES[kind]}-{year}-{serial:06d}"


def spans(total: int) -> Iterator[chance.Places]:
    """Yield the serials of so many forms, some at a time."""
    for start in range(0, total, ROWS_AT_ONCE):
        yield np.arange(start, min(start + ROWS_AT_ONCE, total))


def office_forms(places: Places, numbers: Mapping[str, int]) -> Iterator[FormSpec]:
    """Yield every form that does not depend on scale; numbers are the registry numbers of the units by key."""
    yield from _framework_protocols(numbers)
    yield from _preparations()
    for ministry in RESOURCE_MINISTRIES:
        yield FormSpec("resource_catalog", "resource_determination", "3.a", ministry)
    for province in places.provinces:
        for _scope in ("central", "local"):
            yield FormSpec("resource_determination_form", "resource_determination", "3.b", f"il_tarim:{province.code}")
        for _place in (province, *province.districts):
            yield FormSpec("merged_resource_ledger", "resource_determination", "3.c", f"il_afad:{province.code}")


def _framework_protocols(numbers: Mapping[str, int]) -> Iterator[FormSpec]:
    for ministry in MINISTRY_NAMES:
        for other in partners_of(ministry):
            yield FormSpec("framework_protocol", "framework_protocols", "1(1)", ministry, str(numbers[other]))


def _preparations() -> Iterator[FormSpec]:
    yield FormSpec("preparation_record", "preparations", "2(1)", "savunma")
    for step in ("2(2)", "2(3)"):
        for ministry in MINISTRY_NAMES:
            yield FormSpec("preparation_record", "preparations", step, ministry)
