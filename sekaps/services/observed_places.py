"""Units and people as the observatory names them: the columns they are read from, and the values made of those."""

from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

from sekaps.domain.observatory import Holder, Place
from sekaps.models.registry import Person, Unit

MINISTRY = "ministry"
"""The kind of unit that is its own ministry."""
Columns = list[ColumnElement[Any] | InstrumentedAttribute[Any]]


def place_columns(prefix: str, unit: type[Unit]) -> Columns:
    """Return the columns of a unit that a place is made of, their names begun with a prefix."""
    named = {
        "id": unit.id,
        "number": unit.number,
        "name": unit.name,
        "ministry_id": ministry_of(unit),
        "province_code": unit.province_code,
    }
    return [column.label(f"{prefix}_{name}") for name, column in named.items()]


def holder_columns(prefix: str, person: type[Person]) -> Columns:
    """Return the columns of a person that a holder is made of, their names begun with a prefix."""
    named = {"id": person.id, "number": person.number, "name": person.name}
    return [column.label(f"{prefix}_{name}") for name, column in named.items()]


def place_from(row: Any, prefix: str) -> Place:
    """Return the unit a row tells of under a prefix."""
    return Place(*_reader(prefix, ("id", "number", "name", "ministry_id", "province_code"))(row))


def holder_from(row: Any, prefix: str) -> Holder | None:
    """Return the person a row tells of under a prefix, if there is one."""
    values = _reader(prefix, ("id", "number", "name"))(row)
    return None if values[0] is None else Holder(*values)


@lru_cache(maxsize=16)
def _reader(prefix: str, names: tuple[str, ...]) -> "attrgetter[tuple[Any, ...]]":
    return attrgetter(*(f"{prefix}_{name}" for name in names))


def ministry_of(unit: type[Unit]) -> ColumnElement[int | None]:
    """Return the ministry a unit's documents are counted under; a ministry's own are under itself."""
    return case((unit.kind == MINISTRY, unit.id), else_=unit.ministry_id)
