"""The declarative base and the column types the tables share."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    text,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """A UTC instant to the millisecond: eight bytes on both databases (timestamptz, or an integer on SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the integer that SQLite keeps, or the server's own type."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse an instant without a zone; return what is kept."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a zone: {value!r}")
        return (value - EPOCH) // MILLISECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        kept: datetime = EPOCH + value * MILLISECOND if dialect.name == "sqlite" else value.astimezone(UTC)
        return kept


def reference(target: str, *, index: bool = False, **options: Any) -> Any:
    """Return a foreign-key column to ``table.column``."""
    return mapped_column(ForeignKey(target), index=index, **options)


def unique_where(name: str, *columns: str, condition: str) -> Index:
    """Return a unique index over the rows of a condition, on both databases."""
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)]
Code = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(300))]
Sentence = Annotated[str, mapped_column(String(2000))]
At = Annotated[datetime, mapped_column(Instant)]
ProvinceCode = Annotated[str, mapped_column(String(2))]
DistrictCode = Annotated[str, mapped_column(String(4))]
Digest = Annotated[bytes, mapped_column(LargeBinary(32))]
Facts = Annotated[dict[str, Any], mapped_column(JSON)]
