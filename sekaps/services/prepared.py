"""Statements of the hot paths: worded with SQLAlchemy, compiled once for each database, run by the driver's own cursor.

Wording and compiling a statement costs a hundred times what the database needs to answer it, and one signature is a
dozen of them. What is run here is part of the session's transaction like anything else.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Dialect, String, any_, bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

Processor = Callable[[Any], Any]


class Prepared:
    """One statement with named parameters; what is not said when it is run has the value it was worded with."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """Return the rows as named tuples, their values as the columns' types give them."""
        connection = session.connection()
        compiled = self._compiled(connection.dialect)
        with _cursor(connection, compiled.sql) as cursor:
            cursor.execute(compiled.sql, compiled.bound(values))
            return compiled.read(cursor.fetchall())

    def change(self, session: Session, **values: Any) -> int:
        """Run it and return how many rows it changed."""
        connection = session.connection()
        compiled = self._compiled(connection.dialect)
        with _cursor(connection, compiled.sql) as cursor:
            cursor.execute(compiled.sql, compiled.bound(values))
            return int(cursor.rowcount)

    def change_each(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each row of values."""
        connection = session.connection()
        compiled = self._compiled(connection.dialect)
        with _cursor(connection, compiled.sql) as cursor:
            cursor.executemany(compiled.sql, [compiled.bound(row) for row in rows])

    def _compiled(self, dialect: Dialect) -> "_Compiled":
        if dialect.name not in self._by_dialect:
            self._by_dialect[dialect.name] = _compile(self._statement, dialect)
        return self._by_dialect[dialect.name]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one database takes it."""

    sql: str
    defaults: Mapping[str, Any]
    order: Sequence[str] | None
    """The order of its parameters, where the driver takes them by place."""
    binding: Sequence[tuple[str, Processor]]
    row: Callable[[Iterable[Any]], Any]
    reading: Sequence[tuple[int, Processor]]

    def bound(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver takes them."""
        told = {**self.defaults, **values}
        for name, process in self.binding:
            told[name] = process(told[name])
        return told if self.order is None else [told[name] for name in self.order]

    def read(self, rows: Iterable[Iterable[Any]]) -> list[Any]:
        """Return the driver's rows as named tuples."""
        return [self.row(self._processed(row)) for row in rows] if self.reading else [self.row(row) for row in rows]

    def _processed(self, row: Iterable[Any]) -> list[Any]:
        values = list(row)
        for place, process in self.reading:
            values[place] = process(values[place])
        return values


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    compiled: SQLCompiler = statement.compile(dialect=dialect)
    columns = list(getattr(statement, "exported_columns", ()))
    binding = ((name, _impl(bind.type, dialect).bind_processor(dialect)) for name, bind in compiled.binds.items())
    reading = (_impl(column.type, dialect).result_processor(dialect, None) for column in columns)
    return _Compiled(
        sql=str(compiled),
        defaults=compiled.params,
        order=compiled.positiontup if compiled.positional else None,
        binding=[(name, process) for name, process in binding if process is not None],
        row=namedtuple("Row", [column.key for column in columns])._make,  # type: ignore[attr-defined]
        reading=[(place, process) for place, process in enumerate(reading) if process is not None],
    )


def _impl(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


@contextmanager
def _cursor(connection: Connection, sql: str) -> Iterator[Any]:
    """Give the driver's cursor; what the driver raises is told as SQLAlchemy tells it."""
    dialect = connection.dialect
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except dialect.loaded_dbapi.Error as raised:
        raise DBAPIError.instance(sql, None, raised, dialect.loaded_dbapi.Error, dialect=dialect) from raised
    finally:
        cursor.close()


class _Ids(TypeDecorator[list[int]]):
    """A list of ids as one parameter: an array, or JSON on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the server's array, or the text SQLite reads."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return json.dumps(list(value)) if dialect.name == "sqlite" else list(value)


class among(ColumnElement[bool]):  # noqa: N801 - reads as a condition
    """The condition that a column's id is one of a list: one parameter however many there are."""

    inherit_cache = False

    def __init__(self, column: Any, name: str) -> None:
        self.column, self.ids = column, bindparam(name, type_=_Ids())


@compiles(among)
def _among(element: among, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.column == any_(element.ids), **options))


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    listed = select(func.json_each(element.ids).table_valued("value").c.value)
    return str(compiler.process(element.column.in_(listed), **options))
