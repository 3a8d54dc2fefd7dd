"""The tree that units make: what a file would break in it, told row by row before anything is written."""

from collections.abc import Iterator, Mapping, Sequence

from sekaps.domain.registry_fields import FIELD_NAMES
from sekaps.domain.registry_rows import UnitRow
from sekaps.errors.registry import RowFlaw
from sekaps.texts import text

SHOWN = 10
"""A cycle is told by up to so many of its units."""


def tree_flaws(rows: Sequence[UnitRow], known: Mapping[int, Mapping[str, object]], *, whole: bool) -> list[RowFlaw]:
    """Return what is wrong with the rows as a tree, over the units already known by number.

    Parents may stand anywhere in the file. In a whole file a parent must be in the file itself.
    """
    firsts: dict[int, UnitRow] = {}
    flaws = []
    for unit in rows:
        first = firsts.setdefault(unit.number, unit)
        if first is not unit:
            problem = text("unit {number} stands on row {row} already", number=unit.number, row=first.row)
            flaws.append(RowFlaw(unit.row, problem, "number", str(unit.number), "twice"))
    for unit in firsts.values():
        flaws += _unknown(unit, firsts, known, whole=whole)
        if unit.number not in known and "name" not in unit.given:
            problem = text("unit {number} is new and has no name", number=unit.number)
            flaws.append(RowFlaw(unit.row, problem, "name", "", "required"))
    flaws += _cycles("parent", firsts, known)
    flaws += _cycles("successor", firsts, known)
    return sorted(flaws, key=lambda flaw: flaw.row)


def _unknown(
    unit: UnitRow, firsts: Mapping[int, UnitRow], known: Mapping[int, Mapping[str, object]], *, whole: bool
) -> Iterator[RowFlaw]:
    for name in ("parent", "ministry", "successor"):
        number = unit.given.get(name)
        if number is None or number in firsts or (number in known and not (whole and name != "successor")):
            continue
        problem = text("{field} {number} is no unit of the registry", field=FIELD_NAMES[name], number=number)
        yield RowFlaw(unit.row, problem, name, str(number), "unknown_unit")


def _cycles(name: str, firsts: Mapping[int, UnitRow], known: Mapping[int, Mapping[str, object]]) -> Iterator[RowFlaw]:
    """Yield one flaw for each circle that the units make by one of their references."""
    done: set[int] = set()
    for start in firsts:
        path: dict[int, None] = {}
        number: int | None = start
        while number is not None and number not in done and number not in path:
            path[number] = None
            number = _referred(name, number, firsts, known)
        if number in path:
            numbers = list(path)
            circle = numbers[numbers.index(number) :]
            told = min((firsts[each] for each in circle if each in firsts), key=lambda unit: unit.row)
            problem = text(
                "{field}: the units {numbers} make a circle", field=FIELD_NAMES[name], numbers=circle[:SHOWN]
            )
            yield RowFlaw(told.row, problem, name, str(told.given.get(name) or ""), "circle")
        done.update(path)


def _referred(
    name: str, number: int, firsts: Mapping[int, UnitRow], known: Mapping[int, Mapping[str, object]]
) -> int | None:
    is_told = number in firsts and name in firsts[number].given
    referred = (firsts[number].given if is_told else known.get(number, {})).get(name)
    return referred if isinstance(referred, int) else None
