"""CPU seconds of this process and of the server's that works for one session."""

import time
from collections.abc import Callable

from server_seconds import server_seconds
from sqlalchemy import text
from sqlalchemy.orm import Session


def cpu(session: Session, work: Callable[[Session], object]) -> float:
    """Return the CPU seconds some work takes here and, on PostgreSQL, in the server's process for this session."""
    server = _server(session)
    begun, there = time.process_time(), server_seconds(server)
    work(session)
    return time.process_time() - begun + server_seconds(server) - there


def _server(session: Session) -> int:
    if session.get_bind().dialect.name != "postgresql":
        return 0
    session.execute(text("SET max_parallel_workers_per_gather = 0"))
    return session.scalar(text("SELECT pg_backend_pid()")) or 0
