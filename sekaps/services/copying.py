"""PostgreSQL's COPY in a transaction of SQLAlchemy's; while it runs, its connection answers nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError


@contextmanager
def copying(connection: Connection, statement: str) -> Iterator[Any]:
    """Give PostgreSQL's COPY to write into; what the driver raises is raised as SQLAlchemy's own, as everywhere."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            yield copy
    except psycopg.Error as failure:
        lost = bool(driver.closed or driver.broken)
        raise OperationalError(statement, None, failure, connection_invalidated=lost) from failure
