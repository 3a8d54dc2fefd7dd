"""Statements of the hot paths: worded with SQLAlchemy, compiled once for each database, run by the driver's own cursor.

Wording and compiling a statement costs a hundred times what the database needs to answer it, and one signature is a
dozen of them. What is run here is part of the session's transaction like anything else.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    String,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from sekaps.models.base import EPOCH, MILLISECOND

Processor = Callable[[Any], Any]


class Prepared:
    """One statement with named parameters; what is not said when it is run has the value it was worded with."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """Return the rows as named tuples, their values as the columns' types give them."""
        connection = connection_of(session)
        compiled = self._compiled(connection.dialect).fitting(values)
        return compiled.read(_run(connection, compiled.sql, compiled.bound(values)).fetchall())

    def change(self, session: Session, **values: Any) -> int:
        """Run it and return how many rows it changed."""
        connection = connection_of(session)
        compiled = self._compiled(connection.dialect).fitting(values)
        return int(_run(connection, compiled.sql, compiled.bound(values)).rowcount)

    def change_each(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> int:
        """Run it once for each row of values and return how many rows were changed by all of them."""
        connection = connection_of(session)
        compiled = self._compiled(connection.dialect)
        bound = [compiled.bound(row) for row in rows]
        if len(bound) == 1:  # psycopg runs many in a pipeline, which does not pay for one
            return int(_run(connection, compiled.sql, bound[0]).rowcount)
        return int(_run(connection, compiled.sql, bound, each=True).rowcount)

    def _compiled(self, dialect: Dialect) -> "_Compiled":
        found = self._by_dialect.get(dialect.name)
        if found is None:
            found = _compile(self._statement, dialect)
            if found.lists:
                found = replace(found, alone=_compile(self._statement, dialect, alone=True))
            self._by_dialect[dialect.name] = found
        return found


def connection_of(session: Session) -> Connection:
    """Return the connection a session's transaction runs on."""
    bind = session.bind
    if isinstance(bind, Connection) and bind.in_transaction():
        return bind  # asked for it, the session would first begin a transaction of its own inside that one
    return session.connection()


def on_server(session: Session) -> bool:
    """Tell whether the database is a server, where others write at the same time; SQLite lets one write at a time."""
    return connection_of(session).dialect.name == "postgresql"


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
    lists: Sequence[str]
    """The parameters that are lists of ids."""
    alone: "_Compiled | None" = None
    """The same statement for one id in each of its lists, which is what most acts ask; a list costs twice as much."""

    def fitting(self, values: Mapping[str, Any]) -> "_Compiled":
        """Return the statement as it is best run with those values."""
        if self.alone is not None and all(len(values[name]) == 1 for name in self.lists):
            return self.alone
        return self

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


def _compile(statement: Any, dialect: Dialect, *, alone: bool = False) -> _Compiled:
    compiled: SQLCompiler = statement.compile(dialect=dialect, compile_kwargs={"alone": alone})
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
        lists=[name for name, bind in compiled.binds.items() if isinstance(bind.type, _Ids)],
    )


def _impl(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _run(connection: Connection, sql: str, bound: Any, *, each: bool = False) -> Any:
    """Return the driver's cursor after it ran; what the driver raises is told as SQLAlchemy tells it."""
    cursor = connection.connection.cursor()
    errors = connection.dialect.loaded_dbapi
    try:
        (cursor.executemany if each else cursor.execute)(sql, bound)
    except errors.Error as raised:
        raise DBAPIError.instance(sql, None, raised, errors.Error, dialect=connection.dialect) from raised
    return cursor


class _Ids(TypeDecorator[list[int]]):
    """A list of ids as one parameter: an array, or JSON on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the server's array, or the text SQLite reads."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        return f"[{','.join(map(str, value))}]" if dialect.name == "sqlite" else list(value)


class _OneId(TypeDecorator[list[int]]):
    """A list of one id, told as that id."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return the id."""
        return value[0]


class _JsonRow(FunctionElement[Any]):
    """Values as one JSON array."""

    inherit_cache = True
    name = "json_row"


class _JsonRows(FunctionElement[str]):
    """The JSON arrays of all rows as one text; an empty array where there are none."""

    inherit_cache = True
    name = "json_rows"
    type = String()


def gathered(*columns: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """Return the aggregate of some columns over all rows as one JSON text, which both databases write alike.

    It brings what several queries find in a single answer. Instants come as each database keeps them (``told_at``).
    """
    return _JsonRows(_JsonRow(*columns) if len(columns) > 1 else columns[0])


def listed(query: Select[Any]) -> ScalarSelect[str]:
    """Return a query's rows as one JSON text, in no order; a query that groups is given as a subquery."""
    return query.with_only_columns(gathered(*query.selected_columns)).correlate(None).scalar_subquery()


def told_at(told: int | str) -> datetime:
    """Return the instant that a gathered answer tells: milliseconds on SQLite, ISO 8601 on the server."""
    return datetime.fromisoformat(told) if isinstance(told, str) else EPOCH + told * MILLISECOND


@compiles(_JsonRow, "sqlite")
def _json_row_sqlite(element: _JsonRow, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **options)})"


@compiles(_JsonRow, "postgresql")
def _json_row(element: _JsonRow, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_build_array({compiler.process(element.clauses, **options)})"


@compiles(_JsonRows, "sqlite")
def _json_rows_sqlite(element: _JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(_JsonRows, "postgresql")
def _json_rows(element: _JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    return f"coalesce(CAST(json_agg({compiler.process(element.clauses, **options)}) AS TEXT), '[]')"


class among(ColumnElement[bool]):  # noqa: N801 - reads as a condition
    """The condition that a column's id is one of a list: one parameter however many there are."""

    inherit_cache = False

    def __init__(self, column: Any, name: str) -> None:
        self.column, self.ids = column, bindparam(name, type_=_Ids())


@compiles(among)
def _among(element: among, compiler: SQLCompiler, *, alone: bool = False, **options: Any) -> str:
    if alone:
        return _is_the_one(element, compiler, **options)
    return str(compiler.process(element.column == any_(element.ids), **options))


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, *, alone: bool = False, **options: Any) -> str:
    if alone:
        return _is_the_one(element, compiler, **options)
    listed = select(func.json_each(element.ids).table_valued("value").c.value)
    return str(compiler.process(element.column.in_(listed), **options))


def _is_the_one(element: among, compiler: SQLCompiler, **options: Any) -> str:
    one = bindparam(element.ids.key, type_=_OneId())
    return str(compiler.process(element.column == one, **options))
