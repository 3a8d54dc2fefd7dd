"""CPU seconds of this process and of the server's that works for one session."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

TICKS = os.sysconf("SC_CLK_TCK")


def cpu(session: Session, work: Callable[[Session], object]) -> float:
    """Return the CPU seconds some work takes here and, on PostgreSQL, in the server's process for this session."""
    server = _server(session)
    begun, there = time.process_time(), _used(server)
    work(session)
    return time.process_time() - begun + _used(server) - there


def _server(session: Session) -> int:
    if session.get_bind().dialect.name != "postgresql":
        return 0
    session.execute(text("SET max_parallel_workers_per_gather = 0"))
    return session.scalar(text("SELECT pg_backend_pid()")) or 0


def _used(pid: int) -> float:
    """Return the CPU seconds a process of this machine has used; the server's clock has hundredths only."""
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
