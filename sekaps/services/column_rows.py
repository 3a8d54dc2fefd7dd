"""Reading and writing rows as whole columns: COPY and arrays on PostgreSQL, many rows at once on SQLite."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, update
from sqlalchemy import bindparam as bound
from sqlalchemy.orm import Session

from sekaps.domain.allocation_columns import Ints
from sekaps.services.copying import copying
from sekaps.services.writing import Query

READ, WRITTEN = 50_000, 20_000
"""Rows read or written at a time."""
Words = dict[str, int]
"""The number that stands for each code in the columns."""


class Columns:
    """Columns read from a query: numbers as they are, codes as small numbers in the order they were met."""

    def __init__(self, session: Session, query: Query, words: Mapping[str, Words]) -> None:
        self.parts: dict[str, list[Any]] = {column["name"]: [] for column in query.column_descriptions}
        self.words = words
        connection = session.connection()
        self.reading = _processors(connection, query)
        cursor = connection.execute(query).cursor  # the driver's own: a row of SQLAlchemy's costs four times its read
        assert cursor is not None
        while rows := cursor.fetchmany(READ):
            for name, column in zip(self.parts, zip(*rows, strict=True), strict=True):
                self.parts[name].append(self._counted(name, column))
        cursor.close()

    def _counted(self, name: str, column: Sequence[Any]) -> Any:
        if name in self.words:
            known = self.words[name]
            return np.array([known.setdefault(word, len(known)) for word in column], dtype=np.int64)
        read = self.reading[name]
        return np.array(column if read is None else [read(value) for value in column])

    def __getitem__(self, name: str) -> Any:
        """Return one column."""
        return np.concatenate(self.parts[name]) if self.parts[name] else np.zeros(0, dtype=np.int64)


def _processors(connection: Connection, query: Query) -> dict[str, Callable[[Any], Any] | None]:
    """Return how each column's values become what its type gives; nothing where the driver gives that itself."""
    types = ((column["name"], column["type"].dialect_impl(connection.dialect)) for column in query.column_descriptions)
    return {name: kind.result_processor(connection.dialect, None) for name, kind in types}


def insert_columns(session: Session, table: Table, numbers: Mapping[str, Ints], constants: Mapping[str, Any]) -> None:
    """Insert a row for each place in the columns of numbers; the constants are the same in all of them."""
    connection = session.connection()
    fixed = {name: _bound(connection, table, name, value) for name, value in constants.items()}
    if connection.dialect.name == "postgresql":
        _copy(connection, table, numbers, fixed)
        return
    names = [*numbers, *fixed]
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    for start in range(0, _length(numbers), WRITTEN):
        columns = [column[start : start + WRITTEN].tolist() for column in numbers.values()]
        connection.exec_driver_sql(statement, list(zip(*columns, *map(repeat, fixed.values()), strict=False)))


def _copy(connection: Connection, table: Table, numbers: Mapping[str, Ints], fixed: Mapping[str, Any]) -> None:
    row = "\t".join(["%d"] * len(numbers) + [str(value) for value in fixed.values()]) + "\n"
    with copying(connection, f"COPY {table.name} ({', '.join([*numbers, *fixed])}) FROM STDIN") as copy:
        for start in range(0, _length(numbers), WRITTEN):
            part = np.stack([column[start : start + WRITTEN] for column in numbers.values()], axis=1)
            copy.write(row * len(part) % tuple(part.ravel().tolist()))


def _bound(connection: Connection, table: Table, name: str, value: Any) -> Any:
    """Return a value as the database keeps it."""
    processor = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return processor(value) if processor else value


def _length(numbers: Mapping[str, Ints]) -> int:
    return len(next(iter(numbers.values())))


def add_to_columns(
    session: Session, table: Table, key: str, keys: Ints, changes: Mapping[str, Ints], where: Mapping[str, str]
) -> None:
    """Add changes to columns of the rows of those keys (each named once), among rows of the given words."""
    if len(keys) == 0:
        return
    connection, order = session.connection(), np.argsort(keys)
    columns = [column[order].tolist() for column in (*changes.values(), keys)]
    if connection.dialect.name == "postgresql":
        _add_arrays(connection, table, key, list(changes), columns, where)
        return
    statement = (
        update(table)
        .where(table.c[key] == bound("key"), *(table.c[name] == word for name, word in where.items()))
        .values({name: table.c[name] + bound(f"by_{name}") for name in changes})
    )
    names = [*(f"by_{name}" for name in changes), "key"]
    connection.execute(statement, [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)])


def _add_arrays(
    connection: Connection,
    table: Table,
    key: str,
    names: Sequence[str],
    columns: Sequence[list[int]],
    where: Mapping[str, str],
) -> None:
    added = ", ".join(f"{name} = {table.name}.{name} + v.by_{name}" for name in names)
    arrays = ", ".join(["%s::bigint[]"] * len(columns))
    listed = ", ".join([*(f"by_{name}" for name in names), "key"])
    only = "".join(f" AND {table.name}.{name} = %s" for name in where)
    statement = (
        f"UPDATE {table.name} SET {added} FROM unnest({arrays}) AS v({listed})"  # noqa: S608
        f" WHERE {table.name}.{key} = v.key{only}"
    )
    connection.exec_driver_sql(statement, (*columns, *where.values()))


def totals(keys: Iterable[int], amounts: Iterable[int]) -> tuple[Ints, Ints]:
    """Return each key once with the sum of its amounts."""
    held = np.fromiter(keys, dtype=np.int64)
    found, place = np.unique(held, return_inverse=True)
    summed = np.zeros(len(found), dtype=np.int64)
    np.add.at(summed, place, np.fromiter(amounts, dtype=np.int64))
    return found, summed
